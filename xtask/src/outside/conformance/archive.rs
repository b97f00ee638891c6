//! The files of a test suite: a folder, or a tar archive that is compressed or not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// The size of the parts of a tar archive.
const BLOCK: usize = 512;

/// Reads all files with an extension such as `.json`, by their paths from `tests` on.
///
/// # Errors
/// Returns an error if the input cannot be read or has no such files.
pub(super) fn read(path: &Path, extension: &str) -> Result<BTreeMap<String, String>, String> {
    let mut files = BTreeMap::new();
    if path.is_dir() {
        folder(path, "", extension, &mut files).map_err(|error| unreadable(path, &error))?;
    } else {
        archive(&read_file(path)?, extension, &mut files);
    }
    match files.is_empty() {
        true => Err(format!("error: {} has no tests with `{extension}`", path.display())),
        false => Ok(files),
    }
}

/// Reads a file, which is decompressed if its name ends with `gz`.
///
/// # Errors
/// Returns an error if it cannot be read.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let read = || {
        let mut bytes = Vec::new();
        let mut file = File::open(path)?;
        match path.extension().is_some_and(|end| end == "gz" || end == "tgz") {
            true => MultiGzDecoder::new(file).read_to_end(&mut bytes),
            false => file.read_to_end(&mut bytes),
        }?;
        Ok(bytes)
    };
    read().map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("error: cannot read {}: {error}", path.display())
}

fn folder(
    path: &Path,
    prefix: &str,
    extension: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<(), std::io::Error> {
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{prefix}/{name}");
        if path.is_dir() {
            folder(&path, &name, extension, files)?;
        } else if let Some(name) = test_file(&name, extension) {
            files.insert(name.to_owned(), fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Reads the regular files of a tar archive; anything else is ignored.
fn archive(mut bytes: &[u8], extension: &str, files: &mut BTreeMap<String, String>) {
    while let Some((header, rest)) = bytes.split_at_checked(BLOCK) {
        let field = |from: usize, length: usize| {
            let bytes = header.get(from..from + length).unwrap_or_default();
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(length);
            String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
        };
        let size = usize::from_str_radix(field(124, 12).trim(), 8).unwrap_or_default();
        let name = format!("/{}/{}", field(345, 155), field(0, 100));
        if let (Some(name), Some(content)) = (test_file(&name, extension), rest.get(..size))
            && size > 0
        {
            files.insert(name.to_owned(), String::from_utf8_lossy(content).into_owned());
        }
        bytes = rest.get(size.div_ceil(BLOCK) * BLOCK..).unwrap_or_default();
    }
}

/// Returns the part of a path after the last folder `tests`, if it has this extension.
fn test_file<'a>(path: &'a str, extension: &str) -> Option<&'a str> {
    path.rsplit_once("/tests/").map(|(_, name)| name).filter(|name| name.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_archive_are_found() {
        let mut bytes = vec![0; BLOCK];
        bytes[..22].copy_from_slice(b"suite/tests/draft/a.js");
        bytes[22..24].copy_from_slice(b"on");
        bytes[124..135].copy_from_slice(b"00000000002");
        bytes.extend_from_slice(b"[]");
        bytes.resize(4 * BLOCK, 0);
        let mut files = BTreeMap::new();
        archive(&bytes, ".json", &mut files);
        assert_eq!(files, BTreeMap::from([("draft/a.json".to_owned(), "[]".to_owned())]));
    }
}
