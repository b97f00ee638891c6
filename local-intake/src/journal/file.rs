//! The file of a journal: created atomically, used by one process at a time, and read only if it
//! is undamaged.

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use datadog_ci_pipelines::__private::{DatabaseError, guard_database};
use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};
use serde_json::value::RawValue;

use crate::common::IntakeError;
use crate::store::{Origin, SharedStore, Submission};

/// Requests by number: when each was received, in nanoseconds since 1970, and its events as a
/// JSON array.
pub(super) const REQUESTS: TableDefinition<'_, u64, (i64, &[u8])> =
    TableDefinition::new("requests");
/// The number of the first event, in the only entry. Absent until events have been removed.
pub(super) const FIRST_EVENT: TableDefinition<'_, (), u32> = TableDefinition::new("first_event");
const FILE: &str = "events.redb";
/// The name of a new file until it is complete.
const NEW_FILE: &str = "events.redb.new";
const LOCK: &str = "events.lock";
/// The cache is small, because the file is read only once: all events are in memory.
const CACHE: usize = 16 * 1024 * 1024;

/// The file in a directory that is locked against other processes.
#[derive(Debug)]
pub(super) struct JournalFile {
    path: PathBuf,
    /// Holds the lock while it is open.
    _lock: File,
}

impl JournalFile {
    /// Locks the file in a directory. Creates both if they do not exist.
    pub(super) fn in_directory(directory: &Path) -> Result<Self, IntakeError> {
        let unusable = |error: Box<dyn Error + Send + Sync>| {
            let message = format!("cannot store events in the directory {}", directory.display());
            IntakeError::with_source(message, error)
        };
        fs::create_dir_all(directory).map_err(|error| unusable(error.into()))?;
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let lock = options.open(directory.join(LOCK)).map_err(|error| unusable(error.into()))?;
        lock.try_lock().map_err(|error| match io::Error::from(error) {
            error if error.kind() == io::ErrorKind::WouldBlock => {
                unusable("another process uses it; stop it, or use another directory".into())
            }
            error => unusable(error.into()),
        })?;
        let path = directory.join(FILE);
        if !path.try_exists().map_err(|error| unusable(error.into()))? {
            create(directory, &path).map_err(unusable)?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// Opens the database after checking that it is undamaged.
    pub(super) fn open(&self) -> Result<Database, IntakeError> {
        guard_database(|| self.open_checked()).map_err(|error| self.unusable(error))
    }

    fn open_checked(&self) -> Result<Database, DatabaseError> {
        let mut database = Builder::new().set_cache_size(CACHE).open(&self.path)?;
        // A crash leaves the file intact. A repair would silently restore an older state.
        match database.check_integrity()? {
            true => Ok(database),
            false => Err("the file is damaged: its checksums do not match".into()),
        }
    }

    /// Returns the size in bytes, or 0 if it is not known.
    pub(super) fn size(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    /// Inserts all requests into an empty store, and returns the number of the next request.
    pub(super) fn replay(
        &self,
        database: &Database,
        store: &SharedStore,
    ) -> Result<u64, IntakeError> {
        guard_database(|| replay(database, store)).map_err(|error| self.unusable(error))
    }

    fn unusable(&self, error: DatabaseError) -> IntakeError {
        let path = self.path.display();
        let message = format!(
            "cannot use the events in {path} (restore a copy of the file, or move it away to \
             start without events)"
        );
        IntakeError::with_source(message, error)
    }
}

/// Creates a database that has all tables. A file that lacks one is therefore damaged.
fn create(directory: &Path, path: &Path) -> Result<(), DatabaseError> {
    let new = directory.join(NEW_FILE);
    // Left over from a crash.
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

/// Inserts all requests into an empty store, and returns the number of the next request.
fn replay(database: &Database, store: &SharedStore) -> Result<u64, DatabaseError> {
    let transaction = database.begin_read()?;
    let first = match transaction.open_table(FIRST_EVENT) {
        Ok(table) => table.get(())?.map_or(0, |first| first.value()),
        Err(TableError::TableDoesNotExist(_)) => 0,
        Err(error) => return Err(error.into()),
    };
    store.clear(first);
    let mut next = None;
    for request in transaction.open_table(REQUESTS)?.iter()? {
        let (number, request) = request?;
        let number = number.value();
        if next.is_some_and(|next| next != number) {
            return Err(format!("request {number}: the requests before it are missing").into());
        }
        let (received, events) = request.value();
        let events: Vec<Option<&RawValue>> =
            serde_json::from_slice(events).map_err(|error| format!("request {number}: {error}"))?;
        // `null` is an event that was removed.
        for (item, event) in (0..).zip(events) {
            let origin = Origin { received, request: number, item };
            let event = event.map(|event| Submission::new(event.get()));
            store.insert(event.as_slice(), origin);
        }
        next = Some(number + 1);
    }
    Ok(next.unwrap_or_default())
}
