//! Where the events of a reporter go.

use std::sync::Arc;
use std::time::Duration;

use specwright_runtime::__private::Background;
#[cfg(feature = "outbox")]
use specwright_runtime::__private::with_causes;

#[cfg(feature = "outbox")]
use crate::outbox::{Outbox, OutboxError};
use crate::send::{explain, is_permanent};
use crate::{Client, Error, Outcome, PipelineEvent};

/// Where a [`Reporter`](crate::Reporter) sends its events. Clients and outboxes convert into it, also
/// those that could not be created: an error disables the reporter instead of ending the program.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sink {
    /// To the service, with the credentials and timeouts of the client.
    Client(Client),
    /// To disk, and from there to the service, in this process or a later one.
    #[cfg(feature = "outbox")]
    Outbox(Outbox),
    /// Nowhere, for this reason. When something is reported, the listener receives it once, or stderr if
    /// there is none; reports list the events as not sent.
    Disabled(String),
}

impl From<Client> for Sink {
    fn from(client: Client) -> Self {
        Self::Client(client)
    }
}

/// Sends in the background, as with an async client.
#[cfg(feature = "blocking")]
impl From<crate::blocking::Client> for Sink {
    fn from(client: crate::blocking::Client) -> Self {
        Self::Client(client.into())
    }
}

impl<T: Into<Self>> From<Result<T, Error>> for Sink {
    fn from(result: Result<T, Error>) -> Self {
        result.map_or_else(|error| Self::Disabled(error.to_string()), Into::into)
    }
}

#[cfg(feature = "outbox")]
impl From<Outbox> for Sink {
    fn from(outbox: Outbox) -> Self {
        Self::Outbox(outbox)
    }
}

#[cfg(feature = "outbox")]
impl<T: Into<Self>> From<Result<T, OutboxError>> for Sink {
    fn from(result: Result<T, OutboxError>) -> Self {
        result.map_or_else(|error| Self::Disabled(with_causes(&error)), Into::into)
    }
}

/// The result of sending an event.
#[derive(Clone)]
pub(super) enum SendOutcome {
    Accepted,
    /// The service will never accept it, with the reason.
    Rejected(String),
    /// The service was unavailable or too slow. A later attempt may succeed.
    Postponed(String),
}

/// What is left in an outbox after a flush.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) events: usize,
    pub(super) reason: Option<String>,
}

impl Sink {
    /// Sends at most [`MAX_BATCH`](crate::MAX_BATCH) events and returns one result per event, in
    /// order. Nothing is sent or returned after the first postponed event.
    pub(super) async fn send(
        &self,
        events: Vec<PipelineEvent>,
        background: &Arc<Background>,
    ) -> Vec<SendOutcome> {
        match self {
            Self::Client(client) => {
                // In order, and without retries: the worker makes the pauses.
                let sending = client.send_all(events).concurrency(1).without_retries();
                let sent = sending.in_background(background).await;
                sent.outcomes().iter().map(send_outcome).collect()
            }
            #[cfg(feature = "outbox")]
            Self::Outbox(outbox) => {
                // One by one: events stored after one that failed would be sent twice.
                let mut outcomes = Vec::with_capacity(events.len());
                for event in events {
                    match outbox.enqueue(event).await {
                        Ok(()) => outcomes.push(SendOutcome::Accepted),
                        Err(error @ (OutboxError::Full { .. } | OutboxError::File { .. })) => {
                            outcomes.push(SendOutcome::Postponed(error.to_string()));
                            break;
                        }
                        Err(error) => outcomes.push(SendOutcome::Rejected(with_causes(&error))),
                    }
                }
                outcomes
            }
            // The queue takes no events.
            Self::Disabled(_) => Vec::new(),
        }
    }

    /// Waits until the outbox has delivered its events. Returns how many are left, and why.
    #[cfg_attr(
        not(feature = "outbox"),
        expect(
            unused_variables,
            clippy::unused_async,
            reason = "without an outbox, sent events are delivered"
        )
    )]
    pub(super) async fn flush(&self, time: Duration) -> Left {
        match self {
            Self::Client(_) | Self::Disabled(_) => Left::default(),
            #[cfg(feature = "outbox")]
            Self::Outbox(outbox) => {
                let report = outbox.flush(time).await;
                Left { events: report.left, reason: report.reason }
            }
        }
    }

    /// Returns whether sent events may not be delivered yet.
    pub(super) fn is_deferred(&self) -> bool {
        match self {
            Self::Client(_) | Self::Disabled(_) => false,
            #[cfg(feature = "outbox")]
            Self::Outbox(_) => true,
        }
    }
}

fn send_outcome(outcome: &Outcome) -> SendOutcome {
    match outcome {
        Outcome::Accepted => SendOutcome::Accepted,
        Outcome::Rejected(_) => SendOutcome::Rejected(outcome.reasons().join("; ")),
        Outcome::NotSent { error, .. } if is_permanent(error) => {
            SendOutcome::Rejected(explain(error))
        }
        Outcome::NotSent { error, .. } => SendOutcome::Postponed(error.to_string()),
    }
}
