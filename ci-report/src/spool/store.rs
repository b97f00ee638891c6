//! The directories and their files.
//!
//! For each service, such as `datadoghq.com`:
//!
//! ```string
//! waiting/01795978433012345-4711-0-8c1f….json   an event, as the API takes it
//! rejected/…                              events that the service rejected, with its reasons
//! damaged/…                               files that are not events
//! deliver.lock                            locked by the process that delivers
//! failure.json                            why the latest attempt failed
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::jiff::Timestamp;
use serde_json::{Value, json};

use crate::settings::{Candidates, Mask, Settings, create_private};

const WAITING: &str = "waiting";
const REJECTED: &str = "rejected";
const DAMAGED: &str = "damaged";
const FAILURE: &str = "failure.json";
/// The maximum number of rejected events, and of damaged files.
const MAX_KEPT: usize = 1000;
/// The extension of files that are being written.
const TEMPORARY: &str = "tmp";
/// An older file was left by a process that was killed.
const INCOMPLETE_FOR: Duration = Duration::from_secs(60);

/// The events of this user that are not yet delivered.
#[derive(Clone, Debug)]
pub(crate) struct Spool {
    directories: Candidates,
    /// The directory in them with the events for the configured service.
    destination: String,
    mask: Mask,
}

/// A recorded event.
#[derive(Debug)]
pub(crate) struct Entry {
    file: File,
    path: PathBuf,
}

impl Entry {
    /// Waits until the event survives a loss of power. It survives the process already.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Returns whether the event was delivered or rejected, or is otherwise gone.
    pub(crate) fn is_settled(&self) -> bool {
        !self.path.exists()
    }
}

/// An event that is written, but not yet among those that wait. It is deleted unless it is published.
#[derive(Debug)]
pub(crate) struct Prepared {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    content: Vec<u8>,
}

impl Prepared {
    /// Creates a file with a name of its own. It is renamed when it is complete.
    fn create(path: PathBuf, content: Vec<u8>) -> io::Result<Self> {
        let temporary = path.with_extension(TEMPORARY);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        // In a directory of another user, who cannot read the file, it would wait for ever.
        create_private(path.parent().unwrap_or(Path::new("")))?;
        let mut prepared = Self { file: options.open(&temporary)?, temporary, path, content };
        // If the disk is full, the file is deleted: a part of an event is of no use.
        prepared.file.write_all(&prepared.content)?;
        Ok(prepared)
    }

