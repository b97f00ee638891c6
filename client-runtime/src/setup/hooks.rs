//! Hooks that observe requests and responses.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::outcome::error::TransportError;
use crate::outcome::rate_limit_headers::RateLimitHeaders;

/// One attempt of a call, as passed to a hook. It contains no credentials.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation ID.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path of the request, relative to the base URL and without the query. Parameters that
    /// are secret are `<redacted>`.
    pub path: &'a str,
    /// The body before compression. `None` for multipart bodies and streams.
    pub body: Option<&'a [u8]>,
    /// The number of this attempt, counted from 1.
    pub number: u32,
}

/// Shows only the length of the body.
impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.map(<[u8]>::len))
            .field("number", &self.number)
            .finish()
    }
}

/// The outcome of an attempt, as passed to a hook.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptOutcome<'a> {
    /// The time from sending the request to the last byte of the response.
    pub elapsed: Duration,
    /// The response, or the transport error.
    pub result: Result<ResponseSummary<'a>, &'a TransportError>,
    /// The delay before the next attempt, if there is one.
    pub next_attempt_in: Option<Duration>,
}

/// A response, as passed to a hook.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseSummary<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The request ID that the API assigned.
    pub request_id: Option<&'a str>,
    /// The rate-limit headers.
    pub rate_limit: &'a RateLimitHeaders,
    /// The length of the body in bytes. 0 for a streamed body, which is not read yet.
    pub bytes: usize,
}

type OnRequest = dyn Fn(&Attempt<'_>) + Send + Sync;
type OnResponse = dyn Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync;

/// The hooks of a client.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    requests: Vec<Arc<OnRequest>>,
    responses: Vec<Arc<OnResponse>>,
}

impl Hooks {
    pub(crate) fn on_request(&mut self, hook: impl Fn(&Attempt<'_>) + Send + Sync + 'static) {
        self.requests.push(Arc::new(hook));
    }

    pub(crate) fn on_response(
        &mut self,
        hook: impl Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync + 'static,
    ) {
        self.responses.push(Arc::new(hook));
    }

    pub(crate) fn request(&self, attempt: &Attempt<'_>) {
        self.requests.iter().for_each(|hook| hook(attempt));
    }

    pub(crate) fn response(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        self.responses.iter().for_each(|hook| hook(attempt, outcome));
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_request", &self.requests.len())
            .field("on_response", &self.responses.len())
            .finish()
    }
}
