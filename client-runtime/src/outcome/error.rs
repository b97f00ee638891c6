//! Everything that can go wrong with a call, each with what a caller can act on.

use std::error::Error as StdError;
use std::fmt;

use crate::outcome::cause::{Cause, Late};
use crate::outcome::rate_limit_headers::RateLimitHeaders;
use crate::outcome::response::{Meta, Response};
use specwright_model::style::Headers;
use specwright_model::validate::ValidationError;

/// Why a call failed. `B` is the type of the bodies that the API's error answers have.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<B = String> {
    /// The client cannot be built, or has no key for this call. Nothing was sent.
    Config(ConfigError),
    /// The request breaks constraints of the description. Nothing was sent.
    Validation(ValidationError),
    /// The request did not get through, or its answer did not come back whole.
    Transport(TransportError),
    /// No whole answer came in time. The request may have been carried out.
    Timeout(TransportError),
    /// The API answered with an error.
    Api(Box<ApiError<B>>),
    /// The API answered with something that its description does not allow.
    Decode(Box<DecodeError>),
}

impl<B> Error<B> {
    /// The status of the answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Decode(error) => Some(error.status),
            _ => None,
        }
    }

    /// How often the call was tried; none where nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        match self {
            Self::Transport(error) | Self::Timeout(error) => Some(error.attempts),
            Self::Api(error) => Some(error.attempts),
            Self::Decode(error) => Some(error.attempts),
            Self::Config(_) | Self::Validation(_) => None,
        }
    }

    /// The API's own name for the request, to quote to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.request_id.as_deref(),
            Self::Decode(error) => error.request_id.as_deref(),
            _ => None,
        }
    }
}

impl<B> fmt::Display for Error<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Validation(error) => write!(f, "the request is not valid: {error}"),
            Self::Transport(error) => write!(f, "{error}"),
            Self::Timeout(error) => {
                write!(f, "{} got no answer in time{}", error.operation, Tried(error.attempts))
            }
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

impl<B: fmt::Debug> StdError for Error<B> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) | Self::Timeout(error) => error.source(),
            _ => None,
        }
    }
}

impl<B> From<ValidationError> for Error<B> {
    fn from(error: ValidationError) -> Self {
        Self::Validation(error)
    }
}

impl<B> From<ConfigError> for Error<B> {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl<B> From<ApiError<B>> for Error<B> {
    fn from(error: ApiError<B>) -> Self {
        Self::Api(Box::new(error))
    }
}

/// Of an answer that came in part.
impl<B> From<TransportError> for Error<B> {
    fn from(error: TransportError) -> Self {
        match error.source.is_timeout() {
            true => Self::Timeout(error),
            false => Self::Transport(error),
        }
    }
}

impl<B> From<CallError> for Error<B> {
    fn from(failure: CallError) -> Self {
        match failure {
            CallError::Config(error) => Self::Config(error),
            CallError::Validation(error) => Self::Validation(error),
            CallError::Transport(error) => error.into(),
            CallError::Decode(error) => Self::Decode(error),
        }
    }
}

/// The errors that do not depend on the bodies of error answers: the parts of a call that
/// are not generic fail with this.
#[derive(Debug)]
pub enum CallError {
    /// See [`Error::Config`].
    Config(ConfigError),
    /// See [`Error::Validation`].
    Validation(ValidationError),
    /// See [`Error::Transport`] and [`Error::Timeout`].
    Transport(TransportError),
    /// See [`Error::Decode`].
    Decode(Box<DecodeError>),
}

impl From<ValidationError> for CallError {
    fn from(error: ValidationError) -> Self {
        Self::Validation(error)
    }
}

/// The bodies of an API's error answers.
pub trait ErrorBody {
    /// A body that the description does not have, or that breaks it.
    fn other(text: String) -> Self;
}

impl ErrorBody for String {
    fn other(text: String) -> Self {
        text
    }
}

/// What is wrong with the configuration of a client: everything at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// An error of one problem.
    #[must_use]
    pub fn new(problem: impl Into<String>) -> Self {
        Self { problems: vec![problem.into()] }
    }

    pub(crate) fn all(problems: Vec<String>) -> Self {
        Self { problems }
    }

    /// Each problem as a sentence that says what to do.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("; "))
    }
}

impl StdError for ConfigError {}

/// A request that did not get through.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) source: Cause,
}

