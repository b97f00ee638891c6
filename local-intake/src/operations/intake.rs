//! The state of an intake, and inserting events.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::listings::Listings;
use crate::common::{IntakeError, Memory, Turns, Work, WorkLimits, lock};
use crate::journal::Journal;
use crate::store::{Origin, Retention, SharedStore, Submission};
use crate::time::Clock;

/// The maximum number of queries that are processed at a time, in turns. Others wait.
const MAX_QUERIES: usize = 64;

/// The limits of an intake.
#[derive(Clone, Debug)]
pub(crate) struct IntakeLimits {
    pub(crate) retention: Retention,
    /// The maximum duration of a query.
    pub(crate) query_timeout: Duration,
    /// The size in bytes of all responses that are created or sent at a time.
    pub(crate) responses: usize,
}

impl Default for IntakeLimits {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            query_timeout: Duration::from_secs(5),
            responses: 256 * 1024 * 1024,
        }
    }
}

/// The state of an intake.
#[derive(Debug)]
pub(crate) struct Intake {
    pub(crate) clock: Clock,
    store: Arc<SharedStore>,
    /// `None` if events are kept in memory only.
    journal: Option<Journal>,
    pub(super) listings: Mutex<Listings>,
    work: WorkLimits,
    pub(super) memory: Arc<Memory>,
    queries: Arc<Semaphore>,
    limits: IntakeLimits,
}

impl Default for Intake {
    fn default() -> Self {
        Self::new(IntakeLimits::default())
    }
}

impl Intake {
    /// Creates an intake that keeps its events in memory.
    pub(crate) fn new(limits: IntakeLimits) -> Self {
        Self {
            clock: Clock::default(),
            store: Arc::new(SharedStore::new(limits.retention.clone())),
            journal: None,
            listings: Mutex::default(),
            work: WorkLimits { timeout: limits.query_timeout, turns: Arc::new(Turns::default()) },
            memory: Arc::new(Memory::new(limits.responses)),
            queries: Arc::new(Semaphore::new(MAX_QUERIES)),
            limits,
        }
    }

    /// Opens an intake that keeps its events in a directory.
    pub(crate) fn open(directory: &Path, mut limits: IntakeLimits) -> Result<Self, IntakeError> {
        limits.retention.is_journaled = true;
        let mut intake = Self::new(limits);
        let now = intake.clock.nanoseconds();
        intake.journal = Some(Journal::open(directory, Arc::clone(&intake.store), now)?);
        Ok(intake)
    }

    /// Inserts validated events: all of them, or none if there is an error.
    pub(crate) async fn insert(&self, events: Vec<Submission>) -> Result<(), IntakeError> {
        let received = self.clock.nanoseconds();
        if let Some(journal) = &self.journal {
            // Its thread also removes what exceeds a limit.
            return journal.insert(events, received).await;
        }
        let origin = Origin::received(received);
        let inserted = self.store.insert_now(&events, origin);
        if inserted < events.len() {
            // Waiting for the store, or inserting many events, would hold up other requests.
            let store = Arc::clone(&self.store);
            let insert = move || {
                let rest = events.get(inserted..).unwrap_or_default();
                store.insert(rest, origin.after(inserted));
            };
            tokio::task::spawn_blocking(insert)
                .await
                .map_err(|error| IntakeError::with_source("cannot insert events", error))?;
        }
        self.trim().await
    }

    /// Removes the oldest events if a limit is exceeded.
    pub(crate) async fn trim(&self) -> Result<(), IntakeError> {
        let now = self.clock.nanoseconds();
        if !self.limits.retention.is_limited() || !self.store.may_be_full(now) {
            return Ok(());
        }
        if let Some(journal) = &self.journal {
            return journal.trim(now).await;
        }
        let store = Arc::clone(&self.store);
        let removed = tokio::task::spawn_blocking(move || store.trim(now)).await;
        removed
            .map(|removed| removed.log())
            .map_err(|error| IntakeError::with_source("cannot remove events", error))
    }

    /// Deletes all events.
    pub(crate) async fn clear(&self) -> Result<(), IntakeError> {
        match &self.journal {
            Some(journal) => journal.clear().await?,
            None => self.store.clear(0),
        }
        *lock(&self.listings) = Listings::default();
        Ok(())
    }

    pub(crate) fn store(&self) -> &SharedStore {
        &self.store
    }

    /// Returns how many queries are being processed.
    pub(crate) fn running_queries(&self) -> usize {
        MAX_QUERIES - self.queries.available_permits()
    }

    /// Returns the size in bytes of the responses that are created or sent.
    pub(crate) fn response_bytes(&self) -> usize {
        self.memory.used()
    }

    /// Returns the limits.
    pub(crate) fn limits(&self) -> &IntakeLimits {
        &self.limits
    }

    /// Processes a query on another thread, in turns with others. If the result is dropped before
    /// it is complete, so is the work.
    pub(crate) async fn process<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Self, &Work) -> T + Send + 'static,
    ) -> Result<T, IntakeError> {
        let started = Instant::now();
        let caller = Caller::default();
        let has_gone = Arc::clone(&caller.has_gone);
        let failed = |error| IntakeError::with_source("cannot process a request", error);
        let permit = Arc::clone(&self.queries).acquire_owned().await;
        let permit =
            permit.map_err(|error| IntakeError::with_source("cannot process a request", error))?;
        let intake = Arc::clone(self);
        let work = move || {
            let _permit = permit;
            let work = Work::new(intake.work.clone(), started, has_gone);
            query(&intake, &work)
        };
        let result = tokio::task::spawn_blocking(work).await.map_err(failed);
        drop(caller);
        result
    }
}

/// The caller of a query. It has gone when this is dropped.
#[derive(Default)]
struct Caller {
    has_gone: Arc<AtomicBool>,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.has_gone.store(true, Ordering::Relaxed);
    }
}
