//! Why a command fails, its exit code, and the process.
//!
//! | module | responsibility |
//! |---|---|
//! | `runtime` | what the runtime of Rust does otherwise |

#[cfg(unix)]
mod runtime;

use std::fmt;
use std::io::{self, Write as _};

#[cfg(unix)]
pub(crate) use runtime::{is_stderr_closed, run_without_runtime};

/// Why a command of the program itself failed. A command that was wrapped has its own exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Empty if nothing is printed.
    message: String,
    code: u8,
}

impl Failure {
    /// Creates a failure from a message: what happened, and how to fix it. The exit code
    /// is 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// Sets the exit code.
    #[must_use]
    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// Creates a failure from an error of writing to stdout. If the reader has closed it, as `head`
    /// does, the program ends with success and prints nothing.
    pub(crate) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { message: String::new(), code: 0 },
            _ => Self::new(format!("cannot write to stdout: {error}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The exit code of the program. That of the standard library cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ExitCode(u8);

impl ExitCode {
    pub(crate) const SUCCESS: Self = Self(0);
    pub(crate) const FAILURE: Self = Self(1);

    /// Returns the number.
    pub(crate) fn code(self) -> u8 {
        self.0
    }
}

impl From<u8> for ExitCode {
    fn from(code: u8) -> Self {
        Self(code)
    }
}

/// Prints a failure to stderr, and returns the exit code.
pub(crate) fn exit(result: Result<ExitCode, Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(failure) => {
            if !failure.message.is_empty() {
                // A closed stderr must not cause a panic.
                let _ = writeln!(io::stderr(), "ci-report: {failure}");
            }
            ExitCode::from(failure.code)
        }
    }
}

/// Makes writes beyond a limit on the size of files fail, instead of ending the process.
pub(crate) fn survive_size_limits() {
    #[cfg(unix)]
    {
        let number = rustix::process::Signal::XFSZ.as_raw();
        let _ = signal_hook::flag::register(number, std::sync::Arc::default());
    }
}
