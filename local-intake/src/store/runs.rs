//! Execution times of pipelines: how long at least one of their jobs was running.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::intervals::Intervals;
use crate::event::Level;
use crate::event::facts::Symbol;

/// The pipelines and their jobs, by the id of the pipeline.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: HashMap<Symbol, Run, RandomState>,
    /// The pipelines that changed since the last call of [`Runs::changed`].
    changed: BTreeSet<Symbol>,
}

#[derive(Debug, Default)]
struct Run {
    /// The events of the pipeline itself.
    pipelines: BTreeSet<u32>,
    /// The intervals of finished jobs, by event.
    jobs: BTreeMap<u32, (i64, i64)>,
    union: Intervals,
}

impl Runs {
    /// Adds an event, with its interval if it is finished.
    pub(super) fn add(
        &mut self,
        level: Level,
        pipeline: Symbol,
        event: u32,
        interval: Option<(i64, i64)>,
    ) {
        let run = match level {
            Level::Pipeline => {
                let run = self.runs.entry(pipeline).or_default();
                run.pipelines.insert(event);
                run
            }
            Level::Job => {
                let Some((start, end)) = interval else { return };
                let run = self.runs.entry(pipeline).or_default();
                match run.jobs.insert(event, (start, end)) {
                    None => run.union.add(start, end),
                    Some(before) if before == (start, end) => return,
                    // An interval cannot be removed from a union.
                    Some(_) => {
                        run.union = Intervals::default();
                        run.jobs.values().for_each(|(start, end)| run.union.add(*start, *end));
                    }
                }
                run
            }
            Level::Stage | Level::Step => return,
        };
        if !run.jobs.is_empty() {
            self.changed.insert(pipeline);
        }
    }

    /// Returns the pipelines that changed, with their execution times in nanoseconds.
    pub(super) fn changed(&mut self) -> Vec<(u32, i64)> {
        let changed = std::mem::take(&mut self.changed);
        let runs = changed.iter().filter_map(|pipeline| self.runs.get(pipeline));
        runs.flat_map(|run| run.pipelines.iter().map(|event| (*event, run.union.total()))).collect()
    }
}
