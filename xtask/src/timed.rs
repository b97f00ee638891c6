//! Cargo commands, with the time and memory that they use.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace::{forget_cargo, root};

/// What a command used.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    /// Wall-clock time.
    pub(crate) seconds: f64,
    /// The time of all processors together, which is more reliable on a shared machine.
    pub(crate) processor_seconds: f64,
    /// The peak memory of the largest process.
    pub(crate) mebibytes: f64,
    /// The output of a command that failed.
    pub(crate) failed: Option<String>,
}

/// Creates a Cargo command under `/usr/bin/time`, which measures the memory of its children.
///
/// Incremental compilation is off, so that an earlier build does not change the result.
pub(crate) fn cargo(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("/usr/bin/time");
    forget_cargo(&mut command);
    command.args(["-f", "%e %U %S %M", "cargo"]).args(arguments).current_dir(directory);
    command.env("CARGO_INCREMENTAL", "0").env_remove("RUSTFLAGS").stdout(Stdio::null());
    command
}

/// Runs a command of [`cargo`] and measures it.
pub(crate) fn measure(command: &mut Command) -> Result<Cost, String> {
    let output = command.output().map_err(|error| {
        format!("error: cannot run /usr/bin/time ({error}); install the package `time`")
    })?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let errors = errors.trim_end();
    let (errors, last) = errors.rsplit_once('\n').unwrap_or(("", errors));
    let numbers: Vec<f64> = last.split_whitespace().map_while(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [seconds, user, system, kibibytes] => Ok(Cost {
            seconds: *seconds,
            processor_seconds: user + system,
            mebibytes: kibibytes / 1024.0,
            failed: (!output.status.success()).then(|| errors.to_owned()),
        }),
        _ => Err(format!("error: unexpected output of /usr/bin/time: `{last}`")),
    }
}

/// Writes a file and creates its parent folders.
pub(crate) fn write(path: &Path, contents: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| failed("create", parent, &error))?;
    fs::write(path, contents).map_err(|error| failed("write", path, &error))
}

/// Copies the lock file of this workspace to a crate.
pub(crate) fn lock(directory: &Path) -> Result<(), String> {
    let lock = root()?.join("Cargo.lock");
    fs::copy(&lock, directory.join("Cargo.lock"))
        .map(drop)
        .map_err(|error| failed("copy", &lock, &error))
}

/// Returns the message for a failed file operation.
pub(crate) fn failed(operation: &str, path: &Path, error: &std::io::Error) -> String {
    format!("error: cannot {operation} {}: {error}", path.display())
}
