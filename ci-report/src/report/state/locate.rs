//! Which file belongs to a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::content::Content;
use super::file::State;
use super::process::{ProcessId, own, shell};
use crate::report::id;
use crate::settings::{Mask, Settings};

/// How long files of runs that never ended are kept.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Returns the file of a run: the one that `CI_REPORT_STATE` names, the one of the run's id, or the one
/// of the shell that runs this process or an outer one.
pub(crate) fn locate(
    settings: &Settings,
    mask: &Mask,
    run_id: Option<&str>,
    processes: &[ProcessId],
) -> Option<State> {
    if let Some(path) = &settings.state_file {
        return Some(State::new(path.clone(), settings, mask, false));
    }
    let directories: Vec<&Path> = settings.state_directory.iter().collect();
    if let Some(run_id) = run_id {
        let name = format!("run-{}.json", id::derived(&[run_id]));
        return Some(State::new(usable(&directories)?.join(name), settings, mask, false));
    }
    let of_process = |process: &ProcessId| format!("shell-{}-{}.json", process.pid, process.start);
    let existing = own().iter().chain(processes).find_map(|process| {
        directories
            .iter()
            .map(|directory| directory.join(of_process(process)))
            .find(|path| path.is_file())
    });
    let path = match existing {
        Some(path) => path,
        None => usable(&directories)?.join(of_process(&shell(processes)?)),
    };
    Some(State::new(path, settings, mask, true))
}

/// Returns the first directory that can be written.
fn usable(directories: &[&Path]) -> Option<PathBuf> {
    let is_usable = |directory: &&&Path| {
        crate::settings::create_private(directory).is_ok() && is_writable(directory)
    };
    directories.iter().find(is_usable).map(|directory| directory.to_path_buf())
}

#[cfg(unix)]
fn is_writable(directory: &Path) -> bool {
    rustix::fs::access(directory, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
        .is_ok()
}

#[cfg(not(unix))]
fn is_writable(directory: &Path) -> bool {
    directory.is_dir()
}

/// Returns the files that were set aside, and why they cannot be used.
pub(crate) fn unreadable(settings: &Settings) -> Vec<(PathBuf, String)> {
    let named = settings.state_file.as_deref().and_then(Path::parent);
    let directories = settings.state_directory.iter().chain(named);
    let entries =
        directories.filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
    let is_set_aside = |path: &PathBuf| path.to_string_lossy().contains(".unreadable-");
    let paths = entries.map(|entry| entry.path()).filter(is_set_aside);
    let reason = |path: PathBuf| {
        let reason = Content::parse(&fs::read(&path).ok()?).err()?;
        Some((path, reason))
    };
    paths.filter_map(reason).collect()
}

/// Deletes files of runs that never ended. The directory may contain files of others, which stay.
pub(crate) fn clean(settings: &Settings) {
    let is_own = |name: &str| {
        name.starts_with("claimed-")
            || ((name.starts_with("run-") || name.starts_with("shell-")) && name.contains(".json"))
    };
    for directory in settings.state_directory.iter() {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            if !entry.file_name().to_str().is_some_and(is_own) {
                continue;
            }
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            if modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > KEPT_FOR)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
