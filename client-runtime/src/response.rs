//! A successful answer.

use std::ops::Deref;

use crate::rate_limit::RateLimit;

/// A decoded body with what came beside it. It dereferences to the body.
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
    pub(crate) rate_limit: RateLimit,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(body: T, meta: Meta) -> Self {
        Self { body, meta }
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

    /// How often the call was tried until this answer came.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// What the answer says of rate limits.
    pub fn rate_limit(&self) -> &RateLimit {
        &self.meta.rate_limit
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}
