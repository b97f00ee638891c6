//! The outbox.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use specwright_runtime::__private::Background;
use specwright_runtime::ValidationError;
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::error::OutboxError;
use super::report::{FlushReport, RejectedEvent};
use super::writer::{Job, Jobs, Status};
use crate::PipelineEvent;
use crate::send::is_permanent;

/// Stores events on disk until the service has accepted them. Clones share it.
///
/// Once [`Outbox::enqueue`] returns, the event is on disk. It is delivered in the background by this
/// process, by the next process that opens the directory, or by another process that has it open
/// after this one has ended. While the service is unavailable, delivery is retried with exponential
/// backoff. An event is sent twice if a process is killed between its delivery and the record of it,
/// which is harmless: the service merges events with the same id.
///
/// Events of one process are sent in the order in which they were enqueued. Events that the service
/// rejects are kept separately ([`Outbox::rejected`]) and delay no others.
///
/// Any number of processes of one user can use a directory; each has its own file. Opening fails if
/// a file in it belongs to another user and cannot be written. Operations that cannot write
/// return [`OutboxError::File`]. Damaged records are detected by checksum; intact ones are sent.
///
/// In a program that is built with `panic = "abort"`, each file has another one next to it with the
/// checksums of its blocks (`.sums`), so that a damaged file cannot end the program. After a power
/// failure, or if a program without such checksums has written the file, events may be sent again.
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
/// outbox.enqueue(step).await?; // now it is on disk
///
/// // At the end of a job: wait a while, and print what is left for the next process.
/// let report = outbox.flush(Duration::from_secs(10)).await;
/// println!("{report}");
/// outbox.close().await?;
/// # assert_eq!((report.delivered, report.left), (1, 0));
/// # assert_eq!(intake.event_count(), 1);
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias = "buffer")]
#[doc(alias = "offline")]
#[doc(alias = "spool")]
#[derive(Clone, Debug)]
pub struct Outbox {
    shared: Arc<Shared>,
}

/// Shared by all clones of an outbox. Dropping it closes the outbox.
struct Shared {
    jobs: Jobs,
    status: watch::Receiver<Status>,
    hurry: Arc<Notify>,
    delivery: AbortHandle,
    thread: Mutex<Option<JoinHandle<()>>>,
    background: Arc<Background>,
}

impl Outbox {
    pub(super) fn new(
        jobs: Jobs,
        status: watch::Receiver<Status>,
        hurry: Arc<Notify>,
        delivery: AbortHandle,
        thread: JoinHandle<()>,
        background: Arc<Background>,
    ) -> Self {
        let thread = Mutex::new(Some(thread));
        Self { shared: Arc::new(Shared { jobs, status, hurry, delivery, thread, background }) }
    }

    /// Stores an event. Once this returns, the event is on disk. If the future is dropped, the event
    /// may or may not be stored.
    ///
    /// # Errors
    /// Returns an error if the event is invalid, the outbox is full, or the disk cannot be written.
    pub async fn enqueue(&self, event: impl Into<PipelineEvent>) -> Result<(), OutboxError> {
        let event = event.into();
        event.validate().map_err(OutboxError::Invalid)?;
        let json = serde_json::to_vec(event.as_data())
            .map_err(|error| OutboxError::Invalid(ValidationError::new("", error.to_string())))?;
        self.shared.jobs.ask(|done| Job::Keep(json, done)).await
    }

    /// Waits until all events enqueued so far are delivered or rejected, but at most for `max_wait`,
    /// and returns counts and the reasons. Events that are left stay on disk, and their delivery
    /// continues.
    ///
    /// It also returns after an attempt whose error will not go away by itself: a missing or wrong
    /// credential, or a wrong address.
    pub async fn flush(&self, max_wait: Duration) -> FlushReport {
        let mut status = self.shared.status.clone();
        // Without a response the outbox is closed, and its status is final.
        if let Ok(end) = self.shared.jobs.ask(Job::End).await {
            let attempts = status.borrow().attempts;
            // Ends a backoff.
            self.shared.hurry.notify_one();
            let is_hopeless = |status: &Status| {
                status.attempts > attempts
                    && status.problem.as_ref().is_some_and(|error| is_permanent(error))
            };
            let is_over = |status: &Status| match status.first {
                Some(first) => first >= end || is_hopeless(status),
                None => status.outside == 0,
            };
            // A timeout is visible in the number of events that are left.
            let _ = timeout(max_wait, status.wait_for(is_over)).await;
        }
        FlushReport::new(&self.shared.status.borrow(), self.shared.background.failure())
    }

    /// Returns the events that the service has rejected, oldest first. The latest 1000 are kept
    /// until they are discarded.
    ///
    /// # Errors
    /// Returns an error if they cannot be read or the outbox is closed.
    pub async fn rejected(&self) -> Result<Vec<RejectedEvent>, OutboxError> {
        let rejected = self.shared.jobs.ask(Job::Rejected).await?;
        Ok(rejected.into_iter().map(RejectedEvent::new).collect())
    }

    /// Deletes rejected events.
    ///
    /// # Errors
    /// Returns an error if the disk cannot be written or the outbox is closed.
    pub async fn discard(&self, rejected: &[RejectedEvent]) -> Result<(), OutboxError> {
        let numbers = rejected.iter().map(|event| event.number).collect();
        self.shared.jobs.ask(|done| Job::Discard(numbers, done)).await
    }

    /// Stops delivery. Undelivered events stay on disk for the next process that opens the directory.
    /// Clones of this outbox are closed, too.
    ///
    /// Dropping the last clone does the same, and blocks until the disk is written.
    ///
    /// # Errors
    /// Returns an error if the latest changes could not be written.
    pub async fn close(self) -> Result<(), OutboxError> {
        self.shared.delivery.abort();
        self.shared.jobs.ask(Job::Stop).await
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.delivery.abort();
        // It may be closed already. Earlier jobs are completed first.
        drop(self.jobs.send(Job::Stop));
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The panic hook has printed a panic of the thread.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("status", &self.status.borrow()).finish_non_exhaustive()
    }
}
