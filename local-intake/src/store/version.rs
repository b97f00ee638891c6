//! The states of an event, and their order.

use std::sync::Arc;

use crate::common::Chunks;
use crate::event::facts::Facts;

/// The state of an event from one update to the next.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) event: u32,
    pub(super) timestamp: i64,
    pub(super) is_running: bool,
    /// The previous and the next version that are kept.
    pub(super) previous: Option<u32>,
    pub(super) next: Option<u32>,
    /// The number of the update that created this version, or an older one that is not kept.
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

/// Versions by number. The numbers of removed ones are used again.
#[derive(Debug, Default)]
pub(super) struct Versions {
    versions: Chunks<Option<Version>>,
    free: Vec<u32>,
}

impl Versions {
    pub(super) fn get(&self, number: u32) -> Option<&Version> {
        self.versions.get(number as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Version> {
        self.versions.get_mut(number as usize)?.as_mut()
    }

    pub(super) fn add(&mut self, version: Version) -> u32 {
        if let Some(number) = self.free.pop() {
            if let Some(free) = self.versions.get_mut(number as usize) {
                *free = Some(version);
            }
            return number;
        }
        // More versions than a u32 can count do not fit into memory.
        let number = u32::try_from(self.versions.end()).unwrap_or(u32::MAX);
        self.versions.push(Some(version));
        number
    }

    pub(super) fn remove(&mut self, number: u32) -> Option<Version> {
        let removed = self.versions.get_mut(number as usize)?.take()?;
        self.free.push(number);
        Some(removed)
    }
}
