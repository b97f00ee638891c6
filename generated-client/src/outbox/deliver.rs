//! The task that delivers what waits, in its order, and for ever if it has to.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use super::Jobs;
use super::builder::Listener;
use super::error::{Notice, OutboxError};
use super::writer::{Job, Status};
use crate::models::SendData;
use crate::{Client, Error, Outcome};

/// The longest wait that the service can ask for.
const LONGEST_TOLD: Duration = Duration::from_secs(3600);

/// The first wait behind a failure; it doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);

pub(super) struct Delivery {
    pub(super) client: Client,
    pub(super) jobs: Jobs,
    pub(super) status: Arc<watch::Sender<Status>>,
    pub(super) seen: watch::Receiver<Status>,
    /// Someone waits for events to be delivered.
    pub(super) hurry: Arc<Notify>,
    pub(super) listener: Listener,
    pub(super) max_backoff: Duration,
    pub(super) adopt_every: Duration,
}

/// What came of a turn.
enum Turn {
    /// There was nothing to deliver.
    Idle,
    /// Everything is settled, and there may be more.
    Done,
    /// It has to be tried again; some services say when.
    Failed(Option<Duration>),
}

impl Delivery {
    /// Runs until the outbox is closed.
    pub(super) async fn run(mut self) {
        let initial_backoff = FIRST_WAIT.min(self.max_backoff);
        let mut wait = initial_backoff;
        // Opening has done it once.
        let mut adopted = Instant::now();
        loop {
            if adopted.elapsed() >= self.adopt_every {
                adopted = Instant::now();
                match self.jobs.ask(Job::Adopt).await {
                    Err(OutboxError::Closed) => return,
                    Err(error) => (self.listener)(&Notice::File(error)),
                    Ok(()) => {}
                }
            }
            match self.turn(wait).await {
                Err(_) => return,
                Ok(Turn::Done) => wait = initial_backoff,
                Ok(Turn::Idle) => {
                    let more = self.seen.wait_for(|status| status.first.is_some());
                    // In time or not, the next turn finds out what there is.
                    let _ = timeout(self.adopt_every, more).await;
                }
                Ok(Turn::Failed(told)) => {
                    // Not all that have waited for the service come back at once.
                    let wait_now = wait.mul_f64(0.5 + random() / 2.0).max(told.unwrap_or_default());
                    let is_hurried = timeout(wait_now, self.hurry.notified()).await.is_ok();
                    wait =
                        if is_hurried { initial_backoff } else { (wait * 2).min(self.max_backoff) };
                }
            }
        }
    }

    /// Delivers the first events that wait. Fails where the outbox is closed.
    async fn turn(&mut self, wait: Duration) -> Result<Turn, OutboxError> {
        let events = match self.jobs.ask(Job::First).await {
            Ok(events) => events,
            Err(OutboxError::Closed) => return Err(OutboxError::Closed),
            Err(error) => {
                (self.listener)(&Notice::File(error));
                return Ok(Turn::Failed(None));
            }
        };
        if events.is_empty() {
            return Ok(Turn::Idle);
        }
        let (mut numbers, mut decoded) = (Vec::new(), Vec::new());
        let (mut delivered, mut refused) = (Vec::new(), Vec::new());
        for (number, json) in events {
            match serde_json::from_slice::<SendData>(&json) {
                Ok(event) => {
                    numbers.push((number, json));
                    decoded.push(event);
                }
                // It is as it was written, but by a version that has written something else.
                Err(error) => refused.push((number, json, vec![error.to_string()])),
            }
        }
        // One request at a time: a run that is over must not be overtaken by its beginning.
        let report = self.client.send_all(decoded).concurrency(1).await;
        let mut problem = None;
        for ((number, json), outcome) in numbers.into_iter().zip(report.outcomes()) {
            match outcome {
                Outcome::Accepted => delivered.push(number),
                Outcome::Refused(_) => refused.push((number, json, outcome.reasons())),
                Outcome::NotSent { error, .. } => problem = Some(Arc::clone(error)),
            }
        }
        self.status.send_modify(|status| status.problem = problem.clone());
        self.settle(delivered, refused).await?;
        let Some(error) = problem else { return Ok(Turn::Done) };
        let told = match &*error {
            Error::Api(error) => error.rate_limit.retry_after,
            _ => None,
        };
        // Longer than that is more likely a mistake than meant, and is said again if it is meant.
        let told = told.map(|told| told.min(LONGEST_TOLD.max(self.max_backoff)));
        let again_in = wait.max(told.unwrap_or_default());
        (self.listener)(&Notice::NotDelivered { error, again_in });
        Ok(Turn::Failed(told))
    }

    async fn settle(
        &self,
        delivered: Vec<u64>,
        refused: Vec<(u64, Vec<u8>, Vec<String>)>,
    ) -> Result<(), OutboxError> {
        if delivered.is_empty() && refused.is_empty() {
            return Ok(());
        }
        let mut kept = Vec::new();
        for (number, json, reasons) in refused {
            let json = String::from_utf8_lossy(&json).into_owned();
            kept.push((number, serde_json::to_vec(&(&reasons, &json)).unwrap_or_default()));
            (self.listener)(&Notice::Refused { json, reasons });
        }
        let settle = |done| Job::Settle { delivered, refused: kept, done };
        match self.jobs.ask(settle).await {
            Err(OutboxError::Closed) => Err(OutboxError::Closed),
            // It was said, and is written down with what comes next.
            _ => Ok(()),
        }
    }
}

/// A number from 0 to 1, different for every call.
fn random() -> f64 {
    // The keys of the standard library's hash maps are random, and are all that is needed.
    let bits = RandomState::new().hash_one(0_u8);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
