//! The installed intake as a program, on a free port of the loopback interface.

use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// A running intake. Dropping it ends the program.
pub(super) struct Service {
    program: Child,
    pub(super) url: String,
}

impl Service {
    /// Starts the program, and waits until it prints its address.
    pub(super) fn start(program: &Path) -> Result<Self, String> {
        let failed = |error: io::Error| format!("error: cannot run {}: {error}", program.display());
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let output = child.stdout.take();
        let mut service = Self { program: child, url: String::new() };
        let mut lines = BufReader::new(output.ok_or("error: the intake has no output")?);
        let mut line = String::new();
        while service.url.is_empty() {
            line.clear();
            if lines.read_line(&mut line).map_err(failed)? == 0 {
                return Err("error: the intake did not print its address".to_owned());
            }
            let url = line.split_whitespace().find(|word| word.starts_with("http://"));
            service.url = url.unwrap_or_default().to_owned();
        }
        // What it prints later is dropped, so that the pipe never fills.
        thread::spawn(move || io::copy(&mut lines, &mut io::sink()));
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Has no effect on a program that has exited.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
