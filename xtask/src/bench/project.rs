//! The crates that are measured.

use std::fs;
use std::path::{Path, PathBuf};

use crate::timed::{self, Cost, lock, write};
use crate::workspace::root;

/// Runs a Cargo command, which must succeed.
pub(super) fn measure(directory: &Path, arguments: &[&str]) -> Result<Cost, String> {
    let cost = timed::measure(&mut timed::cargo(directory, arguments))?;
    match &cost.failed {
        None => Ok(cost),
        Some(errors) => Err(format!(
            "error: `cargo {}` in {} failed:\n{errors}",
            arguments.join(" "),
            directory.display()
        )),
    }
}

/// Returns an empty directory for one comparison.
pub(super) fn directory(name: &str) -> Result<PathBuf, String> {
    let directory = root()?.join("target/compare").join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory)
            .map_err(|error| timed::failed("empty", &directory, &error))?;
    }
    Ok(directory)
}

/// Writes a small crate with the lock file of this workspace.
pub(super) fn write_crate(
    directory: &Path,
    manifest: &str,
    main: (&str, &str),
) -> Result<(), String> {
    write(&directory.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"))?;
    write(&directory.join(main.0), main.1)?;
    lock(directory)
}

/// Returns the median.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
