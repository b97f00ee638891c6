//! `tracing` spans: one per call, with a child span per attempt. They never contain credentials,
//! bodies or queries.
//!
//! Without the `tracing` feature, all functions are no-ops.

use std::future::Future;
use std::time::Duration;

use crate::call::request::Operation;
use crate::setup::hooks::{Attempt, AttemptOutcome};

/// The span of a call or of an attempt.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(not(feature = "tracing"))]
impl Span {
    pub(crate) fn call(_: &Operation) -> Self {
        Self {}
    }

    pub(crate) fn attempt(_: &Attempt<'_>, _: Duration) -> Self {
        Self {}
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn end_attempt(&self, _: &AttemptOutcome<'_>) {}

    pub(crate) fn end_call(&self, _: Option<u16>, _: u32) {}
}

#[cfg(feature = "tracing")]
impl Span {
    /// Creates the span of a call.
    pub(crate) fn call(operation: &Operation) -> Self {
        let span = tracing::info_span!(
            "call",
            operation = operation.id,
            method = operation.method.as_str(),
            path = operation.path,
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
        );
        Self { span }
    }

    /// Creates the span of an attempt that was delayed by `waited`.
    pub(crate) fn attempt(attempt: &Attempt<'_>, waited: Duration) -> Self {
        let span = tracing::debug_span!(
            "attempt",
            attempt = attempt.number,
            wait_ms = milliseconds(waited),
            sent_bytes = attempt.body.map_or(0, <[u8]>::len),
            status = tracing::field::Empty,
            received_bytes = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        Self { span }
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(future, self.span.clone())
    }

    pub(crate) fn end_attempt(&self, outcome: &AttemptOutcome<'_>) {
        let elapsed_ms = milliseconds(outcome.elapsed);
        if let Ok(response) = &outcome.result {
            self.span.record("status", response.status);
            self.span.record("received_bytes", response.bytes);
            if let Some(id) = response.request_id {
                self.span.record("request_id", id);
            }
        }
        let _entered = self.span.enter();
        match (&outcome.result, outcome.next_attempt_in.map(milliseconds)) {
            (Ok(_), None) => tracing::debug!(elapsed_ms, "response received"),
            (Ok(response), Some(wait_ms)) => {
                tracing::warn!(status = response.status, elapsed_ms, wait_ms, "will be retried");
            }
            (Err(error), Some(wait_ms)) => {
                tracing::warn!(%error, elapsed_ms, wait_ms, "will be retried");
            }
            (Err(error), None) => tracing::warn!(%error, elapsed_ms, "failed"),
        }
    }

    pub(crate) fn end_call(&self, status: Option<u16>, attempts: u32) {
        if let Some(status) = status {
            self.span.record("status", status);
        }
        self.span.record("attempts", attempts);
    }
}

#[cfg(feature = "tracing")]
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
