//! What is generated against what is there: the whole set, so that orphans are seen too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::output::{FileSet, parallel_map};

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
    // What is there is listed once, rather than asked for file by file.
    let roots = roots(directory, files);
    let there: Vec<BTreeMap<PathBuf, bool>> =
        roots.iter().map(|root| walk(root)).collect::<Result<_, _>>()?;
    let is_missing = |path: &Path| {
        let listed = roots.iter().zip(&there).find(|(root, _)| path.starts_with(root));
        listed.is_some_and(|(_, listed)| !listed.contains_key(path))
    };
    let generated: Vec<(&str, &str)> = files.iter().collect();
    let compared = parallel_map(&generated, |&(path, new)| {
        let at = directory.join(path);
        match if is_missing(&at) { None } else { read(&at)? } {
            Some(old) if old == new => Ok(None),
            Some(old) if FileSet::is_generated(&old) || old.is_empty() => {
                Ok(Some(Change::Stale { path: path.to_owned(), old, new: new.to_owned() }))
            }
            Some(_) => Err(not_generated(directory, path)),
            None => Ok(Some(Change::Missing { path: path.to_owned(), new: new.to_owned() })),
        }
    });
    let mut changes: Vec<Change> =
        compared.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
    let wanted: BTreeSet<PathBuf> =
        generated.iter().map(|(path, _)| directory.join(path)).collect();
    let files = there.iter().flatten().filter(|(_, is_directory)| !**is_directory);
    for (path, _) in files.filter(|(path, _)| !wanted.contains(*path)) {
        let shown = path.strip_prefix(directory).unwrap_or(path).display().to_string();
        match read(path)? {
            Some(text) if FileSet::is_generated(&text) => {
                changes.push(Change::Orphan { path: shown });
            }
            Some(_) if directory.ends_with("generated") => {
                return Err(not_generated(directory, &shown));
            }
            _ => {}
        }
    }
    Ok(changes)
}

/// Makes the directory what is generated for it.
///
/// # Errors
/// Fails where a file cannot be written or removed.
pub fn apply(directory: &Path, changes: &[Change]) -> Result<(), String> {
    let mut written: Vec<(PathBuf, &str)> = Vec::new();
    for change in changes {
        if let Change::Stale { path, new, .. } | Change::Missing { path, new } = change {
            written.push((directory.join(path), new));
        }
    }
    let parents: BTreeSet<&Path> = written.iter().filter_map(|(path, _)| path.parent()).collect();
    for parent in parents {
        fs::create_dir_all(parent).map_err(|error| failed("create", parent, &error))?;
    }
    let results = parallel_map(&written, |(path, new)| {
        fs::write(path, new).map_err(|error| failed("write", path, &error))
    });
    results.into_iter().collect::<Result<(), _>>()?;
    for change in changes {
        if let Change::Orphan { path } = change {
            let path = directory.join(path);
            fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
            if let Some(parent) = path.parent() {
                // Goes only if it is empty now.
                let _ = fs::remove_dir(parent);
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

/// What is below a directory, and whether it is a directory.
fn walk(directory: &Path) -> Result<BTreeMap<PathBuf, bool>, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed("read", &directory, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| failed("read", &directory, &error))?;
            let path = entry.path();
            // The listing says so of all but links.
            let is_directory = match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                _ => path.is_dir(),
            };
            if is_directory {
                open.push(path.clone());
            }
            found.insert(path, is_directory);
        }
    }
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
