//! Listings: pages of events in the order of time, while events arrive.
//!
//! A listing sees every event that there was when it began where that event was then. So an
//! event that moves while one pages (a run that ends moves from its start to its end) is neither
//! found twice nor missed. An event that comes later is seen as it is, unless a page before may
//! have shown it.

use std::ops::Bound;

use super::{Found, Store, Version};
use crate::facts::Row;
use crate::query::Query;

/// For how long a run is shown as running: three days.
const RUNNING_IS_SHOWN: i64 = 3 * 86_400 * 1_000_000_000;

/// The state of a store at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Snapshot(u64);

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

/// A place in the order of all events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(i64, u32, u32);

impl Place {
    pub(super) fn of(version: &Version, number: u32) -> Self {
        Self(version.timestamp, version.event, number)
    }
}

/// How far a listing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What there was when it began, and when its last page was made.
    begun: Snapshot,
    paged: Snapshot,
    /// The last event so far.
    behind: Option<Place>,
}

/// A part of a listing.
#[derive(Debug)]
pub struct Page {
    /// The events, in order.
    pub events: Vec<Found>,
    /// How far the listing has come with them.
    pub progress: Progress,
}

impl Store {
    /// Where a listing begins.
    #[must_use]
    pub fn beginning(&self) -> Progress {
        let now = Snapshot(self.updates);
        Progress { begun: now, paged: now, behind: None }
    }

    /// Where a listing goes on of which nothing is known but its last event.
    #[must_use]
    pub fn behind(&self, id: &str) -> Option<Progress> {
        let number = self.event_of(id)?;
        let current = self.events[number as usize].current;
        let place = Place::of(&self.versions[current as usize], current);
        Some(Progress { behind: Some(place), ..self.beginning() })
    }

    /// The next events that a query asks for, in order of time.
    #[must_use]
    pub fn list(
        &self,
        query: &Query,
        range: Range,
        newest_first: bool,
        progress: Progress,
        limit: usize,
    ) -> Page {
        let query = query.compile(&self.vocabulary);
        let (low, high) = (Place(range.from, 0, 0), Place(range.to, u32::MAX, u32::MAX));
        let (low, high) = match (progress.behind, newest_first) {
            (None, _) => (Bound::Included(low), Bound::Included(high)),
            (Some(place), true) => (Bound::Included(low), Bound::Excluded(place.min(high))),
            (Some(place), false) => (Bound::Excluded(place.max(low)), Bound::Included(high)),
        };
        let paged = Snapshot(self.updates);
        if range.from > range.to || is_empty(low, high) {
            return Page { events: Vec::new(), progress: Progress { paged, ..progress } };
        }
        let places = self.order.range((low, high));
        let fits = |place: &&Place| {
            let version = &self.versions[place.2 as usize];
            self.is_seen(version, progress, newest_first)
                && is_shown(version, range.now)
                && query.matches(&version.facts)
        };
        let page: Vec<&Place> = if newest_first {
            places.rev().filter(fits).take(limit).collect()
        } else {
            places.filter(fits).take(limit).collect()
        };
        let behind = page.last().map(|place| **place).or(progress.behind);
        let events = page.iter().map(|place| self.found(&self.versions[place.2 as usize]));
        Page { events: events.collect(), progress: Progress { paged, behind, ..progress } }
    }

    /// The events that a query asks for, as an aggregation takes them.
    pub fn rows<'s>(&'s self, query: &Query, range: Range) -> impl Iterator<Item = Row<'s>> {
        let query = query.compile(&self.vocabulary);
        let low = Bound::Included(Place(range.from, 0, 0));
        let high = Bound::Included(Place(range.to.max(range.from), u32::MAX, u32::MAX));
        let places = self.order.range((low, high)).filter(move |_| range.from <= range.to);
        places.map(|place| &self.versions[place.2 as usize]).filter_map(move |version| {
            let fits = version.until == u64::MAX
                && is_shown(version, range.now)
                && query.matches(&version.facts);
            let order = u64::from(version.event);
            fits.then_some(Row { timestamp: version.timestamp, order, facts: &version.facts })
        })
    }

    /// Whether a listing sees this version of an event.
    fn is_seen(&self, version: &Version, progress: Progress, newest_first: bool) -> bool {
        let Snapshot(begun) = progress.begun;
        if version.from <= begun {
            return begun < version.until;
        }
        let first = &self.versions[self.events[version.event as usize].first as usize];
        // What was there is seen as it was.
        first.from > begun
            && version.until == u64::MAX
            && !self.may_have_been_seen(version, progress, newest_first)
    }

    /// Whether an event was somewhere that a listing has passed, before its last page was made.
    fn may_have_been_seen(
        &self,
        version: &Version,
        progress: Progress,
        newest_first: bool,
    ) -> bool {
        let Progress { paged: Snapshot(paged), behind: Some(behind), .. } = progress else {
            return false;
        };
        let earlier =
            std::iter::successors(version.before, |number| self.versions[*number as usize].before);
        earlier.into_iter().any(|number| {
            let version = &self.versions[number as usize];
            let place = Place::of(version, number);
            let is_passed = if newest_first { place >= behind } else { place <= behind };
            is_passed && version.from <= paged
        })
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
