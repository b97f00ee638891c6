//! Delivers until a deadline.

use std::fmt;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::time::{sleep, timeout_at};

use super::pass::{Failed, client, deliver};
use super::store::Spool;
use crate::settings::Settings;

/// The first and the maximum pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// The result of a flush.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flushed {
    /// The number of delivered events.
    pub(crate) delivered: usize,
    /// The number of rejected events.
    pub(crate) rejected: usize,
    /// The number of events that still wait.
    pub(crate) left: usize,
    /// Why events still wait.
    pub(crate) reason: Option<String>,
}

impl fmt::Display for Flushed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, rejected, left, reason } = self;
        write!(f, "{delivered} events delivered, {rejected} rejected, {left} left")?;
        reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
    }
}

/// Delivers everything that waits, from any process and run. Returns when nothing is left, at the
/// deadline, or after a failure that will not go away by itself.
pub(crate) fn flush(settings: &Settings, spool: &Spool, time: Duration) -> Flushed {
    flush_with(settings, spool, time, true)
}

/// As `flush`, but returns at once if the service cannot be connected to.
pub(crate) fn flush_if_up(settings: &Settings, spool: &Spool, time: Duration) -> Flushed {
    flush_with(settings, spool, time, false)
}

fn flush_with(settings: &Settings, spool: &Spool, time: Duration, is_patient: bool) -> Flushed {
    let mut flushed = Flushed::default();
    match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            runtime.block_on(run(settings, spool, time, is_patient, &mut flushed));
            runtime.shutdown_background();
        }
        Err(error) => flushed.reason = Some(error.to_string()),
    }
    flushed.left = spool.stores().iter().map(|store| store.waiting().len()).sum();
    if flushed.left == 0 {
        flushed.reason = None;
    }
    flushed
}

async fn run(
    settings: &Settings,
    spool: &Spool,
    time: Duration,
    is_patient: bool,
    flushed: &mut Flushed,
) {
    let is_empty = || spool.stores().iter().all(|store| store.waiting().is_empty());
    if is_empty() {
        return;
    }
    let client = match client(settings) {
        Ok(client) => client,
        Err(error) => {
            flushed.reason = Some(error.to_string());
            return;
        }
    };
    // The clock has a limited range.
    let deadline = Instant::now() + time.min(Duration::from_secs(365 * 24 * 60 * 60));
    let mut pause = PAUSES.0;
    while let Ok(pass) = timeout_at(deadline.into(), deliver(spool, &client)).await {
        flushed.delivered += pass.delivered;
        flushed.rejected += pass.rejected;
        if is_empty() {
            return;
        }
        match pass.failure {
            Some(Failed { reason, is_permanent, is_connect }) => {
                flushed.reason = Some(reason);
                if is_permanent || (is_connect && !is_patient) {
                    return;
                }
            }
            None if pass.is_busy => flushed.reason = Some("another process delivers".to_owned()),
            None => flushed.reason = Some("events were recorded meanwhile".to_owned()),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(PAUSES.1);
    }
    flushed.reason.get_or_insert_with(|| "the service has not responded yet".to_owned());
}
