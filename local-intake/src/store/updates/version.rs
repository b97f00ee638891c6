//! The states of an event.

use std::sync::Arc;

use crate::common::Chunks;
use crate::event::facts::Facts;

/// The state of an event from one update to the next.
#[derive(Debug)]
pub(in crate::store) struct Version {
    pub(in crate::store) event: u32,
    pub(in crate::store) timestamp: i64,
    pub(in crate::store) is_running: bool,
    /// The previous and the next version that are kept.
    pub(in crate::store) previous: Option<u32>,
    pub(in crate::store) next: Option<u32>,
    /// The number of the update that created this version, or an older one that is not kept.
    pub(in crate::store) from: u64,
    /// The number of the update that replaced it, or `u64::MAX` if it is current.
    pub(in crate::store) until: u64,
    pub(in crate::store) facts: Facts,
    /// Everything that was sent, merged, as JSON.
    pub(in crate::store) sent: Arc<str>,
    /// Whether `sent` is not the same as the update.
    pub(in crate::store) is_merged: bool,
}

impl Version {
    /// Returns the size in bytes of what is not in the history.
    pub(in crate::store) fn bytes(&self) -> u64 {
        if self.is_merged { self.sent.len() as u64 } else { 0 }
    }
}

/// The position of a version in the order of all events: timestamp, event, version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Position(
    pub(in crate::store) i64,
    pub(in crate::store) u32,
    pub(in crate::store) u32,
);

impl Position {
    pub(in crate::store) fn new(version: &Version, number: u32) -> Self {
        Self(version.timestamp, version.event, number)
    }
}

/// Versions by number. The numbers of removed ones are used again.
#[derive(Debug, Default)]
pub(in crate::store) struct Versions {
    versions: Chunks<Option<Version>>,
    free: Vec<u32>,
}

impl Versions {
    pub(in crate::store) fn get(&self, number: u32) -> Option<&Version> {
        self.versions.get(number as usize)?.as_ref()
    }

    pub(in crate::store) fn get_mut(&mut self, number: u32) -> Option<&mut Version> {
        self.versions.get_mut(number as usize)?.as_mut()
    }

    pub(in crate::store) fn add(&mut self, version: Version) -> u32 {
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

    /// Returns the number of versions that are kept.
    #[cfg(test)]
    pub(in crate::store) fn len(&self) -> usize {
        self.versions.len() - self.free.len()
    }

    pub(in crate::store) fn remove(&mut self, number: u32) -> Option<Version> {
        let removed = self.versions.get_mut(number as usize)?.take()?;
        self.free.push(number);
        Some(removed)
    }
}
