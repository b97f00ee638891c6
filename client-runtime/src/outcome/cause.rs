//! Why a request did not get through.

use std::error::Error as StdError;
use std::fmt;

/// Why a request did not get through.
#[derive(Debug)]
pub(crate) enum Cause {
    /// As it happened.
    Met(reqwest::Error),
    /// As somebody says.
    Told(Box<dyn StdError + Send + Sync>),
    /// It took too long.
    Late(Late),
}

/// An answer that did not begin, or did not end, in time.
#[derive(Debug)]
pub(crate) struct Late;

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation timed out")
    }
}

impl StdError for Late {}

impl Cause {
    pub(crate) fn is_connect(&self) -> bool {
        matches!(self, Self::Met(error) if error.is_connect())
    }

    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Met(error) => error.is_timeout(),
            Self::Told(_) => false,
            Self::Late(_) => true,
        }
    }

    pub(crate) fn error(&self) -> &(dyn StdError + 'static) {
        match self {
            Self::Met(error) => error,
            Self::Told(error) => &**error,
            Self::Late(late) => late,
        }
    }
}
