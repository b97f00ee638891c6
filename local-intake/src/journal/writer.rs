//! Committing requests.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use datadog_ci_pipelines::__private::{DatabaseError, guard_database};
use redb::Database;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::file::{FIRST_EVENT, JournalFile, REQUESTS};
use super::removal::remove;
use crate::common::IntakeError;
use crate::store::{Origin, SharedStore, Submission};

/// The maximum number of requests that are committed together, and of requests that wait.
const MAX_BATCH: usize = 256;

/// A change to write.
enum Job {
    Insert(Vec<Submission>, i64),
    Clear,
    /// Remove what exceeds a limit at this time.
    Trim(i64),
}

type Waiting = (Job, oneshot::Sender<Result<(), IntakeError>>);

/// The writer of a store's events.
#[derive(Debug)]
pub(crate) struct Journal {
    waiting: Option<Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens the journal in a directory, creating it if necessary, and replays it into the store.
    ///
    /// What exceeds a limit at `now`, in nanoseconds since 1970, is removed.
    pub(crate) fn open(
        directory: &Path,
        store: Arc<SharedStore>,
        now: i64,
    ) -> Result<Self, IntakeError> {
        let file = JournalFile::in_directory(directory)?;
        let database = file.open()?;
        let next = file.replay(&database, &store)?;
        let (database, removed) = (Some(database), Vec::new());
        let mut writer = Writer { file, database, store, next, removed, compacted: 0 };
        writer.apply(&[Job::Trim(now)], next);
        writer.remove();
        let (sender, receiver) = channel(MAX_BATCH);
        let run = move || writer.run(receiver);
        let thread =
            thread::Builder::new().name("journal".to_owned()).spawn(run).map_err(|error| {
                IntakeError::with_source("cannot start the thread of the journal", error)
            })?;
        Ok(Self { waiting: Some(sender), thread: Some(thread) })
    }

    /// Commits the events of a request and inserts them into the store.
    pub(crate) async fn insert(
        &self,
        events: Vec<Submission>,
        received: i64,
    ) -> Result<(), IntakeError> {
        self.submit(Job::Insert(events, received)).await
    }

    /// Deletes all events, here and in the store.
    pub(crate) async fn clear(&self) -> Result<(), IntakeError> {
        self.submit(Job::Clear).await
    }

    /// Removes what exceeds a limit, here and in the store.
    pub(crate) async fn trim(&self, now: i64) -> Result<(), IntakeError> {
        self.submit(Job::Trim(now)).await
    }

    async fn submit(&self, job: Job) -> Result<(), IntakeError> {
        let stopped = || IntakeError::new("the journal has stopped");
        let (done, result) = oneshot::channel();
        let waiting = self.waiting.as_ref().ok_or_else(stopped)?;
        waiting.send((job, done)).await.map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())?
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Dropping the sender ends the thread after it has written all waiting jobs.
        self.waiting = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The state of the thread.
struct Writer {
    file: JournalFile,
    /// `None` after a failure: the file must be opened again before the next commit.
    database: Option<Database>,
    store: Arc<SharedStore>,
    next: u64,
    /// The updates of events that were removed from the store and not yet from the file.
    removed: Vec<(u64, u32)>,
    /// The size of the file after it was last compacted.
    compacted: u64,
}

impl Writer {
    fn run(mut self, mut waiting: Receiver<Waiting>) {
        let mut batch: Vec<Waiting> = Vec::new();
        while waiting.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let (jobs, callers): (Vec<Job>, Vec<_>) = batch.drain(..).unzip();
            let first = self.next;
            let result = self
                .write(&jobs)
                .map_err(|error| IntakeError::with_source("cannot write events", error));
            if result.is_ok() {
                self.apply(&jobs, first);
            }
            for caller in callers {
                // A caller that was cancelled no longer waits for the result.
                let _ = caller.send(result.clone());
            }
            self.remove();
        }
    }

