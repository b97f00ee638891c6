//! The OpenAPI documents of a folder, compressed or not.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use specwright::Source;

/// A document on disk.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The file name without extensions.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl Document {
    /// Creates a document from a file; returns none if it has another extension.
    pub(crate) fn new(path: PathBuf) -> Option<Self> {
        let file = path.file_name()?.to_str()?;
        let plain = file.strip_suffix(".gz").unwrap_or(file);
        let name = [".yaml", ".yml", ".json"].iter().find_map(|end| plain.strip_suffix(end))?;
        Some(Self { name: name.to_owned(), path })
    }
}

/// Reads a document, decompressed if its name ends in `.gz`.
///
/// # Errors
/// Returns an error if the file cannot be read, decompressed or decoded as UTF-8.
pub(crate) fn read(path: &Path) -> Result<Source, String> {
    let failed = |error| format!("error: cannot read {}: {error}", path.display());
    let mut file = File::open(path).map_err(failed)?;
    let mut contents = String::new();
    let is_compressed = path.extension().is_some_and(|end| end == "gz");
    let read = match is_compressed {
        true => MultiGzDecoder::new(file).read_to_string(&mut contents),
        false => file.read_to_string(&mut contents),
    };
    read.map_err(failed)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Ok(Source::new(name.trim_end_matches(".gz"), contents))
}

/// Returns the documents of a folder, sorted by name.
///
/// # Errors
/// Returns an error if the folder cannot be read, has no documents, or lacks a requested one.
pub(crate) fn find(directory: &Path, only: &[String]) -> Result<Vec<Document>, String> {
    let failed = |error| format!("error: cannot read {}: {error}", directory.display());
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        all.extend(Document::new(entry.map_err(failed)?.path()));
    }
    all.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    if let Some(pair) = all.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(format!(
            "error: {} and {} are both named `{}`",
            pair[0].path.display(),
            pair[1].path.display(),
            pair[0].name
        ));
    }
    if let Some(missing) = only.iter().find(|name| !all.iter().any(|one| one.name == **name)) {
        return Err(format!("error: {} has no document `{missing}`", directory.display()));
    }
    all.retain(|one| only.is_empty() || only.contains(&one.name));
    match all.is_empty() {
        true => Err(format!("error: {} has no documents", directory.display())),
        false => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_extensions() {
        let name = |file: &str| Document::new(PathBuf::from(file)).map(|found| found.name);
        assert_eq!(name("a/petstore.yaml").as_deref(), Some("petstore"));
        assert_eq!(name("v1.2.json.gz").as_deref(), Some("v1.2"));
        assert_eq!(name("readme.md"), None);
        assert_eq!(name("some.gz"), None);
    }
}
