//! Opens the file of a lane. It is created atomically, and used only if every record is intact.

use std::path::{Path, PathBuf};

use redb::{Database, StorageError, TableError, TransactionError};

use super::blocks::Unverified;
use super::database::{Index, Protection, create, open_existing, rename_durably, walk};
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
    open_protected(path, Protection::of_build())
}

fn open_protected(path: &Path, protection: Protection) -> Result<Opened, OutboxError> {
    let unusable = |error: DatabaseError| OutboxError::file(path, error);
    if !path.try_exists().map_err(|error| unusable(error.into()))? {
        create_complete(path, protection).map_err(unusable)?;
    }
    match guard_database(|| checked(path, protection)) {
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
            let damage = rescue(path, protection, error.is::<Unverified>()).map_err(damaged)?;
            let (database, index) =
                guard_database(|| checked(path, protection)).map_err(unusable)?;
            Ok(Opened { database, index, damage: Some(damage) })
        }
    }
}

/// Creates a complete file, so that an incomplete one is known to be damaged.
fn create_complete(path: &Path, protection: Protection) -> Result<(), DatabaseError> {
    let new = path.with_extension("new");
    drop(create(&new, protection)?);
    Ok(rename_durably(&new, path)?)
}

/// Opens a file if all of it is intact.
fn checked(path: &Path, protection: Protection) -> Result<(Database, Index), DatabaseError> {
    let mut database = open_existing(path, protection)?;
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{env, fs, panic, process};

    use super::*;
    use crate::outbox::storage::{Changes, Kind, read, sums_of};

    static PANICS: AtomicUsize = AtomicUsize::new(0);

    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Self {
            let path = env::temp_dir().join(format!("ci-lane-{}-{name}", process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn lane(&self) -> PathBuf {
            self.0.join("lane-1.redb")
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            // A leftover stays in the temporary directory of the system.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Adds events with these numbers, and contents of different sizes.
    fn add(path: &Path, protection: Protection, numbers: std::ops::Range<u64>) {
        let opened = open_protected(path, protection).unwrap();
        for number in numbers {
            let content = format!("{number} {}", "x".repeat(number as usize * 37 % 5000));
            let put = vec![(Kind::Event, number, content.into_bytes())];
            Changes { put, ..Changes::default() }.commit(&opened.database).unwrap();
        }
    }

    #[test]
    fn a_file_with_checksums_can_be_used_by_every_build() {
        use Protection::{Checksums, Unwinding};

        let directory = Directory::new("builds");
        let path = directory.lane();
        let mut end = 0;
        for (protection, is_moved) in
            [(Checksums, false), (Checksums, false), (Unwinding, false), (Checksums, true)]
        {
            let opened = open_protected(&path, protection).unwrap();
            assert_eq!(opened.damage.is_some(), is_moved, "{protection:?}");
            // What is found without checksums may have been sent already.
            assert!(opened.index.events.keys().copied().eq(0..end), "{protection:?}");
            let read = read(&opened.database, Kind::Event, 0..end).unwrap();
            assert!(
                read.iter().all(|(number, content)| {
                    content.starts_with(format!("{number} ").as_bytes())
                })
            );
            assert_eq!(sums_of(&path).exists(), protection == Checksums);
            drop(opened);
            add(&path, protection, end..end + 20);
            end += 20;
        }
        // Without events there is nothing to find.
        let empty = directory.0.join("lane-2.redb");
        drop(open_protected(&empty, Unwinding).unwrap());
        assert!(open_protected(&empty, Checksums).unwrap().index.is_empty());
    }

    /// In a program that is built with `panic = "abort"`, each panic would be the end.
    #[test]
    fn redb_does_not_panic_on_a_damaged_file_with_checksums() {
        let directory = Directory::new("damage");
        let path = directory.lane();
        add(&path, Protection::Checksums, 0..60);
        let (good, sums) = (fs::read(&path).unwrap(), fs::read(sums_of(&path)).unwrap());
        let mut random = fastrand::Rng::with_seed(7);
        let hook = panic::take_hook();
        panic::set_hook(Box::new(|_| {
            PANICS.fetch_add(1, Ordering::Relaxed);
        }));
        let mut complete = 0;
        for _ in 0..60 {
            let (mut bad, mut bad_sums) = (good.clone(), sums.clone());
            let damaged = if random.u32(..8) == 0 { &mut bad_sums } else { &mut bad };
            let at = random.usize(..damaged.len());
            match random.u32(..4) {
                0 => damaged[at] ^= 1 << random.u32(..8),
                1 => damaged[at..].iter_mut().take(5000).for_each(|byte| *byte = 0),
                2 => damaged[at..].iter_mut().take(64).for_each(|byte| *byte = random.u8(..)),
                _ => damaged.truncate(at),
            }
            fs::write(&path, bad).unwrap();
            fs::write(sums_of(&path), bad_sums).unwrap();
            if let Ok(opened) = open_protected(&path, Protection::Checksums) {
                let numbers = opened.index.events.keys().copied();
                complete += usize::from(numbers.count() == 60);
            }
        }
        panic::set_hook(hook);
        assert_eq!(PANICS.load(Ordering::Relaxed), 0);
        assert!(complete > 20, "{complete}");
    }
}
