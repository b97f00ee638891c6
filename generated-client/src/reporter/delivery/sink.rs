//! Where the events of a reporter go.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// To a function; see [`Sink::from_fn`].
    Function(EventFn),
    /// Nowhere, for this reason. When something is reported, the listener receives it once, or stderr if
    /// there is none; reports list the events as not sent.
    Disabled(String),
}

impl Sink {
    /// Creates a sink that calls a function with each valid event, at once and on the thread that
    /// reports it. Nothing is queued and no thread is started, so the function decides how events are
    /// stored and sent. An error counts the event as not sent.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    ///
    /// use datadog_ci_pipelines::Reporter;
    /// use datadog_ci_pipelines::reporter::Sink;
    ///
    /// let events = Arc::new(Mutex::new(Vec::new()));
    /// let kept = Arc::clone(&events);
    /// let reporter = Reporter::new(Sink::from_fn(move |event| {
    ///     kept.lock().map_err(|error| error.to_string())?.push(event);
    ///     Ok(())
    /// }));
    /// reporter.pipeline("deploy", "https://ci.example/run/1").start().success().wait();
    /// assert_eq!(events.lock().unwrap().len(), 2); // running and finished
    /// ```
    pub fn from_fn(
        function: impl Fn(PipelineEvent) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        Self::Function(EventFn(Arc::new(function)))
    }
}

/// A function that receives events; see [`Sink::from_fn`].
#[derive(Clone)]
pub struct EventFn(Arc<Receive>);

type Receive = dyn Fn(PipelineEvent) -> Result<(), String> + Send + Sync;

impl EventFn {
    pub(super) fn call(&self, event: PipelineEvent) -> Result<(), String> {
        // Events are reported in destructors, where a panic must not propagate. The panic hook has
        // already printed it.
        let call = AssertUnwindSafe(|| (self.0)(event));
        catch_unwind(call)
            .unwrap_or_else(|_| Err("the function of the sink has panicked".to_owned()))
    }
}

impl fmt::Debug for EventFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventFn")
    }
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
            // The queue keeps no events.
            Self::Function(_) | Self::Disabled(_) => Vec::new(),
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
            Self::Client(_) | Self::Function(_) | Self::Disabled(_) => Left::default(),
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
            Self::Client(_) | Self::Function(_) | Self::Disabled(_) => false,
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
