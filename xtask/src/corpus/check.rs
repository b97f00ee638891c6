//! `cargo check` of a generated crate: its time and memory, its dependencies built before.

use std::fs;
use std::path::Path;

use crate::timed::{self, Cost, failed, lock, write};

/// Checks the crate in a directory, with warnings denied and incremental compilation off.
pub(super) fn check(directory: &Path) -> Result<Cost, String> {
    lock(directory)?;
    // A crate of the same manifest without code: its dependencies are all that it is made of.
    let dependencies = super::workplace()?.join("dependencies");
    let manifest = directory.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| failed("read", &manifest, &error))?;
    write(&dependencies.join("Cargo.toml"), &text)?;
    write(&dependencies.join("src/lib.rs"), "//! Nothing.\n")?;
    lock(&dependencies)?;
    let built = measure(&dependencies)?;
    if let Some(why) = built.failed {
        return Err(format!("error: the dependencies do not compile:\n{why}"));
    }
    // What was checked before is checked again.
    let lib = directory.join("src/lib.rs");
    let text = fs::read_to_string(&lib).map_err(|error| failed("read", &lib, &error))?;
    write(&lib, &text)?;
    measure(directory)
}

fn measure(directory: &Path) -> Result<Cost, String> {
    let mut command = timed::cargo(directory, &["check", "--quiet", "--all-features"]);
    command.env("CARGO_TARGET_DIR", super::workplace()?.join("check"));
    timed::measure(command.env("RUSTFLAGS", "-Dwarnings"))
}
