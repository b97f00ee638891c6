//! Opens the file of a lane. It is created atomically, and used only if every record is intact.

use std::path::{Path, PathBuf};

use redb::{Database, StorageError, TableError, TransactionError};

use super::database::{Index, create, open_existing, rename_durably, walk};
use super::guard::{DatabaseError, guard_database};
use super::rescue::rescue;
use crate::outbox::error::OutboxError;

/// An open file.
#[derive(Debug)]
pub(in crate::outbox) struct Opened {
    pub(in crate::outbox) database: Database,
    pub(in crate::outbox) index: Index,
    /// If the file was damaged: its new location, and the number of lost events if known.
    pub(in crate::outbox) damage: Option<(PathBuf, Option<usize>)>,
}

/// Opens a file, and creates it if it does not exist. A damaged file is moved aside and replaced by
/// a new one with its intact records.
pub(in crate::outbox) fn open(path: &Path) -> Result<Opened, OutboxError> {
    let unusable = |error: DatabaseError| OutboxError::file(path, error);
    if !path.try_exists().map_err(|error| unusable(error.into()))? {
        create_complete(path).map_err(unusable)?;
    }
    match guard_database(|| checked(path)) {
        Ok((database, index)) => Ok(Opened { database, index, damage: None }),
        Err(error) if is_external(&*error) => Err(unusable(error)),
        Err(error) => {
            let damaged = |recovery: DatabaseError| {
                let problem = format!(
                    "{error}; {recovery}; put back a copy of the file, or move it away to go on \
                     without its events"
                );
                OutboxError::file(path, problem)
            };
            let damage = rescue(path).map_err(damaged)?;
            let (database, index) = guard_database(|| checked(path)).map_err(unusable)?;
            Ok(Opened { database, index, damage: Some(damage) })
        }
    }
}

/// Creates a complete file, so that an incomplete one is known to be damaged.
fn create_complete(path: &Path) -> Result<(), DatabaseError> {
    let new = path.with_extension("new");
    drop(create(&new)?);
    Ok(rename_durably(&new, path)?)
}

/// Opens a file if all of it is intact.
fn checked(path: &Path) -> Result<(Database, Index), DatabaseError> {
    let mut database = open_existing(path)?;
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

/// Returns whether a file is unusable for a reason outside it: missing permission, a full disk, or
/// another process that has it open.
fn is_external(error: &(dyn std::error::Error + 'static)) -> bool {
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
