//! Listings: pages of events in chronological order, while events arrive.
//!
//! A listing sees each event that existed at its start in the state and position of that time.
//! When a run ends, its event moves from its start to its end; the listing still contains it
//! exactly once. Events that arrive later are included in their current state, unless an earlier
//! page may have contained them.
//!
//! A page is a view of the store at one time, too: what arrives while it is created is not on it.

use std::ops::Bound;
use std::sync::Arc;

use super::events::Store;
use super::id::EventId;
use super::runs::Derived;
use super::stored::Selected;
use super::updates::{Bounds, Position, Version};
use crate::event::Level;

/// How long a run is listed as running: three days.
const MAX_RUNNING: i64 = 3 * 86_400 * 1_000_000_000;

/// The state of a store after a number of updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Snapshot(u64);

/// A time range, in nanoseconds since 1970. Both ends are inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The current time.
    pub(crate) now: i64,
}

impl Range {
    /// Returns the bounds of the versions in this range.
    pub(super) fn bounds(self) -> Bounds {
        let (low, high) = (Position(self.from, 0, 0), Position(self.to, u32::MAX, u32::MAX));
        (Bound::Included(low), Bound::Included(high))
    }

    /// Returns the bounds of the versions that may be in one of several ranges.
    pub(super) fn bounds_of(ranges: &[Self]) -> Bounds {
        let from = ranges.iter().map(|range| range.from).min().unwrap_or(i64::MAX);
        let to = ranges.iter().map(|range| range.to).max().unwrap_or(i64::MIN);
        Self { from, to, now: 0 }.bounds()
    }

    /// Returns whether an event is finished, or has been running for at most three days. The
    /// timestamp of a running event is its start.
    fn contains_running(self, version: &Version) -> bool {
        !version.is_running || self.now.saturating_sub(version.timestamp) <= MAX_RUNNING
    }
}

/// The progress of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The state when the listing started.
    started: Snapshot,
    /// The state when the last page was created.
    paged: Snapshot,
    /// The last event so far.
    pub(super) last: Option<Position>,
}

impl Progress {
    /// Returns the bounds of the next page.
    pub(super) fn bounds(self, range: Range, newest_first: bool) -> Bounds {
        let (low, high) = (Position(range.from, 0, 0), Position(range.to, u32::MAX, u32::MAX));
        match (self.last, newest_first) {
            (None, _) => range.bounds(),
            (Some(last), true) => (Bound::Included(low), Bound::Excluded(last.min(high))),
            (Some(last), false) => (Bound::Excluded(last.max(low)), Bound::Included(high)),
        }
    }

    /// Returns the progress after a page.
    pub(super) fn after(self, page: Snapshot, last: Option<Position>) -> Self {
        Self { paged: page, last: last.or(self.last), ..self }
    }
}

impl Store {
    /// Returns the state of the store.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(self.updates)
    }

    /// Returns the progress of a new listing.
    pub(crate) fn start_listing(&self) -> Progress {
        let now = self.snapshot();
        Progress { started: now, paged: now, last: None }
    }

    /// Returns the progress of a listing of which only the position is known: the last event, and the
    /// number of empty pages after it.
    pub(crate) fn resume_listing(&self, position: &str) -> Option<Progress> {
        let id = EventId::parse_position(position)?;
        let event = self.event(id.number).filter(|event| event.key.start == id.start)?;
        let current = event.current;
        let last = Position::new(self.versions.get(current)?, current);
        Some(Progress { last: Some(last), ..self.start_listing() })
    }

    /// Returns whether a version is the state of its event in a snapshot, in a time range.
    pub(super) fn is_in(&self, version: &Version, snapshot: Snapshot, range: Range) -> bool {
        let Snapshot(number) = snapshot;
        (range.from..=range.to).contains(&version.timestamp)
            && version.from <= number
            && number < version.until
            && range.contains_running(version)
    }

    /// Returns whether a page of a listing contains this version of its event.
    pub(super) fn is_listed(
        &self,
        version: &Version,
        progress: Progress,
        page: Snapshot,
        range: Range,
        newest_first: bool,
    ) -> bool {
        let (Snapshot(started), Snapshot(page)) = (progress.started, page);
        if !range.contains_running(version) {
            return false;
        }
        if version.from <= started {
            return started < version.until;
        }
        let first = self.event(version.event).and_then(|event| self.versions.get(event.first));
        // Events that existed at the start are listed in their state at that time.
        first.is_some_and(|first| first.from > started)
            && version.from <= page
            && page < version.until
            && !self.may_be_on_earlier_page(version, progress, newest_first)
    }

    /// Returns whether the event had a position that the listing had already passed when its last
    /// page was created.
    fn may_be_on_earlier_page(
        &self,
        version: &Version,
        progress: Progress,
        newest_first: bool,
    ) -> bool {
        let Progress { paged: Snapshot(paged), last: Some(last), .. } = progress else {
            return false;
        };
        let with_number = |number: u32| Some((number, self.versions.get(number)?));
        let mut earlier =
            std::iter::successors(version.previous.and_then(with_number), |(_, version)| {
                version.previous.and_then(with_number)
            });
        earlier.any(|(number, version)| {
            let position = Position::new(version, number);
            let is_passed = if newest_first { position >= last } else { position <= last };
            is_passed && version.from <= paged
        })
    }

    /// Returns what is needed of a version to create its event without the store.
    pub(super) fn select(&self, version: &Version) -> Option<Selected> {
        let event = self.event(version.event)?;
        // A job has the values of its run when it is finished.
        let is_unknown = version.is_running && event.key.level == Level::Job;
        let derived = if is_unknown { Derived::Unknown } else { event.derived };
        Some(Selected {
            id: EventId { start: event.key.start, number: version.event }.encode(),
            level: event.key.level,
            timestamp: version.timestamp,
            derived,
            sent: Arc::clone(&version.sent),
        })
    }
}
