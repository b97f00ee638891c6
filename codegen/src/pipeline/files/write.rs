//! Comparison of generated files with a directory, which also finds stale files that are no longer
//! generated.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::error::file_error;
use super::replace::{Replacement, replace};
use crate::output::{FileSet, SMALL_STACK, parallel_map};

/// Maximum number of lines of the diff of a file.
const MAX_DIFF_LINES: usize = 60;

/// Handling of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Differences are written.
    Write,
    /// Differences are reported.
    Check,
}

/// Difference between the generated files and a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file has other content than is generated.
    Stale {
        /// Path relative to the output directory.
        path: String,
        /// Current content.
        old: String,
        /// Generated content.
        new: String,
    },
    /// A file does not exist.
    Missing {
        /// Path relative to the output directory.
        path: String,
        /// Generated content.
        new: String,
    },
    /// A generated file is no longer generated.
    Orphan {
        /// Path relative to the output directory.
        path: String,
    },
}

/// Compares a directory with the files that are generated for it.
///
/// # Errors
/// Returns an error if a file cannot be read, or if a file that was not generated would be
/// overwritten.
pub fn compare(directory: &Path, files: &FileSet) -> Result<Vec<Change>, String> {
    // One listing is faster than a query per file.
    let roots = roots(directory, files);
    let generated: Vec<(&str, &str)> = files.iter().collect();
    let wanted: BTreeSet<PathBuf> =
        generated.iter().map(|(path, _)| directory.join(path)).collect();
    let mut links = top_links(directory, files);
    check_links(directory, &links, &wanted)?;
    let existing: Vec<BTreeMap<PathBuf, bool>> =
        roots.iter().map(|root| walk(root, &mut links)).collect::<Result<_, _>>()?;
    check_links(directory, &links, &wanted)?;
    let others = existing.iter().flatten().filter(|(path, _)| !wanted.contains(*path));
    let other_names: BTreeSet<String> = others.map(|(path, _)| lowercase(path)).collect();
    let is_listed = |path: &Path| existing.iter().any(|listed| listed.contains_key(path));
    let is_missing = |path: &Path| {
        let is_searched = roots.iter().any(|root| path.starts_with(root));
        let is_linked = links.iter().any(|link| path.starts_with(link));
        // Some file systems ignore case.
        is_searched && !is_linked && !is_listed(path) && !other_names.contains(&lowercase(path))
    };
    let compared = parallel_map(&generated, SMALL_STACK, |&(path, new)| {
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
    // Files that the file system finds under another name than the one it lists.
    let unlisted = wanted
        .iter()
        .filter(|path| !is_listed(path) && other_names.contains(&lowercase(path)) && path.exists());
    let renamed: BTreeSet<String> = unlisted.map(|path| lowercase(path)).collect();
    let files = existing.iter().flatten().filter(|(_, is_directory)| !**is_directory);
    let orphans = files.filter(|(path, _)| !wanted.contains(*path) && !links.contains(*path));
    for (path, _) in orphans.filter(|(path, _)| !renamed.contains(&lowercase(path))) {
        let shown = path.strip_prefix(directory).unwrap_or(path).display().to_string();
        match read(path)? {
            Some(content) if FileSet::is_generated(&content) => {
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

/// Writes the differences to a directory. If a file cannot be written, nothing is changed.
///
/// # Errors
/// Returns an error if a file cannot be written or removed.
pub fn apply(directory: &Path, changes: &[Change]) -> Result<(), String> {
    let replacements: Vec<Replacement<'_>> = changes
        .iter()
        .filter_map(|change| {
            let (path, old, new) = match change {
                Change::Stale { path, old, new } => (path, Some(old.as_str()), new),
                Change::Missing { path, new } => (path, None, new),
                Change::Orphan { .. } => return None,
            };
            Some(Replacement { path: directory.join(path), old, new })
        })
        .collect();
    replace(&replacements)?;
    for change in changes {
        if let Change::Orphan { path } = change {
            let path = directory.join(path);
            fs::remove_file(&path).map_err(|error| file_error("remove", &path, &error))?;
            if let Some(parent) = path.parent() {
                // Succeeds only if the directory is empty.
                let _ = fs::remove_dir(parent);
            }
        }
    }
    Ok(())
}

/// Describes the differences, with a diff of each file.
#[must_use]
pub fn describe(shown_directory: &str, changes: &[Change]) -> String {
    let mut output = String::new();
    for change in changes {
        let (state, path, diff) = match change {
            Change::Stale { path, old, new } => ("stale", path, diff(old, new)),
            Change::Missing { path, new } => ("missing", path, diff("", new)),
            Change::Orphan { path } => ("orphaned", path, String::new()),
        };
        let _ = writeln!(output, "{state}: {shown_directory}/{path}\n{diff}");
    }
    output
}

fn diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let diff = diff.unified_diff().context_radius(2).to_string();
    let lines: Vec<&str> = diff.lines().collect();
    let mut shown: String =
        lines.iter().take(MAX_DIFF_LINES).map(|line| format!("    {line}\n")).collect();
    if lines.len() > MAX_DIFF_LINES {
        let _ = writeln!(shown, "    … {} more lines", lines.len() - MAX_DIFF_LINES);
    }
    shown
}

/// Returns the directories that are searched for stale files. In a crate, that is only `src`.
fn roots(directory: &Path, files: &FileSet) -> Vec<PathBuf> {
    let is_crate = files.get("Cargo.toml").is_some();
    vec![if is_crate { directory.join("src") } else { directory.to_owned() }]
}

/// Returns the symbolic links among the files and folders of the output directory itself.
fn top_links(directory: &Path, files: &FileSet) -> BTreeSet<PathBuf> {
    let names: BTreeSet<&str> =
        files.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    let paths = names.into_iter().map(|name| directory.join(name));
    paths.filter(|path| path.is_symlink()).collect()
}

/// Checks that no generated file is outside of the output directory because of a symbolic link in it.
fn check_links(
    directory: &Path,
    links: &BTreeSet<PathBuf>,
    wanted: &BTreeSet<PathBuf>,
) -> Result<(), String> {
    for link in links {
        let is_used = wanted.iter().any(|path| path.starts_with(link));
        let is_inside =
            || Some(link.canonicalize().ok()?.starts_with(directory.canonicalize().ok()?));
        if is_used && is_inside() != Some(true) {
            return Err(format!(
                "error: {} is a symbolic link that leaves the output directory; nothing is written\n\
                 help: remove the link, or generate into another directory",
                link.display()
            ));
        }
    }
    Ok(())
}

/// Returns all paths below a directory, and whether each is a directory. Adds the symbolic links,
/// which are not followed to other directories: what is generated there is not stale here.
fn walk(
    directory: &Path,
    links: &mut BTreeSet<PathBuf>,
) -> Result<BTreeMap<PathBuf, bool>, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(file_error("read", &directory, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| file_error("read", &directory, &error))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| file_error("read", &path, &error))?;
            if kind.is_symlink() {
                links.insert(path.clone());
            }
            if kind.is_dir() {
                open.push(path.clone());
            }
            let is_directory = kind.is_dir() || (kind.is_symlink() && path.is_dir());
            found.insert(path, is_directory);
        }
    }
    Ok(found)
}

fn lowercase(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error("read", path, &error)),
    }
}

fn not_generated(directory: &Path, path: &str) -> String {
    let path = directory.join(path);
    format!(
        "error: {} is in the output directory, but was not generated\nhelp: move it, or generate into another directory",
        path.display()
    )
}
