//! Listings: pages of events in the order of time, while events arrive.
//!
//! A listing is a [`Snapshot`]: every page of it sees each event where it was when the
//! listing began. So an event that moves while one pages (a run that ends moves from its
//! start to its end) is neither found twice nor missed. Events that come later are where they
//! were at first.

use std::ops::Bound;

use super::{Found, Store, Version};
use crate::facts::Row;
use crate::query::Query;

/// For how long a run is shown as running: three days.
const RUNNING_IS_SHOWN: i64 = 3 * 86_400 * 1_000_000_000;

/// The state of a store at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot(u64);

/// Which events are looked at. All times are in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first moment.
    pub from: i64,
    /// The last moment.
    pub to: i64,
    /// What time it is.
    pub now: i64,
}

/// A part of a listing.
#[derive(Debug, Default)]
pub struct Page {
    /// The events, in order.
    pub events: Vec<Found>,
}

impl Store {
    /// The state as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.updates)
    }

    /// Whether there is an event of this name.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.event_of(id).is_some()
    }

    /// The events that a query asks for, in order of time, behind the event `after`.
    #[must_use]
    pub fn list(
        &self,
        query: &Query,
        range: Range,
        newest_first: bool,
        after: Option<&str>,
        snapshot: Snapshot,
        limit: usize,
    ) -> Page {
        let query = query.compile(&self.vocabulary);
        let after = after.and_then(|id| self.place(id, snapshot));
        let (low, high) = ((range.from, 0, 0), (range.to, u32::MAX, u32::MAX));
        let (low, high) = match (after, newest_first) {
            (None, _) => (Bound::Included(low), Bound::Included(high)),
            (Some(after), true) => (Bound::Included(low), Bound::Excluded(after.min(high))),
            (Some(after), false) => (Bound::Excluded(after.max(low)), Bound::Included(high)),
        };
        if range.from > range.to || is_empty(low, high) {
            return Page::default();
        }
        let places = self.order.range((low, high));
        let fits = |version: &&Version| {
            self.is_seen(version, snapshot)
                && is_shown(version, range.now)
                && query.matches(&version.facts)
        };
        let version = |place: &(i64, u32, u32)| &self.versions[place.2 as usize];
        let events = if newest_first {
            places.rev().map(version).filter(fits).take(limit).map(|v| self.found(v)).collect()
        } else {
            places.map(version).filter(fits).take(limit).map(|v| self.found(v)).collect()
        };
        Page { events }
    }

    /// The events that a query asks for, as an aggregation takes them.
    pub fn rows<'s>(&'s self, query: &Query, range: Range) -> impl Iterator<Item = Row<'s>> {
        let query = query.compile(&self.vocabulary);
        let low = Bound::Included((range.from, 0, 0));
        let high = Bound::Included((range.to.max(range.from), u32::MAX, u32::MAX));
        let places = self.order.range((low, high)).filter(move |_| range.from <= range.to);
        places.map(|place| &self.versions[place.2 as usize]).filter_map(move |version| {
            let fits = version.until == u64::MAX
                && is_shown(version, range.now)
                && query.matches(&version.facts);
            let order = u64::from(version.event);
            fits.then_some(Row { timestamp: version.timestamp, order, facts: &version.facts })
        })
    }

    /// The place of an event in a listing.
    fn place(&self, id: &str, snapshot: Snapshot) -> Option<(i64, u32, u32)> {
        let number = self.event_of(id)?;
        let event = &self.events[number as usize];
        let versions = event.first..=event.current;
        let seen = versions.rev().find(|version| {
            let version_of = &self.versions[*version as usize];
            version_of.event == number && self.is_seen(version_of, snapshot)
        });
        let version = seen.unwrap_or(event.current);
        Some((self.versions[version as usize].timestamp, number, version))
    }

    /// Whether a listing sees this version of the event.
    fn is_seen(&self, version: &Version, Snapshot(then): Snapshot) -> bool {
        if version.from <= then {
            return then < version.until;
        }
        // Of an event that came later, the first version is seen.
        let first = &self.versions[self.events[version.event as usize].first as usize];
        first.from > then && version.from == first.from
    }
}

/// What runs for days on end is not shown any more. The timestamp of what runs is its start.
fn is_shown(version: &Version, now: i64) -> bool {
    !version.is_running || now.saturating_sub(version.timestamp) <= RUNNING_IS_SHOWN
}

/// Whether nothing lies between two bounds; a range of a set must not be asked for then.
fn is_empty<T: Ord>(low: Bound<T>, high: Bound<T>) -> bool {
    match (low, high) {
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low), Bound::Excluded(high))
        | (Bound::Excluded(low), Bound::Included(high)) => low >= high,
        _ => false,
    }
}
