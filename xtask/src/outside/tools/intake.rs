//! The intake as a program: built, started on a free port, and stopped by a signal.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::python::Python;
use crate::workspace::{cargo, root};

/// The credentials that the intake requires. It runs for minutes, on this machine only.
pub(in super::super) const API_KEY: &str = "interop-api-key";
pub(in super::super) const APP_KEY: &str = "interop-application-key";

const PACKAGE: &str = "datadog-ci-intake";
/// How long it may take to stop. Requests in flight may take ten seconds, but there are none.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Sends the signal, which Rust's standard library cannot.
const TERMINATE: &str = "import os, signal, sys; os.kill(int(sys.argv[1]), signal.SIGTERM)";

/// A running intake. Dropping it kills the program.
pub(in super::super) struct Intake {
    program: Child,
    url: String,
    log: PathBuf,
}

impl Intake {
    /// The options that require these credentials.
    pub(in super::super) const PINNED: [&str; 4] = ["--api-key", API_KEY, "--app-key", APP_KEY];

    /// Builds the program and starts it with some options. Its log is in `target`.
    pub(in super::super) fn start(name: &str, options: &[&str]) -> Result<Self, String> {
        let log = root()?.join(format!("target/intake-{name}.log"));
        let written = File::create(&log).map_err(|error| failed("write its log", &error))?;
        let program = Command::new(build()?)
            .args(["--listen", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(written))
            .spawn()
            .map_err(|error| failed("be started", &error))?;
        let mut intake = Self { program, url: String::new(), log };
        let output = intake.program.stdout.take();
        intake.url = output.and_then(address).ok_or_else(|| {
            format!("error: the intake did not print its address; see {}", intake.log.display())
        })?;
        Ok(intake)
    }

    /// Returns its address.
    pub(in super::super) fn url(&self) -> &str {
        &self.url
    }

    /// Sends SIGTERM and returns how many seconds the intake took to stop.
    pub(in super::super) fn terminate(mut self, python: &Python) -> Result<f64, String> {
        // An idle connection must not prevent the shutdown.
        let address = self.url.trim_start_matches("http://");
        let _idle = TcpStream::connect(address).map_err(|error| failed("be reached", &error))?;
        let started = Instant::now();
        let signalled = python
            .command()
            .args(["-c", TERMINATE, &self.program.id().to_string()])
            .status()
            .map_err(|error| failed("be signalled", &error))?;
        if !signalled.success() {
            return Err(format!("SIGTERM could not be sent: {signalled}"));
        }
        match self.exited()? {
            Some(status) if status.success() => Ok(started.elapsed().as_secs_f64()),
            Some(status) => Err(format!("it exited with {status}; see {}", self.log.display())),
            None => Err(format!("it still runs {} s after SIGTERM", TIMEOUT.as_secs())),
        }
    }

    /// Returns the exit status, or none after a timeout.
    fn exited(&mut self) -> Result<Option<ExitStatus>, String> {
        let started = Instant::now();
        loop {
            let status =
                self.program.try_wait().map_err(|error| failed("be waited for", &error))?;
            if status.is_some() || started.elapsed() > TIMEOUT {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        // Has no effect on a program that has exited.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Builds the program and returns its path, next to this one.
fn build() -> Result<PathBuf, String> {
    let status = cargo()?
        .args(["build", "--quiet", "--package", PACKAGE])
        .status()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !status.success() {
        return Err(format!("error: building {PACKAGE} exited with {status}"));
    }
    let own = std::env::current_exe().map_err(|error| failed("be found", &error))?;
    Ok(own.with_file_name(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX)))
}

/// Returns the address that it prints when it is ready. Later output is read and dropped, so
/// that the pipe never fills.
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
