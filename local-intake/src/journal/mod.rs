//! What was accepted, on disk: every request's events in the order in which they came.
//!
//! One thread writes. It takes all requests that wait, commits them together, takes them into
//! the store in the same order, and only then are they answered. So what was answered is on
//! disk, the disk is asked once for many small requests, and a replay gives the same store.

mod file;

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;
use std::{fmt, thread};

use redb::Database;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use self::file::{AnyError, JournalFile, REQUESTS, guarded};
use crate::store::{Store, Submission};
use crate::sync::write;

/// How many requests are committed together at most, and how many may wait.
const TOGETHER: usize = 256;

/// Why events could not be kept.
#[derive(Clone, Debug)]
pub(crate) struct JournalError(String);

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JournalError {}

/// A request that waits to be written.
enum Job {
    Keep(Vec<Submission>, i64),
    Forget,
}

type Waiting = (Job, oneshot::Sender<Result<(), JournalError>>);

/// The writer of a store's events.
#[derive(Debug)]
pub(crate) struct Journal {
    waiting: Option<Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens the journal in a directory, which is made if there is none, and replays it into
    /// the store.
    pub(crate) fn open(directory: &Path, store: Arc<RwLock<Store>>) -> Result<Self, JournalError> {
        let file = JournalFile::in_directory(directory)?;
        let database = file.open()?;
        let next = file.replay(&database, &mut write(&store))?;
        let (sender, receiver) = channel(TOGETHER);
        let run = move || Writer { file, database: Some(database), store, next }.run(receiver);
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(run)
            .map_err(|error| JournalError(format!("no thread to write events: {error}")))?;
        Ok(Self { waiting: Some(sender), thread: Some(thread) })
    }

    /// Keeps the events of a request, and takes them into the store.
    pub(crate) async fn keep(
        &self,
        events: Vec<Submission>,
        received: i64,
    ) -> Result<(), JournalError> {
        self.ask(Job::Keep(events, received)).await
    }

    /// Forgets all events, here and in the store.
    pub(crate) async fn forget(&self) -> Result<(), JournalError> {
        self.ask(Job::Forget).await
    }

    async fn ask(&self, job: Job) -> Result<(), JournalError> {
        let gone = || JournalError("the journal has stopped".to_owned());
        let (done, answer) = oneshot::channel();
        let waiting = self.waiting.as_ref().ok_or_else(gone)?;
        waiting.send((job, done)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Without a sender, the thread ends behind what waits.
        self.waiting = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread has.
struct Writer {
    file: JournalFile,
    /// None behind a failure: it takes nothing more then, and has to be opened again.
    database: Option<Database>,
    store: Arc<RwLock<Store>>,
    next: u64,
}

impl Writer {
    fn run(mut self, mut waiting: Receiver<Waiting>) {
        let mut batch: Vec<Waiting> = Vec::new();
        while waiting.blocking_recv_many(&mut batch, TOGETHER) > 0 {
            let (jobs, answers): (Vec<Job>, Vec<_>) = batch.drain(..).unzip();
            let result = self
                .write(&jobs)
                .map_err(|error| JournalError(format!("the events could not be written: {error}")));
            if result.is_ok() {
                self.apply(&jobs);
            }
            for answer in answers {
                // Who asked may have gone away.
                let _ = answer.send(result.clone());
            }
        }
    }

    /// Commits what waits, all or nothing.
    fn write(&mut self, jobs: &[Job]) -> Result<(), AnyError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => self.file.open()?,
        };
        self.next = guarded(|| Ok(commit(&database, jobs, self.next)?))?;
        self.database = Some(database);
        Ok(())
    }

    fn apply(&self, jobs: &[Job]) {
        let mut store = write(&self.store);
        for job in jobs {
            match job {
                Job::Keep(events, received) => store.insert(events, *received),
                Job::Forget => *store = Store::default(),
            }
        }
    }
}

/// Commits what waits from a number on, and returns the number behind it.
fn commit(database: &Database, jobs: &[Job], mut next: u64) -> Result<u64, redb::Error> {
    let mut transaction = database.begin_write()?;
    // What a kill leaves behind is usable at once, without a look through the whole file.
    transaction.set_quick_repair(true);
    {
        let mut requests = transaction.open_table(REQUESTS)?;
        // A commit that has failed may have come through all the same. It was answered as
        // failed, so it must not come back behind what is written now.
        requests.retain_in(next.., |_, _| false)?;
        for job in jobs {
            match job {
                Job::Keep(events, received) => {
                    requests.insert(next, (*received, array(events).as_slice()))?;
                    next += 1;
                }
                Job::Forget => requests.retain(|_, _| false)?,
            }
        }
    }
    transaction.commit()?;
    Ok(next)
}

fn array(events: &[Submission]) -> Vec<u8> {
    let mut text = b"[".to_vec();
    for (i, event) in events.iter().enumerate() {
        text.extend((i > 0).then_some(b','));
        text.extend_from_slice(event.text().as_bytes());
    }
    text.push(b']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::submission;

    #[tokio::test]
    async fn what_was_kept_is_there_after_opening_again() {
        let directory = tempfile::tempdir().unwrap();
        let open = || {
            let store = Arc::new(RwLock::new(Store::default()));
            (Journal::open(directory.path(), Arc::clone(&store)).unwrap(), store)
        };
        let (journal, store) = open();
        journal.keep(vec![submission("a", None)], 1).await.unwrap();
        journal.keep(vec![submission("a", Some(5)), submission("b", Some(3))], 2).await.unwrap();
        let before: Vec<_> = write(&store).iter().collect();
        drop(journal);
        let (journal, store) = open();
        assert_eq!(write(&store).iter().collect::<Vec<_>>(), before);
        let ids: Vec<_> = before.iter().map(|found| found.id.clone()).collect();
        assert_eq!(write(&store).history(&ids[0]).unwrap().len(), 2);
        journal.forget().await.unwrap();
        journal.keep(vec![submission("c", None)], 1).await.unwrap();
        drop(journal);
        assert_eq!(write(&open().1).len(), 1);
    }
}
