//! A typed response with headers, and the request it belongs to.

use std::fmt;

use http::header::HeaderMap;
use specwright_model::style::Headers;

use crate::reject::insert;

/// The request of a handler, without its typed parameters and body.
///
/// `Debug` shows the method and the names of the headers: other parts may be secret.
#[derive(Clone)]
pub struct Call {
    /// The request without its body: method, URI, headers, extensions.
    pub parts: http::request::Parts,
}

/// The response of a handler.
///
/// `Debug` shows only the names of the headers: their values may be secret.
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    /// The body.
    pub body: T,
    /// Additional headers. A `Content-Type` replaces the usual `application/json`.
    pub headers: HeaderMap,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.parts.method)
            .field("headers", &Names(&self.parts.headers))
            .finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("body", &self.body)
            .field("headers", &Names(&self.headers))
            .finish()
    }
}

/// Shows the names of headers.
struct Names<'h>(&'h HeaderMap);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<T> Response<T> {
    /// Creates a response without additional headers.
    #[must_use]
    pub fn new(body: T) -> Self {
        Self { body, headers: HeaderMap::new() }
    }

    /// Adds a header. Invalid names and values are ignored.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        insert(&mut self.headers, name, value.as_ref());
        self
    }

    /// Adds the typed headers that the OpenAPI document declares for the operation.
    #[must_use]
    pub fn with_headers(mut self, headers: impl Into<Headers>) -> Self {
        self.headers.extend(HeaderMap::from(headers.into()));
        self
    }
}

impl<T> From<T> for Response<T> {
    fn from(body: T) -> Self {
        Self::new(body)
    }
}
