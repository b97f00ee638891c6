//! Pipelines and their jobs: how long at least one job of a pipeline was running.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::intervals::Intervals;
use crate::event::Level;
use crate::facts::Symbol;

/// The runs of all pipelines, by the id of the pipeline.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: HashMap<Symbol, Run, RandomState>,
    /// The pipelines that something came for since it was last asked.
    changed: BTreeSet<Symbol>,
}

#[derive(Debug, Default)]
struct Run {
    /// The pipeline's own events.
    pipelines: BTreeSet<u32>,
    /// The intervals of its jobs, by their events.
    jobs: BTreeMap<u32, (i64, i64)>,
    union: Intervals,
}

impl Runs {
    /// Notes an event and, once it is over, its interval.
    pub(super) fn note(
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
                    // An interval cannot be taken out of a union.
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

    /// The pipelines whose time has changed, with the time in nanoseconds.
    pub(super) fn changed(&mut self) -> Vec<(u32, i64)> {
        let changed = std::mem::take(&mut self.changed);
        let runs = changed.iter().filter_map(|pipeline| self.runs.get(pipeline));
        runs.flat_map(|run| run.pipelines.iter().map(|event| (*event, run.union.total()))).collect()
    }
}
