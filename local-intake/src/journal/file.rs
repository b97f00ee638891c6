//! The file of a journal: made whole or not at all, used by one process, and read only if all
//! of it is as it was written.

use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde_json::value::RawValue;

use super::JournalError;
use crate::store::{Store, Submission};

/// Requests by their number: when each came, in nanoseconds since 1970, and its events as a
/// JSON array.
pub(super) const REQUESTS: TableDefinition<'_, u64, (i64, &[u8])> =
    TableDefinition::new("requests");
const FILE: &str = "events.redb";
/// What a new file is called until there is all that it begins with.
const NEW_FILE: &str = "events.redb.new";
const LOCK: &str = "events.lock";
/// Every event is in memory, and the file is read once: a cache would hold it twice.
const CACHE: usize = 16 * 1024 * 1024;

/// Whatever has gone wrong: people read it.
pub(super) type AnyError = Box<dyn std::error::Error>;

/// The file in a directory that no other process uses meanwhile.
#[derive(Debug)]
pub(super) struct JournalFile {
    path: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
}

impl JournalFile {
    /// The file in a directory; both are made if they are not there.
    pub(super) fn in_directory(directory: &Path) -> Result<Self, JournalError> {
        let unusable = |error: &dyn std::fmt::Display| {
            JournalError(format!(
                "the directory {} cannot be used for events: {error}",
                directory.display()
            ))
        };
        fs::create_dir_all(directory).map_err(|error| unusable(&error))?;
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let lock = options.open(directory.join(LOCK)).map_err(|error| unusable(&error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(unusable(
                    &"another process uses it; end that one, or give another directory",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(&error)),
        }
        let path = directory.join(FILE);
        if !path.try_exists().map_err(|error| unusable(&error))? {
            make(directory, &path).map_err(|error| unusable(&error))?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// Opens it, once all of it has been found to be as it was written.
    pub(super) fn open(&self) -> Result<Database, JournalError> {
        guarded(|| self.checked()).map_err(|error| self.unusable(error))
    }

    fn checked(&self) -> Result<Database, AnyError> {
        let mut database = Builder::new().set_cache_size(CACHE).open(&self.path)?;
        // What a kill leaves behind is whole. A repair would go back to older events without
        // a word. One bit is beyond this: behind a kill, the one in the first page that says
        // which of the last two commits holds has no checksum.
        match database.check_integrity()? {
            true => Ok(database),
            false => Err("it is damaged: its parts do not fit together".into()),
        }
    }

    /// Takes every request into a store, and returns the number of the next one.
    pub(super) fn replay(
        &self,
        database: &Database,
        store: &mut Store,
    ) -> Result<u64, JournalError> {
        guarded(|| replay(database, store)).map_err(|error| self.unusable(error))
    }

    fn unusable(&self, error: impl std::fmt::Display) -> JournalError {
        let path = self.path.display();
        JournalError(format!(
            "the events in {path} cannot be used: {error}; put back a copy of the file, or \
             move it away to begin without events"
        ))
    }
}

/// Does something with a database, which may panic where its file is damaged.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, AnyError>) -> Result<T, AnyError> {
    // Nothing that was under way is used any further.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it is damaged: {}", text.unwrap_or("no reason is known")).into())
    })
}

/// Makes a file that has everything, so that one that lacks something is known to be damaged.
fn make(directory: &Path, path: &Path) -> Result<(), AnyError> {
    let new = directory.join(NEW_FILE);
    // One that a kill has left behind.
    if new.try_exists()? {
        fs::remove_file(&new)?;
    }
    let database = Database::create(&new)?;
    let transaction = database.begin_write()?;
    transaction.open_table(REQUESTS)?;
    transaction.commit()?;
    drop(database);
    Ok(fs::rename(&new, path)?)
}

/// Takes every request into a store, and returns the number of the next one.
fn replay(database: &Database, store: &mut Store) -> Result<u64, AnyError> {
    let mut next = None;
    for request in database.begin_read()?.open_table(REQUESTS)?.iter()? {
        let (number, request) = request?;
        let number = number.value();
        let failed = |error: &dyn std::fmt::Display| format!("request {number}: {error}");
        if next.is_some_and(|next| next != number) {
            return Err(failed(&"the ones before it are missing").into());
        }
        let (received, events) = request.value();
        let events: Vec<&RawValue> =
            serde_json::from_slice(events).map_err(|error| failed(&error))?;
        let events: Vec<Submission> =
            events.into_iter().map(|event| Submission::of(event.get())).collect();
        store.insert(&events, received);
        next = Some(number + 1);
    }
    Ok(next.unwrap_or_default())
}
