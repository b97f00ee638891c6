//! The descriptions in a folder, compressed or not.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use specwright::Source;

/// A description on disk.
#[derive(Clone, Debug)]
pub(super) struct Description {
    /// The file's name without endings.
    pub(super) name: String,
    /// The file.
    pub(super) path: PathBuf,
}

impl Description {
    /// The description in a file; none if its name is not that of one.
    fn of(path: PathBuf) -> Option<Self> {
        let file = path.file_name()?.to_str()?;
        let plain = file.strip_suffix(".gz").unwrap_or(file);
        let name = [".yaml", ".yml", ".json"].iter().find_map(|end| plain.strip_suffix(end))?;
        Some(Self { name: name.to_owned(), path })
    }
}

/// The text of a file, decompressed if its name ends in `.gz`.
///
/// # Errors
/// Fails where it cannot be read, is no text, or is not compressed as its name says.
pub(super) fn read(path: &Path) -> Result<Source, String> {
    let failed = |error| format!("error: cannot read {}: {error}", path.display());
    let mut file = File::open(path).map_err(failed)?;
    let mut text = String::new();
    let is_compressed = path.extension().is_some_and(|end| end == "gz");
    let read = match is_compressed {
        true => MultiGzDecoder::new(file).read_to_string(&mut text),
        false => file.read_to_string(&mut text),
    };
    read.map_err(failed)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Ok(Source::new(name.trim_end_matches(".gz"), text))
}

/// The descriptions of a folder, sorted by name.
///
/// # Errors
/// Fails where the folder cannot be read, has none, or lacks one that is asked for.
pub(super) fn find(directory: &Path, only: &[String]) -> Result<Vec<Description>, String> {
    let failed = |error| format!("error: cannot read {}: {error}", directory.display());
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        all.extend(Description::of(entry.map_err(failed)?.path()));
    }
    all.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    if let Some(pair) = all.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(format!(
            "error: {} and {} are both `{}`",
            pair[0].path.display(),
            pair[1].path.display(),
            pair[0].name
        ));
    }
    if let Some(missing) = only.iter().find(|name| !all.iter().any(|one| one.name == **name)) {
        return Err(format!("error: {} has no description `{missing}`", directory.display()));
    }
    all.retain(|one| only.is_empty() || only.contains(&one.name));
    match all.is_empty() {
        true => Err(format!("error: {} has no descriptions", directory.display())),
        false => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_no_part_of_a_name() {
        let name = |file: &str| Description::of(PathBuf::from(file)).map(|found| found.name);
        assert_eq!(name("a/petstore.yaml").as_deref(), Some("petstore"));
        assert_eq!(name("v1.2.json.gz").as_deref(), Some("v1.2"));
        assert_eq!(name("readme.md"), None);
        assert_eq!(name("some.gz"), None);
    }
}
