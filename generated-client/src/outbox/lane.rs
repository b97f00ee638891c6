//! The directory of an outbox. It contains one file per process, called a lane.
//!
//! A lane belongs to the process that holds its lock file. Lanes are acquired and removed under a
//! lock of the directory, so that no process acquires a lane that is being removed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::OutboxError;
use super::storage::sums_of;

/// Locked while lanes are acquired or removed.
const DIRECTORY_LOCK: &str = "lanes.lock";

/// A directory of lanes.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
}

/// A lane that this process has locked.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its file, which may not exist yet.
    pub(super) path: PathBuf,
    lock_path: PathBuf,
    /// The lock ends when the file is closed.
    _lock: File,
}

impl Directory {
    /// Opens the directory, which is created if needed.
    pub(super) fn open(path: PathBuf) -> Result<Self, OutboxError> {
        fs::create_dir_all(&path).map_err(|error| OutboxError::file(&path, error))?;
        Ok(Self { path })
    }

    /// Acquires the first unused lane with its events, or a new one if all are in use.
    pub(super) fn own(&self) -> Result<Lane, OutboxError> {
        let own = || {
            let _directory = self.lock()?;
            let mut lanes = (1..).map(|number| self.acquire(&lane(number)));
            // There is always an unused number.
            lanes.find_map(Result::transpose).unwrap_or(Err(io::ErrorKind::NotFound.into()))
        };
        own().map_err(|error| OutboxError::file(&self.path, error))
    }

    /// Acquires all unused lanes, which belonged to ended processes.
    pub(super) fn abandoned(&self) -> Result<Vec<Lane>, OutboxError> {
        let abandoned = || {
            let _directory = self.lock()?;
            let mut lanes = Vec::new();
            for entry in fs::read_dir(&self.path)? {
                let name = entry?.file_name();
                let Some(name) = name.to_str().filter(|name| is_lane(name)) else { continue };
                lanes.extend(self.acquire(name)?);
            }
            Ok(lanes)
        };
        abandoned().map_err(|error: io::Error| OutboxError::file(&self.path, error))
    }

    /// Removes an empty lane.
    pub(super) fn remove(&self, lane: &Lane) -> Result<(), OutboxError> {
        let remove = || {
            let _directory = self.lock()?;
            for path in [&lane.path, &sums_of(&lane.path), &lane.lock_path] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        };
        remove().map_err(|error| OutboxError::file(&lane.path, error))
    }

    /// Acquires a lane by name, unless it is in use.
    fn acquire(&self, name: &str) -> io::Result<Option<Lane>> {
        let path = self.path.join(name);
        let lock_path = path.with_extension("lock");
        let lock = open(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => {
                // The lock file of another user may be writable although the events are not.
                if path.exists() {
                    open(&path)?;
                }
                Ok(Some(Lane { path, lock_path, _lock: lock }))
            }
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
    let file = File::options().create(true).truncate(false).write(true).open(path);
    file.map_err(|error| of_file(path, error))
}

/// Adds what to do if the file belongs to another user.
fn of_file(path: &Path, error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::PermissionDenied {
        return error;
    }
    let advice = format!(
        "{error} for {}; if it belongs to another user, choose a directory per user, or one whose \
         files both can write (a common group, and the umask 002)",
        path.display()
    );
    io::Error::new(error.kind(), advice)
}

fn lane(number: u32) -> String {
    format!("lane-{number}.redb")
}

fn is_lane(name: &str) -> bool {
    let number = name.strip_prefix("lane-").and_then(|rest| rest.strip_suffix(".redb"));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}
