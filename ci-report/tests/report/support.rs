//! Shared helpers.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use datadog_ci_intake::{LocalIntake, StoredEvent};
use serde_json::Value;
use tokio::runtime::Runtime;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ci-report");

/// An intake, and a directory for everything that the program stores.
pub(crate) struct World {
    runtime: Runtime,
    pub(crate) intake: LocalIntake,
    pub(crate) directory: PathBuf,
}

impl World {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let runtime = Runtime::new().unwrap();
        let intake = runtime.block_on(LocalIntake::start()).unwrap();
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ci-report-test-{}-{next}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("tmp")).unwrap();
        Self { runtime, intake, directory }
    }

    /// Returns a command with the variables that the program needs and no others.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let programs = Path::new(PROGRAM).parent().unwrap().display();
        command
            .env_clear()
            .env("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", &self.directory)
            .env("TMPDIR", self.directory.join("tmp"))
            .env("DD_API_KEY", "an-api-key")
            .env("DD_URL", self.intake.url())
            .current_dir(&self.directory)
            .stdin(Stdio::null());
        command
    }

    /// Returns the program with arguments.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(PROGRAM);
        command.args(arguments);
        command
    }

    /// Runs a script with `sh`, which must succeed.
    pub(crate) fn script(&self, script: &str) -> String {
        let output = self.command("sh").args(["-euc", script]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{script}: {:?}: {stderr}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Delivers what waits.
    pub(crate) fn flush(&self) {
        let output = self.program(&["flush", "--deadline", "20s", "--strict"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Delivers what waits, and returns all events.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.flush();
        self.intake.events().into_iter().map(Event).collect()
    }

    /// Returns the only event with this level and name, after delivery.
    pub(crate) fn event(&self, level: &str, name: &str) -> Event {
        let mut found = self.events();
        found.retain(|event| event.level() == level && event.name() == name);
        assert_eq!(found.len(), 1, "{level} {name}");
        found.remove(0)
    }

    /// Returns the status of the program, as JSON.
    pub(crate) fn status(&self) -> Value {
        let output = self.program(&["status", "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
        // The intake stops inside of its runtime.
        let _guard = self.runtime.enter();
    }
}

/// An event that the intake has received.
#[derive(Debug)]
pub(crate) struct Event(pub(crate) StoredEvent);

impl Event {
    pub(crate) fn level(&self) -> &str {
        self.0.level.name()
    }

    pub(crate) fn name(&self) -> String {
        self.attribute(&format!("ci.{}.name", self.level()))
    }

    pub(crate) fn status(&self) -> String {
        self.attribute("ci.status")
    }

    /// Returns an attribute by its path, as a string.
    pub(crate) fn attribute(&self, path: &str) -> String {
        let mut parts = path.split('.');
        let first = parts.next().and_then(|part| self.0.attributes.get(part));
        let found = parts.fold(first, |value, part| value.and_then(|value| value.get(part)));
        match found {
            None => String::new(),
            Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        }
    }

    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.0.tags.iter().any(|known| known == tag)
    }
}

/// Returns the exit code as a shell reports it.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap())
}

/// Runs a command with input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // The command may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Returns the URL of a service that is down.
pub(crate) fn unreachable() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Returns whether this process ignores a signal, and so all programs that it starts: with `nohup`, or
/// in the background of a script. Then nothing can be tested with this signal, and a message is printed.
pub(crate) fn is_ignored(signal: rustix::process::Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let is_ignored = mask & (1 << (signal.as_raw() - 1)) != 0;
    if is_ignored {
        eprintln!("skipped: {signal:?}, because the tests were started with this signal ignored");
    }
    is_ignored
}

/// Waits until a condition holds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a command has ended, but not for ever.
pub(crate) fn wait(child: &mut Child) -> std::process::ExitStatus {
    let mut status = None;
    until("the command ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap()
}
