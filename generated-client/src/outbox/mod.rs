//! An outbox: events are on disk before anyone relies on them, and are delivered in the
//! background, for as long as it takes and across processes.
//!
//! | module | its one job |
//! |---|---|
//! | `builder` | how an outbox is opened |
//! | `deliver` | the task that sends |
//! | `writer`, `queue` | the thread that reads and writes, and what waits |
//! | `lane`, `file`, `record` | a directory of files, one of these, an event in it |
//! | `rescue` | a new file of what is whole in a damaged one |
//! | `guard` | panics of redb as errors |
#![expect(
    clippy::incompatible_msrv,
    reason = "redb needs Rust 1.90, so whoever has this feature has it, too"
)]

mod builder;
mod deliver;
mod error;
mod file;
pub(crate) mod guard;
mod lane;
mod queue;
mod record;
mod rescue;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use specwright_runtime::ValidationError;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;

pub use self::builder::{OutboxBuilder, WhenFull};
pub use self::error::{Notice, OutboxError};
use self::writer::{Done, Job, Status};
use crate::models::SendData;
use crate::{Client, Error, PipelineEvent};

/// Events that survive the process, on their way to the service. Clones share it.
///
/// What [`Outbox::enqueue`] has returned for is on disk, and is delivered in the background:
/// by this process, by the next one that opens the same directory, or by another one that has it
/// open, if this one has ended. While the service is down it is tried again and again, with waits
/// that grow. An event is sent twice if a process is killed between its delivery and the note of
/// it, which is harmless: the same run replaces itself.
///
/// Events of one process are sent in the order in which they were enqueued. An event that
/// the service refuses is put aside ([`Outbox::refused`]), so that it holds up no other.
///
/// Any number of processes may use a directory: each has a file of its own in it. Whatever needs
/// the disk to write and cannot fails with [`OutboxError::File`]; a record that is damaged on
/// the disk is found by its checksum, and the others go out.
///
/// The feature `outbox` needs Rust 1.90.
///
/// ```
/// use std::time::Duration;
///
/// use datadog_ci_pipelines::outbox::Outbox;
/// use datadog_ci_pipelines::models::{Step, StepStatus};
/// # use datadog_ci_intake::LocalIntake;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let intake = LocalIntake::start().await?;
/// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
/// # let client = intake.client();
/// # let directory = std::env::temp_dir().join(format!("outbox-example-{}", std::process::id()));
/// let outbox = Outbox::open(&directory, client).await?;
/// let step = Step::builder()
///     .id("step-1")
///     .name("cargo test")
///     .pipeline_unique_id("run-1")
///     .pipeline_name("deploy")
///     .start("2026-07-14T09:55:00Z".parse()?)
///     .end("2026-07-14T09:58:00Z".parse()?)
///     .status(StepStatus::Success)
///     .build()?;
/// outbox.enqueue(step).await?; // from here on it is not lost
///
/// // At the end of a job: wait for a while, and say what is left for the next one.
/// let report = outbox.flush(Duration::from_secs(10)).await;
/// println!("{report}");
/// outbox.close().await?;
/// # assert_eq!((report.delivered, report.left), (1, 0));
/// # assert_eq!(intake.event_count(), 1);
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Outbox {
    shared: Arc<Shared>,
}

