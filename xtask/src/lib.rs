//! The commands of this workspace.

pub mod bench;
pub mod ci;
pub mod corpus;
pub mod demo;
pub mod generate;
pub mod interop;
mod timed;

pub use specwright::files;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Cargo, as if it had been started by hand in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root());
    forget_cargo(&mut command);
    command
}

/// Takes what cargo tells this program about itself out of a command's environment.
///
/// It would be news to the build scripts of some dependencies: they, and all that depends on
/// them, would be built again every time.
pub(crate) fn forget_cargo(command: &mut Command) {
    let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| told.iter().any(|prefix| name.starts_with(prefix))) {
            command.env_remove(name);
        }
    }
}

/// On Unix the program takes the place of this process, so that Ctrl-C ends one program, not two.
#[cfg(unix)]
fn become_it(mut command: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt as _;

    let error = command.exec();
    Err(format!("error: cargo could not be run: {error}"))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("error: the program ended with {status}")),
        Err(error) => Err(format!("error: cargo could not be run: {error}")),
    }
}
