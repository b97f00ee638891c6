//! The time within a run.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use specwright_runtime::jiff;

/// A clock that is read once and counted on from there. What it measures is right even where the
/// machine's clock is set meanwhile, and nothing ends before it began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    read: Timestamp,
    since: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { read: Timestamp::now(), since: Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        self.read.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}
