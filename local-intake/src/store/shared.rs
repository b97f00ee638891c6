//! The store as requests use it: read in slices, and filled in small steps.

use std::ops::DerefMut;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::events::Store;
use super::limits::{Removed, Retention};
use super::listing::{Progress, Range};
use super::reading::{Paths, Scan};
use super::stored::{Origin, Selected, StoredEvent, Submission, Update};
use super::updates::{Candidates, Version};
use crate::common::{FairLock, Stopped, Work};
use crate::event::facts::{Reading, Row, Symbol, Vocabulary};
use crate::query::{Compiled, Query};

/// The number of events that are inserted while the store is locked.
const BATCH: usize = 32;

/// The number of events that are inserted on the thread of a request. This takes about as long as
/// decoding them; moving them to another thread would take longer.
const MAX_WITHOUT_WAITING: usize = 1024;

/// A store that many requests use at a time.
#[derive(Debug, Default)]
pub(crate) struct SharedStore {
    store: FairLock<Store>,
    pub(super) paths: Paths,
    statistics: Statistics,
}

/// How much is kept, and what was removed. Readable without a lock.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    pub(crate) events: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) removed_events: AtomicU64,
    pub(crate) removed_bytes: AtomicU64,
    /// How often events were inserted, removed or cleared.
    changes: AtomicU64,
}

impl Statistics {
    /// Returns a number that differs after events have changed.
    #[cfg(feature = "pages")]
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }
}

/// Keeps the strings of the events that a query has read.
#[derive(Debug)]
pub(crate) struct View {
    _reading: Reading,
    epoch: u64,
}

/// Which events to read.
pub(crate) type Selection = (Query, Range);

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) events: Vec<Selected>,
    /// The progress after this page.
    pub(crate) progress: Progress,
}

/// The size in bytes of the events of a page, as they were sent, after which it ends early.
const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;

impl SharedStore {
    pub(crate) fn new(retention: Retention) -> Self {
        let store = FairLock::new(Store::new(retention, 0));
        Self { store, ..Self::default() }
    }

    /// Returns what may be read without a lock.
    pub(crate) fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Returns the progress of a new listing.
    pub(crate) fn start_listing(&self) -> Progress {
        self.with(Store::start_listing)
    }

    /// Returns the progress of a listing of which only the last event is known.
    pub(crate) fn resume_listing(&self, id: &str) -> Option<Progress> {
        self.with(|store| store.resume_listing(id))
    }

    /// Returns the number of events.
    pub(crate) fn len(&self) -> usize {
        self.with(Store::len)
    }

    /// Calls a function that takes a few microseconds with the store.
    pub(super) fn with<T>(&self, function: impl FnOnce(&Store) -> T) -> T {
        function(&self.store.read())
    }

    /// Returns strings of the events that a query has read, so that they can be used without the
    /// store.
    pub(crate) fn strings(
        &self,
        view: &View,
        symbols: &[Symbol],
    ) -> Result<Vec<Arc<str>>, Stopped> {
        self.with(|store| {
            let strings = &store.vocabulary().strings;
            let is_same = store.epoch == view.epoch;
            let all = || symbols.iter().map(|symbol| strings.shared(*symbol)).collect();
            is_same.then(all).ok_or(Stopped::Cleared)
        })
    }

    /// Returns names of the events that a query has read.
    #[cfg(feature = "pages")]
    pub(crate) fn names(&self, view: &View, symbols: &[Symbol]) -> Result<Vec<Arc<str>>, Stopped> {
        self.with(|store| {
            let names = &store.vocabulary().names;
            let all = || symbols.iter().map(|symbol| names.shared(*symbol)).collect();
            (store.epoch == view.epoch).then(all).ok_or(Stopped::Cleared)
        })
    }

    /// Returns the number of the oldest event.
    pub(crate) fn first_number(&self) -> u32 {
        self.with(Store::first_number)
    }

