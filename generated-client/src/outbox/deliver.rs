//! The task that delivers waiting events in order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use specwright_runtime::__private::{Background, exponential, jitter};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use super::error::{Listener, Notice, OutboxError};
use super::writer::{Job, Jobs, Status};
use crate::models::SendData;
use crate::{Client, Error, Outcome};

/// The maximum `Retry-After` that is followed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// The initial backoff. Each failure increases it by a factor of two.
const INITIAL_BACKOFF: Duration = Duration::from_millis(500);

pub(super) struct Delivery {
    pub(super) client: Client,
    pub(super) background: Arc<Background>,
    pub(super) jobs: Jobs,
    pub(super) status: Arc<watch::Sender<Status>>,
    pub(super) seen: watch::Receiver<Status>,
    /// Notified when a flush waits.
    pub(super) hurry: Arc<Notify>,
    pub(super) listener: Listener,
    pub(super) max_backoff: Duration,
    pub(super) adoption_interval: Duration,
}

/// The result of one step.
enum Step {
    /// Nothing to deliver.
    Idle,
    /// All events were handled; there may be more.
    Done,
    /// Delivery failed, with the `Retry-After` of the service.
    Failed(Option<Duration>),
}

impl Delivery {
    /// Runs until the outbox is closed.
    pub(super) async fn run(mut self) {
        // Failures since the last success.
        let mut failures: u32 = 0;
        // Opening has already adopted lanes.
        let mut adopted = Instant::now();
        loop {
            if adopted.elapsed() >= self.adoption_interval {
                adopted = Instant::now();
                match self.jobs.ask(Job::Adopt).await {
                    Err(OutboxError::Closed) => return,
                    Err(error) => (self.listener)(&Notice::File(error)),
                    Ok(()) => {}
                }
            }
            let backoff =
                exponential(INITIAL_BACKOFF, self.max_backoff, failures.saturating_add(1));
            match self.step(backoff).await {
                Err(_) => return,
                Ok(Step::Done) => failures = 0,
                Ok(Step::Idle) => {
                    let more = self.seen.wait_for(|status| status.first.is_some());
                    // The next step checks what there is, also after a timeout.
                    let _ = timeout(self.adoption_interval, more).await;
                }
                Ok(Step::Failed(retry_after)) => {
                    // Jitter, so that clients do not return at the same time.
                    let delay =
                        (backoff / 2 + jitter(backoff / 2)).max(retry_after.unwrap_or_default());
                    let is_hurried = timeout(delay, self.hurry.notified()).await.is_ok();
                    failures = if is_hurried { 0 } else { failures.saturating_add(1) };
                }
            }
        }
    }

    /// Delivers the first waiting events. Returns an error if the outbox is closed.
    async fn step(&mut self, backoff: Duration) -> Result<Step, OutboxError> {
        let events = match self.jobs.ask(Job::First).await {
            Ok(events) => events,
            Err(OutboxError::Closed) => return Err(OutboxError::Closed),
            Err(error) => {
                (self.listener)(&Notice::File(error));
                return Ok(Step::Failed(None));
            }
        };
        if events.is_empty() {
            return Ok(Step::Idle);
        }
        let (mut numbers, mut decoded) = (Vec::new(), Vec::new());
        let (mut delivered, mut rejected) = (Vec::new(), Vec::new());
        for (number, json) in events {
            match serde_json::from_slice::<SendData>(&json) {
                Ok(event) => {
                    numbers.push((number, json));
                    decoded.push(event);
                }
                // The checksum is correct: another version wrote an incompatible event.
                Err(error) => rejected.push((number, json, vec![error.to_string()])),
            }
        }
        // One request at a time, so that a final event does not overtake a running one.
        let report =
            self.client.send_all(decoded).concurrency(1).in_background(&self.background).await;
        let mut problem = None;
        for ((number, json), outcome) in numbers.into_iter().zip(report.outcomes()) {
            match outcome {
                Outcome::Accepted => delivered.push(number),
                Outcome::Rejected(_) => rejected.push((number, json, outcome.reasons())),
                Outcome::NotSent { error, .. } => problem = Some(Arc::clone(error)),
            }
        }
        let rejection = rejected.last().map(|(_, _, reasons)| reasons.join("; "));
        self.status.send_modify(|status| {
            status.problem = problem.clone();
            status.attempts += 1;
            status.rejection = rejection.or_else(|| status.rejection.take());
        });
        self.settle(delivered, rejected).await?;
        let Some(error) = problem else { return Ok(Step::Done) };
        let retry_after = match &*error {
            Error::Api(error) => error.rate_limit.retry_after,
            _ => None,
        };
        // A longer delay is probably a mistake; if not, the next response repeats it.
        let retry_after = retry_after.map(|delay| delay.min(MAX_RETRY_AFTER.max(self.max_backoff)));
        let retry_in = backoff.max(retry_after.unwrap_or_default());
        (self.listener)(&Notice::NotDelivered { error, retry_in });
        Ok(Step::Failed(retry_after))
    }

    async fn settle(
        &self,
        delivered: Vec<u64>,
        rejected: Vec<(u64, Vec<u8>, Vec<String>)>,
    ) -> Result<(), OutboxError> {
        if delivered.is_empty() && rejected.is_empty() {
            return Ok(());
        }
        let mut contents = Vec::new();
        for (number, json, reasons) in rejected {
            let json = String::from_utf8_lossy(&json).into_owned();
            contents.push((number, serde_json::to_vec(&(&reasons, &json)).unwrap_or_default()));
            (self.listener)(&Notice::Rejected { json, reasons });
        }
        let settle = |done| Job::Settle { delivered, rejected: contents, done };
        match self.jobs.ask(settle).await {
            Err(OutboxError::Closed) => Err(OutboxError::Closed),
            // It was reported, and is written with the next commit.
            _ => Ok(()),
        }
    }
}
