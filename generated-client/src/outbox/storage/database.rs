//! The database of a lane: its tables, records and transactions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;

use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition,
};

use super::blocks::{self, CheckedFile};
use super::guard::DatabaseError;
use super::record::{self, Kind};

type Table = TableDefinition<'static, u64, &'static [u8]>;
/// Waiting events by number, in order of arrival.
const EVENTS: Table = TableDefinition::new("events");
/// Rejected events with the reasons. The table name is part of the file format.
const REJECTED: Table = TableDefinition::new("refused");
/// Small: records are read once, or soon after they were written.
const CACHE: usize = 8 * 1024 * 1024;

/// The content of a file.
#[derive(Debug, Default)]
pub(in crate::outbox) struct Index {
    /// The size of each waiting event, by number.
    pub(in crate::outbox) events: BTreeMap<u64, u64>,
    /// The sum of these sizes.
    pub(in crate::outbox) bytes: u64,
    /// The numbers of the rejected events.
    pub(in crate::outbox) rejected: BTreeSet<u64>,
    /// The number of damaged records.
    pub(in crate::outbox) spoiled: usize,
}

impl Index {
    pub(in crate::outbox) fn insert(&mut self, kind: Kind, number: u64, size: usize) {
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

    pub(in crate::outbox) fn remove(&mut self, number: u64) -> bool {
        let size = self.events.remove(&number);
        self.bytes -= size.unwrap_or_default();
        size.is_some()
    }

    pub(in crate::outbox) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.rejected.is_empty()
    }

    /// Returns a number greater than all in use.
    pub(in crate::outbox) fn next(&self) -> u64 {
        let last = self.events.last_key_value().map(|(number, _)| number).max(self.rejected.last());
        last.map_or(0, |last| last + 1)
    }
}

/// The changes of one transaction.
#[derive(Debug, Default)]
pub(in crate::outbox) struct Changes {
    /// Records to insert.
    pub(in crate::outbox) put: Vec<(Kind, u64, Vec<u8>)>,
    /// Waiting events to remove.
    pub(in crate::outbox) forget: Vec<u64>,
    /// Rejected events to remove.
    pub(in crate::outbox) discard: Vec<u64>,
}

impl Changes {
    pub(in crate::outbox) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.forget.is_empty() && self.discard.is_empty()
    }

    pub(in crate::outbox) fn commit(&self, database: &Database) -> Result<(), redb::Error> {
        let mut transaction = database.begin_write()?;
        // After a kill the file is usable at once, and has the latest commit.
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

/// Renames a new file to its final name. The rename survives a power failure.
pub(super) fn rename_durably(new: &Path, path: &Path) -> io::Result<()> {
    fs::rename(new, path)?;
    // Only on Unix, a directory can be synced like a file.
    if cfg!(unix)
        && let Some(directory) = path.parent()
    {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// How a file is protected against damage on which redb panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// A panic becomes an error.
    Unwinding,
    /// A panic would end the program, so redb reads only blocks that match their checksums.
    Checksums,
}

impl Protection {
    /// Returns the protection that this build of the program needs.
    pub(super) const fn of_build() -> Self {
        if cfg!(panic = "abort") { Self::Checksums } else { Self::Unwinding }
    }
}

/// Creates an empty file, and replaces an unfinished one.
pub(super) fn create(new: &Path, protection: Protection) -> Result<Database, DatabaseError> {
    if new.try_exists()? {
        fs::remove_file(new)?;
    }
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    let database = match protection {
        Protection::Unwinding => {
            blocks::forget(new)?;
            builder.create(new)?
        }
        Protection::Checksums => builder.create_with_backend(CheckedFile::create(new)?)?,
    };
    // The first transaction creates the tables, even without changes.
    Changes::default().commit(&database)?;
    Ok(database)
}

pub(super) fn open_existing(
    path: &Path,
    protection: Protection,
) -> Result<Database, DatabaseError> {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    match protection {
        Protection::Unwinding => {
            blocks::forget(path)?;
            Ok(builder.open(path)?)
        }
        Protection::Checksums => Ok(builder.create_with_backend(CheckedFile::open(path)?)?),
    }
}

/// Visits all records in order, with their content if they are intact.
pub(in crate::outbox) fn walk(
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

/// Returns the contents of the given records. Fails if one is damaged.
pub(in crate::outbox) fn read(
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
