//! How much an outbox holds.

/// What happens to an event if the outbox is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenFull {
    /// It is not stored: [`OutboxError::Full`](super::OutboxError::Full).
    #[default]
    Reject,
    /// The oldest events are dropped.
    DropOldest,
    /// `enqueue` waits until there is room.
    Wait,
}

/// How much an outbox holds.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) max_events: usize,
    pub(super) max_bytes: u64,
    pub(super) when_full: WhenFull,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_events: 100_000, max_bytes: 256 * 1024 * 1024, when_full: WhenFull::default() }
    }
}

impl Limits {
    /// Returns whether the outbox can hold this much.
    pub(super) fn allow(&self, events: usize, bytes: u64) -> bool {
        events <= self.max_events && bytes <= self.max_bytes
    }
}
