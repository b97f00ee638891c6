//! Why a command fails, and its exit code.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

/// Why a command of the program itself failed. A command that was wrapped has its own exit code.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Creates a failure from a message that says what happened and how to fix it.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Prints a failure to stderr, and returns the exit code.
pub(crate) fn exit(result: Result<ExitCode, Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(failure) => {
            // A closed stderr is no reason to panic.
            let _ = writeln!(std::io::stderr(), "ci-report: {failure}");
            ExitCode::FAILURE
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
