//! Delivers while a command runs, on a thread of the process that waits for the command.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::pass::{client, deliver};
use super::store::Spool;
use crate::settings::Settings;

/// How often the thread looks for events of other processes.
const INTERVAL: Duration = Duration::from_secs(1);
/// The maximum pause after failures.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A thread that delivers what waits. It ends with the process, at any time: an event that is sent at
/// that time stays on disk and is sent again.
#[derive(Debug)]
pub(crate) struct Background {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Incremented when a caller begins to wait.
    wanted: u64,
    /// The value of `wanted` when the latest attempt started, after the attempt.
    attempted: u64,
    /// Whether a request has succeeded.
    has_succeeded: bool,
}

impl Background {
    /// Starts the thread. It begins to deliver after a delay, so that a short command is not measured
    /// by the cost of a connection.
    pub(crate) fn start(settings: Settings, spool: Spool, delay: Duration) -> Self {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        // Without a thread, the next process delivers.
        let _ = thread::Builder::new()
            .name("delivery".to_owned())
            .spawn(move || run(&settings, &spool, &of_thread, delay));
        Self { shared }
    }

    /// Waits until everything recorded so far was attempted: for `time`, or for `longer` if a request of
    /// this process has succeeded before. Does something else meanwhile.
    pub(crate) fn finish(&self, time: Duration, longer: Duration, meanwhile: impl FnOnce()) {
        let started = Instant::now();
        let wanted = {
            let mut state = self.shared.lock();
            state.wanted += 1;
            state.wanted
        };
        self.shared.wake.notify_one();
        meanwhile();
        let mut state = self.shared.lock();
        while state.attempted < wanted {
            let limit = if state.has_succeeded { longer.max(time) } else { time };
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return;
            }
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(settings: &Settings, spool: &Spool, shared: &Shared, delay: Duration) {
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let _ = timeout(delay, shared.wake.notified()).await;
        // Loading the certificates takes longer than many commands.
        let Ok(client) = client(settings) else { return };
        let mut pause = INTERVAL;
        loop {
            let wanted = shared.lock().wanted;
            let pass = deliver(spool, &client).await;
            {
                let mut state = shared.lock();
                state.attempted = wanted;
                state.has_succeeded |= pass.delivered > 0;
            }
            shared.changed.notify_all();
            pause = match pass.failure {
                Some(_) => (pause * 2).min(MAX_PAUSE),
                None => INTERVAL,
            };
            let _ = timeout(pause, shared.wake.notified()).await;
        }
    });
}
