//! The end of what the command writes to stderr.

use std::io::{self, Read as _, Write};
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::settings::Mask;

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
    pub(super) fn of(mut stderr: ChildStderr) -> Self {
        let kept = Arc::<Mutex<Kept>>::default();
        let (end, done) = mpsc::channel();
        let keep = Arc::clone(&kept);
        // Without a thread the pipe would fill up, so it is closed instead: the command sees a closed
        // stderr.
        let _ = thread::Builder::new().name("stderr".to_owned()).spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                let bytes = buffer.get(..read).unwrap_or_default();
                // A closed stderr of this process is not visible to the command.
                let _ = write_all(&mut io::stderr(), bytes);
                keep.lock().unwrap_or_else(PoisonError::into_inner).add(bytes);
            }
            let _ = end.send(());
        });
        Self { kept, done }
    }

    /// Returns the last lines.
    pub(super) fn lines(&self, count: usize, mask: &Mask) -> Option<String> {
        let _ = self.done.recv_timeout(LINGER);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let last = kept.lines(count, mask);
        (!last.is_empty()).then_some(last)
    }
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
