//! Committing requests.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle};

use datadog_ci_pipelines::__private::{DatabaseError, guard_database};
use redb::Database;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::file::{JournalFile, REQUESTS};
use crate::common::{IntakeError, write};
use crate::store::{Store, Submission};

/// The maximum number of requests that are committed together, and of requests that wait.
const MAX_BATCH: usize = 256;

/// A change to write.
enum Job {
    Insert(Vec<Submission>, i64),
    Clear,
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
    pub(crate) fn open(directory: &Path, store: Arc<RwLock<Store>>) -> Result<Self, IntakeError> {
        let file = JournalFile::in_directory(directory)?;
        let database = file.open()?;
        let next = file.replay(&database, &mut write(&store))?;
        let (sender, receiver) = channel(MAX_BATCH);
        let run = move || Writer { file, database: Some(database), store, next }.run(receiver);
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
    store: Arc<RwLock<Store>>,
    next: u64,
}

impl Writer {
    fn run(mut self, mut waiting: Receiver<Waiting>) {
        let mut batch: Vec<Waiting> = Vec::new();
        while waiting.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let (jobs, callers): (Vec<Job>, Vec<_>) = batch.drain(..).unzip();
            let result = self
                .write(&jobs)
                .map_err(|error| IntakeError::with_source("cannot write events", error));
            if result.is_ok() {
                self.apply(&jobs);
            }
            for caller in callers {
                // A caller that was cancelled no longer waits for the result.
                let _ = caller.send(result.clone());
            }
        }
    }

    /// Commits all jobs in one transaction.
    fn write(&mut self, jobs: &[Job]) -> Result<(), DatabaseError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => self.file.open()?,
        };
        self.next = guard_database(|| Ok(commit(&database, jobs, self.next)?))?;
        self.database = Some(database);
        Ok(())
    }

    fn apply(&self, jobs: &[Job]) {
        let mut store = write(&self.store);
        for job in jobs {
            match job {
                Job::Insert(events, received) => store.insert(events, *received),
                Job::Clear => *store = Store::default(),
            }
        }
    }
}

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
                Job::Clear => requests.retain(|_, _| false)?,
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
    use super::*;
    use crate::store::tests::submission;

    #[tokio::test]
    async fn events_survive_reopening() {
        let directory = tempfile::tempdir().unwrap();
        let open = || {
            let store = Arc::new(RwLock::new(Store::default()));
            (Journal::open(directory.path(), Arc::clone(&store)).unwrap(), store)
        };
        let (journal, store) = open();
        journal.insert(vec![submission("a", None)], 1).await.unwrap();
        journal.insert(vec![submission("a", Some(5)), submission("b", Some(3))], 2).await.unwrap();
        let before: Vec<_> = write(&store).iter().collect();
        drop(journal);
        let (journal, store) = open();
        assert_eq!(write(&store).iter().collect::<Vec<_>>(), before);
        let ids: Vec<_> = before.iter().map(|event| event.id.clone()).collect();
        assert_eq!(write(&store).history(&ids[0]).unwrap().len(), 2);
        journal.clear().await.unwrap();
        journal.insert(vec![submission("c", None)], 1).await.unwrap();
        drop(journal);
        assert_eq!(write(&open().1).len(), 1);
    }
}
