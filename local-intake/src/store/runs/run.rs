//! A run with its jobs.

use std::collections::{BTreeMap, BTreeSet};

use super::intervals::Intervals;

/// A run with its jobs.
#[derive(Debug, Default)]
pub(in crate::store) struct Run {
    /// The events of the pipeline itself.
    pub(super) pipelines: BTreeSet<u32>,
    /// The intervals of the finished jobs, by event.
    pub(in crate::store) jobs: BTreeMap<u32, (i64, i64)>,
    /// The stages with dependencies.
    pub(in crate::store) stages: BTreeSet<u32>,
    pub(super) union: Intervals,
    /// Whether the union contains an interval that no job has any more.
    pub(super) is_outdated: bool,
    /// The position in the list of runs whose critical path is outdated.
    pub(super) position: Option<u64>,
}

#[cfg(feature = "pages")]
impl Run {
    /// Returns the events of the pipeline itself.
    pub(in crate::store) fn pipelines(&self) -> impl Iterator<Item = &u32> {
        self.pipelines.iter()
    }
}
