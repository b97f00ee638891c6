//! Replacing the content of files: all of them, or none.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::file_error;
use crate::output::{SMALL_STACK, parallel_map};

/// A file to write.
pub(super) struct Replacement<'a> {
    pub(super) path: PathBuf,
    /// The current content; `None` if the file does not exist.
    pub(super) old: Option<&'a str>,
    pub(super) new: &'a str,
}

/// Writes files, and creates their directories. If one cannot be written, nothing is changed.
///
/// # Errors
/// Returns the first error.
pub(super) fn replace(files: &[Replacement<'_>]) -> Result<(), String> {
    let parents: BTreeSet<&Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    let mut created = Vec::new();
    let result = create(&parents, &mut created).and_then(|()| write_all(files));
    if result.is_err() {
        // Inner directories were created last.
        created.iter().rev().for_each(|path| drop(fs::remove_dir(path)));
    }
    result
}

/// Creates directories. Adds those that did not exist to `created`.
fn create(directories: &BTreeSet<&Path>, created: &mut Vec<PathBuf>) -> Result<(), String> {
    for directory in directories {
        let missing = directory.ancestors().take_while(|path| !path.as_os_str().is_empty());
        let missing: Vec<&Path> = missing.take_while(|path| !path.exists()).collect();
        created.extend(missing.into_iter().rev().map(Path::to_owned));
        fs::create_dir_all(directory).map_err(|error| file_error("create", directory, &error))?;
    }
    Ok(())
}

fn write_all(files: &[Replacement<'_>]) -> Result<(), String> {
    let numbered: Vec<(usize, &Replacement<'_>)> = files.iter().enumerate().collect();
    let results = parallel_map(&numbered, SMALL_STACK, |(number, file)| {
        write(file, *number).map_err(|error| file_error("write", &file.path, &error))
    });
    if results.iter().any(Result::is_err) {
        for ((number, file), _) in
            numbered.iter().zip(&results).filter(|(_, result)| result.is_ok())
        {
            restore(file, *number);
        }
    }
    results.into_iter().collect()
}

/// Writes a file. A file that exists has its old content or its new content at any time.
fn write(file: &Replacement<'_>, number: usize) -> io::Result<()> {
    match file.old {
        Some(_) => overwrite(&file.path, file.new, number),
        None => fs::write(&file.path, file.new).inspect_err(|_| drop(fs::remove_file(&file.path))),
    }
}

fn overwrite(path: &Path, content: &str, number: usize) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    // A symbolic link stays one.
    let target = if metadata.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    let temporary = target.with_file_name(format!(".specwright-{}-{number}", std::process::id()));
    let write = || {
        fs::write(&temporary, content)?;
        fs::set_permissions(&temporary, fs::metadata(&target)?.permissions())?;
        fs::rename(&temporary, &target)
    };
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Undoes [`write`]. What cannot be undone is left: the caller reports the first error.
fn restore(file: &Replacement<'_>, number: usize) {
    let _ = match file.old {
        Some(old) => overwrite(&file.path, old, number),
        None => fs::remove_file(&file.path),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(root: &Path, path: &str, old: Option<&'a str>) -> Replacement<'a> {
        Replacement { path: root.join(path), old, new: "new" }
    }

    /// Returns all files below a directory with their contents; directories end with `/`.
    fn listed(root: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut open = vec![root.to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                if path.is_dir() {
                    found.push((format!("{name}/"), String::new()));
                    open.push(path);
                } else {
                    found.push((name, fs::read_to_string(&path).unwrap_or_default()));
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn files_are_written_together_or_not_at_all() -> Result<(), Box<dyn std::error::Error>> {
        let root = std::env::temp_dir().join(format!("specwright-replace-{}", std::process::id()));
        fs::create_dir_all(root.join("a"))?;
        fs::create_dir_all(root.join("taken.rs"))?;
        fs::write(root.join("a/old.rs"), "old")?;
        let before = listed(&root);

        // The name of one file is that of a directory, or is too long.
        for bad in ["taken.rs", "a/old.rs/x.rs", &"n".repeat(256)] {
            let files = [
                file(&root, "a/old.rs", Some("old")),
                file(&root, "a/b/c/new.rs", None),
                file(&root, bad, None),
                file(&root, "z/new.rs", None),
            ];
            let error = replace(&files).err().unwrap_or_default();
            assert!(error.starts_with("error: cannot "), "{bad}: {error}");
            assert_eq!(listed(&root), before, "{bad}");
        }

        let files = [file(&root, "a/old.rs", Some("old")), file(&root, "a/b/c/new.rs", None)];
        replace(&files)?;
        let names: Vec<_> =
            listed(&root).into_iter().filter(|(_, content)| content == "new").collect();
        assert_eq!(names.len(), 2, "{names:?}");
        fs::remove_dir_all(&root)?;
        Ok(())
    }
}
