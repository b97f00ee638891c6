//! The results of a flush, and rejected events.

use std::fmt;
use std::sync::Arc;

use super::writer::Status;
use crate::models::SendData;
use crate::send::explain;
use crate::{Error, PipelineEvent};

/// Counts since the outbox was opened.
#[derive(Clone, Debug)]
#[must_use = "some events may not have been delivered"]
#[non_exhaustive]
pub struct FlushReport {
    /// The number of delivered events.
    pub delivered: u64,
    /// The number of events that the service rejected; see
    /// [`Outbox::rejected`](super::Outbox::rejected).
    pub rejected: u64,
    /// The number of events that were dropped to make room for others.
    pub dropped: u64,
    /// The number of events that wait for delivery.
    pub left: usize,
    /// The error of the latest request, if it failed.
    pub error: Option<Arc<Error>>,
    /// Why the latest attempt failed, also if the request is still being retried, and what to check.
    pub reason: Option<String>,
    /// Why the latest rejected event was rejected.
    pub rejection: Option<String>,
}

impl FlushReport {
    pub(super) fn new(status: &Status, failure: Option<String>) -> Self {
        Self {
            delivered: status.delivered,
            rejected: status.rejected,
            dropped: status.dropped,
            left: status.left + status.outside,
            error: status.problem.clone(),
            reason: status.problem.as_ref().map(|error| explain(error)).or(failure),
            rejection: status.rejection.clone(),
        }
    }
}

impl fmt::Display for FlushReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, rejected, dropped, left, reason, rejection, .. } = self;
        write!(f, "{delivered} events delivered, {rejected} rejected")?;
        if let Some(rejection) = rejection {
            write!(f, " (the latest: {rejection})")?;
        }
        write!(f, ", {left} left")?;
        if *dropped > 0 {
            write!(f, ", {dropped} dropped")?;
        }
        match reason {
            Some(reason) if *left > 0 => write!(f, ": {reason}"),
            None if *left > 0 => f.write_str(": the service has not responded yet"),
            _ => Ok(()),
        }
    }
}

/// An event that the service has rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedEvent {
    pub(super) number: u64,
    json: String,
    reasons: Vec<String>,
}

impl RejectedEvent {
    pub(super) fn new((number, content): (u64, Vec<u8>)) -> Self {
        // The checksum was verified, so the content is what was written.
        let (reasons, json) = serde_json::from_slice(&content).unwrap_or_default();
        Self { number, json, reasons }
    }

    /// Returns the event as it was sent, as JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns the event, to be corrected and sent again.
    #[must_use]
    pub fn event(&self) -> Option<PipelineEvent> {
        serde_json::from_str::<SendData>(&self.json).ok().map(PipelineEvent::from)
    }

    /// Returns the reasons that the service gave.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}
