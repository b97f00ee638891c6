//! The order of all versions, and of those of each run.

use std::collections::{BTreeSet, HashMap, btree_set};
use std::ops::Bound;

use foldhash::fast::RandomState;

use super::version::Position;
use crate::event::facts::{Symbol, Vocabulary};
use crate::query::Query;

/// The attribute that events of a run share.
const RUN: &str = "ci.pipeline.id";

/// The versions to read.
pub(in crate::store) type Bounds = (Bound<Position>, Bound<Position>);

/// Versions by timestamp, then event: all of them, and those of each run.
#[derive(Debug, Default)]
pub(in crate::store) struct Order {
    all: BTreeSet<Position>,
    runs: HashMap<Symbol, BTreeSet<Position>, RandomState>,
}

/// The versions that a query may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Candidates {
    All,
    /// Those of a run. `None` if there is no such run.
    Run(Option<Symbol>),
}

/// No versions.
const NONE: &BTreeSet<Position> = &BTreeSet::new();

impl Candidates {
    /// Returns the versions that a query may match.
    pub(in crate::store) fn of(query: &Query, vocabulary: &Vocabulary) -> Self {
        match query.required(RUN) {
            Some(run) => Self::Run(vocabulary.strings.find(run)),
            None => Self::All,
        }
    }
}

impl Order {
    pub(in crate::store) fn insert(&mut self, position: Position, run: Symbol) {
        self.all.insert(position);
        self.runs.entry(run).or_default().insert(position);
    }

    pub(in crate::store) fn remove(&mut self, position: &Position, run: Symbol) {
        self.all.remove(position);
        if let Some(positions) = self.runs.get_mut(&run) {
            positions.remove(position);
            if positions.is_empty() {
                self.runs.remove(&run);
            }
        }
    }

    /// Returns the candidates within bounds, which must not be empty.
    pub(in crate::store) fn range(
        &self,
        candidates: Candidates,
        bounds: Bounds,
    ) -> btree_set::Range<'_, Position> {
        let positions = match candidates {
            Candidates::All => &self.all,
            Candidates::Run(run) => run.and_then(|run| self.runs.get(&run)).unwrap_or(NONE),
        };
        positions.range(bounds)
    }

    /// Returns the number of versions, and of runs.
    #[cfg(test)]
    pub(in crate::store) fn len(&self) -> (usize, usize) {
        (self.all.len(), self.runs.len())
    }
}
