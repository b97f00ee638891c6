//! What is generated against what is there: the whole set, so that orphans are seen too.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::FileSet;

/// How many lines of a diff are shown for one file.
const SHOWN_LINES: usize = 60;

/// What is done with a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is written.
    Write,
    /// It is reported.
    Check,
}

/// A difference between what is generated and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file has another text than is generated.
    Stale {
        /// Its path, from the output directory.
        path: String,
        /// What is there.
        old: String,
        /// What is generated.
        new: String,
    },
    /// A file is not there.
    Missing {
        /// Its path, from the output directory.
        path: String,
        /// What is generated.
        new: String,
    },
    /// A file is there that nothing generates any more.
    Orphan {
        /// Its path, from the output directory.
        path: String,
    },
}

/// Compares a directory with what is generated for it.
///
/// # Errors
/// Fails where a file cannot be read, or is somebody's own and in the way.
pub fn compare(directory: &Path, files: &FileSet) -> Result<Vec<Change>, String> {
    let mut changes = Vec::new();
    for (path, new) in files.iter() {
        match read(&directory.join(path))? {
            Some(old) if old == new => {}
            Some(old) if FileSet::is_generated(&old) || old.is_empty() => {
                changes.push(Change::Stale { path: path.to_owned(), old, new: new.to_owned() });
            }
            Some(_) => return Err(not_generated(directory, path)),
            None => changes.push(Change::Missing { path: path.to_owned(), new: new.to_owned() }),
        }
    }
    let wanted: BTreeSet<PathBuf> = files.iter().map(|(path, _)| directory.join(path)).collect();
    for root in roots(directory, files) {
        for path in walk(&root)? {
            if wanted.contains(&path) {
                continue;
            }
            let shown = path.strip_prefix(directory).unwrap_or(&path).display().to_string();
            match read(&path)? {
                Some(text) if FileSet::is_generated(&text) => {
                    changes.push(Change::Orphan { path: shown })
                }
                Some(_) if directory.ends_with("generated") => {
                    return Err(not_generated(directory, &shown));
                }
                _ => {}
            }
        }
    }
    Ok(changes)
}

/// Makes the directory what is generated for it.
///
/// # Errors
/// Fails where a file cannot be written or removed.
pub fn apply(directory: &Path, changes: &[Change]) -> Result<(), String> {
    for change in changes {
        match change {
            Change::Stale { path, new, .. } | Change::Missing { path, new } => {
                let path = directory.join(path);
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(|error| failed("create", parent, &error))?;
                }
                fs::write(&path, new).map_err(|error| failed("write", &path, &error))?;
            }
            Change::Orphan { path } => {
                let path = directory.join(path);
                fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
                if let Some(parent) = path.parent() {
                    // Goes only if it is empty now.
                    let _ = fs::remove_dir(parent);
                }
            }
        }
    }
    Ok(())
}

/// The differences as a person wants to see them: what is wrong with each file, and how.
#[must_use]
pub fn describe(shown_directory: &str, changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let (what, path, diff) = match change {
            Change::Stale { path, old, new } => ("stale", path, diff(old, new)),
            Change::Missing { path, new } => ("missing", path, diff("", new)),
            Change::Orphan { path } => ("orphaned", path, String::new()),
        };
        let _ = writeln!(text, "{what}: {shown_directory}/{path}\n{diff}");
    }
    text
}

fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(2).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let mut shown: String =
        lines.iter().take(SHOWN_LINES).map(|line| format!("    {line}\n")).collect();
    if lines.len() > SHOWN_LINES {
        let _ = writeln!(shown, "    … {} more lines", lines.len() - SHOWN_LINES);
    }
    shown
}

/// Where orphans are looked for: in a crate of its own, nowhere but in its sources.
fn roots(directory: &Path, files: &FileSet) -> Vec<PathBuf> {
    let is_crate = files.get("Cargo.toml").is_some();
    vec![if is_crate { directory.join("src") } else { directory.to_owned() }]
}

fn walk(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed("read", &directory, &error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| failed("read", &directory, &error))?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

fn not_generated(directory: &Path, path: &str) -> String {
    let path = directory.join(path);
    format!(
        "error: {} stands where generated files go, but was not generated.\nhelp: move it, or generate into another directory",
        path.display()
    )
}

pub(super) fn failed(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("error: cannot {what} {}: {error}", path.display())
}
