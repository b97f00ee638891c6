//! The file of a lane: made whole or not at all, opened only if every record is as it was
//! written, changed by whole transactions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, StorageError,
    TableDefinition, TableError, TransactionError,
};

use super::error::OutboxError;
use super::guard::{DatabaseError, guard_database};
use super::record::{self, Kind};
use super::rescue;

type Table = TableDefinition<'static, u64, &'static [u8]>;
/// Events that wait, by their number, in the order in which they came.
const EVENTS: Table = TableDefinition::new("events");
/// Rejected events with the reasons. The name of the table is part of the file format.
const REJECTED: Table = TableDefinition::new("refused");
/// What is read was just written, or is read once.
const CACHE: usize = 8 * 1024 * 1024;

/// What is in a file.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The size of each event that waits, by its number.
    pub(super) events: BTreeMap<u64, u64>,
    /// The sum of these.
    pub(super) bytes: u64,
    /// The numbers of the events that were rejected.
    pub(super) rejected: BTreeSet<u64>,
    /// How many records are not as they were written.
    pub(super) spoiled: usize,
}

impl Index {
    pub(super) fn insert(&mut self, kind: Kind, number: u64, size: usize) {
        match kind {
            Kind::Event => {
                let before = self.events.insert(number, size as u64);
                self.bytes = self.bytes + size as u64 - before.unwrap_or_default();
            }
            Kind::Rejected => {
                self.rejected.insert(number);
            }
        }
    }

    pub(super) fn remove(&mut self, number: u64) -> bool {
        let size = self.events.remove(&number);
        self.bytes -= size.unwrap_or_default();
        size.is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.rejected.is_empty()
    }

    /// A number above all that are there.
    pub(super) fn next(&self) -> u64 {
        let last = self.events.last_key_value().map(|(number, _)| number).max(self.rejected.last());
        last.map_or(0, |last| last + 1)
    }
}