    /// Commits all jobs in one transaction.
    fn write(&mut self, jobs: &[Job]) -> Result<(), DatabaseError> {
        if jobs.iter().all(|job| matches!(job, Job::Trim(_))) {
            return Ok(());
        }
        let next = self.next;
        self.next = self.with_database(|database| commit(database, jobs, next))?;
        Ok(())
    }

    /// Calls a function with the database, which is opened again after a failure.
    fn with_database<T>(
        &mut self,
        function: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, DatabaseError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => self.file.open()?,
        };
        let result = guard_database(|| Ok(function(&database)?))?;
        self.database = Some(database);
        Ok(result)
    }

    /// Applies committed jobs to the store. The first request has this number.
    fn apply(&mut self, jobs: &[Job], first: u64) {
        let (mut request, mut now) = (first, i64::MIN);
        for job in jobs {
            match job {
                Job::Insert(events, received) => {
                    let origin = Origin { received: *received, request, item: 0 };
                    self.store.insert(events, origin);
                    request += 1;
                    now = now.max(*received);
                }
                Job::Clear => {
                    self.store.clear(0);
                    self.removed.clear();
                }
                Job::Trim(time) => now = now.max(*time),
            }
        }
        let removed = self.store.trim(now);
        removed.log();
        self.removed.extend(removed.origins);
    }

    /// Removes from the file what was removed from the store. After a failure, or after a crash, it
    /// is removed later.
    fn remove(&mut self) {
        if !self.removed.is_empty() {
            let mut removed = self.removed.clone();
            removed.sort_unstable();
            let first = self.store.first_number();
            match self.with_database(|database| remove(database, &removed, first)) {
                Ok(()) => self.removed.clear(),
                Err(error) => tracing::warn!(%error, "cannot remove events from the file"),
            }
        }
        if let Err(error) = self.compact() {
            tracing::warn!(%error, "cannot compact the file of the events");
        }
    }

    /// Compacts the file if most of it is free.
    fn compact(&mut self) -> Result<(), DatabaseError> {
        let used = self.store.statistics().bytes.load(Ordering::Relaxed);
        let size = self.file.size();
        let is_mostly_free = size > MIN_SIZE.saturating_add(used.saturating_mul(4));
        if !is_mostly_free || size < self.compacted.saturating_mul(2) {
            return Ok(());
        }
        let mut database = match self.database.take() {
            Some(database) => database,
            None => self.file.open()?,
        };
        self.database = Some(guard_database(|| {
            database.compact()?;
            Ok(database)
        })?);
        self.compacted = self.file.size();
        tracing::info!(before = size, after = self.compacted, "compacted the file of the events");
        Ok(())
    }
}

/// A file that is smaller than this is not compacted.
const MIN_SIZE: u64 = 16 * 1024 * 1024;

/// Commits jobs, numbering requests from `next`, and returns the number that follows.
fn commit(database: &Database, jobs: &[Job], mut next: u64) -> Result<u64, redb::Error> {
    let mut transaction = database.begin_write()?;
    // The file is usable after a crash without scanning it.
    transaction.set_quick_repair(true);
    {
        let mut requests = transaction.open_table(REQUESTS)?;
        // A commit that reported a failure may have succeeded nevertheless. Its requests were
        // rejected, so they must be removed.
        requests.retain_in(next.., |_, _| false)?;
        for job in jobs {
            match job {
                Job::Insert(events, received) => {
                    requests.insert(next, (*received, to_array(events).as_slice()))?;
                    next += 1;
                }
                Job::Clear => {
                    requests.retain(|_, _| false)?;
                    transaction.delete_table(FIRST_EVENT)?;
                }
                Job::Trim(_) => {}
            }
        }
    }
    transaction.commit()?;
    Ok(next)
}

/// Joins the JSON of events into an array.
fn to_array(events: &[Submission]) -> Vec<u8> {
    let mut json = b"[".to_vec();
    for (i, event) in events.iter().enumerate() {
        json.extend((i > 0).then_some(b','));
        json.extend_from_slice(event.json().as_bytes());
    }
    json.push(b']');
    json
}

