//! Reads and replaces a file under a lock.

use std::convert::Infallible;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::content::{Content, PROGRAM};
use crate::report::emit::print_message;
use crate::settings::{Mask, Settings, create_private};

/// How long a process waits for others that change the file. Each holds the lock for about a
/// millisecond, so that many fit in, even on a machine that is overloaded.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// The pause between attempts to lock.
const PAUSE: Duration = Duration::from_micros(500);

/// The file with the open scopes of a run.
#[derive(Clone, Debug)]
pub(crate) struct State {
    path: PathBuf,
    mask: Mask,
    /// Whether the file belongs to a shell and not to a run that has an id.
    pub(crate) is_of_shell: bool,
    /// Whether the time for which the lock was held is printed.
    is_verbose: bool,
}

impl State {
    pub(super) fn new(path: PathBuf, settings: &Settings, mask: &Mask, is_of_shell: bool) -> Self {
        Self { path, mask: mask.clone(), is_of_shell, is_verbose: settings.verbose }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the content. A file that is missing or cannot be used is empty.
    pub(crate) fn read(&self) -> Content {
        let content = fs::read(&self.path).ok();
        content.and_then(|content| Content::parse(&content).ok()).unwrap_or_default()
    }

    /// Changes the content. The file is replaced as a whole, so that a reader and a killed process leave
    /// it complete. A file that cannot be used is set aside and a new one begins.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut Content) -> T) -> io::Result<T> {
        let result: Result<T, Infallible> = self.attempt(|content| Ok(change(content)))?;
        let Ok(result) = result;
        Ok(result)
    }

    /// As `update`, but the content stays as it is if the change fails.
    pub(crate) fn attempt<T, E>(
        &self,
        change: impl FnOnce(&mut Content) -> Result<T, E>,
    ) -> io::Result<Result<T, E>> {
        self.update_within(MAX_WAIT, change)
    }

    fn update_within<T, E>(
        &self,
        time: Duration,
        change: impl FnOnce(&mut Content) -> Result<T, E>,
    ) -> io::Result<Result<T, E>> {
        let parent = self.path.parent().filter(|path| !path.as_os_str().is_empty());
        if let Some(directory) = parent.filter(|path| !path.is_dir()) {
            create_private(directory)?;
        }
        let lock = private(&self.sibling("lock"))?;
        // Creating and deleting files may wait for the disk, so both happen without the lock.
        let mut next = Next::create(self.sibling(&format!("{}.tmp", unique())));
        lock_within(&lock, time)?;
        let locked = Instant::now();
        let result = self.replace(&mut next, change);
        let held = locked.elapsed();
        drop(lock);
        drop(next);
        if self.is_verbose {
            let time = held.as_secs_f64() * 1000.0;
            print_message(&format!("the state was locked for {time:.2} ms"));
        }
        result
    }

    /// Reads, changes and replaces the file, and nothing else: the lock is held meanwhile.
    fn replace<T, E>(
        &self,
        next: &mut Next,
        change: impl FnOnce(&mut Content) -> Result<T, E>,
    ) -> io::Result<Result<T, E>> {
        let mut content = match fs::read(&self.path) {
            Ok(bytes) => match Content::parse(&bytes) {
                Ok(content) => content,
                Err(_) => {
                    self.set_aside(&bytes)?;
                    Content::default()
                }
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::default(),
            Err(error) => return Err(error),
        };
        let result = change(&mut content);
        if result.is_err() {
            return Ok(result);
        }
        if content.is_empty() {
            let _ = fs::remove_file(&self.path);
            return Ok(result);
        }
        let mut json = serde_json::to_value(&content)?;
        self.mask.json(&mut json);
        next.write(format!("{json:#}\n").as_bytes())?;
        exchange(&next.path, &self.path)?;
        Ok(result)
    }

    /// Renames a file that cannot be used. One that never was a state is left alone: its path was
    /// probably chosen by mistake.
    fn set_aside(&self, bytes: &[u8]) -> io::Result<()> {
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or_default());
        if !bytes.is_empty() && !head.contains(&format!("\"{PROGRAM}\"")) {
            let problem = format!("{} is not a file of ci-report", self.path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        fs::rename(&self.path, self.sibling(&format!("unreadable-{now}")))
    }

    /// Returns a path next to the file.
    fn sibling(&self, extension: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".");
        name.push(extension);
        self.path.with_file_name(name)
    }
}

/// The next content of a file, next to it. What is left at the path is deleted in the end.
#[derive(Debug)]
struct Next {
    path: PathBuf,
    /// Or why it could not be created, which matters only if it is needed.
    file: io::Result<File>,
}

impl Next {
    /// Creates the file. A link is not followed.
    fn create(path: PathBuf) -> Self {
        Self { file: options().create_new(true).open(&path), path }
    }

