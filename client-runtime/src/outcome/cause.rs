//! Causes of transport errors.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io;

/// The cause of a transport error.
#[derive(Debug)]
pub(crate) enum Cause {
    Http(reqwest::Error),
    /// Supplied by a test double.
    Custom(Box<dyn StdError + Send + Sync>),
    Timeout(TimedOut),
    TooLong(TooLong),
}

/// A response that exceeds the maximum size, in bytes.
#[derive(Debug)]
pub(crate) struct TooLong(pub(crate) usize);

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is longer than {} bytes, the limit of `HttpOptions::max_response_size`", self.0)
    }
}

impl StdError for TooLong {}

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
            Self::Custom(_) | Self::TooLong(_) => false,
            Self::Timeout(_) => true,
        }
    }

    pub(crate) fn error(&self) -> &(dyn StdError + 'static) {
        match self {
            Self::Http(error) => error,
            Self::Custom(error) => &**error,
            Self::Timeout(error) => error,
            Self::TooLong(error) => error,
        }
    }

    /// Returns the innermost error, which is the one that people know.
    pub(crate) fn root(&self) -> &(dyn StdError + 'static) {
        let mut root = self.error();
        while let Some(cause) = root.source() {
            root = cause;
        }
        root
    }
}

/// Describes a cause in words, without the layers of the HTTP client.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(_) => {
                let root = self.root();
                let reason = root.to_string();
                let is_end = |io: &io::Error| {
                    matches!(
                        io.kind(),
                        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
                    )
                };
                let ended = ["closed before", "end of file", "unexpected EOF"];
                if root.downcast_ref().is_some_and(is_end)
                    || ended.iter().any(|words| reason.contains(words))
                {
                    f.write_str("the connection ended before the response was complete: ")?;
                }
                f.write_str(&reason)
            }
            Self::Custom(error) => error.fmt(f),
            Self::Timeout(error) => error.fmt(f),
            Self::TooLong(error) => write!(f, "the response {error}"),
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
