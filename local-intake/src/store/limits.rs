//! How much is kept, and what was removed.

use std::time::Duration;

/// How much is kept.
#[derive(Clone, Debug)]
pub(crate) struct Retention {
    pub(crate) max_events: Option<u64>,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) max_age: Option<Duration>,
    /// The maximum number of updates of one event.
    pub(crate) max_history: usize,
    /// Whether removed updates are reported, to remove them from the journal.
    pub(crate) is_journaled: bool,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            max_events: None,
            max_bytes: None,
            max_age: None,
            max_history: 1000,
            is_journaled: false,
        }
    }
}

/// What was removed.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    /// The requests of the removed updates, and their positions in them.
    pub(crate) origins: Vec<(u64, u32)>,
}

impl Retention {
    /// Returns whether there is a limit beyond which events are removed.
    pub(crate) fn is_limited(&self) -> bool {
        self.max_events.is_some() || self.max_bytes.is_some() || self.max_age.is_some()
    }
}

impl Removed {
    /// Logs how much was removed.
    pub(crate) fn log(&self) {
        if self.events > 0 {
            tracing::info!(
                events = self.events,
                bytes = self.bytes,
                "removed the oldest events to stay within the limits"
            );
        }
    }
}
