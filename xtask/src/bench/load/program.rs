//! The running intake.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::timed::failed;
use crate::workspace::{cargo, root};

const PACKAGE: &str = "datadog-ci-intake";

/// A running intake. It is killed when this is dropped.
pub(in crate::bench) struct Program {
    child: Child,
    address: String,
}

impl Program {
    /// Starts a program, by default a release build of the workspace, without events.
    pub(in crate::bench) fn start(
        program: Option<&Path>,
        is_durable: bool,
    ) -> Result<Self, String> {
        let program = program.map_or_else(|| build(PACKAGE), |program| Ok(program.to_owned()))?;
        let mut command = Command::new(&program);
        command.args(["--listen", "127.0.0.1:0", "--any-age"]).env("RUST_LOG", "warn");
        if is_durable {
            let directory = root()?.join("target/compare/load");
            if directory.exists() {
                fs::remove_dir_all(&directory)
                    .map_err(|error| failed("empty", &directory, &error))?;
            }
            command.arg("--data").arg(directory);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed("start", &program, &error))?;
        let output = child.stdout.take().map(BufReader::new);
        let mut started = Self { child, address: String::new() };
        for line in output.into_iter().flat_map(BufReader::lines).map_while(Result::ok) {
            if let Some((_, address)) = line.split_once("http://") {
                started.address = address.trim().to_owned();
                return Ok(started);
            }
        }
        Err(format!("error: {} did not print its address", program.display()))
    }

    pub(in crate::bench) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Has no effect on a program that has exited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the program of a package in release mode, and returns its path.
pub(in crate::bench) fn build(package: &str) -> Result<PathBuf, String> {
    let status = cargo()?
        .args(["build", "--release", "--quiet", "--package", package])
        .status()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !status.success() {
        return Err(format!("error: building {package} exited with {status}"));
    }
    let name = format!("{package}{}", std::env::consts::EXE_SUFFIX);
    Ok(root()?.join("target/release").join(name))
}
