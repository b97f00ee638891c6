//! Values of an event that follow from other events of its run: execution times of pipelines, which
//! are how long at least one of their jobs was running, and critical paths of jobs.
//!
//! Execution times are updated with each batch of events. Critical paths are computed when events
//! are read: a run of `n` jobs takes `n log n` steps, which is too long for each of its jobs.
//!
//! | module | responsibility |
//! |---|---|
//! | `intervals` | unions of time intervals |
//! | `outdated` | runs whose critical path is to be computed |
//! | `run` | a run with its jobs |
//! | `values` | the values, as attributes of events |

mod intervals;
mod outdated;
mod run;
mod values;

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use intervals::Intervals;
use outdated::Outdated;
use run::Run;
pub(super) use values::{Derived, Names};

use crate::event::facts::Symbol;

/// The pipelines and their jobs, by the id of the pipeline.
#[derive(Debug, Default)]
pub(super) struct Runs {
    // Boxed, so that a table that grows moves little.
    runs: HashMap<Symbol, Box<Run>, RandomState>,
    /// The pipelines that changed since the last call of [`Runs::changed`].
    changed: BTreeSet<Symbol>,
    pub(super) outdated: Outdated,
}

/// An event of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Member {
    Pipeline,
    Stage { has_dependencies: bool },
    FinishedJob { start: i64, end: i64 },
}

impl Runs {
    pub(super) fn get(&self, pipeline: Symbol) -> Option<&Run> {
        self.runs.get(&pipeline).map(|run| &**run)
    }

    /// Adds or replaces an event.
    pub(super) fn add(&mut self, pipeline: Symbol, event: u32, member: Member) {
        let run = match member {
            Member::Stage { has_dependencies: false } => {
                let Some(run) = self.runs.get_mut(&pipeline) else { return };
                run
            }
            _ => self.runs.entry(pipeline).or_default(),
        };
        let is_path_outdated = match member {
            Member::Pipeline => {
                run.pipelines.insert(event);
                if !run.jobs.is_empty() {
                    self.changed.insert(pipeline);
                }
                false
            }
            Member::Stage { has_dependencies: true } => {
                run.stages.insert(event);
                true
            }
            Member::Stage { has_dependencies: false } => run.stages.remove(&event),
            Member::FinishedJob { start, end } => {
                let before = run.jobs.insert(event, (start, end));
                match before {
                    None => run.union.add(start, end),
                    // An interval cannot be removed from a union.
                    Some(before) => run.is_outdated |= before != (start, end),
                }
                if before != Some((start, end)) {
                    self.changed.insert(pipeline);
                }
                // Its dependencies may have changed, too.
                true
            }
        };
        if is_path_outdated {
            self.outdated.add(pipeline, run);
        }
    }

    /// Removes an event.
    pub(super) fn remove(&mut self, pipeline: Symbol, event: u32) {
        let Some(run) = self.runs.get_mut(&pipeline) else { return };
        run.pipelines.remove(&event);
        if run.jobs.remove(&event).is_some() {
            run.is_outdated = true;
            self.changed.insert(pipeline);
            self.outdated.add(pipeline, run);
        } else if run.stages.remove(&event) {
            self.outdated.add(pipeline, run);
        }
        if run.pipelines.is_empty() && run.jobs.is_empty() && run.stages.is_empty() {
            self.outdated.remove(run);
            self.runs.remove(&pipeline);
            self.changed.remove(&pipeline);
        }
    }

    /// Returns the pipelines that changed, with their execution times in nanoseconds: `None`
    /// without jobs.
    pub(super) fn changed(&mut self) -> Vec<(u32, Option<i64>)> {
        let mut changed = Vec::new();
        for pipeline in std::mem::take(&mut self.changed) {
            let Some(run) = self.runs.get_mut(&pipeline) else { continue };
            if std::mem::take(&mut run.is_outdated) {
                run.union = Intervals::default();
                run.jobs.values().for_each(|(start, end)| run.union.add(*start, *end));
            }
            let time = (!run.jobs.is_empty()).then(|| run.union.total());
            changed.extend(run.pipelines.iter().map(|event| (*event, time)));
        }
        changed
    }

    /// Returns the first run whose critical path is to be computed, if it became outdated before
    /// this position.
    pub(super) fn take_outdated(&mut self, end: u64) -> Option<Symbol> {
        let pipeline = self.outdated.take(end);
        if let Some(run) = pipeline.and_then(|pipeline| self.runs.get_mut(&pipeline)) {
            run.position = None;
        }
        pipeline
    }

    /// Adds a run again whose critical path was not computed.
    pub(super) fn put_back(&mut self, pipeline: Symbol) {
        self.outdated.is_computing = false;
        if let Some(run) = self.runs.get_mut(&pipeline) {
            self.outdated.add(pipeline, run);
        }
    }
}
