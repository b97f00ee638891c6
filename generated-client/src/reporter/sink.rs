//! Where a reporter's events go.

use std::time::Duration;

#[cfg(feature = "outbox")]
use crate::outbox::{Outbox, OutboxError};
use crate::{Client, Outcome, PipelineEvent};

/// Where a [`Reporter`](super::Reporter) sends its events; made of a client or an outbox by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sink {
    /// To the service, with the client's own keys, time limit and retries.
    Client(Client),
    /// To the disk, from where they go to the service in this process or a later one.
    #[cfg(feature = "outbox")]
    Outbox(Outbox),
}

impl From<Client> for Sink {
    fn from(client: Client) -> Self {
        Self::Client(client)
    }
}

#[cfg(feature = "outbox")]
impl From<Outbox> for Sink {
    fn from(outbox: Outbox) -> Self {
        Self::Outbox(outbox)
    }
}

/// What became of an event.
#[derive(Clone)]
pub(super) enum SendOutcome {
    Accepted,
    /// It will never be taken, and this is why.
    Rejected(String),
    /// The service was not there, or had no time. Later it may be otherwise.
    Postponed(String),
}

impl Sink {
    /// Sends a few events, at most [`MAX_BATCH`](crate::MAX_BATCH), and says what became of each,
    /// in their order. Behind one that is postponed none is sent, and nothing said.
    pub(super) async fn send(&self, events: Vec<PipelineEvent>) -> Vec<SendOutcome> {
        match self {
            Self::Client(client) => {
                // In their order; and once, because whoever sends here makes pauses of its own.
                let sent = client.send_all(events).concurrency(1).once().await;
                sent.outcomes().iter().map(send_outcome).collect()
            }
            #[cfg(feature = "outbox")]
            Self::Outbox(outbox) => {
                // One after the other: what is kept behind one that is not would come again.
                let mut outcomes = Vec::with_capacity(events.len());
                for event in events {
                    match outbox.enqueue(event).await {
                        Ok(()) => outcomes.push(SendOutcome::Accepted),
                        Err(error @ (OutboxError::Full { .. } | OutboxError::File { .. })) => {
                            outcomes.push(SendOutcome::Postponed(error.to_string()));
                            break;
                        }
                        Err(error) => outcomes.push(SendOutcome::Rejected(error.to_string())),
                    }
                }
                outcomes
            }
        }
    }

    /// Waits until what was sent is delivered too, where these are two things, and says how much
    /// is not.
    #[cfg_attr(
        not(feature = "outbox"),
        expect(
            unused_variables,
            clippy::unused_async,
            reason = "without an outbox, sent is delivered"
        )
    )]
    pub(super) async fn flush(&self, time: Duration) -> usize {
        match self {
            Self::Client(_) => 0,
            #[cfg(feature = "outbox")]
            Self::Outbox(outbox) => outbox.flush(time).await.left,
        }
    }

    /// Whether what was sent may not be delivered yet.
    pub(super) fn goes_on(&self) -> bool {
        !matches!(self, Self::Client(_))
    }
}

fn send_outcome(outcome: &Outcome) -> SendOutcome {
    match outcome {
        Outcome::Accepted => SendOutcome::Accepted,
        Outcome::Rejected(_) => SendOutcome::Rejected(outcome.reasons().join("; ")),
        // With these keys none will ever be taken.
        Outcome::NotSent { error, .. } if matches!(error.status(), Some(401 | 403)) => {
            SendOutcome::Rejected(error.to_string())
        }
        Outcome::NotSent { error, .. } => SendOutcome::Postponed(error.to_string()),
    }
}