/// What all clones of an outbox share; it ends with the last of them.
struct Shared {
    jobs: Jobs,
    status: watch::Receiver<Status>,
    hurry: Arc<Notify>,
    delivery: AbortHandle,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Outbox {
    /// Opens an outbox in a directory; see [`OutboxBuilder::open`].
    ///
    /// # Errors
    /// Fails where the directory or a file in it cannot be used, and outside of a tokio runtime.
    pub async fn open(directory: impl Into<PathBuf>, client: Client) -> Result<Self, OutboxError> {
        Self::builder(client).open(directory).await
    }

    /// To open one in another way. The client is that which delivers.
    pub fn builder(client: Client) -> OutboxBuilder {
        OutboxBuilder::new(client)
    }

    fn new(
        jobs: Jobs,
        status: watch::Receiver<Status>,
        hurry: Arc<Notify>,
        delivery: AbortHandle,
        thread: JoinHandle<()>,
    ) -> Self {
        let thread = Mutex::new(Some(thread));
        Self { shared: Arc::new(Shared { jobs, status, hurry, delivery, thread }) }
    }

    /// Takes an event. Once this returns, the event is on disk; who gives up before may have
    /// enqueued it or not.
    ///
    /// # Errors
    /// Fails where the event is not valid, there is no room for it, or the disk does not take it.
    pub async fn enqueue(&self, event: impl Into<PipelineEvent>) -> Result<(), OutboxError> {
        let event = event.into();
        event.validate().map_err(OutboxError::Invalid)?;
        let json = serde_json::to_vec(event.as_data())
            .map_err(|error| OutboxError::Invalid(ValidationError::new("", error.to_string())))?;
        self.shared.jobs.ask(|done| Job::Keep(json, done)).await
    }

    /// Waits until all that was enqueued before is delivered or refused, but no longer than the
    /// deadline, and says how things stand. What is left stays on disk, and goes on to be
    /// delivered.
    pub async fn flush(&self, deadline: Duration) -> FlushReport {
        let mut status = self.shared.status.clone();
        // Without an answer the outbox is closed, and nothing changes any more.
        if let Ok(end) = self.shared.jobs.ask(Job::Mark).await {
            // A wait behind a failure ends now.
            self.shared.hurry.notify_one();
            let is_over = |status: &Status| match status.first {
                Some(first) => first >= end,
                None => status.outside == 0,
            };
            // Whether it was in time is seen in what is left.
            let _ = timeout(deadline, status.wait_for(is_over)).await;
        }
        FlushReport::of(&self.shared.status.borrow())
    }

    /// The events that the service has refused, the oldest first. They are kept until they are
    /// discarded, but no more than the last 1000.
    ///
    /// # Errors
    /// Fails where they cannot be read, or the outbox is closed.
    pub async fn refused(&self) -> Result<Vec<RefusedEvent>, OutboxError> {
        let refused = self.shared.jobs.ask(Job::Refused).await?;
        Ok(refused.into_iter().map(RefusedEvent::of).collect())
    }

    /// Forgets events that were refused.
    ///
    /// # Errors
    /// Fails where the disk does not take it, or the outbox is closed.
    pub async fn discard(&self, refused: &[RefusedEvent]) -> Result<(), OutboxError> {
        let numbers = refused.iter().map(|event| event.number).collect();
        self.shared.jobs.ask(|done| Job::Discard(numbers, done)).await
    }

    /// Stops delivering, and leaves what is not delivered for whoever opens the directory next.
    /// Clones of this outbox are closed, too.
    ///
    /// Dropping the last clone does the same, and waits for the disk meanwhile.
    ///
    /// # Errors
    /// Fails where the last of it could not be written.
    pub async fn close(self) -> Result<(), OutboxError> {
        self.shared.delivery.abort();
        self.shared.jobs.ask(Job::Stop).await
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.delivery.abort();
        // It may be closed already. What was submitted before is written first.
        drop(self.jobs.send(Job::Stop));
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread has been shown.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("status", &self.status.borrow()).finish_non_exhaustive()
    }
}

/// The way to the thread that writes.
#[derive(Clone)]
struct Jobs(mpsc::Sender<Job>);

impl Jobs {
    fn send<T>(
        &self,
        job: impl FnOnce(Done<T>) -> Job,
    ) -> Result<oneshot::Receiver<Result<T, OutboxError>>, OutboxError> {
        let (done, answer) = oneshot::channel();
        self.0.send(job(done)).map_err(|_| OutboxError::Closed)?;
        Ok(answer)
    }

    async fn ask<T>(&self, job: impl FnOnce(Done<T>) -> Job) -> Result<T, OutboxError> {
        self.send(job)?.await.map_err(|_| OutboxError::Closed)?
    }
}

/// How an outbox stands, counted from its opening.
#[derive(Clone, Debug)]
#[must_use = "some events may not have been delivered"]
#[non_exhaustive]
pub struct FlushReport {
    /// How many events were delivered.
    pub delivered: u64,
    /// How many events the service has refused; see [`Outbox::refused`].
    pub refused: u64,
    /// How many events were dropped to make room for others.
    pub dropped: u64,
    /// How many events wait to be delivered.
    pub left: usize,
    /// Why the last try to deliver failed, if it did.
    pub error: Option<Arc<Error>>,
}

impl FlushReport {
    fn of(status: &Status) -> Self {
        Self {
            delivered: status.delivered,
            refused: status.refused,
            dropped: status.dropped,
            left: status.left + status.outside,
            error: status.problem.clone(),
        }
    }
}

impl fmt::Display for FlushReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, refused, dropped, left, error } = self;
        write!(f, "{delivered} events were delivered, {refused} refused, {left} are left")?;
        if *dropped > 0 {
            write!(f, ", {dropped} were dropped")?;
        }
        match error {
            Some(error) if *left > 0 => write!(f, ": {error}"),
            _ => Ok(()),
        }
    }
}

/// An event that the service has refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedEvent {
    number: u64,
    json: String,
    reasons: Vec<String>,
}

impl RefusedEvent {
    fn of((number, content): (u64, Vec<u8>)) -> Self {
        // What is read has a checksum that is right, so it is what was written.
        let (reasons, json) = serde_json::from_slice(&content).unwrap_or_default();
        Self { number, json, reasons }
    }

    /// The event as it was sent.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The event, to be sent again once its reasons are mended.
    #[must_use]
    pub fn event(&self) -> Option<PipelineEvent> {
        serde_json::from_str::<SendData>(&self.json).ok().map(PipelineEvent::from)
    }

    /// Every reason of the service.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}