#[cfg(test)]
mod tests {
    use redb::{ReadableDatabase as _, ReadableTableMetadata as _};

    use super::*;
    use crate::store::tests::submission;
    use crate::store::{Retention, StoredEvent};

    fn open(directory: &Path, retention: &Retention) -> (Journal, Arc<SharedStore>) {
        let retention = Retention { is_journaled: true, ..retention.clone() };
        let store = Arc::new(SharedStore::new(retention));
        (Journal::open(directory, Arc::clone(&store), 0).unwrap(), store)
    }

    #[tokio::test]
    async fn events_survive_reopening() {
        let directory = tempfile::tempdir().unwrap();
        let open = || open(directory.path(), &Retention::default());
        let (journal, store) = open();
        journal.insert(vec![submission("a", None)], 1).await.unwrap();
        journal.insert(vec![submission("a", Some(5)), submission("b", Some(3))], 2).await.unwrap();
        let before = store.all();
        drop(journal);
        let (journal, store) = open();
        assert_eq!(store.all(), before);
        let ids: Vec<_> = before.iter().map(|event| event.id.clone()).collect();
        assert_eq!(store.history(&ids[0]).unwrap().len(), 2);
        journal.clear().await.unwrap();
        journal.insert(vec![submission("c", None)], 1).await.unwrap();
        drop(journal);
        assert_eq!(open().1.len(), 1);
    }

    #[tokio::test]
    async fn removed_events_are_removed_from_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let retention = Retention { max_events: Some(20), ..Retention::default() };
        let open = || open(directory.path(), &retention);
        let (journal, store) = open();
        // Each request updates an event of the previous one.
        for number in 0..100_i64 {
            let ids = [number - 1, number].map(|id| id.to_string());
            let events = ids.iter().map(|id| submission(id, Some(number + 10))).collect();
            journal.insert(events, number).await.unwrap();
        }
        let before = store.all();
        assert!((18..=20).contains(&before.len()), "{}", before.len());
        let own = |event: &StoredEvent| event.attributes["ci"]["job"]["id"].clone();
        assert_eq!(own(&before[before.len() - 1]), "99");
        drop(journal);
        let (journal, store) = open();
        assert_eq!(store.all(), before);
        // An event that was removed and is sent again is a new one.
        journal.insert(vec![submission("5", Some(7))], 100).await.unwrap();
        journal.insert(vec![submission("5", Some(8))], 101).await.unwrap();
        let before = store.all();
        assert_eq!(own(&before[before.len() - 1]), "5");
        drop(journal);
        let (journal, store) = open();
        assert_eq!(store.all(), before);
        drop(journal);
        let database = JournalFile::in_directory(directory.path()).unwrap().open().unwrap();
        let requests = database.begin_read().unwrap().open_table(REQUESTS).unwrap();
        assert!(requests.len().unwrap() < 30, "{}", requests.len().unwrap());
    }

    #[tokio::test]
    async fn a_file_that_is_mostly_free_shrinks() {
        let directory = tempfile::tempdir().unwrap();
        let (journal, store) = open(directory.path(), &Retention::default());
        let name = "x".repeat(200_000);
        for number in 0..10 {
            let events = (0..20).map(|id| submission(&format!("{number}-{id}-{name}"), None));
            journal.insert(events.collect(), 1).await.unwrap();
        }
        let size = || std::fs::metadata(directory.path().join("events.redb")).unwrap().len();
        assert!(size() > 2 * MIN_SIZE, "{}", size());
        journal.clear().await.unwrap();
        journal.insert(vec![submission("kept", None)], 1).await.unwrap();
        let before = store.all();
        drop(journal);
        assert!(size() < MIN_SIZE, "{}", size());
        assert_eq!(open(directory.path(), &Retention::default()).1.all(), before);
    }
}