    /// Replaces all events by none. The next event has this number.
    pub(crate) fn clear(&self, first: u32) {
        let old = {
            let mut store = self.store.write();
            let mut new = Store::new(store.retention.clone(), first);
            new.epoch = store.epoch + 1;
            std::mem::replace(&mut *store, new)
        };
        self.statistics.events.store(0, Ordering::Relaxed);
        self.statistics.bytes.store(0, Ordering::Relaxed);
        self.statistics.changes.fetch_add(1, Ordering::Relaxed);
        // Freeing many events takes long.
        drop(old);
    }

    /// Inserts events as long as the store is not in use, at most [`MAX_WITHOUT_WAITING`]. Returns how
    /// many were inserted.
    pub(crate) fn insert_now(&self, events: &[Submission], origin: Origin) -> usize {
        let mut inserted = 0;
        for events in events.chunks(BATCH).take(MAX_WITHOUT_WAITING / BATCH) {
            let Some(store) = self.store.try_write() else { break };
            self.insert_locked(store, events, origin.after(inserted));
            inserted += events.len();
        }
        inserted
    }

    /// Inserts events.
    pub(crate) fn insert(&self, events: &[Submission], origin: Origin) {
        for (number, events) in events.chunks(BATCH).enumerate() {
            self.insert_locked(self.store.write(), events, origin.after(number * BATCH));
        }
    }

    fn insert_locked(
        &self,
        mut store: impl DerefMut<Target = Store>,
        events: &[Submission],
        origin: Origin,
    ) {
        store.insert(events, origin);
        self.count(&store);
    }

