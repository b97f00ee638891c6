//! Starts the command and waits for it.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, Stdio};

use rustix::process::{Pid, WaitId, WaitIdOptions, WaitOptions, waitid, waitpid};

use super::program::Program;
use super::signals::Signals;
use super::stderr::Tail;
use crate::settings::Mask;
use crate::status::{ExitCode, is_stderr_closed};

/// `ENOEXEC`: a script without an interpreter.
const NO_INTERPRETER: i32 = 8;

/// `E2BIG`: the arguments and variables are too long.
const TOO_LONG: i32 = 7;

/// How a command has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, with an exit code.
    Exited(u8),
    /// By a signal.
    Signaled(i32),
    /// It was not found.
    NotFound(String),
    /// It was found and cannot be executed.
    NotExecutable(String),
}

impl Ended {
    fn new(code: Option<i32>, signal: Option<i32>) -> Self {
        match (code, signal) {
            (Some(code), _) => Self::Exited(u8::try_from(code).unwrap_or(255)),
            (None, Some(signal)) => Self::Signaled(signal),
            (None, None) => Self::Exited(255),
        }
    }

    fn failed(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound(error.to_string()),
            _ => Self::NotExecutable(error.to_string()),
        }
    }

    /// Returns the exit code, as a shell would.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Exited(code) => *code,
            Self::Signaled(signal) => u8::try_from(128 + signal).unwrap_or(255),
            Self::NotFound(_) => 127,
            Self::NotExecutable(_) => 126,
        }
    }

    /// Returns whether a signal that asks to end has probably ended it.
    pub(super) fn is_by_request(&self) -> bool {
        [129, 130, 131, 143].contains(&self.code())
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        self.code().into()
    }
}

/// A command that runs, or could not be started.
#[derive(Debug)]
pub(super) struct Running {
    child: Result<std::process::Child, io::Error>,
    tail: Option<Tail>,
}

/// Replaces this process with a command. Returns only if that has failed.
pub(super) fn replace_with(program: &Program) -> Ended {
    let mut error = program.complete(Command::new(program.program())).exec();
    if error.raw_os_error() == Some(NO_INTERPRETER) {
        error = program.complete_script(Command::new("/bin/sh")).exec();
    }
    Ended::failed(&error)
}

/// Waits for a command that this process has started.
pub(super) fn wait_for(number: u32) -> Ended {
    let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
    loop {
        match waitpid(pid, WaitOptions::empty()) {
            Ok(Some((_, status))) => {
                return Ended::new(status.exit_status(), status.terminating_signal());
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Ended::Exited(255),
        }
    }
}

/// Starts a command with more variables; `None` removes one.
pub(super) fn start(
    program: &Program,
    variables: &[(&'static str, Option<String>)],
    captures_stderr: bool,
    signals: &Signals,
) -> Running {
    let spawn = |variables: &[(&'static str, Option<String>)]| {
        let prepare = |mut command: Command| {
            for (name, value) in variables {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
            if captures_stderr && !is_stderr_closed() {
                command.stderr(Stdio::piped());
            }
            command
        };
        // Assignments of the user take precedence.
        let child = program.complete(prepare(Command::new(program.program()))).spawn();
        match child {
            Err(error) if error.raw_os_error() == Some(NO_INTERPRETER) => {
                program.complete_script(prepare(Command::new("/bin/sh"))).spawn()
            }
            child => child,
        }
    };
    let mut child = spawn(variables);
    if child.as_ref().is_err_and(|error| error.raw_os_error() == Some(TOO_LONG)) {
        // The command matters more than its parts.
        child = spawn(&[]);
    }
    let mut tail = None;
    if let Ok(child) = &mut child {
        signals.set_child(child.id());
        tail = child.stderr.take().map(Tail::of);
    }
    Running { child, tail }
}

impl Running {
    /// Returns the number of the process.
    pub(super) fn number(&self) -> Option<u32> {
        self.child.as_ref().ok().map(std::process::Child::id)
    }

    /// Waits until the command has ended.
    pub(super) fn wait(&mut self, signals: &Signals) -> Ended {
        let child = match &mut self.child {
            Ok(child) => child,
            Err(error) => return Ended::failed(error),
        };
        // As long as the command is not reaped, its number is its own and can be signaled.
        if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
        }
        signals.release();
        match child.wait() {
            Ok(status) => Ended::new(status.code(), status.signal()),
            Err(error) => Ended::failed(&error),
        }
    }

    /// Hands stderr, if it is captured, over to a process of its own if the command has left others that
    /// write to it.
    pub(super) fn hand_over_stderr(&mut self) {
        if let Some(tail) = &mut self.tail {
            tail.hand_over();
        }
    }

    /// Returns the end of stderr, if it is captured.
    pub(super) fn last_lines(&self, count: usize, mask: &Mask) -> Option<String> {
        self.tail.as_ref()?.lines(count, mask)
    }
}
