//! Reads and replaces a file under a lock.

use std::fs::{self, File};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use super::content::{Content, PROGRAM};
use crate::settings::{Mask, create_private};

/// The file with the open scopes of a run.
#[derive(Clone, Debug)]
pub(crate) struct State {
    path: PathBuf,
    mask: Mask,
    /// Whether the file belongs to a shell and not to a run that has an id.
    pub(crate) is_of_shell: bool,
}

impl State {
    pub(super) fn new(path: PathBuf, mask: Mask, is_of_shell: bool) -> Self {
        Self { path, mask, is_of_shell }
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
        let parent = self.path.parent().filter(|path| !path.as_os_str().is_empty());
        if let Some(directory) = parent.filter(|path| !path.is_dir()) {
            create_private(directory)?;
        }
        let lock = private(&self.sibling("lock"))?;
        lock.lock()?;
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
        if content.is_empty() {
            let _ = fs::remove_file(&self.path);
            return Ok(result);
        }
        let mut json = serde_json::to_value(&content)?;
        self.mask.json(&mut json);
        let temporary = self.sibling(&format!("{}.tmp", process::id()));
        let written = private(&temporary).and_then(|mut file| {
            file.write_all(format!("{json:#}\n").as_bytes())?;
            fs::rename(&temporary, &self.path)
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
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

/// Opens a file that only this user can read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::*;

    #[test]
    fn the_lock_is_held_for_less_than_50_ms() {
        let directory = std::env::temp_dir().join(format!("ci-report-state-{}", process::id()));
        let state = State::new(directory.join("state.json"), Mask::default(), true);
        let record = json!({
            "level": "step", "id": "1", "name": "n".repeat(100), "start": "2026-07-14T10:00:00Z",
            "parents": {"run_id": "r", "pipeline": "p"},
        });
        let record: crate::report::Record = serde_json::from_value(record).unwrap();
        // As many open scopes as no run has.
        state.update(|content| content.scopes.extend(vec![record; 500])).unwrap();
        let time = || {
            let started = Instant::now();
            state.update(|content| content.scopes.pop()).unwrap();
            started.elapsed()
        };
        // The fastest of several, since other processes use the machine as well.
        let held = (0..10).map(|_| time()).min().unwrap();
        assert!(held.as_millis() < 50, "{held:?}");
        fs::remove_dir_all(directory).unwrap();
    }
}
