//! Seeing every request and every answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::outcome::error::TransportError;
use crate::outcome::rate_limit_headers::RateLimitHeaders;

/// One try of a call, as a hook sees it. There is no key in it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation's id in the description.
    pub operation: &'static str,
    /// The method of the request.
    pub method: &'static str,
    /// The path of the request, behind the address of the API and without the query.
    pub path: &'a str,
    /// The body, before it is compressed; none where it is sent in several pieces or as a stream.
    pub body: Option<&'a [u8]>,
    /// Which try this is, from 1.
    pub number: u32,
}

/// Of the body only how long it is.
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

/// What came of a try, as a hook sees it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptOutcome<'a> {
    /// How long it took, from sending to the last byte of the answer.
    pub elapsed: Duration,
    /// The answer, or why there is none.
    pub result: Result<ResponseSummary<'a>, &'a TransportError>,
    /// After how long the call is tried again, if it is.
    pub next_attempt_in: Option<Duration>,
}

/// An answer, as a hook sees it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseSummary<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The API's own name for the request.
    pub request_id: Option<&'a str>,
    /// What it says of rate limits.
    pub rate_limit: &'a RateLimitHeaders,
    /// The length of the body, in bytes; 0 for one that is read bit by bit, of which nothing has
    /// come yet.
    pub bytes: usize,
}

type OnRequest = dyn Fn(&Attempt<'_>) + Send + Sync;
type OnAnswer = dyn Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync;

/// What a client calls with its requests and answers.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    requests: Vec<Arc<OnRequest>>,
    answers: Vec<Arc<OnAnswer>>,
}

impl Hooks {
    pub(crate) fn on_request(&mut self, hook: impl Fn(&Attempt<'_>) + Send + Sync + 'static) {
        self.requests.push(Arc::new(hook));
    }

    pub(crate) fn on_response(
        &mut self,
        hook: impl Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync + 'static,
    ) {
        self.answers.push(Arc::new(hook));
    }

    pub(crate) fn request(&self, attempt: &Attempt<'_>) {
        self.requests.iter().for_each(|hook| hook(attempt));
    }

    pub(crate) fn answer(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        self.answers.iter().for_each(|hook| hook(attempt, outcome));
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_request", &self.requests.len())
            .field("on_answer", &self.answers.len())
            .finish()
    }
}