/// What is done in one transaction.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Contents to put in.
    pub(super) put: Vec<(Kind, u64, Vec<u8>)>,
    /// Events that no longer wait.
    pub(super) forget: Vec<u64>,
    /// Rejected events that are no longer kept.
    pub(super) discard: Vec<u64>,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.forget.is_empty() && self.discard.is_empty()
    }

    pub(super) fn commit(&self, database: &Database) -> Result<(), redb::Error> {
        let mut transaction = database.begin_write()?;
        // What a kill leaves behind is usable at once, and never an older commit.
        transaction.set_quick_repair(true);
        {
            let mut events = transaction.open_table(EVENTS)?;
            let mut rejected = transaction.open_table(REJECTED)?;
            for (kind, number, content) in &self.put {
                let record = record::write(*kind, *number, content);
                match kind {
                    Kind::Event => events.insert(number, record.as_slice())?,
                    Kind::Rejected => rejected.insert(number, record.as_slice())?,
                };
            }
            for number in &self.forget {
                events.remove(number)?;
            }
            for number in &self.discard {
                rejected.remove(number)?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// A file that is ready.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) database: Database,
    pub(super) index: Index,
    /// Where the file is that it was, if that was damaged, and how many events are known to
    /// be lost.
    pub(super) damage: Option<(PathBuf, Option<usize>)>,
}

/// Opens a file, which is made if there is none. A damaged one is put aside, and a new one
/// made of what is whole in it.
pub(super) fn open(path: &Path) -> Result<Opened, OutboxError> {
    let unusable = |error: DatabaseError| OutboxError::file(path, error);
    if !path.try_exists().map_err(|error| unusable(error.into()))? {
        make(path).map_err(unusable)?;
    }
    match guard_database(|| checked(path)) {
        Ok((database, index)) => Ok(Opened { database, index, damage: None }),
        Err(error) if is_of_the_system(&*error) => Err(unusable(error)),
        Err(error) => {
            let damaged = |mend: DatabaseError| {
                let problem = format!(
                    "{error}; {mend}; put back a copy of the file, or move it away to go on \
                     without its events"
                );
                OutboxError::file(path, problem)
            };
            let damage = rescue::rescue(path).map_err(damaged)?;
            let (database, index) = guard_database(|| checked(path)).map_err(unusable)?;
            Ok(Opened { database, index, damage: Some(damage) })
        }
    }
}

/// Makes a file that has everything, so that one that lacks something is known to be damaged.
fn make(path: &Path) -> Result<(), DatabaseError> {
    let new = path.with_extension("new");
    drop(create(&new)?);
    Ok(put_in_place(&new, path)?)
}

/// Gives a new file its name, also in the case that the power fails.
pub(super) fn put_in_place(new: &Path, path: &Path) -> io::Result<()> {
    fs::rename(new, path)?;
    // Only on Unix, a directory is a file that can be written to the disk.
    if cfg!(unix)
        && let Some(directory) = path.parent()
    {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// A new and empty file in the place of one that was not finished.
pub(super) fn create(new: &Path) -> Result<Database, DatabaseError> {
    if new.try_exists()? {
        fs::remove_file(new)?;
    }
    let database = Builder::new().set_cache_size(CACHE).create(new)?;
    // The tables come into being with the first transaction, even one without changes.
    Changes::default().commit(&database)?;
    Ok(database)
}

/// Opens a file if all of it is as it was written.
fn checked(path: &Path) -> Result<(Database, Index), DatabaseError> {
    let mut database = existing(path)?;
    let mut index = Index::default();
    walk(&database, |kind, number, content| {
        match content {
            Some(content) => index.insert(kind, number, content.len()),
            None => index.spoiled += 1,
        }
        Ok(())
    })?;
    match (index.spoiled, database.check_integrity()?) {
        (0, true) => Ok((database, index)),
        (0, false) => Err("the file is damaged: its checksums do not match".into()),
        (spoiled, _) => Err(format!("the file is damaged: {spoiled} events cannot be read").into()),
    }
}

pub(super) fn existing(path: &Path) -> Result<Database, DatabaseError> {
    Ok(Builder::new().set_cache_size(CACHE).open(path)?)
}

/// Reads all records in order, each with its number, and its content if it is whole.
pub(super) fn walk(
    database: &Database,
    mut each: impl FnMut(Kind, u64, Option<&[u8]>) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let transaction = database.begin_read()?;
    for (kind, table) in [(Kind::Event, EVENTS), (Kind::Rejected, REJECTED)] {
        let table = transaction.open_table(table)?;
        let mut count = 0;
        for entry in table.iter()? {
            let (number, bytes) = entry?;
            let number = number.value();
            each(kind, number, content(kind, number, bytes.value()))?;
            count += 1;
        }
        if count != table.len()? {
            return Err("the file is damaged: some of its events are missing".into());
        }
    }
    Ok(())
}

/// The contents of some records by their numbers. Fails where one is not as it was written.
pub(super) fn read(
    database: &Database,
    kind: Kind,
    numbers: impl IntoIterator<Item = u64>,
) -> Result<Vec<(u64, Vec<u8>)>, DatabaseError> {
    let table = database.begin_read()?.open_table(match kind {
        Kind::Event => EVENTS,
        Kind::Rejected => REJECTED,
    })?;
    let mut contents = Vec::new();
    for number in numbers {
        let entry = table.get(number)?;
        let found = entry.as_ref().and_then(|bytes| content(kind, number, bytes.value()));
        let found = found.ok_or("the file is damaged: an event cannot be read")?;
        contents.push((number, found.to_vec()));
    }
    Ok(contents)
}

fn content(kind: Kind, number: u64, bytes: &[u8]) -> Option<&[u8]> {
    record::read(kind, bytes).filter(|(own, _)| *own == number).map(|(_, content)| content)
}

/// Whether a file cannot be used for a reason that is not in it: no permission, no room, or
/// another program that has it open.
fn is_of_the_system(error: &(dyn std::error::Error + 'static)) -> bool {
    let storage = match error.downcast_ref() {
        Some(redb::DatabaseError::DatabaseAlreadyOpen) => return true,
        Some(redb::DatabaseError::Storage(error)) => Some(error),
        _ => match (error.downcast_ref(), error.downcast_ref()) {
            (Some(TransactionError::Storage(error)), _) => Some(error),
            (_, Some(TableError::Storage(error))) => Some(error),
            _ => error.downcast_ref(),
        },
    };
    match (storage, error.downcast_ref()) {
        (Some(StorageError::Io(error)), _) | (_, Some(error)) => error.raw_os_error().is_some(),
        _ => false,
    }
}
