//! The workspace that a command works on, and Cargo run in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the root of the workspace, found at run time.
///
/// The path is not compiled in: with a shared target directory, or after the checkout was moved,
/// such a path belongs to an earlier build. Cargo sets `CARGO_MANIFEST_DIR` for the programs and
/// tests that it runs; without it the search starts at the current directory.
///
/// # Errors
/// Returns an error if no directory from there upwards is the root of a workspace.
pub fn root() -> Result<PathBuf, String> {
    let start = match env::var_os("CARGO_MANIFEST_DIR") {
        Some(package) => PathBuf::from(package),
        None => {
            env::current_dir().map_err(|error| format!("error: no current directory: {error}"))?
        }
    };
    find(&start)
        .map(Path::to_owned)
        .ok_or_else(|| format!("error: no workspace found in {} or its parents", start.display()))
}

/// Returns the nearest directory at or above `start` whose manifest has a `[workspace]` table.
fn find(start: &Path) -> Option<&Path> {
    start.ancestors().find(|directory| {
        fs::read_to_string(directory.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == "[workspace]"))
    })
}

/// Creates a Cargo command that runs in the root of the workspace, in a clean environment.
pub(crate) fn cargo() -> Result<Command, String> {
    let mut command = Command::new("cargo");
    command.current_dir(root()?);
    forget_cargo(&mut command);
    Ok(command)
}

/// Removes the variables that Cargo sets for this program from a command's environment.
///
/// They would change the fingerprints of some dependencies' build scripts, so that these, and
/// all that depends on them, would be rebuilt every time.
pub(crate) fn forget_cargo(command: &mut Command) {
    let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
        {
            command.env_remove(name);
        }
    }
}

/// Replaces this process by the command, so that Ctrl-C ends one process instead of two.
#[cfg(unix)]
pub(crate) fn replace_process(mut command: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt as _;

    let error = command.exec();
    Err(format!("error: cannot run cargo: {error}"))
}

/// Runs the command to its end; only Unix can replace a process.
#[cfg(not(unix))]
pub(crate) fn replace_process(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("error: the program exited with {status}")),
        Err(error) => Err(format!("error: cannot run cargo: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_nearest_workspace() {
        let root = root().unwrap();
        assert!(root.join("xtask/Cargo.toml").is_file());
        assert_eq!(find(&root.join("xtask/src/tidy")), Some(root.as_path()));
        assert_eq!(find(&root), Some(root.as_path()));
        assert_eq!(find(Path::new("/")), None);
    }
}
