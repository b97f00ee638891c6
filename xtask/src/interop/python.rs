//! A Python of its own, with the client that `tests/interop/requirements.txt` names.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::Obstacle;
use crate::workspace::root;

/// What asks for a module that not every Python has, and for a version that the client runs on.
const PROBE: &str = "import sys, venv; sys.exit(sys.version_info < (3, 9))";

/// What pip prints where it could not reach an index, or none that has the client at all; but not
/// where an index lacks the version.
const UNREACHABLE: [&str; 3] = ["Retrying (Retry(", "Could not fetch URL", "(from versions: none)"];

/// A Python that has the client.
pub(super) struct Python {
    program: PathBuf,
}

impl Python {
    /// The virtual environment in `target/interop/venv`: that of the last time if it has what
    /// the requirements name, else a new one.
    pub(super) fn with_client() -> Result<Self, Obstacle> {
        if !cfg!(unix) {
            return Err(Obstacle::Machine("a program is told to end by a signal of Unix".into()));
        }
        let requirements = directory().map_err(Obstacle::Failure)?.join("requirements.txt");
        let wanted = fs::read_to_string(&requirements)
            .map_err(|error| failure(format!("cannot read {}: {error}", requirements.display())))?;
        let directory = root().map_err(Obstacle::Failure)?.join("target/interop/venv");
        let python = Self { program: directory.join("bin/python") };
        // Written last, so that it is not there if a run was interrupted.
        let stamp = directory.join("installed.txt");
        let is_there = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
        if is_there && python.can("import datadog_api_client") {
            return Ok(python);
        }
        python.create(&directory)?;
        python.install(&requirements)?;
        fs::write(&stamp, wanted)
            .map_err(|error| failure(format!("cannot write {}: {error}", stamp.display())))?;
        Ok(python)
    }

    /// A command that runs this Python. It leaves no files beside the scripts.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-B").env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command
    }

    fn can(&self, script: &str) -> bool {
        self.command().args(["-c", script]).output().is_ok_and(|output| output.status.success())
    }

    fn create(&self, directory: &Path) -> Result<(), Obstacle> {
        let system = Self { program: PathBuf::from("python3") };
        if !system.can("") {
            return Err(Obstacle::Machine("there is no `python3`".to_owned()));
        }
        if !system.can(PROBE) {
            return Err(Obstacle::Machine("`python3` is older than 3.9, or has no venv".into()));
        }
        println!("making a virtual environment in {}", directory.display());
        let arguments = ["-m".as_ref(), "venv".as_ref(), "--clear".as_ref(), directory.as_os_str()];
        let output = output(system.command().args(arguments))?;
        if output.status.success() {
            return Ok(());
        }
        let said = said(&output);
        // Where Python is packaged in parts, its module is there and says which part is not.
        if said.contains("ensurepip") {
            return Err(Obstacle::Machine("`python3` has no pip for virtual environments".into()));
        }
        Err(failure(format!("`python3 -m venv` ended with {}:\n{said}", output.status)))
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
        let said = said(&output);
        if UNREACHABLE.iter().any(|text| said.contains(text)) {
            return Err(Obstacle::Machine(
                "pip cannot reach an index that has the client".to_owned(),
            ));
        }
        Err(failure(format!("pip ended with {}:\n{said}", output.status)))
    }
}

/// Where the scripts are.
pub(super) fn directory() -> Result<PathBuf, String> {
    Ok(root()?.join("tests/interop"))
}

fn output(command: &mut Command) -> Result<Output, Obstacle> {
    command.output().map_err(|error| failure(format!("{command:?} could not be run: {error}")))
}

fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    both.concat().trim().to_owned()
}

fn failure(text: String) -> Obstacle {
    Obstacle::Failure(format!("error: {text}"))
}
