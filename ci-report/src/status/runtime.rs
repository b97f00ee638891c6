//! What the runtime of Rust does before and after `main`, except that closed streams stay closed for a
//! wrapped command.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::fd::AsRawFd as _;
use std::panic::catch_unwind;

use rustix::process::Signal;

/// The exit code after a panic, as with the runtime.
const PANICKED: i32 = 101;
/// The descriptor of stderr, the last stream.
const STDERR: i32 = 2;

/// Runs a function that returns the exit code, and ends the process.
pub(crate) fn run_without_runtime(main: fn() -> u8) -> ! {
    occupy_closed_streams();
    survive_closed_pipes();
    // A panic must not cross the entry point. The message is printed by its hook.
    let code = catch_unwind(main).map_or(PANICKED, i32::from);
    // Writes what stdout has buffered.
    std::process::exit(code)
}

/// Opens `/dev/null` in the positions of closed streams, so that no file of this process is mistaken for
/// a stream. It is closed in programs that this process starts, as all files of the standard
/// library are.
fn occupy_closed_streams() {
    // Without /dev/null there is nothing to occupy them with.
    while let Ok(file) = File::options().read(true).write(true).open("/dev/null") {
        if file.as_raw_fd() > STDERR {
            return;
        }
        // It stays open.
        let _ = ManuallyDrop::new(file);
    }
}

/// Makes writes to a closed pipe or connection fail, instead of ending the process. A handler, other than
/// an ignored signal, is not inherited by the programs that this process starts.
fn survive_closed_pipes() {
    let _ = signal_hook::flag::register(Signal::PIPE.as_raw(), std::sync::Arc::default());
}

/// Returns whether stderr was closed when this process was started.
pub(crate) fn is_stderr_closed() -> bool {
    let flags = rustix::io::fcntl_getfd(std::io::stderr());
    flags.is_ok_and(|flags| flags.contains(rustix::io::FdFlags::CLOEXEC))
}