    fn write(&mut self, content: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Ok(file) => file.write_all(content),
            Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
        }
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns a string that no other process has, not even one in another container with the same number.
fn unique() -> String {
    format!("{:016x}", RandomState::new().hash_one(process::id()))
}

/// Replaces a file. Linux exchanges both: when ext4 replaces a file it first allocates the space of the
/// new one, which can wait for the disk.
fn exchange(next: &Path, path: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, next, CWD, path, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // The file is new, or the file system cannot exchange.
    fs::rename(next, path)
}

/// Locks a file, but does not wait for ever for a process that was stopped.
fn lock_within(file: &File, time: Duration) -> io::Result<()> {
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if started.elapsed() > time => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another process holds its lock",
                ));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
        }
    }
}

/// Opens a file that only this user can read.
fn private(path: &Path) -> io::Result<File> {
    options().create(true).truncate(true).open(path)
}

fn options() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state(name: &str) -> State {
        let directory = format!("ci-report-state-{name}-{}", process::id());
        let directory = std::env::temp_dir().join(directory);
        let _ = fs::remove_dir_all(&directory);
        let settings = Settings::new(std::iter::empty::<(&str, &str)>().collect());
        State::new(directory.join("state.json"), &settings, &Mask::default(), true)
    }

    fn record(name: &str) -> crate::report::Record {
        let record = json!({
            "level": "step", "id": name, "name": "n".repeat(100), "start": "2026-07-14T10:00:00Z",
            "parents": {"run_id": "r", "pipeline": "p"},
        });
        serde_json::from_value(record).unwrap()
    }

    fn remove(state: &State) {
        fs::remove_dir_all(state.path.parent().unwrap()).unwrap();
    }

    #[test]
    fn parallel_changes_are_all_kept() {
        let state = state("parallel");
        let change = |shell: usize| {
            for step in 0..25 {
                let record = record(&format!("{shell}-{step}"));
                state.update(|content| content.scopes.push(record)).unwrap();
                if step % 2 == 0 {
                    let id = format!("{shell}-{step}");
                    let ended = state.update(|content| {
                        let found = content.scopes.iter().position(|record| record.id == id);
                        content.remove(found.unwrap()).len()
                    });
                    assert_eq!(ended.unwrap(), 1);
                }
            }
        };
        thread::scope(|scope| {
            for shell in 0..8 {
                scope.spawn(move || change(shell));
            }
        });
        assert_eq!(state.read().scopes.len(), 8 * 12);
        // Nothing is left but the file and its lock.
        assert_eq!(fs::read_dir(state.path.parent().unwrap()).unwrap().count(), 2);
        remove(&state);
    }

    #[test]
    fn a_process_that_was_stopped_with_the_lock_stops_no_other() {
        let state = state("stopped");
        state.update(|content| content.scopes.push(record("1"))).unwrap();
        let lock = private(&state.sibling("lock")).unwrap();
        lock.lock().unwrap();
        let change = |content: &mut Content| content.scopes.pop().ok_or(());
        let error = state.update_within(PAUSE, change).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // Readers need no lock.
        assert_eq!(state.read().scopes.len(), 1);
        remove(&state);
    }
}
