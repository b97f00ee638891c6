//! Commands of Cargo with what they take: time, and the memory of the compilers they start.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace::{forget_cargo, root};

/// What a command took.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    /// Wall-clock time.
    pub(crate) seconds: f64,
    /// The time of all processors together, which says more where others use them, too.
    pub(crate) processor_seconds: f64,
    /// The greatest memory of any one process of it.
    pub(crate) mebibytes: f64,
    /// What it says where it fails.
    pub(crate) failed: Option<String>,
}

/// Cargo under `/usr/bin/time`, which knows the memory of its children, without incremental
/// compilation, which would tell of the time before.
pub(crate) fn cargo(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("/usr/bin/time");
    forget_cargo(&mut command);
    command.args(["-f", "%e %U %S %M", "cargo"]).args(arguments).current_dir(directory);
    command.env("CARGO_INCREMENTAL", "0").env_remove("RUSTFLAGS").stdout(Stdio::null());
    command
}

/// Runs a command of [`cargo`] to its end.
pub(crate) fn measure(command: &mut Command) -> Result<Cost, String> {
    let output = command.output().map_err(|error| {
        format!("error: /usr/bin/time cannot be run ({error}); install the package `time`")
    })?;
    let text = String::from_utf8_lossy(&output.stderr);
    let (told, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    let numbers: Vec<f64> = last.split_whitespace().map_while(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [seconds, user, system, kibibytes] => Ok(Cost {
            seconds: *seconds,
            processor_seconds: user + system,
            mebibytes: kibibytes / 1024.0,
            failed: (!output.status.success()).then(|| told.to_owned()),
        }),
        _ => Err(format!("error: /usr/bin/time printed `{last}`")),
    }
}

/// Writes a file, with the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| failed("create", parent, &error))?;
    fs::write(path, text).map_err(|error| failed("write", path, &error))
}

/// Gives a crate the versions that this workspace is locked to.
pub(crate) fn lock(directory: &Path) -> Result<(), String> {
    let lock = root()?.join("Cargo.lock");
    fs::copy(&lock, directory.join("Cargo.lock"))
        .map(drop)
        .map_err(|error| failed("copy", &lock, &error))
}

/// What could not be done with a file.
pub(crate) fn failed(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("error: cannot {what} {}: {error}", path.display())
}
