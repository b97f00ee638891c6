//! Successful responses.

use std::ops::{Deref, DerefMut};

use crate::outcome::rate_limit_headers::RateLimitHeaders;
use specwright_model::style::Headers;

/// A decoded body with its response metadata. It dereferences to the body.
///
/// Test doubles can create one:
///
/// ```
/// use specwright_runtime::Response;
///
/// let response = Response::new(vec!["an event"]).with_status(202).with_attempts(3);
/// assert_eq!(response.len(), 1);
/// assert_eq!((response.status(), response.attempts()), (202, 3));
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    body: T,
    pub(crate) meta: Meta,
}

/// Response metadata.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    /// The operation ID. Empty in tests.
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) rate_limit: RateLimitHeaders,
    pub(crate) headers: Headers,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn read(body: T, meta: Meta) -> Self {
        Self { body, meta }
    }

    /// Creates a response for tests, with status 200, one attempt and no headers.
    pub fn new(body: T) -> Self {
        let meta = Meta {
            operation: "",
            status: 200,
            request_id: None,
            rate_limit: RateLimitHeaders::default(),
            headers: Headers::default(),
            attempts: 1,
        };
        Self { body, meta }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.meta.status = status;
        self
    }

    /// Sets the request ID that the API assigned.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.meta.request_id = Some(id.into());
        self
    }

    /// Sets the rate-limit headers.
    #[must_use]
    pub fn with_rate_limit(mut self, rate_limit: RateLimitHeaders) -> Self {
        self.meta.rate_limit = rate_limit;
        self
    }

    /// Adds a header. An invalid name or value is ignored.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.meta.headers.append(name, value);
        self
    }

    /// Sets the number of attempts.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.meta.attempts = attempts;
        self
    }

    /// Returns the body without the metadata.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Replaces the body with the result of a function.
    pub fn map<U>(self, body: impl FnOnce(T) -> U) -> Response<U> {
        Response { body: body(self.body), meta: self.meta }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// Returns the request ID that the API assigned, from the headers.
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id.as_deref()
    }

    /// Returns the headers. Operations with headers in the spec have a type for them:
    /// `GetThingHeaders::from(response.headers())`.
    pub fn headers(&self) -> &Headers {
        &self.meta.headers
    }

    /// Returns the number of attempts, including the successful one.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// Returns the rate-limit headers.
    pub fn rate_limit(&self) -> &RateLimitHeaders {
        &self.meta.rate_limit
    }
}

/// For bodies that are read incrementally.
impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}