    fn count(&self, store: &Store) {
        self.statistics.events.store(store.len() as u64, Ordering::Relaxed);
        self.statistics.bytes.store(store.bytes, Ordering::Relaxed);
        self.statistics.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns whether a limit is exceeded, at this time in nanoseconds since 1970. Does not wait.
    pub(crate) fn may_be_full(&self, now: i64) -> bool {
        self.store.try_read().is_none_or(|store| store.excess(now).is_some())
    }

    /// Removes the oldest events if a limit is exceeded.
    pub(crate) fn trim(&self, now: i64) -> Removed {
        let mut removed = Removed::default();
        let Some(target) = self.with(|store| store.excess(now)) else { return removed };
        loop {
            let mut store = self.store.write();
            let is_more = store.remove_some(target, &mut removed);
            self.count(&store);
            drop(store);
            if !is_more {
                break;
            }
        }
        let Statistics { removed_events, removed_bytes, .. } = &self.statistics;
        removed_events.fetch_add(removed.events, Ordering::Relaxed);
        removed_bytes.fetch_add(removed.bytes, Ordering::Relaxed);
        removed
    }

    /// Returns the next events that match a query, in chronological order.
    pub(crate) fn list(
        &self,
        query: &Query,
        range: Range,
        newest_first: bool,
        progress: Progress,
        limit: usize,
        work: &Work,
    ) -> Result<Page, Stopped> {
        let (snapshot, epoch) = self.with(|store| (store.snapshot(), store.epoch));
        self.paths.update(&self.store, Some(work))?;
        let (query, candidates) = self.with(|store| {
            let vocabulary = store.vocabulary();
            (query.compile(vocabulary), Candidates::of(query, vocabulary))
        });
        let bounds = progress.bounds(range, newest_first);
        let scan = Scan { query, candidates, bounds, newest_first, epoch };
        let (mut events, mut last, mut bytes) = (Vec::new(), None, 0);
        let is_wanted = |store: &Store, version: &Version| {
            store.is_listed(version, progress, snapshot, range, newest_first)
        };
        scan.run(&self.store, work, is_wanted, |store, position, version, _| {
            events.extend(store.select(version));
            last = Some(position);
            bytes += version.sent.len();
            events.len() < limit && bytes < MAX_PAGE_BYTES
        })?;
        Ok(Page { events, progress: progress.after(snapshot, last) })
    }

    /// Calls `prepare` with the names and strings of all events, and then the function that it
    /// returns with each event that matches a selection, and the number of that selection. All
    /// selections see the same events, in chronological order.
    pub(crate) fn rows<V: FnMut(usize, Row<'_>)>(
        &self,
        selections: Vec<Selection>,
        work: &Work,
        prepare: impl FnOnce(&Vocabulary) -> V,
    ) -> Result<View, Stopped> {
        let (snapshot, epoch) = self.with(|store| (store.snapshot(), store.epoch));
        self.paths.update(&self.store, Some(work))?;
        let (queries, ranges): (Vec<Query>, Vec<Range>) = selections.into_iter().unzip();
        let (common, own) = Query::split_common(queries);
        let (query, candidates, view, mut visit) = self.with(|store| {
            let vocabulary = store.vocabulary();
            let view = View { _reading: vocabulary.reading(), epoch };
            let query = Compiled::new(&common, &own, vocabulary);
            (query, Candidates::of(&common, vocabulary), view, prepare(vocabulary))
        });
        let bounds = Range::bounds_of(&ranges);
        let scan = Scan { query, candidates, bounds, newest_first: false, epoch };
        let is_wanted = |store: &Store, version: &Version| {
            ranges.iter().any(|range| store.is_in(version, snapshot, *range))
        };
        scan.run(&self.store, work, is_wanted, |store, _, version, found| {
            let order = u64::from(version.event);
            let row = Row { timestamp: version.timestamp, order, facts: &version.facts };
            for (number, (range, is_found)) in ranges.iter().zip(found).enumerate() {
                if *is_found && store.is_in(version, snapshot, *range) {
                    visit(number, row);
                }
            }
            true
        })?;
        Ok(view)
    }

    /// Returns the number after that of the newest event.
    pub(crate) fn end(&self) -> u32 {
        self.with(|store| u32::try_from(store.events.end()).unwrap_or(u32::MAX))
    }

    /// Returns the current state of some events from a number on, in the order of their first
    /// update, and the number to continue with. It is `None` after the last event before `end`.
    pub(crate) fn events(&self, from: u32, end: u32, count: usize) -> (Vec<Selected>, Option<u32>) {
        // Without a time limit, this is not stopped.
        self.paths.update(&self.store, None).unwrap_or_default();
        self.with(|store| {
            let from = from.max(store.first_number()).min(end);
            let numbers = from..end.min(from.saturating_add(count as u32));
            let next = (numbers.end < end).then_some(numbers.end);
            let mut selected = Vec::new();
            let mut bytes = 0;
            for number in numbers {
                let current = store.event(number).map(|event| event.current);
                let Some(version) = current.and_then(|current| store.versions.get(current)) else {
                    continue;
                };
                selected.extend(store.select(version));
                bytes += version.sent.len();
                if bytes > MAX_PAGE_BYTES / 32 && number + 1 < end {
                    return (selected, Some(number + 1));
                }
            }
            (selected, next)
        })
    }

    /// Returns all events in the order of their first update.
    pub(crate) fn all(&self) -> Vec<StoredEvent> {
        let (mut all, mut next, end) = (Vec::new(), Some(0), self.end());
        while let Some(number) = next {
            let (events, following) = self.events(number, end, BATCH);
            all.extend(events.iter().map(Selected::to_event));
            next = following;
        }
        all
    }

    /// Returns the current state of an event.
    #[cfg(feature = "pages")]
    pub(crate) fn event(&self, id: &str) -> Option<Selected> {
        let number = self.with(|store| store.number(id))?;
        self.events(number, number.saturating_add(1), 1).0.pop()
    }

    /// Returns the newest event of the pipeline with this id.
    #[cfg(feature = "pages")]
    pub(crate) fn pipeline(&self, id: &str) -> Option<Selected> {
        self.with(|store| {
            let run = store.runs.get(store.vocabulary().strings.find(id)?)?;
            let current = |event: &u32| store.versions.get(store.event(*event)?.current);
            let newest = run.pipelines().filter_map(current);
            store.select(newest.max_by_key(|version| (version.timestamp, version.event))?)
        })
    }

    /// Returns the last updates of an event in the order they were received.
    pub(crate) fn history(&self, id: &str) -> Option<Vec<Update>> {
        self.with(|store| Some(store.event(store.number(id)?)?.history.updates().collect()))
    }
}
