//! Reads a file or stdin.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::drawing::visible;
use crate::status::Failure;

/// The largest file, in bytes.
const LIMIT: u64 = 512 << 20;

/// Returns what a file is called in messages.
pub(super) fn name(path: &Path) -> String {
    match path.to_str() {
        Some("-") => "stdin".to_owned(),
        _ => visible(&path.to_string_lossy()).into_owned(),
    }
}

/// Reads a file, or stdin if the path is `-`, without a byte order mark.
///
/// # Errors
/// Returns an error if it cannot be read, is not UTF-8, or is larger than 512 MiB.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let name = name(path);
    let bytes = if path == Path::new("-") { limited(io::stdin()) } else { open(path) };
    let bytes = bytes.map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    let input = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!(
            "{name}, line {line}: not UTF-8; convert it, for example with `iconv`"
        ))
    })?;
    Ok(match input.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => input,
    })
}

fn open(path: &Path) -> io::Result<Vec<u8>> {
    limited(File::open(path)?)
}

fn limited(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let count = input.take(LIMIT + 1).read_to_end(&mut bytes)?;
    match u64::try_from(count) {
        Ok(count) if count <= LIMIT => Ok(bytes),
        _ => Err(io::Error::other("larger than 512 MiB; split it")),
    }
}
