//! Causes of transport errors.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

/// The cause of a transport error.
#[derive(Debug)]
pub(crate) enum Cause {
    Http(reqwest::Error),
    /// Supplied by a test double.
    Custom(Box<dyn StdError + Send + Sync>),
    Timeout(TimedOut),
}

/// A response that did not begin or end in time.
#[derive(Debug)]
pub(crate) struct TimedOut;

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation timed out")
    }
}

impl StdError for TimedOut {}

impl Cause {
    pub(crate) fn is_connect(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_connect())
    }

    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Http(error) => error.is_timeout(),
            Self::Custom(_) => false,
            Self::Timeout(_) => true,
        }
    }

    pub(crate) fn error(&self) -> &(dyn StdError + 'static) {
        match self {
            Self::Http(error) => error,
            Self::Custom(error) => &**error,
            Self::Timeout(error) => error,
        }
    }
}

/// Formats an error with all its causes, separated by colons.
#[must_use]
pub fn with_causes(error: &dyn StdError) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string cannot fail.
        let _ = write!(message, ": {error}");
        cause = error.source();
    }
    message
}
