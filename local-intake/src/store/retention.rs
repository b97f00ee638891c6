//! How much is kept. The oldest events, in the order of their first update, are removed in
//! batches, so that the store is not locked for long.

use std::sync::Arc;

use super::events::Store;
use super::limits::{Removed, Retention};
use super::stored::Origin;
use super::updates::{Position, Version};
use crate::event::facts::Symbol;

/// The number of events that are removed while the store is locked.
const BATCH: usize = 128;
/// The part of a limit that is freed when the limit is exceeded: one sixteenth.
const PART: u64 = 16;
/// The maximum size in bytes of the updates and states of one event. The last ones are always
/// kept.
const MAX_EVENT_BYTES: u64 = 16 * 1024 * 1024;

/// How far to remove events: down to these limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    events: u64,
    bytes: u64,
    received: i64,
}

impl Store {
    /// Returns how far to remove events, if a limit is exceeded. The time is in nanoseconds since
    /// 1970.
    pub(super) fn excess(&self, now: i64) -> Option<Target> {
        let Retention { max_events, max_bytes, max_age, .. } = &self.retention;
        let age = max_age.map(|age| i64::try_from(age.as_nanos()).unwrap_or(i64::MAX));
        let expired = |age: i64| now.saturating_sub(age);
        let first = self.event(self.first_number()).map_or(i64::MAX, |event| event.received);
        let is_exceeded = max_events.is_some_and(|max| self.len() as u64 > max)
            || max_bytes.is_some_and(|max| self.bytes > max)
            || age.is_some_and(|age| first < expired(age.saturating_add(age / PART as i64)));
        let part = |max: u64| max - max / PART;
        is_exceeded.then(|| Target {
            events: max_events.map_or(u64::MAX, part),
            bytes: max_bytes.map_or(u64::MAX, part),
            received: age.map_or(i64::MIN, expired),
        })
    }

    /// Removes some of the oldest events. Returns whether more are to be removed.
    pub(super) fn remove_some(&mut self, target: Target, removed: &mut Removed) -> bool {
        for _ in 0..BATCH {
            let number = self.first_number();
            let Some(event) = self.event(number) else { return false };
            let is_excess = self.len() as u64 > target.events
                || self.bytes > target.bytes
                || event.received < target.received;
            if !is_excess {
                self.update_execution_times();
                self.vocabulary.remove_unused();
                return false;
            }
            self.remove_event(number, removed);
        }
        self.update_execution_times();
        self.vocabulary.remove_unused();
        true
    }

    /// Returns the number of the oldest event.
    pub(crate) fn first_number(&self) -> u32 {
        u32::try_from(self.events.start()).unwrap_or(u32::MAX)
    }

    fn remove_event(&mut self, number: u32, removed: &mut Removed) {
        let event = self.events.get_mut(number as usize).and_then(Option::take);
        self.events.remove_first();
        let Some(event) = event else { return };
        let mut next = Some(event.first);
        let mut bytes = event.history.bytes();
        while let Some(version) = next {
            let Some(version) = self.remove_version(version, event.key.pipeline) else { break };
            bytes += version.bytes();
            next = version.next;
            self.vocabulary.release(version.facts);
        }
        self.known.remove(self.known.hash(event.key), number);
        self.runs.remove(event.key.pipeline, number);
        self.vocabulary.release_string(event.key.pipeline);
        self.vocabulary.release_string(event.key.own);
        self.bytes = self.bytes.saturating_sub(bytes);
        removed.events += 1;
        removed.bytes += bytes;
        if self.retention.is_journaled {
            removed.origins.extend(event.history.origins());
        }
    }

    fn remove_version(&mut self, number: u32, pipeline: Symbol) -> Option<Version> {
        let version = self.versions.remove(number)?;
        self.order.remove(&Position::new(&version, number), pipeline);
        Some(version)
    }

    /// Adds an update to the history of its event, and removes the oldest ones if there are too
    /// many.
    pub(super) fn remember(&mut self, number: u32, sent: &Arc<str>, origin: Origin) {
        let Retention { max_history, is_journaled, .. } = self.retention;
        let Some(event) = self.events.get_mut(number as usize).and_then(Option::as_mut) else {
            return;
        };
        event.history.add(sent, origin);
        self.bytes += sent.len() as u64;
        let mut excess = 0;
        while event.history.len() > 1
            && (event.history.len() > max_history || event.history.bytes() > MAX_EVENT_BYTES)
        {
            self.bytes -= event.history.remove_first(is_journaled);
            excess += 1;
        }
        for _ in 0..excess {
            self.remove_first_version(number);
        }
    }

    /// Removes the oldest state of an event. Listings that have started before see the next one
    /// instead.
    fn remove_first_version(&mut self, number: u32) {
        let Some(event) = self.events.get_mut(number as usize).and_then(Option::as_mut) else {
            return;
        };
        if event.first == event.current {
            return;
        }
        let (first, pipeline) = (event.first, event.key.pipeline);
        let Some(next) = self.versions.get(first).and_then(|first| first.next) else { return };
        event.first = next;
        let Some(removed) = self.remove_version(first, pipeline) else { return };
        self.bytes = self.bytes.saturating_sub(removed.bytes());
        if let Some(next) = self.versions.get_mut(next) {
            (next.from, next.previous) = (removed.from, None);
        }
        self.vocabulary.release(removed.facts);
        self.vocabulary.remove_unused();
    }
}
