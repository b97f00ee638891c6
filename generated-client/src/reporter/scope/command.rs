//! Commands that are run as a scope.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::level::Level;
use super::scope::Scope;

/// How much of stderr becomes part of the error, in bytes.
const MAX_STDERR: usize = 4000;

/// How long to wait for the end of stderr after the command has ended. A process that it has started
/// may keep it open.
const STDERR_TIMEOUT: Duration = Duration::from_millis(300);

impl<L: Level<Finished = ()>> Scope<L> {
    /// Adds the end of stderr, at most 4000 bytes, to the error if a command of [`run`](Self::run) or
    /// [`run_async`](Self::run_async) fails.
    ///
    /// The command then writes to a pipe, which is copied to stderr, so it may print without colors.
    /// What it prints is stored by the service: use it only if it prints no secrets.
    ///
    /// ```no_run
    /// # fn example(job: datadog_ci_pipelines::reporter::Scope<datadog_ci_pipelines::models::Job>)
    /// # -> std::io::Result<()> {
    /// let step = job.step("unit tests").start().stderr_as_error();
    /// let status = step.run(std::process::Command::new("cargo").arg("test"))?;
    /// # drop(status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stderr_as_error(mut self) -> Self {
        self.keeps_stderr = true;
        self
    }

    /// Runs a command, waits for it, and ends the scope with its exit status. A command that fails
    /// returns its status, not an error.
    ///
    /// # Errors
    /// Returns an error if the command cannot be started.
    #[doc(alias = "spawn")]
    pub fn run(self, command: &mut Command) -> io::Result<ExitStatus> {
        let ended = Running::start(command, self.keeps_stderr).and_then(Running::wait);
        self.ran(ended)
    }

    /// Runs a command as [`run`](Self::run) does, without blocking the runtime. A thread waits for the
    /// command, so any runtime will do.
    ///
    /// If the future is dropped, the scope is reported as dropped, and the command continues.
    ///
    /// # Errors
    /// Returns an error if the command cannot be started.
    pub async fn run_async(self, command: &mut Command) -> io::Result<ExitStatus> {
        let ended = match Running::start(command, self.keeps_stderr) {
            Ok(running) => running.wait_async().await,
            Err(error) => Err(error),
        };
        self.ran(ended)
    }

    fn ran(self, ended: io::Result<Ended>) -> io::Result<ExitStatus> {
        match ended {
            Ok(Ended { status, .. }) if status.success() => {
                self.success();
                Ok(status)
            }
            Ok(Ended { status, stderr }) if stderr.is_empty() => {
                self.failed(status);
                Ok(status)
            }
            Ok(Ended { status, stderr }) => {
                self.failed(format!("{status}\n{stderr}"));
                Ok(status)
            }
            Err(error) => {
                self.failed(&error);
                Err(error)
            }
        }
    }
}

/// A command that has started.
struct Running {
    child: Child,
    stderr: Option<Copying>,
}

/// A command that has ended.
struct Ended {
    status: ExitStatus,
    /// The end of stderr, if it was asked for.
    stderr: String,
}

impl Running {
    fn start(command: &mut Command, keeps_stderr: bool) -> io::Result<Self> {
        if keeps_stderr {
            command.stderr(Stdio::piped());
        }
        let mut child = command.spawn().map_err(|error| {
            let program = command.get_program().to_string_lossy();
            io::Error::new(error.kind(), format!("cannot run `{program}`: {error}"))
        })?;
        let pipe = child.stderr.take().filter(|_| keeps_stderr);
        let stderr = pipe.map(Copying::start).transpose()?;
        Ok(Self { child, stderr })
    }

    fn wait(mut self) -> io::Result<Ended> {
        let status = self.child.wait()?;
        Ok(Ended { status, stderr: self.stderr.map(Copying::end).unwrap_or_default() })
    }

    async fn wait_async(self) -> io::Result<Ended> {
        let (ended, end) = oneshot::channel();
        thread::Builder::new().name("ci-command".to_owned()).spawn(move || {
            // The receiver may have been dropped.
            let _ = ended.send(self.wait());
        })?;
        end.await.map_err(io::Error::other)?
    }
}

/// Copies the stderr of a command to that of this process, and keeps its end.
struct Copying {
    kept: Arc<Mutex<Vec<u8>>>,
    is_over: Receiver<()>,
}

impl Copying {
    fn start(mut pipe: ChildStderr) -> io::Result<Self> {
        let kept: Arc<Mutex<Vec<u8>>> = Arc::default();
        let (over, is_over) = mpsc::sync_channel::<()>(1);
        let end = Arc::clone(&kept);
        thread::Builder::new().name("ci-stderr".to_owned()).spawn(move || {
            let _over = over;
            let mut buffer = [0; 8192];
            while let Ok(size @ 1..) = pipe.read(&mut buffer) {
                // The output of the command goes on even if it cannot be shown.
                let _ = io::stderr().write_all(&buffer[..size]);
                let mut end = end.lock().unwrap_or_else(PoisonError::into_inner);
                end.extend(&buffer[..size]);
                let surplus = end.len().saturating_sub(MAX_STDERR);
                end.drain(..surplus);
            }
        })?;
        Ok(Self { kept, is_over })
    }

    /// Returns the end of stderr. A character that was cut is omitted.
    fn end(self) -> String {
        // An error means that the pipe was closed.
        let _ = self.is_over.recv_timeout(STDERR_TIMEOUT);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let start = kept.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count();
        String::from_utf8_lossy(&kept[start..]).trim().to_owned()
    }
}
