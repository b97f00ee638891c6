//! The end of what the command writes to stderr.

use std::io::{Read as _, Write as _};
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// The maximum number of bytes that are kept.
const MAX_BYTES: usize = 16 * 1024;
/// How long stderr is read after the command has ended: a process that it has started may keep it
/// open.
const LINGER: Duration = Duration::from_millis(50);

/// Copies the stderr of the command to that of this process, and keeps the end.
#[derive(Debug)]
pub(super) struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    done: mpsc::Receiver<()>,
}

impl Tail {
    pub(super) fn of(mut stderr: ChildStderr) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (end, done) = mpsc::channel();
        let keep = Arc::clone(&kept);
        // Without a thread the pipe would fill up, so it is closed instead: the command sees a closed
        // stderr.
        let _ = thread::Builder::new().name("stderr".to_owned()).spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                let bytes = buffer.get(..read).unwrap_or_default();
                // A closed stderr of this process is not visible to the command.
                let _ = std::io::stderr().write_all(bytes);
                let mut kept = keep.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(bytes);
                let excess = kept.len().saturating_sub(MAX_BYTES);
                kept.drain(..excess);
            }
            let _ = end.send(());
        });
        Self { kept, done }
    }

    /// Returns the last lines.
    pub(super) fn lines(&self, count: usize) -> Option<String> {
        let _ = self.done.recv_timeout(LINGER);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let string = String::from_utf8_lossy(&kept);
        let lines: Vec<&str> = string.lines().collect();
        let last = lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n");
        let last = last.trim();
        (!last.is_empty()).then(|| last.to_owned())
    }
}
