//! Listings: pages of events in chronological order, while events arrive.
//!
//! A listing sees each event that existed at its start in the state and position of that time.
//! When a run ends, its event moves from its start to its end; the listing still contains it
//! exactly once. Events that arrive later are included in their current state, unless an earlier
//! page may have contained them.

use std::ops::Bound;

use super::events::Store;
use super::stored::StoredEvent;
use super::version::{Position, Version};
use crate::event::facts::Row;
use crate::query::Query;

/// How long a run is listed as running: three days.
const MAX_RUNNING: i64 = 3 * 86_400 * 1_000_000_000;

/// The state of a store after a number of updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Snapshot(u64);

/// A time range, in nanoseconds since 1970. Both ends are inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The current time.
    pub(crate) now: i64,
}

/// The progress of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The state when the listing started.
    started: Snapshot,
    /// The state when the last page was created.
    paged: Snapshot,
    /// The last event so far.
    last: Option<Position>,
}

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) events: Vec<StoredEvent>,
    /// The progress after this page.
    pub(crate) progress: Progress,
}

impl Store {
    /// Returns the progress of a new listing.
    pub(crate) fn start_listing(&self) -> Progress {
        let now = Snapshot(self.updates);
        Progress { started: now, paged: now, last: None }
    }

    /// Returns the progress of a listing of which only the last event is known.
    pub(crate) fn resume_listing(&self, id: &str) -> Option<Progress> {
        let number = self.number(id)?;
        let current = self.events[number as usize].current;
        let last = Position::new(&self.versions[current as usize], current);
        Some(Progress { last: Some(last), ..self.start_listing() })
    }

    /// Returns the next events that match a query, in chronological order.
    pub(crate) fn list(
        &self,
        query: &Query,
        range: Range,
        newest_first: bool,
        progress: Progress,
        limit: usize,
    ) -> Page {
        let query = query.compile(self.vocabulary());
        let (low, high) = (Position(range.from, 0, 0), Position(range.to, u32::MAX, u32::MAX));
        let (low, high) = match (progress.last, newest_first) {
            (None, _) => (Bound::Included(low), Bound::Included(high)),
            (Some(last), true) => (Bound::Included(low), Bound::Excluded(last.min(high))),
            (Some(last), false) => (Bound::Excluded(last.max(low)), Bound::Included(high)),
        };
        let paged = Snapshot(self.updates);
        if range.from > range.to || is_empty(low, high) {
            return Page { events: Vec::new(), progress: Progress { paged, ..progress } };
        }
        let positions = self.order.range((low, high));
        let is_listed = |position: &&Position| {
            let version = &self.versions[position.2 as usize];
            self.is_visible(version, progress, newest_first)
                && is_listable(version, range.now)
                && query.matches(&version.facts)
        };
        let page: Vec<&Position> = if newest_first {
            positions.rev().filter(is_listed).take(limit).collect()
        } else {
            positions.filter(is_listed).take(limit).collect()
        };
        let last = page.last().map(|position| **position).or(progress.last);
        let events = page.iter().map(|position| self.event(&self.versions[position.2 as usize]));
        Page { events: events.collect(), progress: Progress { paged, last, ..progress } }
    }

    /// Returns the events that match a query, for aggregations.
    pub(crate) fn rows<'s>(&'s self, query: &Query, range: Range) -> impl Iterator<Item = Row<'s>> {
        let query = query.compile(self.vocabulary());
        let low = Bound::Included(Position(range.from, 0, 0));
        let high = Bound::Included(Position(range.to.max(range.from), u32::MAX, u32::MAX));
        let positions = self.order.range((low, high)).filter(move |_| range.from <= range.to);
        let versions = positions.map(|position| &self.versions[position.2 as usize]);
        versions.filter_map(move |version| {
            let is_match = version.until == u64::MAX
                && is_listable(version, range.now)
                && query.matches(&version.facts);
            let order = u64::from(version.event);
            is_match.then_some(Row { timestamp: version.timestamp, order, facts: &version.facts })
        })
    }

    /// Returns whether a listing contains this version of its event.
    fn is_visible(&self, version: &Version, progress: Progress, newest_first: bool) -> bool {
        let Snapshot(started) = progress.started;
        if version.from <= started {
            return started < version.until;
        }
        let first = &self.versions[self.events[version.event as usize].first as usize];
        // Events that existed at the start are listed in their state at that time.
        first.from > started
            && version.until == u64::MAX
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
        let earlier = std::iter::successors(version.previous, |number| {
            self.versions[*number as usize].previous
        });
        earlier.into_iter().any(|number| {
            let version = &self.versions[number as usize];
            let position = Position::new(version, number);
            let is_passed = if newest_first { position >= last } else { position <= last };
            is_passed && version.from <= paged
        })
    }
}

/// Returns whether an event is finished, or has been running for at most three days. The timestamp
/// of a running event is its start.
fn is_listable(version: &Version, now: i64) -> bool {
    !version.is_running || now.saturating_sub(version.timestamp) <= MAX_RUNNING
}

/// Returns whether there is nothing between two bounds. `BTreeSet::range` panics in that case.
fn is_empty<T: Ord>(low: Bound<T>, high: Bound<T>) -> bool {
    match (low, high) {
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low), Bound::Excluded(high))
        | (Bound::Excluded(low), Bound::Included(high)) => low >= high,
        _ => false,
    }
}
