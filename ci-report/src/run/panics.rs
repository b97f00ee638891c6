//! Keeps a fault of this program, a panic, away from the command.
//!
//! The static binary is built without unwinding, so nothing can be caught. The hook of a panic runs
//! before the process ends, and what it does instead depends on the thread.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{panic, process, thread};

use super::child::{Ended, replace_with, wait_for};
use super::program::Program;
use crate::settings::{Environment, is_verbose};

/// The number of the running command, or 0.
static COMMAND: AtomicU32 = AtomicU32::new(0);
/// How the command has ended.
static ENDED: OnceLock<Ended> = OnceLock::new();

/// From now on, a panic of a thread that reports stops only this thread, and a panic of the calling
/// thread only the report. The command is run in any case.
pub(super) fn keep_from(program: &Program) {
    let main = thread::current().id();
    let program = program.clone();
    let environment = Environment::of_process();
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if is_verbose(&environment) {
            print(panic);
        }
        while thread::current().id() != main {
            thread::park();
        }
        let ended = match (ENDED.get(), COMMAND.load(Ordering::Relaxed)) {
            (Some(ended), _) => ended.clone(),
            (None, 0) => replace_with(&program),
            (None, command) => wait_for(command),
        };
        process::exit(ended.code().into());
    }));
}

/// Remembers the number of the command.
pub(super) fn set_command(number: Option<u32>) {
    COMMAND.store(number.unwrap_or_default(), Ordering::Relaxed);
}

/// Remembers how the command has ended.
pub(super) fn set_ended(ended: &Ended) {
    // A command ends once.
    let _ = ENDED.set(ended.clone());
}

/// Panics if a test asks for it, in builds with debug assertions.
pub(super) fn fault_for_tests(location: &str) {
    #[cfg(debug_assertions)]
    #[expect(clippy::panic, reason = "tests need a fault of this program")]
    if std::env::var("CI_REPORT_FAULT").is_ok_and(|wanted| wanted == location) {
        panic!("a fault {location} the command");
    }
    #[cfg(not(debug_assertions))]
    let _ = location;
}
