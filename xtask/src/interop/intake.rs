//! The intake as a program: built, started on a free port, and told to end.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::python::Python;
use super::{API_KEY, APP_KEY};
use crate::workspace::{cargo, root};

const PACKAGE: &str = "datadog-ci-intake";
/// How long it may take to end. Requests under way may take ten seconds, but there are none.
const PATIENCE: Duration = Duration::from_secs(8);
/// What sends the signal, which the standard library of Rust does not.
const TERMINATE: &str = "import os, signal, sys; os.kill(int(sys.argv[1]), signal.SIGTERM)";

/// An intake that runs until it is told to end, or, on the way out of a failure, is killed.
pub(super) struct Intake {
    program: Child,
    url: String,
    log: PathBuf,
}

impl Intake {
    /// Builds the program and starts it.
    pub(super) fn start() -> Result<Self, String> {
        let log = root()?.join("target/interop/intake.log");
        let written = File::create(&log).map_err(|error| failed("write its log", &error))?;
        let program = Command::new(build()?)
            .args(["--listen", "127.0.0.1:0", "--api-key", API_KEY, "--app-key", APP_KEY])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(written))
            .spawn()
            .map_err(|error| failed("be started", &error))?;
        let mut intake = Self { program, url: String::new(), log };
        let output = intake.program.stdout.take();
        intake.url = output.and_then(address).ok_or_else(|| {
            format!("error: the intake did not say its address; see {}", intake.log.display())
        })?;
        Ok(intake)
    }

    /// Its address.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Tells it to end, and says how many seconds that took.
    pub(super) fn end(mut self, python: &Python) -> Result<f64, String> {
        // A client that keeps its connection open must not keep it from ending.
        let address = self.url.trim_start_matches("http://");
        let _idle = TcpStream::connect(address).map_err(|error| failed("be reached", &error))?;
        let started = Instant::now();
        let told = python
            .command()
            .args(["-c", TERMINATE, &self.program.id().to_string()])
            .status()
            .map_err(|error| failed("be told to end", &error))?;
        if !told.success() {
            return Err(format!("it could not be told to end: {told}"));
        }
        match self.ended()? {
            Some(status) if status.success() => Ok(started.elapsed().as_secs_f64()),
            Some(status) => Err(format!("it ended with {status}; see {}", self.log.display())),
            None => Err(format!("it still runs {} s after SIGTERM", PATIENCE.as_secs())),
        }
    }

    /// How it has ended; none if it has not after a while.
    fn ended(&mut self) -> Result<Option<ExitStatus>, String> {
        let started = Instant::now();
        loop {
            let status =
                self.program.try_wait().map_err(|error| failed("be waited for", &error))?;
            if status.is_some() || started.elapsed() > PATIENCE {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        // Does nothing to a program that has ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Builds the program, and says where it is: beside this one, which cargo has built.
fn build() -> Result<PathBuf, String> {
    let status = cargo()?
        .args(["build", "--quiet", "--package", PACKAGE])
        .status()
        .map_err(|error| format!("error: cargo could not be run: {error}"))?;
    if !status.success() {
        return Err(format!("error: building {PACKAGE} ended with {status}"));
    }
    let own = std::env::current_exe().map_err(|error| failed("be found", &error))?;
    Ok(own.with_file_name(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX)))
}

/// The address that it prints when it is ready. What it prints then is read too, so that it
/// always can.
fn address(output: ChildStdout) -> Option<String> {
    let mut output = BufReader::new(output);
    let mut line = String::new();
    while output.read_line(&mut line).is_ok_and(|length| length > 0) {
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        if let Some(url) = url.map(str::to_owned) {
            thread::spawn(move || io::copy(&mut output, &mut io::sink()));
            return Some(url);
        }
        line.clear();
    }
    None
}

fn failed(what: &str, error: &io::Error) -> String {
    format!("error: the intake cannot {what}: {error}")
}
