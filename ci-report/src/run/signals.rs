//! Signals for the command.
//!
//! The command stays in the process group of this process. A terminal and a CI system that signal the
//! group reach it as without this program, also with signals that cannot be forwarded. A signal that
//! was sent to this process alone is forwarded. One that was sent to the group looks the same,
//! so it is forwarded only if the command still runs after a while.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::exfiltrator::origin::WithOrigin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::siginfo::Cause;

/// How long a command may take to end by a signal that it has received itself.
const GRACE: Duration = Duration::from_millis(50);

/// How much later a signal for the group may arrive at this process than at the command.
const ARRIVAL: Duration = Duration::from_millis(10);

const FORWARDED: &[(i32, Signal)] = &[
    (SIGHUP, Signal::HUP),
    (SIGINT, Signal::INT),
    (SIGQUIT, Signal::QUIT),
    (SIGTERM, Signal::TERM),
    (SIGUSR1, Signal::USR1),
    (SIGUSR2, Signal::USR2),
];

/// Forwards signals to the command.
#[derive(Debug)]
pub(super) struct Signals {
    shared: Arc<Shared>,
    handle: Option<Handle>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The command, while its number cannot belong to another process.
    child: Option<Pid>,
    /// Signals that arrived before the command was started.
    early: Vec<Signal>,
    /// The first signal that asks to end.
    ending: Option<i32>,
    /// Whether this process waits for nothing but delivery.
    may_exit: bool,
}

impl Signals {
    /// Catches the signals. Those that are ignored stay ignored, for this process and the command.
    pub(super) fn catch() -> Self {
        let shared = Arc::new(Shared::default());
        let ignored = ignored();
        // A limit on the size of files must not end this process: a failed write is enough.
        let all = FORWARDED.iter().map(|(number, _)| *number).chain([Signal::XFSZ.as_raw()]);
        let caught = all.filter(|number| !ignored(*number));
        let handle = SignalsInfo::<WithOrigin>::new(caught).ok().and_then(|signals| {
            let handle = signals.handle();
            let shared = Arc::clone(&shared);
            forward(signals, shared).ok().map(|()| handle)
        });
        Self { shared, handle }
    }

    /// Starts to forward to a command.
    pub(super) fn set_child(&self, pid: u32) {
        let child = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let mut state = self.shared.lock();
        state.child = child;
        for signal in std::mem::take(&mut state.early) {
            child.map(|child| kill_process(child, signal));
        }
    }

    /// Stops to forward. The command has ended, but its number is still its own.
    pub(super) fn release(&self) {
        self.shared.lock().child = None;
    }

    /// Lets signals end this process. The command has ended, and everything is recorded.
    pub(super) fn may_exit(&self) {
        self.shared.lock().may_exit = true;
    }

    /// Returns the signal by which this process was asked to end. If the command has ended by a signal,
    /// the same one may arrive here a little later.
    pub(super) fn ending(&self, has_command_received: bool) -> Option<i32> {
        let started = Instant::now();
        loop {
            let ending = self.shared.lock().ending;
            if ending.is_some() || !has_command_received || started.elapsed() > ARRIVAL {
                return ending;
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.close();
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, signal: Signal) {
        // The lock is held so that the number still belongs to the command.
        let mut state = self.lock();
        match state.child {
            Some(child) => drop(kill_process(child, signal)),
            None => state.early.push(signal),
        }
    }
}

fn forward(mut signals: SignalsInfo<WithOrigin>, shared: Arc<Shared>) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel::<Signal>();
    let delayed = Arc::clone(&shared);
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for origin in &mut signals {
            receive(&shared, origin.signal, &origin.cause, &sender);
        }
    })?;
    thread::Builder::new().name("forward".to_owned()).spawn(move || {
        while let Ok(signal) = receiver.recv() {
            // Signals that arrive meanwhile keep their order.
            match receiver.recv_timeout(GRACE) {
                Ok(next) => {
                    delayed.send(signal);
                    delayed.send(next);
                }
                Err(RecvTimeoutError::Timeout) => delayed.send(signal),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    })?;
    Ok(())
}

fn receive(shared: &Shared, number: i32, cause: &Cause, sender: &Sender<Signal>) {
    let Some((_, signal)) = FORWARDED.iter().find(|(known, _)| *known == number) else { return };
    let asks_to_end = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].contains(&number);
    if asks_to_end {
        let mut state = shared.lock();
        if state.may_exit {
            std::process::exit(128 + number);
        }
        state.ending.get_or_insert(number);
    }
    // The terminal has signaled the command as well.
    if !matches!(cause, Cause::Kernel) {
        let _ = sender.send(*signal);
    }
}

/// Returns whether signals were ignored when this process was started, as under `nohup`. Catching them
/// would reset them for the command.
fn ignored() -> impl Fn(i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    move |number| number > 0 && mask >> (number - 1) & 1 == 1
}
