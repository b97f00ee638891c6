//! The errors of a call.

use std::error::Error as StdError;
use std::fmt;

use crate::outcome::rate_limit_headers::RateLimitHeaders;
use crate::outcome::response::{Meta, Response};
use crate::outcome::transport_error::AttemptCount;
use specwright_model::style::Headers;
use specwright_model::validate::ValidationError;

pub use crate::outcome::transport_error::TransportError;

/// An error of a call. `B` is the body type of the API's error responses.
///
/// `Display` prints one line with the reason, the number of attempts if there were several, and the
/// failure of the last attempt. The error of the HTTP client is the `source()`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<B = String> {
    /// The client configuration is invalid, or lacks a credential for this call. Nothing was sent.
    Config(ConfigError),
    /// The request violates constraints of the spec. Nothing was sent.
    Validation(ValidationError),
    /// The request could not be sent, or its response was interrupted.
    Transport(TransportError),
    /// The call timed out before the response was complete. The server may have processed the
    /// request.
    Timeout(TransportError),
    /// The API returned an error response.
    Api(Box<ApiError<B>>),
    /// The API returned a response that does not match the spec.
    Decode(Box<DecodeError>),
}

impl<B> Error<B> {
    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Decode(error) => Some(error.status),
            _ => None,
        }
    }

    /// Returns the error response of the API, if there was one.
    ///
    /// ```
    /// use specwright_runtime::{ApiError, Error};
    ///
    /// let error = Error::from(ApiError::new("listThings", 404, "no such shelf".to_owned()));
    /// assert_eq!(error.api().map(|response| response.status), Some(404));
    /// assert_eq!(error.body().map(String::as_str), Some("no such shelf"));
    /// ```
    #[must_use]
    #[doc(alias = "response")]
    pub fn api(&self) -> Option<&ApiError<B>> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the decoded body of the error response of the API, if there was one.
    #[must_use]
    pub fn body(&self) -> Option<&B> {
        self.api().map(|error| &error.body)
    }

    /// Returns the number of attempts, or `None` if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        match self {
            Self::Transport(error) | Self::Timeout(error) => Some(error.attempts),
            Self::Api(error) => Some(error.attempts),
            Self::Decode(error) => Some(error.attempts),
            Self::Config(_) | Self::Validation(_) => None,
        }
    }

    /// Returns the request ID that the API assigned, for support requests.
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
            Self::Validation(error) => write!(f, "invalid request: {error}"),
            Self::Transport(error) => error.fmt(f),
            Self::Timeout(error) => error.describe(f, "timed out"),
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

/// The errors that do not depend on the error body type, for the parts of a call that are not
/// generic.
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

/// The body type of an API's error responses.
pub trait ErrorBody {
    /// Wraps a body that is undocumented or does not match the spec.
    fn other(body: String) -> Self;
}

impl ErrorBody for String {
    fn other(body: String) -> Self {
        body
    }
}

/// An invalid client configuration, with all its problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// Creates an error with one problem.
    #[must_use]
    pub fn new(problem: impl Into<String>) -> Self {
        Self { problems: vec![problem.into()] }
    }

    pub(crate) fn all(problems: Vec<String>) -> Self {
        Self { problems }
    }

    /// Returns the problems; each describes how to fix it.
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

/// An error response of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError<B> {
    /// The operation ID.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The decoded body.
    pub body: B,
    /// The beginning of the raw body, at most 512 characters.
    pub excerpt: String,
    /// The maximum size in bytes, if the body exceeds it and was cut off there
    /// ([`HttpOptions::max_error_size`](crate::HttpOptions::max_error_size)).
    pub cut_at: Option<usize>,
    /// The request ID that the API assigned.
    pub request_id: Option<String>,
    /// The rate-limit headers.
    pub rate_limit: RateLimitHeaders,
    /// The response headers.
    pub headers: Headers,
    /// The number of attempts.
    pub attempts: u32,
}

impl<B> ApiError<B> {
    /// Creates an error response for tests. Set the public fields to customise it.
    ///
    /// ```
    /// use specwright_runtime::{ApiError, Error};
    ///
    /// let mut unavailable = ApiError::new("listThings", 503, "retry later".to_owned());
    /// unavailable.request_id = Some("r-1".to_owned());
    /// let error = Error::from(unavailable);
    /// assert_eq!(error.to_string(), "listThings returned 503 (request r-1)");
    /// ```
    pub fn new(operation: &'static str, status: u16, body: B) -> Self {
        Self {
            operation,
            status,
            body,
            excerpt: String::new(),
            cut_at: None,
            request_id: None,
            rate_limit: RateLimitHeaders::default(),
            headers: Headers::default(),
            attempts: 1,
        }
    }
}

impl<B> fmt::Display for ApiError<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} returned {}", self.operation, self.status)?;
        write!(f, "{}", AttemptCount(self.attempts))?;
        if !self.excerpt.is_empty() {
            write!(f, ": {}", self.excerpt)?;
        }
        if let Some(size) = self.cut_at {
            write!(f, "… (cut off at {size} bytes, the limit of `HttpOptions::max_error_size`)")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

/// A response that does not match the spec.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// The operation ID.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The part of a stream, such as `event 3`. Empty for a response with one body.
    pub part: String,
    /// The location in the body or part, as a JSON pointer (RFC 6901). Empty for its root.
    pub pointer: String,
    /// The problem at that location.
    pub message: String,
    /// The body around that location, at most 240 characters.
    pub excerpt: String,
    /// The request ID that the API assigned.
    pub request_id: Option<String>,
    /// The rate-limit headers.
    pub rate_limit: RateLimitHeaders,
    /// The response headers.
    pub headers: Headers,
    /// The number of attempts.
    pub attempts: u32,
}

impl DecodeError {
    /// Creates an error about a response whose body could be decoded.
    pub(crate) fn about(meta: Meta, message: String) -> Self {
        Self {
            operation: meta.operation,
            status: meta.status,
            part: String::new(),
            pointer: String::new(),
            message,
            excerpt: String::new(),
            request_id: meta.request_id,
            rate_limit: meta.rate_limit,
            headers: meta.headers,
            attempts: meta.attempts,
        }
    }

    /// Returns the response without its body, for operations whose status alone indicates success.
    #[must_use]
    pub fn without_body(self) -> Response<()> {
        let Self { operation, status, request_id, rate_limit, headers, attempts, .. } = self;
        Response::read((), Meta { operation, status, request_id, rate_limit, headers, attempts })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid response to {} (status {})", self.operation, self.status)?;
        if !self.part.is_empty() {
            write!(f, " in {}", self.part)?;
        }
        if !self.pointer.is_empty() {
            write!(f, " at {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.excerpt.is_empty() {
            write!(f, "; body: {}", self.excerpt)?;
        }
        Ok(())
    }
}

impl StdError for DecodeError {}
