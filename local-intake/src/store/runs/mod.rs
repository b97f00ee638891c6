//! Execution times of pipelines: how long at least one of their jobs was running.
//!
//! | module | responsibility |
//! |---|---|
//! | `intervals` | unions of time intervals |

mod intervals;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use intervals::Intervals;

use crate::event::Level;
use crate::event::facts::Symbol;

/// The pipelines and their jobs, by the id of the pipeline.
#[derive(Debug, Default)]
pub(super) struct Runs {
    // Boxed, so that a table that grows moves little.
    runs: HashMap<Symbol, Box<Run>, RandomState>,
    /// The pipelines that changed since the last call of [`Runs::changed`].
    changed: BTreeSet<Symbol>,
}

#[derive(Debug, Default)]
struct Run {
    /// The events of the pipeline itself.
    pipelines: BTreeSet<u32>,
    /// The intervals of the finished jobs, by event.
    jobs: BTreeMap<u32, (i64, i64)>,
    union: Intervals,
    /// Whether the union contains an interval that no job has any more.
    is_outdated: bool,
}

impl Runs {
    /// Adds an event. The interval is `None` while it is running.
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
                    Some(_) => run.is_outdated = true,
                }
                run
            }
            Level::Stage | Level::Step => return,
        };
        if !run.jobs.is_empty() {
            self.changed.insert(pipeline);
        }
    }

    /// Removes an event.
    pub(super) fn remove(&mut self, level: Level, pipeline: Symbol, event: u32) {
        let Some(run) = self.runs.get_mut(&pipeline) else { return };
        match level {
            Level::Pipeline => {
                run.pipelines.remove(&event);
            }
            Level::Job if run.jobs.remove(&event).is_some() => {
                run.is_outdated = true;
                self.changed.insert(pipeline);
            }
            Level::Job | Level::Stage | Level::Step => {}
        }
        if run.pipelines.is_empty() && run.jobs.is_empty() {
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
}
