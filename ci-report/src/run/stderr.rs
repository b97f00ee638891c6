//! The end of what the command writes to stderr.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::Signal;

use crate::settings::Mask;
use crate::status::{ExitCode, Failure};

/// The hidden command that copies stderr for processes that outlive `run`.
pub(crate) const RELAY: &str = "relay-stderr";

/// The maximum number of bytes that are kept: enough for the longest message, and for a masked value
/// before it.
const MAX_BYTES: usize = MARGIN + 4 * MAX_CHARACTERS;
/// The number of bytes that are not sent if there were more: the first ones may be the end of a masked
/// value, which cannot be recognized.
const MARGIN: usize = 8 * 1024;
/// The longest message that the API accepts, in characters.
const MAX_CHARACTERS: usize = 5000;
/// The pause before the next attempt to write to a stream that does not block and is full.
const PAUSE: Duration = Duration::from_millis(1);
/// How long stderr is read after the command has ended: a process that it has started may keep it
/// open.
const LINGER: Duration = Duration::from_millis(50);

/// Copies the stderr of the command to that of this process, and keeps the end.
#[derive(Debug)]
pub(super) struct Tail {
    kept: Arc<Mutex<Kept>>,
    done: mpsc::Receiver<()>,
    /// What the thread reads.
    pipe: Option<OwnedFd>,
    is_handed_over: Arc<Mutex<bool>>,
}

/// The end of a stream.
#[derive(Debug, Default)]
struct Kept {
    bytes: Vec<u8>,
    /// Whether there were more bytes before.
    is_cut: bool,
}

impl Kept {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let excess = self.bytes.len().saturating_sub(MAX_BYTES);
        self.is_cut |= excess > 0;
        self.bytes.drain(..excess);
    }

    /// Returns the last lines without masked values, or the last characters that the API accepts.
    fn lines(&self, count: usize, mask: &Mask) -> String {
        let string = String::from_utf8_lossy(&self.bytes);
        let mut from = if self.is_cut { MARGIN } else { 0 };
        while !string.is_char_boundary(from) {
            from += 1;
        }
        let string = mask.apply_from(string, from);
        let lines: Vec<&str> = string.lines().collect();
        let last = lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n");
        let last = last.trim();
        match last.char_indices().nth_back(MAX_CHARACTERS) {
            None => last.to_owned(),
            // Whole lines, unless one is longer than a message.
            Some((before, first)) => {
                let longest = last.get(before..).unwrap_or_default();
                let rest = longest.get(first.len_utf8()..).unwrap_or_default();
                longest.split_once('\n').map_or(rest, |(_, lines)| lines).to_owned()
            }
        }
    }
}

impl Tail {
    pub(super) fn of(stderr: ChildStderr) -> Self {
        let kept = Arc::<Mutex<Kept>>::default();
        let pipe = stderr.as_fd().try_clone_to_owned().ok();
        let is_handed_over = Arc::<Mutex<bool>>::default();
        let (end, done) = mpsc::channel();
        let (keep, is_over) = (Arc::clone(&kept), Arc::clone(&is_handed_over));
        let copied = thread::Builder::new().name("stderr".to_owned()).spawn(move || {
            copy(stderr, &keep, &is_over);
            let _ = end.send(());
        });
        // Without a thread the pipe would fill up, so it is closed instead: the command sees a closed
        // stderr.
        let pipe = pipe.filter(|_| copied.is_ok());
        Self { kept, done, pipe, is_handed_over }
    }

    /// Returns the last lines.
    pub(super) fn lines(&self, count: usize, mask: &Mask) -> Option<String> {
        let _ = self.done.recv_timeout(LINGER);
        let kept = lock(&self.kept);
        let last = kept.lines(count, mask);
        (!last.is_empty()).then_some(last)
    }

    /// Hands the stream over to a process of its own, if other processes than the command have it open:
    /// they may outlive this process, and must not write to a closed pipe.
    pub(super) fn hand_over(&mut self) {
        if self.done.recv_timeout(LINGER) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        // What is read already is written first.
        *lock(&self.is_handed_over) = true;
        if let Some(pipe) = self.pipe.take() {
            // Without a process, the pipe is closed when this process ends.
            let _ = start_relay(pipe);
        }
    }
}

/// Copies a pipe to stderr up to its end, or until it is handed over.
fn copy(mut pipe: ChildStderr, kept: &Mutex<Kept>, is_handed_over: &Mutex<bool>) {
    let mut buffer = [0; 8192];
    loop {
        // Nothing is taken out of a pipe that may be handed over meanwhile.
        match poll(&mut [PollFd::new(&pipe, PollFlags::IN)], None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return,
        }
        let is_handed_over = lock(is_handed_over);
        if *is_handed_over {
            return;
        }
        let Ok(read @ 1..) = pipe.read(&mut buffer) else { return };
        let bytes = buffer.get(..read).unwrap_or_default();
        // A closed stderr of this process is not visible to the command.
        let _ = write_all(&mut io::stderr(), bytes);
        lock(kept).add(bytes);
    }
}

/// Starts a copy of this program that copies a pipe to stderr. It is not a part of the run: it has neither
/// its variables nor its process group, by which CI systems end what a job has left.
fn start_relay(pipe: OwnedFd) -> io::Result<()> {
    let program = match cfg!(target_os = "linux") {
        // It may have been deleted or replaced.
        true => PathBuf::from("/proc/self/exe"),
        false => std::env::current_exe()?,
    };
    let stderr = io::stderr().as_fd().try_clone_to_owned()?;
    let mut relay = Command::new(program);
    relay.arg0("ci-report").arg(RELAY).env_clear().current_dir("/").process_group(0);
    relay.stdin(pipe).stdout(stderr).stderr(Stdio::null()).spawn()?;
    Ok(())
}

/// Copies stdin to stdout, to its end. It ends early only if stdout is closed, so that its writers notice.
pub(crate) fn relay() -> Result<ExitCode, Failure> {
    for signal in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM] {
        // Those who write decide how long it lasts.
        let _ = signal_hook::flag::register(signal.as_raw(), Arc::default());
    }
    let stdout = io::stdout().as_fd().try_clone_to_owned();
    let mut stdout = File::from(stdout.map_err(|error| Failure::of_output(&error))?);
    let (mut stdin, mut buffer) = (io::stdin(), [0; 8192]);
    while let Ok(read @ 1..) = stdin.read(&mut buffer) {
        let bytes = buffer.get(..read).unwrap_or_default();
        write_all(&mut stdout, bytes).map_err(|error| Failure::of_output(&error))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes everything, also to a stream that does not block.
fn write_all(stream: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
