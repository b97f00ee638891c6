//! Why a value does not fit a type, as data.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::shorten::short;
use crate::json::Kind;

/// Why decoding a value has failed.
#[derive(Debug)]
pub(super) enum Error {
    /// The problem is recorded; something after it is not yet decoded.
    Recorded,
    /// As [`Error::Recorded`], and no placeholder fits.
    Skipped,
    /// The value was decoded to its end, but an earlier part of it did not fit.
    Incomplete,
    /// Required properties are missing.
    Missing(Vec<String>),
    /// Another value was expected.
    Expected {
        /// What was expected, as a noun.
        what: String,
        /// Its JSON type, if that is known.
        kind: Option<Kind>,
    },
    /// The value or the name of a property is unknown.
    Unknown(String),
    /// Any other reason.
    Other(String),
    /// A complete sentence about a value inside the one that is decoded.
    Inside(String),
}

impl Error {
    /// Returns the error of a value that has another JSON type than the expected one.
    pub(super) fn expected(what: &str, kind: Kind) -> Self {
        Self::Expected { what: what.to_owned(), kind: Some(kind) }
    }

    /// Replaces the noun of what was expected.
    pub(super) fn renamed(self, what: &str, kind: Kind) -> Self {
        match self {
            Self::Expected { .. } => Self::expected(what, kind),
            other => other,
        }
    }

    /// Describes the error as the end of a sentence that starts with the location.
    pub(super) fn message(&self, found: &str) -> String {
        match self {
            Self::Missing(names) => Missing(names).to_string(),
            Self::Expected { what, .. } => format!("must be {what}, not {found}"),
            Self::Unknown(message) => message.clone(),
            Self::Other(message) | Self::Inside(message) => format!("is invalid: {message}"),
            Self::Recorded | Self::Skipped | Self::Incomplete => "is invalid".to_owned(),
        }
    }

    /// As [`Error::message`], for a secret value, which is not shown.
    pub(super) fn message_of_secret(&self) -> String {
        match self {
            Self::Missing(_) => self.message(""),
            Self::Expected { what, .. } => format!("must be {what}"),
            _ => "is invalid".to_owned(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(names) => Missing(names).fmt(f),
            Self::Expected { what, .. } => write!(f, "must be {what}"),
            Self::Unknown(message) | Self::Other(message) | Self::Inside(message) => {
                f.write_str(message)
            }
            Self::Recorded | Self::Skipped | Self::Incomplete => f.write_str("is invalid"),
        }
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected { what: expected.to_string(), kind: None }
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected { what: expected.to_string(), kind: None }
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown(format!("is not a known property{}", list(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown(format!("has the unknown value `{}`{}", short(variant), list(expected)))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing(vec![name.to_owned()])
    }
}

/// Lists what was expected.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        names => format!(", expected `{}`", names.join("` or `")),
    }
}

/// Names missing properties.
struct Missing<'n>(&'n [String]);

impl fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.len() == 1 { "missing property " } else { "missing properties " })?;
        for (i, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
