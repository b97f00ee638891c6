//! The states of an event, and their order.

use std::sync::Arc;

use crate::event::facts::Facts;

/// The state of an event from one update to the next.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) event: u32,
    pub(super) timestamp: i64,
    pub(super) is_running: bool,
    /// The previous version.
    pub(super) previous: Option<u32>,
    /// The number of the update that created this version.
    pub(super) from: u64,
    /// The number of the update that replaced it, or `u64::MAX` if it is current.
    pub(super) until: u64,
    pub(super) facts: Facts,
    /// Everything that was sent, merged, as JSON.
    pub(super) sent: Arc<str>,
}

/// The position of a version in the order of all events: timestamp, event, version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(pub(super) i64, pub(super) u32, pub(super) u32);

impl Position {
    pub(super) fn new(version: &Version, number: u32) -> Self {
        Self(version.timestamp, version.event, number)
    }
}
