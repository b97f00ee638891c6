//! A body that is not read yet.

use axum::body::Body;
use bytes::Bytes;
use http::header::{EXPECT, HeaderMap};
use http_body_util::BodyExt;
use hyper::body::Frame;

/// A body that is not read yet.
#[derive(Debug)]
pub struct IncomingBody {
    body: Body,
    /// Whether the client waits for `100 Continue`, which is sent when the first part is read.
    is_waiting: bool,
}

impl IncomingBody {
    /// Creates the body of a request with these headers.
    #[must_use]
    pub fn new(headers: &HeaderMap, body: Body) -> Self {
        let expected = headers.get(EXPECT).map(|value| value.as_bytes());
        let is_waiting = expected.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"));
        Self { body, is_waiting }
    }

    /// Whether the client waits for permission to send the body.
    pub(super) fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    pub(super) async fn frame(&mut self) -> Option<Result<Frame<Bytes>, axum::Error>> {
        self.is_waiting = false;
        self.body.frame().await
    }
}
