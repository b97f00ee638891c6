//! `cargo check` of a generated crate: its time and memory, its dependencies built before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::root;

/// What checking a crate came to.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// Wall-clock time.
    pub(super) seconds: f64,
    /// The time of all processors together, which says more where others use them, too.
    pub(super) processor_seconds: f64,
    /// The greatest memory of any one process of it.
    pub(super) mebibytes: f64,
    /// What rustc says where it does not compile, or not without warnings.
    pub(super) failed: Option<String>,
}

/// Checks the crate in a directory, with warnings denied and incremental compilation off.
pub(super) fn check(directory: &Path) -> Result<Checked, String> {
    prepare(directory)?;
    // A crate of the same manifest without code: its dependencies are all that it is made of.
    let dependencies = super::workplace().join("dependencies");
    let manifest = directory.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| failed("read", &manifest, &error))?;
    write(&dependencies.join("Cargo.toml"), &text)?;
    write(&dependencies.join("src/lib.rs"), "//! Nothing.\n")?;
    prepare(&dependencies)?;
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

/// Gives a crate the versions that this workspace is locked to.
pub(super) fn prepare(directory: &Path) -> Result<(), String> {
    let lock = root().join("Cargo.lock");
    fs::copy(&lock, directory.join("Cargo.lock"))
        .map(drop)
        .map_err(|error| failed("copy", &lock, &error))
}

fn measure(directory: &Path) -> Result<Checked, String> {
    let mut command = Command::new("/usr/bin/time");
    crate::forget_cargo(&mut command);
    let output = command
        .args(["-f", "%e %U %S %M", "cargo", "check", "--quiet", "--all-features"])
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", super::workplace().join("check"))
        .env("RUSTFLAGS", "-Dwarnings")
        .current_dir(directory)
        .stdout(Stdio::null())
        .output()
        .map_err(|error| {
            format!("error: /usr/bin/time cannot be run ({error}); install the package `time`")
        })?;
    let text = String::from_utf8_lossy(&output.stderr);
    let (told, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    let numbers: Vec<f64> = last.split_whitespace().map_while(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [seconds, user, system, kibibytes] => Ok(Checked {
            seconds: *seconds,
            processor_seconds: user + system,
            mebibytes: kibibytes / 1024.0,
            failed: (!output.status.success()).then(|| told.to_owned()),
        }),
        _ => Err(format!("error: /usr/bin/time printed `{last}`")),
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| failed("create", parent, &error))?;
    fs::write(path, text).map_err(|error| failed("write", path, &error))
}

pub(super) fn failed(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("error: cannot {what} {}: {error}", path.display())
}
