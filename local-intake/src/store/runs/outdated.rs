//! Runs whose critical path is to be computed.

use std::collections::BTreeMap;

use super::run::Run;
use crate::event::facts::Symbol;

/// The runs whose critical path is outdated, in the order in which it became so. Each run has at
/// most one position.
#[derive(Debug, Default)]
pub(in crate::store) struct Outdated {
    runs: BTreeMap<u64, Symbol>,
    end: u64,
    /// Whether the path of a run that was taken is being computed.
    pub(super) is_computing: bool,
}

impl Outdated {
    /// Adds a run. Without jobs it has no path.
    pub(super) fn add(&mut self, pipeline: Symbol, run: &mut Run) {
        if run.position.is_none() && !run.jobs.is_empty() {
            run.position = Some(self.end);
            self.runs.insert(self.end, pipeline);
            self.end += 1;
        }
    }

    pub(super) fn remove(&mut self, run: &Run) {
        if let Some(position) = run.position {
            self.runs.remove(&position);
        }
    }

    /// Returns the position after the last run.
    pub(in crate::store) fn end(&self) -> u64 {
        self.end
    }

    /// Returns whether all paths have been computed.
    pub(in crate::store) fn is_empty(&self) -> bool {
        !self.is_computing && self.runs.is_empty()
    }

    /// Removes and returns the first run, if it is before a position.
    pub(super) fn take(&mut self, end: u64) -> Option<Symbol> {
        let first = self.runs.first_entry().filter(|first| *first.key() < end);
        let first = first.map(|first| first.remove());
        self.is_computing = first.is_some();
        first
    }
}
