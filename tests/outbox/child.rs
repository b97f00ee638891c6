//! Starts the helper process (`process.rs`) and reads its lines.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

const PROGRAM: &str = env!("CARGO_BIN_EXE_outbox-process");

/// A running process. It is killed when this value is dropped.
pub(crate) struct Process {
    child: Child,
    receiver: Receiver<String>,
    lines: Vec<String>,
}

impl Process {
    /// Starts a process that enqueues `count` jobs in each of 16 tasks, or jobs without end.
    pub(crate) fn start(directory: &Path, url: &str, prefix: &str, count: Option<usize>) -> Self {
        Self::run(Command::new(PROGRAM), directory, url, prefix, count)
    }

    /// Starts a process whose files may have at most `kibibytes` KiB. The shell sets the limit
    /// without unsafe code, and lets writes fail instead of ending the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn start_limited(
        directory: &Path,
        url: &str,
        prefix: &str,
        count: usize,
        kibibytes: usize,
    ) -> Self {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kibibytes * 2);
        command.args(["-c", &script, PROGRAM]);
        Self::run(command, directory, url, prefix, Some(count))
    }

    fn run(
        mut command: Command,
        directory: &Path,
        url: &str,
        prefix: &str,
        count: Option<usize>,
    ) -> Self {
        command.arg(directory).args([url, prefix]).args(count.map(|count| count.to_string()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                // The receiver may be gone.
                let _ = sender.send(line);
            }
        });
        Self { child, receiver, lines: Vec::new() }
    }

    /// Waits until the process has printed `count` lines.
    pub(crate) fn wait(&mut self, count: usize) {
        let missing = count.saturating_sub(self.lines.len());
        self.lines.extend(self.receiver.iter().take(missing));
    }

    /// Kills the process, and returns the lines that it has printed.
    pub(crate) fn kill(mut self) -> Vec<String> {
        // On Unix this is SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.wait(usize::MAX);
        std::mem::take(&mut self.lines)
    }

    /// Lets the process end normally, and returns the lines that it has printed.
    pub(crate) fn end(mut self) -> Vec<String> {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
        self.wait(usize::MAX);
        std::mem::take(&mut self.lines)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
