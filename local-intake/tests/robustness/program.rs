//! The program under test: started, watched and killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::NamedTempFile;

/// A running program, which is killed when this value is dropped.
pub(crate) struct Program {
    pub(crate) child: Child,
    /// `host:port`.
    pub(crate) address: String,
    /// Its stderr.
    log: NamedTempFile,
}

impl Program {
    /// Starts the program with a data directory.
    pub(crate) fn durable(directory: &Path) -> Self {
        Self::start([OsStr::new("--data"), directory.as_os_str()])
    }

    /// Starts the program with further arguments.
    pub(crate) fn start<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datadog-ci-intake"));
        // On a busy machine, queries take longer than usual.
        command.args(["--listen", "127.0.0.1:0", "--any-age", "--query-timeout", "1m"]);
        command.args(arguments);
        Self::run(command).unwrap_or_else(|log| panic!("the program did not start: {log}"))
    }

    /// Starts the program by a command. Returns its stderr if it exits.
    pub(crate) fn run(mut command: Command) -> Result<Self, String> {
        let log = NamedTempFile::new().unwrap();
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(log.reopen().unwrap()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim().split_once("http://") else {
            child.wait().unwrap();
            return Err(fs::read_to_string(log.path()).unwrap());
        };
        let address = address.to_owned();
        // The rest of stdout must be read, or the program would block.
        std::thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
        Ok(Self { child, address, log })
    }

    /// Kills the program.
    pub(crate) fn kill(&mut self) {
        // On Unix this is SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Returns its peak memory usage in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// Asserts that the program is running and has not panicked.
    pub(crate) fn assert_healthy(&mut self) {
        let mut log = String::new();
        File::open(self.log.path()).unwrap().read_to_string(&mut log).unwrap();
        assert_eq!(self.child.try_wait().unwrap(), None, "the program has exited: {log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