    /// Adds the event to those that wait, which takes one step.
    pub(crate) fn publish(mut self) -> io::Result<Entry> {
        let path = self.path.clone();
        if fs::rename(&self.temporary, &path).is_ok() {
            return Ok(Entry { file: self.file.try_clone()?, path });
        }
        // This process was stopped for so long that the file was taken for one of a killed process.
        let again = Self::create(path.clone(), std::mem::take(&mut self.content))?;
        fs::rename(&again.temporary, &path)?;
        Ok(Entry { file: again.file.try_clone()?, path })
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

impl Spool {
    /// Returns the spool of the settings. Nothing is created before an event is recorded.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self::with_mask(settings, settings.mask.clone())
    }

    /// Returns the spool with another mask.
    pub(crate) fn with_mask(settings: &Settings, mask: Mask) -> Self {
        let (directories, destination) = (settings.outbox.clone(), settings.destination());
        Self { directories, destination, mask }
    }

    /// Returns what is masked in events.
    pub(crate) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Writes an event without masked values, in the first directory that can be written. It waits for
    /// delivery when it is published.
    pub(crate) fn prepare(&self, event: &PipelineEvent) -> io::Result<Prepared> {
        let mut json = serde_json::to_value(event.as_data())?;
        self.mask.json(&mut json);
        let mut content = serde_json::to_vec(&json)?;
        content.push(b'\n');
        let mut problem = io::Error::other("no directory for undelivered events is known");
        for directory in self.directories.iter().map(|path| path.join(&self.destination)) {
            let path = directory.join(WAITING).join(name(time(&json)));
            match Prepared::create(path, content.clone()) {
                Ok(prepared) => return Ok(prepared),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    /// Returns the directories that exist with events for the configured service.
    pub(crate) fn stores(&self) -> Vec<Store> {
        let paths = self.directories.iter().map(|path| path.join(&self.destination));
        paths.filter(|path| path.is_dir()).map(|path| Store { path }).collect()
    }

    /// Returns the directories that exist, for all services.
    pub(crate) fn all_stores(&self) -> Vec<Store> {
        let entries = self.directories.iter().filter_map(|path| fs::read_dir(path).ok()).flatten();
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.into_iter().filter(|path| path.is_dir()).map(|path| Store { path }).collect()
    }
}

/// Returns the time by which an event is ordered, in microseconds: the start of what runs, or else
/// the end, which is always later. A clock that was set back does not change the order.
fn time(event: &Value) -> u64 {
    let resource = &event["attributes"]["resource"];
    let time = |name: &str| {
        let time: Option<Timestamp> = resource[name].as_str()?.parse().ok();
        u64::try_from(time?.as_microsecond()).ok()
    };
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    let start = time("start").unwrap_or_else(|| u64::try_from(now()).unwrap_or_default());
    match resource["status"] == "running" {
        true => start,
        false => time("end").unwrap_or(start).max(start.saturating_add(1)),
    }
}

/// Returns the name of the file of an event, which no other has.
fn name(time: u64) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    // Processes of containers that share the directory may have the same number. The hash keys of the
    // standard library are random.
    let unique = RandomState::new().hash_one(next);
    format!("{time:017}-{}-{next}-{unique:016x}.json", process::id())
}

/// One directory of undelivered events.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    path: PathBuf,
}

/// A waiting event.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) path: PathBuf,
    pub(super) content: Vec<u8>,
}

/// A rejected event, with the reasons of the service.
#[derive(Debug)]
pub(crate) struct Rejected {
    pub(crate) reasons: Vec<String>,
    pub(crate) event: Value,
}

impl Store {
    /// Returns the directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Locks delivery, unless another process delivers. The lock ends when the file is closed.
    pub(super) fn lock(&self) -> io::Result<Option<File>> {
        let path = self.path.join("deliver.lock");
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Returns the names of waiting events, oldest first.
    pub(crate) fn waiting(&self) -> Vec<String> {
        names(&self.path.join(WAITING))
    }

    /// Reads a waiting event. One that is not JSON, for example after a loss of power, is moved away.
    pub(super) fn read(&self, name: &str) -> Option<Waiting> {
        let path = self.path.join(WAITING).join(name);
        let content = fs::read(&path).ok()?;
        if serde_json::from_slice::<&serde_json::value::RawValue>(&content).is_ok() {
            return Some(Waiting { path, content });
        }
        let directory = self.path.join(DAMAGED);
        if create_private(&directory).is_ok() {
            let _ = fs::rename(&path, directory.join(name));
            keep_latest(&directory);
        }
        None
    }

    /// Deletes files that killed processes have left incomplete.
    pub(super) fn clean(&self) {
        for entry in fs::read_dir(self.path.join(WAITING)).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != TEMPORARY) {
                continue;
            }
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            let is_old = |time: SystemTime| time.elapsed().is_ok_and(|age| age > INCOMPLETE_FOR);
            if modified.is_ok_and(is_old) {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Moves an event to the rejected ones.
    pub(super) fn reject(&self, event: &Waiting, reasons: &[String]) {
        let directory = self.path.join(REJECTED);
        let content: Value = serde_json::from_slice(&event.content).unwrap_or_default();
        let content = json!({"reasons": reasons, "event": content});
        let written = create_private(&directory).and_then(|()| {
            let name = event.path.file_name().unwrap_or_default();
            fs::write(directory.join(name), format!("{content}\n"))
        });
        // An event that cannot be kept would be rejected again and again.
        let _ = written;
        let _ = fs::remove_file(&event.path);
        keep_latest(&directory);
    }

    /// Returns the rejected events, oldest first.
    pub(crate) fn rejected(&self) -> Vec<Rejected> {
        let directory = self.path.join(REJECTED);
        let read = |name: String| {
            let mut content: Value =
                serde_json::from_slice(&fs::read(directory.join(name)).ok()?).ok()?;
            let reasons = content["reasons"].as_array().into_iter().flatten();
            let reasons = reasons.filter_map(|reason| reason.as_str().map(str::to_owned)).collect();
            Some(Rejected { reasons, event: content["event"].take() })
        };
        names(&directory).into_iter().filter_map(read).collect()
    }

    /// Deletes all rejected events and damaged files.
    pub(crate) fn discard(&self) {
        for directory in [REJECTED, DAMAGED].map(|name| self.path.join(name)) {
            for name in names(&directory) {
                let _ = fs::remove_file(directory.join(name));
            }
        }
    }

    /// Returns how many files were not events.
    pub(crate) fn damaged(&self) -> usize {
        names(&self.path.join(DAMAGED)).len()
    }

    /// Remembers why an attempt failed, or that it succeeded.
    pub(super) fn set_failure(&self, reason: Option<&str>) {
        let path = self.path.join(FAILURE);
        let _ = match reason {
            Some(reason) => {
                let time = Timestamp::now().to_string();
                fs::write(path, format!("{}\n", json!({"time": time, "reason": reason})))
            }
            None => fs::remove_file(path),
        };
    }

    /// Returns when and why the latest attempt failed, unless it succeeded.
    pub(crate) fn failure(&self) -> Option<(String, String)> {
        let failure: Value =
            serde_json::from_slice(&fs::read(self.path.join(FAILURE)).ok()?).ok()?;
        Some((failure["time"].as_str()?.to_owned(), failure["reason"].as_str()?.to_owned()))
    }
}

/// Returns the names of the JSON files of a directory, in order.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    names
}

/// Deletes the oldest files of a directory if there are too many.
fn keep_latest(directory: &Path) {
    let names = names(directory);
    for name in names.iter().take(names.len().saturating_sub(MAX_KEPT)) {
        let _ = fs::remove_file(directory.join(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(status: &str, start: &str, end: Option<&str>) -> Value {
        let resource = json!({"status": status, "start": start, "end": end});
        json!({"attributes": {"resource": resource}})
    }

    #[test]
    fn the_end_follows_the_start_even_if_the_clock_is_set_back() {
        let start = "2026-07-14T10:00:00.123Z";
        let running = time(&event("running", start, None));
        assert_eq!(running, 1_784_023_200_123_000);
        // The clock was set back, or the scope took no time.
        for end in ["2026-07-14T09:00:00Z", start] {
            assert!(time(&event("success", start, Some(end))) > running);
        }
        assert!(time(&json!({})) > running);
    }

    #[test]
    fn names_are_unique_among_processes_with_the_same_number() {
        let names = [0; 20].map(|_| name(1));
        let unique = |name: &String| name.rsplit('-').next().unwrap().to_owned();
        let unique: std::collections::BTreeSet<String> = names.iter().map(unique).collect();
        assert_eq!(unique.len(), names.len());
    }

    #[test]
    fn a_prepared_event_waits_when_it_is_published() {
        let directory = std::env::temp_dir().join(format!("ci-report-names-{}", process::id()));
        let _ = fs::remove_dir_all(&directory);
        let prepare = || Prepared::create(directory.join(name(1)), b"{}\n".to_vec()).unwrap();
        drop(prepare());
        let count = || fs::read_dir(&directory).unwrap().count();
        assert_eq!(count(), 0);
        prepare().publish().unwrap();
        let late = prepare();
        // As if it were left by a process that was killed.
        fs::remove_file(&late.temporary).unwrap();
        late.publish().unwrap();
        assert_eq!((names(&directory).len(), count()), (2, 2));
        fs::remove_dir_all(directory).unwrap();
    }
}
