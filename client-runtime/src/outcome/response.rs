//! A successful answer.

use std::ops::{Deref, DerefMut};

use crate::outcome::rate_limit_headers::RateLimitHeaders;
use specwright_model::style::Headers;

/// A decoded body with what came beside it. It dereferences to the body.
///
/// Test doubles make their own:
///
/// ```
/// use specwright_runtime::Response;
///
/// let answer = Response::new(vec!["an event"]).with_status(202).with_attempts(3);
/// assert_eq!(answer.len(), 1);
/// assert_eq!((answer.status(), answer.attempts()), (202, 3));
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    body: T,
    pub(crate) meta: Meta,
}

/// What an answer carries beside its body.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
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

    /// An answer that no API has given, for test doubles: with status 200, at the first try,
    /// and with nothing else beside its body.
    pub fn new(body: T) -> Self {
        let meta = Meta {
            status: 200,
            request_id: None,
            rate_limit: RateLimitHeaders::default(),
            headers: Headers::default(),
            attempts: 1,
        };
        Self { body, meta }
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.meta.status = status;
        self
    }

    /// The same answer with this as the API's own name for the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.meta.request_id = Some(id.into());
        self
    }

    /// The same answer with this said of rate limits.
    #[must_use]
    pub fn with_rate_limit(mut self, rate_limit: RateLimitHeaders) -> Self {
        self.meta.rate_limit = rate_limit;
        self
    }

    /// The same answer with one more header. What no header can carry is left out.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.meta.headers.append(name, value);
        self
    }

    /// The same answer, but the call was tried this often until it came.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.meta.attempts = attempts;
        self
    }

    /// The body alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// The same answer with another body.
    pub fn map<U>(self, body: impl FnOnce(T) -> U) -> Response<U> {
        Response { body: body(self.body), meta: self.meta }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// The API's own name for the request, from its headers.
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id.as_deref()
    }

    /// The headers of the answer. Where the description has headers for an operation, there is a
    /// type for them: `GetThingHeaders::from(response.headers())`.
    pub fn headers(&self) -> &Headers {
        &self.meta.headers
    }

    /// How often the call was tried until this answer came.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// What the answer says of rate limits.
    pub fn rate_limit(&self) -> &RateLimitHeaders {
        &self.meta.rate_limit
    }
}

/// For bodies that are read bit by bit.
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
