//! The commands read the workspace that they run in, not the one that they were built in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What `generate --check` reads and compares.
const FOLDERS: [&str; 3] = ["spec", "generated-client/src/generated", "local-intake/src/generated"];

/// A workspace in a temporary directory, removed when dropped.
struct Moved(PathBuf);

impl Moved {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let root = xtask::root().unwrap();
        for folder in FOLDERS {
            copy(&root.join(folder), &directory.join(folder));
        }
        fs::write(directory.join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
        fs::create_dir_all(directory.join("xtask")).unwrap();
        Self(directory)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["generate", "--check"]).env_remove("CARGO_MANIFEST_DIR");
        command
    }

    /// Runs the command in a folder of this workspace.
    fn check_in(&self, folder: &str) -> Output {
        self.command().current_dir(self.0.join(folder)).output().unwrap()
    }

    /// Runs the command elsewhere, with the variable that `cargo run` sets.
    fn check_by_variable(&self) -> Output {
        let package = self.0.join("xtask");
        let mut command = self.command();
        command.current_dir(std::env::temp_dir()).env("CARGO_MANIFEST_DIR", package);
        command.output().unwrap()
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn generate_checks_the_workspace_it_runs_in() {
    let moved = Moved::new("moved");
    for output in [moved.check_in("."), moved.check_in("xtask"), moved.check_by_variable()] {
        assert!(output.status.success(), "{}", errors(&output));
    }
    let changed = moved.0.join("generated-client/src/generated/client.rs");
    fs::write(&changed, "// Changed in this workspace only.\n").unwrap();
    for output in [moved.check_in("."), moved.check_in("xtask"), moved.check_by_variable()] {
        assert!(!output.status.success());
        assert!(errors(&output).contains("client.rs"), "{}", errors(&output));
    }
}

#[test]
fn a_directory_outside_any_workspace_is_an_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["generate", "--check"]).env_remove("CARGO_MANIFEST_DIR");
    let output = command.current_dir("/").output().unwrap();
    assert!(!output.status.success());
    assert!(errors(&output).contains("no workspace found in /"), "{}", errors(&output));
}