impl TransportError {
    /// The address may carry a key in its query, so it is never kept.
    pub(crate) fn from_reqwest(
        operation: &'static str,
        attempts: u32,
        source: reqwest::Error,
    ) -> Self {
        Self { operation, attempts, source: Cause::Met(source.without_url()) }
    }

    /// It took longer than it may.
    pub(crate) fn timed_out(operation: &'static str, attempts: u32) -> Self {
        Self { operation, attempts, source: Cause::Late(Late) }
    }

    /// A failure that did not happen, for test doubles: [`Error::Transport`] and
    /// [`Error::Timeout`] hold it.
    ///
    /// ```
    /// use specwright_runtime::{Error, TransportError};
    ///
    /// let error: Error = Error::Timeout(TransportError::new("listThings", "too late"));
    /// assert_eq!(error.to_string(), "listThings got no answer in time");
    /// ```
    #[must_use]
    pub fn new(operation: &'static str, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { operation, attempts: 1, source: Cause::Told(cause.into()) }
    }

    /// How often the call was tried.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The operation's id in the description.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) fn is_timeout(&self) -> bool {
        self.source.is_timeout()
    }

    /// Whether no connection came about, so that the API has seen nothing.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.source.is_connect()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} did not get through{}", self.operation, Tried(self.attempts))?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.error())
    }
}

/// An error answer of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError<B> {
    /// The operation's id in the description.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The decoded body.
    pub body: B,
    /// The beginning of the body as it came, at most 512 characters.
    pub excerpt: String,
    /// The API's own name for the request.
    pub request_id: Option<String>,
    /// What the answer says of rate limits.
    pub rate_limit: RateLimitHeaders,
    /// The headers of the answer.
    pub headers: Headers,
    /// How often the call was tried.
    pub attempts: u32,
}

impl<B> ApiError<B> {
    /// An error answer that no API has given, for test doubles. What else it says is set in
    /// its fields.
    ///
    /// ```
    /// use specwright_runtime::{ApiError, Error};
    ///
    /// let mut refused = ApiError::new("listThings", 503, "try later".to_owned());
    /// refused.request_id = Some("r-1".to_owned());
    /// let error = Error::from(refused);
    /// assert_eq!(error.to_string(), "listThings was answered with 503 (request r-1)");
    /// ```
    pub fn new(operation: &'static str, status: u16, body: B) -> Self {
        Self {
            operation,
            status,
            body,
            excerpt: String::new(),
            request_id: None,
            rate_limit: RateLimitHeaders::default(),
            headers: Headers::default(),
            attempts: 1,
        }
    }
}

impl<B> fmt::Display for ApiError<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered with {}", self.operation, self.status)?;
        write!(f, "{}", Tried(self.attempts))?;
        if !self.excerpt.is_empty() {
            write!(f, ": {}", self.excerpt)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

/// An answer that the description does not allow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// The operation's id in the description.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Which part of a stream, such as `event 3`; empty for an answer that is one body.
    pub part: String,
    /// Where in the body, or in that part of it: a JSON pointer (RFC 6901), empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
    /// The body around that place, at most 240 characters.
    pub excerpt: String,
    /// The API's own name for the request.
    pub request_id: Option<String>,
    /// What the answer says of rate limits.
    pub rate_limit: RateLimitHeaders,
    /// The headers of the answer.
    pub headers: Headers,
    /// How often the call was tried.
    pub attempts: u32,
}

impl DecodeError {
    /// The answer without its body, for operations whose success the status alone tells.
    #[must_use]
    pub fn without_body(self) -> Response<()> {
        let Self { status, request_id, rate_limit, headers, attempts, .. } = self;
        Response::read((), Meta { status, request_id, rate_limit, headers, attempts })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer to {} (status {}) cannot be read", self.operation, self.status)?;
        if !self.part.is_empty() {
            write!(f, " in {}", self.part)?;
        }
        if !self.pointer.is_empty() {
            write!(f, " at {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.excerpt.is_empty() {
            write!(f, "; the body has: {}", self.excerpt)?;
        }
        Ok(())
    }
}

impl StdError for DecodeError {}

/// How often a call was tried, where that was more than once.
struct Tried(u32);

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 | 1 => Ok(()),
            tries => write!(f, " after {tries} attempts"),
        }
    }
}
