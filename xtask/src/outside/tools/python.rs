//! Virtual environments of Python.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::Obstacle;
use crate::workspace::root;

/// Checks the version that the packages require, and a module that some distributions omit.
const PROBE: &str = "import sys, venv; sys.exit(sys.version_info < (3, 10))";

/// What pip prints if no index can be reached or none has the client. It prints none of these if
/// an index only lacks the version.
const UNREACHABLE: [&str; 3] = ["Retrying (Retry(", "Could not fetch URL", "(from versions: none)"];

/// A Python interpreter with installed packages.
pub(in super::super) struct Python {
    program: PathBuf,
}

impl Python {
    /// Returns a virtual environment in a folder of `target`. It is created again if it does not
    /// have what the requirements name. Both paths are relative to the workspace.
    pub(in super::super) fn with(requirements: &str, folder: &str) -> Result<Self, Obstacle> {
        if !cfg!(unix) {
            return Err(Obstacle::Machine("SIGTERM exists only on Unix".into()));
        }
        let root = root()?;
        let requirements = root.join(requirements);
        let wanted = fs::read_to_string(&requirements).map_err(|error| {
            Obstacle::failure(format!("cannot read {}: {error}", requirements.display()))
        })?;
        let directory = root.join(folder);
        let python = Self { program: directory.join("bin/python") };
        // Written last, so that it is absent after an interrupted run.
        let stamp = directory.join("installed.txt");
        let is_installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
        if is_installed && python.can("") {
            return Ok(python);
        }
        python.create(&directory)?;
        python.install(&requirements)?;
        fs::write(&stamp, wanted).map_err(|error| {
            Obstacle::failure(format!("cannot write {}: {error}", stamp.display()))
        })?;
        Ok(python)
    }

    /// Creates a command that runs this interpreter without writing bytecode files.
    pub(in super::super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-B").env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command
    }

    /// Creates a command that runs a program that a package has installed.
    pub(in super::super) fn program(&self, name: &str) -> Command {
        Command::new(self.program.with_file_name(name))
    }

    fn can(&self, script: &str) -> bool {
        self.command().args(["-c", script]).output().is_ok_and(|output| output.status.success())
    }

    fn create(&self, directory: &Path) -> Result<(), Obstacle> {
        let system = Self { program: PathBuf::from("python3") };
        if !system.can("") {
            return Err(Obstacle::Machine("`python3` is not installed".to_owned()));
        }
        if !system.can(PROBE) {
            return Err(Obstacle::Machine(
                "`python3` is older than 3.10 or has no venv module".into(),
            ));
        }
        println!("creating a virtual environment in {}", directory.display());
        let arguments = ["-m".as_ref(), "venv".as_ref(), "--clear".as_ref(), directory.as_os_str()];
        let output = output(system.command().args(arguments))?;
        if output.status.success() {
            return Ok(());
        }
        let printed = printed(&output);
        // Debian has `venv` without pip; it prints which package is missing.
        if printed.contains("ensurepip") {
            return Err(Obstacle::Machine("`python3` has no pip for virtual environments".into()));
        }
        Err(Obstacle::failure(format!(
            "`python3 -m venv` exited with {}:\n{printed}",
            output.status
        )))
    }

    fn install(&self, requirements: &Path) -> Result<(), Obstacle> {
        let arguments: [&OsStr; 10] = [
            "-m".as_ref(),
            "pip".as_ref(),
            "install".as_ref(),
            "--quiet".as_ref(),
            "--disable-pip-version-check".as_ref(),
            "--no-input".as_ref(),
            "--retries=2".as_ref(),
            "--timeout=10".as_ref(),
            "--requirement".as_ref(),
            requirements.as_os_str(),
        ];
        let output = output(self.command().args(arguments))?;
        if output.status.success() {
            return Ok(());
        }
        let printed = printed(&output);
        if UNREACHABLE.iter().any(|message| printed.contains(message)) {
            return Err(Obstacle::Machine(
                "pip cannot reach an index that has the packages".to_owned(),
            ));
        }
        Err(Obstacle::failure(format!("pip exited with {}:\n{printed}", output.status)))
    }
}

fn output(command: &mut Command) -> Result<Output, Obstacle> {
    command.output().map_err(|error| Obstacle::failure(format!("cannot run {command:?}: {error}")))
}

fn printed(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|stream| String::from_utf8_lossy(stream));
    both.concat().trim().to_owned()
}
