//! `cargo check` of a generated crate: its time and memory, with its dependencies already built.

use std::fs;
use std::path::Path;

use super::process;
use crate::timed::{self, Cost, failed, lock, write};

/// Checks the crate in a directory, with warnings denied and incremental compilation off.
pub(super) fn check(directory: &Path) -> Result<Cost, String> {
    lock(directory)?;
    // A crate with the same manifest and no code builds the dependencies.
    let dependencies = process::directory()?.join("dependencies");
    let manifest = directory.join("Cargo.toml");
    let contents =
        fs::read_to_string(&manifest).map_err(|error| failed("read", &manifest, &error))?;
    write(&dependencies.join("Cargo.toml"), &contents)?;
    write(&dependencies.join("src/lib.rs"), "//! Empty.\n")?;
    lock(&dependencies)?;
    let built = measure(&dependencies)?;
    if let Some(why) = built.failed {
        return Err(format!("error: the dependencies do not compile:\n{why}"));
    }
    // A new modification time makes Cargo check the crate again.
    let lib = directory.join("src/lib.rs");
    let contents = fs::read_to_string(&lib).map_err(|error| failed("read", &lib, &error))?;
    write(&lib, &contents)?;
    measure(directory)
}

fn measure(directory: &Path) -> Result<Cost, String> {
    let mut command = timed::cargo(directory, &["check", "--quiet", "--all-features"]);
    command.env("CARGO_TARGET_DIR", process::directory()?.join("check"));
    timed::measure(command.env("RUSTFLAGS", "-Dwarnings"))
}
