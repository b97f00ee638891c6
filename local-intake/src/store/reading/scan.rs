//! Reading in slices: the store is locked for about a millisecond at a time, so that it takes in
//! events meanwhile.

use std::ops::Bound;
use std::sync::Arc;

use crate::common::{FairLock, Stopped, Work};
use crate::query::{Compiled, Unmatched};
use crate::store::events::Store;
use crate::store::updates::{Bounds, Candidates, Position, Version};

/// A scan of versions in chronological order.
pub(in crate::store) struct Scan {
    pub(in crate::store) query: Compiled,
    pub(in crate::store) candidates: Candidates,
    pub(in crate::store) bounds: Bounds,
    pub(in crate::store) newest_first: bool,
    /// The epoch of the store that the query was prepared for.
    pub(in crate::store) epoch: u64,
}

/// Why a slice has ended.
enum Slice {
    /// Everything was read.
    End,
    /// The time is over.
    Due,
    /// A string takes long to match.
    Unmatched(Unmatched, Arc<str>),
}

/// How many versions are read between two looks at the clock.
const STEP: usize = 32;
/// How many steps of matching strings take as long as reading a version.
const BYTES: usize = 256;

impl Scan {
    /// Calls `visit` with the versions that pass `is_wanted` and match a query, and with which queries
    /// each matches, until it returns `false`.
    pub(in crate::store) fn run(
        mut self,
        store: &FairLock<Store>,
        work: &Work,
        is_wanted: impl Fn(&Store, &Version) -> bool,
        mut visit: impl FnMut(&Store, Position, &Version, &[bool]) -> bool,
    ) -> Result<(), Stopped> {
        loop {
            let store = store.read();
            if store.epoch != self.epoch {
                return Err(Stopped::Cleared);
            }
            let slice = self.slice(&store, work, &is_wanted, &mut visit);
            drop(store);
            match slice {
                Slice::End => return Ok(()),
                Slice::Due => work.pass()?,
                Slice::Unmatched(unmatched, string) => {
                    self.query.learn(unmatched, &string, &mut || work.check())?;
                    work.check()?;
                }
            }
        }
    }

    fn slice(
        &mut self,
        store: &Store,
        work: &Work,
        is_wanted: &impl Fn(&Store, &Version) -> bool,
        visit: &mut impl FnMut(&Store, Position, &Version, &[bool]) -> bool,
    ) -> Slice {
        if is_empty(self.bounds) {
            return Slice::End;
        }
        let mut positions = store.order.range(self.candidates, self.bounds);
        let mut count = 0;
        loop {
            let next = if self.newest_first { positions.next_back() } else { positions.next() };
            let Some(position) = next.copied() else { return Slice::End };
            if let Some(version) = store.versions.get(position.2)
                && is_wanted(store, version)
            {
                match self.query.matches(&version.facts, store.vocabulary()) {
                    Ok(true) if !visit(store, position, version, self.query.found()) => {
                        return Slice::End;
                    }
                    Ok(_) => {}
                    Err(unmatched) => {
                        let string = store.vocabulary().strings.shared(unmatched.symbol);
                        self.continue_with(Bound::Included(position));
                        return Slice::Unmatched(unmatched, string);
                    }
                }
            }
            count += 1 + self.query.take_steps() / BYTES;
            if count >= STEP {
                count = 0;
                if work.is_due() {
                    self.continue_with(Bound::Excluded(position));
                    return Slice::Due;
                }
            }
        }
    }

    /// Sets where the next slice starts.
    fn continue_with(&mut self, bound: Bound<Position>) {
        let (low, high) = &mut self.bounds;
        *(if self.newest_first { high } else { low }) = bound;
    }
}

/// Returns whether there is nothing between two bounds. `BTreeSet::range` panics in that case.
fn is_empty((low, high): Bounds) -> bool {
    match (low, high) {
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low), Bound::Excluded(high))
        | (Bound::Excluded(low), Bound::Included(high)) => low >= high,
        (Bound::Excluded(low), Bound::Excluded(high)) => low >= high,
        _ => false,
    }
}
