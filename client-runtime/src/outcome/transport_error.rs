//! Requests without a complete response.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::outcome::cause::{Cause, TimedOut, TooLong};

/// A request that failed without a complete response.
///
/// `Display` is one line with the reason of the last attempt. The error of the HTTP client is the
/// `source()`, for programs that distinguish causes.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) source: Cause,
    details: Option<Box<Details>>,
}

/// What else is known about a failure.
#[derive(Debug, Default)]
struct Details {
    /// The host and port of the request.
    host: Option<String>,
    /// The timeout of the attempt that was exceeded.
    timeout: Option<Duration>,
    /// The deadline of the call that ended it.
    deadline: Option<Duration>,
    /// The failure of the attempt before, if the deadline cut the last one short.
    before: Option<String>,
}

impl TransportError {
    /// Creates an error without the URL, whose query may contain a credential.
    pub(crate) fn from_reqwest(
        operation: &'static str,
        attempts: u32,
        source: reqwest::Error,
    ) -> Self {
        let host = source.url().and_then(|url| {
            let host = url.host_str()?;
            Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
        });
        let details = Some(Box::new(Details { host, ..Details::default() }));
        Self { operation, attempts, source: Cause::Http(source.without_url()), details }
    }

    /// Creates a timeout error.
    pub(crate) fn timed_out(operation: &'static str, attempts: u32) -> Self {
        Self { operation, attempts, source: Cause::Timeout(TimedOut), details: None }
    }

    /// Creates the error of a response that exceeds the maximum size.
    pub(crate) fn too_long(operation: &'static str, attempts: u32, max_size: usize) -> Self {
        Self { operation, attempts, source: Cause::TooLong(TooLong(max_size)), details: None }
    }

    /// Creates an error for test doubles, for use in [`Error::Transport`](crate::Error::Transport)
    /// and [`Error::Timeout`](crate::Error::Timeout).
    ///
    /// ```
    /// use specwright_runtime::{Error, TransportError};
    ///
    /// let error: Error = Error::Timeout(TransportError::new("listThings", "slow server"));
    /// assert_eq!(error.to_string(), "listThings timed out: slow server");
    /// ```
    #[must_use]
    pub fn new(operation: &'static str, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { operation, attempts: 1, source: Cause::Custom(cause.into()), details: None }
    }

    /// Returns the number of attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the operation ID.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) fn is_timeout(&self) -> bool {
        self.source.is_timeout()
    }

    /// Returns whether the connection failed, so that nothing reached the API.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.source.is_connect()
    }

    /// Notes the timeout that the last attempt exceeded.
    pub(crate) fn exceeded(&mut self, timeout: Duration) {
        self.details.get_or_insert_default().timeout = Some(timeout);
    }

    /// Notes that the deadline of the call permitted no further attempt, or ended the last one
    /// early. Then `before` is the failure of the attempt before it.
    pub(crate) fn out_of_time(&mut self, deadline: Duration, before: Option<String>) {
        let details = self.details.get_or_insert_default();
        (details.deadline, details.before) = (Some(deadline), before);
    }

    /// Returns the reason of the last attempt in words.
    pub(crate) fn reason(&self) -> Reason<'_> {
        Reason(self)
    }

    /// Formats the whole error.
    pub(crate) fn describe(&self, f: &mut fmt::Formatter<'_>, outcome: &str) -> fmt::Result {
        let attempts = AttemptCount(self.attempts);
        write!(f, "{} {outcome}{attempts}: {}", self.operation, self.reason())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f, if self.is_timeout() { "timed out" } else { "failed" })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.error())
    }
}

/// The reason of a failed attempt, for people.
pub(crate) struct Reason<'a>(&'a TransportError);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = self.0.details.as_deref();
        let host = details.and_then(|details| details.host.as_deref());
        let deadline = details.and_then(|details| details.deadline);
        let before = details.and_then(|details| details.before.as_deref());
        let timeout = details.and_then(|details| details.timeout);
        if self.0.is_connect() {
            write!(f, "cannot connect")?;
            host.map_or(Ok(()), |host| write!(f, " to {host}"))?;
            write!(f, ": {}", self.0.source.root())?;
        } else if self.0.is_timeout() {
            match (before, deadline, timeout) {
                (Some(before), Some(deadline), _) => {
                    return write!(
                        f,
                        "no complete response before the deadline of {deadline:?}; the attempt \
                         before it failed: {before}"
                    );
                }
                (_, _, Some(timeout)) => write!(f, "no complete response within {timeout:?}")?,
                _ => f.write_str("the server sent nothing for longer than the timeout")?,
            }
        } else {
            self.0.source.fmt(f)?;
        }
        match deadline {
            Some(deadline) => write!(f, "; the deadline of {deadline:?} permits no more attempts"),
            None => Ok(()),
        }
    }
}

/// Formats the number of attempts if there was more than one.
pub(crate) struct AttemptCount(pub(crate) u32);

impl fmt::Display for AttemptCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 | 1 => Ok(()),
            attempts => write!(f, " after {attempts} attempts"),
        }
    }
}
