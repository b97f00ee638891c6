//! Why a parameter cannot be decoded.

use std::fmt;

/// Why a parameter cannot be decoded, whatever its type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterError {
    /// A single value is given more than once.
    Repeated,
    /// The value is not UTF-8.
    NotUtf8,
    /// The value does not consist of names and values.
    NotPairs,
    /// The value is not JSON.
    NotJson,
    /// The name contains brackets that the parameter does not have.
    Brackets,
    /// The value does not start with a full stop.
    NoLabel,
    /// The value does not start with a semicolon and the name.
    NoMatrix,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "must not be given more than once",
            Self::NotUtf8 => "must be UTF-8",
            Self::NotPairs => "must consist of names and values",
            Self::NotJson => "must be JSON",
            Self::Brackets => "has unexpected brackets in its name",
            Self::NoLabel => "must start with a full stop",
            Self::NoMatrix => "must start with a semicolon and its name",
        })
    }
}

impl std::error::Error for ParameterError {}
