//! The directory of an outbox: a file of its own, a lane, for every process that uses it.
//!
//! A lane belongs to whoever has locked its lock file. Lanes are taken and removed while a
//! lock on the directory is held, so that nobody takes one that is just being removed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::OutboxError;

/// Held while lanes are taken or removed.
const DIRECTORY_LOCK: &str = "lanes.lock";

/// A directory with lanes.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
}

/// A lane that nobody else uses meanwhile.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its file; it may not be there yet.
    pub(super) path: PathBuf,
    lock_path: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
}

impl Directory {
    /// The directory, which is made if there is none.
    pub(super) fn open(path: PathBuf) -> Result<Self, OutboxError> {
        fs::create_dir_all(&path).map_err(|error| OutboxError::file(&path, error))?;
        Ok(Self { path })
    }

    /// The first lane that nobody uses, with what it may hold; a new one, if all are in use.
    pub(super) fn own(&self) -> Result<Lane, OutboxError> {
        let own = || {
            let _directory = self.lock()?;
            let mut lanes = (1..).map(|number| self.take(&lane(number)));
            // There is always a number that nobody uses.
            lanes.find_map(Result::transpose).unwrap_or(Err(io::ErrorKind::NotFound.into()))
        };
        own().map_err(|error| OutboxError::file(&self.path, error))
    }

    /// All lanes that nobody uses: processes have left them behind.
    pub(super) fn left_over(&self) -> Result<Vec<Lane>, OutboxError> {
        let left_over = || {
            let _directory = self.lock()?;
            let mut lanes = Vec::new();
            for entry in fs::read_dir(&self.path)? {
                let name = entry?.file_name();
                let Some(name) = name.to_str().filter(|name| is_lane(name)) else { continue };
                lanes.extend(self.take(name)?);
            }
            Ok(lanes)
        };
        left_over().map_err(|error: io::Error| OutboxError::file(&self.path, error))
    }

    /// Removes a lane that holds nothing any more.
    pub(super) fn remove(&self, lane: &Lane) -> Result<(), OutboxError> {
        let remove = || {
            let _directory = self.lock()?;
            for path in [&lane.path, &lane.lock_path] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        };
        remove().map_err(|error| OutboxError::file(&lane.path, error))
    }

    /// A lane by its name, unless it is in use.
    fn take(&self, name: &str) -> io::Result<Option<Lane>> {
        let path = self.path.join(name);
        let lock_path = path.with_extension("lock");
        let lock = open(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Lane { path, lock_path, _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn lock(&self) -> io::Result<File> {
        let file = open(&self.path.join(DIRECTORY_LOCK))?;
        file.lock()?;
        Ok(file)
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path)
}

fn lane(number: u32) -> String {
    format!("lane-{number}.redb")
}

fn is_lane(name: &str) -> bool {
    let number = name.strip_prefix("lane-").and_then(|rest| rest.strip_suffix(".redb"));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}
