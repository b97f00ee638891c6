//! The time within a run.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use specwright_runtime::jiff;

/// A clock that reads the system time once and then follows a monotonic clock. Durations are
/// correct even if the system time is changed, and nothing ends before it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started_at: Timestamp,
    started: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started_at: Timestamp::now(), started: Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        let elapsed =
            SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        self.started_at.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}
