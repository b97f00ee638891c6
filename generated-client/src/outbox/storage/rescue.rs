//! Recovery of a damaged file: intact records are copied to a new file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use redb::Database;

use super::database::{Changes, Protection, create, open_existing, rename_durably, walk};
use super::guard::{DatabaseError, guard_database};
use super::record::{self, Kind};

/// The number of records per transaction.
const BATCH: usize = 1000;

/// Replaces a damaged file by a new one. Returns the new location of the damaged file, and the
/// number of lost events if it is known. Only an unverified file, which need not be damaged, may
/// have no events.
pub(super) fn rescue(
    path: &Path,
    protection: Protection,
    is_unverified: bool,
) -> Result<(PathBuf, Option<usize>), DatabaseError> {
    let new = path.with_extension("new");
    // If the tables can be read, they list the waiting events.
    let walked = match protection {
        Protection::Unwinding => guard_database(|| by_walking(path, &new)).ok(),
        Protection::Checksums => None,
    };
    let lost = match walked {
        Some(lost) => Some(lost),
        None => {
            let found = by_scanning(path, &create(&new, protection)?, |_| true)?;
            if found.is_empty() && !is_unverified {
                return Err("no event found".into());
            }
            None
        }
    };
    let aside = aside(path)?;
    // A file with this name exists at any time, even if this is interrupted.
    fs::hard_link(path, &aside).or_else(|_| fs::copy(path, &aside).map(drop))?;
    rename_durably(&new, path)?;
    Ok((aside, lost))
}

fn by_walking(path: &Path, new: &Path) -> Result<usize, DatabaseError> {
    let protection = Protection::Unwinding;
    let (old, new) = (open_existing(path, protection)?, create(new, protection)?);
    let mut moving = Moving::to(&new);
    let (mut whole, mut spoiled) = (BTreeSet::new(), BTreeSet::new());
    walk(&old, |kind, number, content| match content {
        Some(content) => {
            whole.insert(number);
            moving.put(kind, number, content)
        }
        None => {
            spoiled.insert(number);
            Ok(())
        }
    })?;
    moving.end()?;
    drop(old);
    if spoiled.is_empty() {
        return Ok(0);
    }
    // A record may be intact although the page that refers to it is not. Records before the first
    // waiting event have been sent.
    let first = spoiled.iter().chain(&whole).min().copied();
    let is_missing = |number| Some(number) >= first && !whole.contains(&number);
    let found = by_scanning(path, &new, is_missing)?;
    Ok(spoiled.difference(&found).count())
}

/// Reads everything that looks like a record, and returns the numbers. It may have been sent already;
/// sending it again is harmless.
fn by_scanning(
    path: &Path,
    new: &Database,
    is_missing: impl Fn(u64) -> bool,
) -> Result<BTreeSet<u64>, DatabaseError> {
    let bytes = fs::read(path)?;
    let (mut moving, mut found) = (Moving::to(new), BTreeSet::new());
    for (kind, number, content) in record::scan(&bytes) {
        if is_missing(number) {
            found.insert(number);
            moving.put(kind, number, content)?;
        }
    }
    moving.end()?;
    Ok(found)
}

/// Records that are being copied to another file.
struct Moving<'d> {
    to: &'d Database,
    changes: Changes,
}

impl<'d> Moving<'d> {
    fn to(to: &'d Database) -> Self {
        Self { to, changes: Changes::default() }
    }

    fn put(&mut self, kind: Kind, number: u64, content: &[u8]) -> Result<(), DatabaseError> {
        self.changes.put.push((kind, number, content.to_vec()));
        if self.changes.put.len() == BATCH {
            std::mem::take(&mut self.changes).commit(self.to)?;
        }
        Ok(())
    }

    fn end(self) -> Result<(), DatabaseError> {
        Ok(self.changes.commit(self.to)?)
    }
}

/// Returns an unused file name next to the damaged file.
fn aside(path: &Path) -> Result<PathBuf, DatabaseError> {
    for number in 1_u32.. {
        let aside = path.with_extension(format!("damaged-{number}"));
        if !aside.try_exists()? {
            return Ok(aside);
        }
    }
    Err("no unused file name for the damaged file".into())
}
