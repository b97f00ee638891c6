//! What the critical path of a run is computed from, read in parts.

use std::ops::Bound;
use std::sync::Arc;

use datadog_ci_pipelines::critical_path::{self, Job, Stage};

use crate::event::facts::{Fact, Facts, Symbol, Vocabulary};
use crate::store::events::Store;
use crate::store::runs::Derived;

/// The number of jobs and stages that are read while the store is locked.
const PART: usize = 1024;

/// The jobs and stages of a run.
#[derive(Debug)]
pub(super) struct Input {
    jobs: Vec<FinishedJob>,
    stages: Vec<(Arc<str>, Vec<Arc<str>>)>,
    next_job: Bound<u32>,
    next_stage: Bound<u32>,
}

#[derive(Debug)]
struct FinishedJob {
    event: u32,
    id: Arc<str>,
    start: i64,
    end: i64,
    is_skipped: bool,
    stage: Option<Arc<str>>,
    dependencies: Vec<Arc<str>>,
    /// The value that was computed before.
    before: Derived,
}

impl Default for Input {
    fn default() -> Self {
        let (next_job, next_stage) = (Bound::Unbounded, Bound::Unbounded);
        Self { jobs: Vec::new(), stages: Vec::new(), next_job, next_stage }
    }
}

impl Input {
    /// Reads some of the events of a run. Returns whether there are more.
    pub(super) fn read(&mut self, store: &Store, run: Symbol) -> bool {
        let Some(run) = store.runs.get(run) else { return false };
        let reader = Reader::new(store.vocabulary());
        let mut left = PART;
        for event in run.stages.range((self.next_stage, Bound::Unbounded)).take(left) {
            (self.next_stage, left) = (Bound::Excluded(*event), left - 1);
            let Some((id, facts)) = store.current(*event) else { continue };
            self.stages.push((reader.shared(id), reader.all(facts, reader.dependencies)));
        }
        for (event, (start, end)) in run.jobs.range((self.next_job, Bound::Unbounded)).take(left) {
            (self.next_job, left) = (Bound::Excluded(*event), left - 1);
            let Some((id, facts)) = store.current(*event) else { continue };
            self.jobs.push(FinishedJob {
                event: *event,
                id: reader.shared(id),
                start: *start,
                end: *end,
                is_skipped: reader.is_skipped(facts),
                stage: reader.all(facts, reader.stage).pop(),
                dependencies: reader.all(facts, reader.dependencies),
                before: store.event(*event).map(|event| event.derived).unwrap_or_default(),
            });
        }
        left == 0
    }

    /// Returns the number of jobs.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Computes the critical path. Returns the values that have changed, by event.
    pub(super) fn compute(&self) -> Vec<(u32, Derived)> {
        let ran: Vec<&FinishedJob> = self.jobs.iter().filter(|job| !job.is_skipped).collect();
        let jobs: Vec<Job<'_>> = ran
            .iter()
            .map(|job| Job {
                id: &job.id,
                start: job.start,
                end: job.end,
                stage: job.stage.as_deref(),
                dependencies: strings(&job.dependencies),
            })
            .collect();
        let stages: Vec<Stage<'_>> = self
            .stages
            .iter()
            .map(|(id, dependencies)| Stage { id, dependencies: strings(dependencies) })
            .collect();
        let mut critical: Vec<(u32, i64)> = critical_path::find(&jobs, &stages)
            .into_iter()
            .filter_map(|part| Some((ran.get(part.job)?.event, part.exclusive)))
            .collect();
        critical.sort_unstable();
        let value = |event| match critical.binary_search_by_key(&event, |(event, _)| *event) {
            Ok(index) => Derived::Critical(critical.get(index).map_or(0, |(_, time)| *time)),
            Err(_) => Derived::NotCritical,
        };
        let values = self.jobs.iter().map(|job| (job, value(job.event)));
        let changed = values.filter(|(job, value)| job.before != *value);
        changed.map(|(job, value)| (job.event, value)).collect()
    }
}

fn strings(all: &[Arc<str>]) -> Vec<&str> {
    all.iter().map(|string| &**string).collect()
}

/// Reads attributes of events.
struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    status: Option<Symbol>,
    skipped: Option<Fact>,
    stage: Option<Symbol>,
    dependencies: Option<Symbol>,
}

impl<'v> Reader<'v> {
    fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            status: vocabulary.names.find("@ci.status"),
            skipped: vocabulary.strings.find("skipped").map(Fact::String),
            stage: vocabulary.names.find("@ci.stage.id"),
            dependencies: vocabulary.names.find("@ci.dependencies"),
        }
    }

    fn is_skipped(&self, facts: &Facts) -> bool {
        let is_skipped = |status| facts.values(status).any(|fact| Some(fact) == self.skipped);
        self.status.is_some_and(is_skipped)
    }

    /// Returns the strings of an attribute.
    fn all(&self, facts: &Facts, name: Option<Symbol>) -> Vec<Arc<str>> {
        let facts = name.into_iter().flat_map(|name| facts.values(name));
        let string = |fact| match fact {
            Fact::String(symbol) => Some(self.shared(symbol)),
            Fact::Number(_) | Fact::Boolean(_) => None,
        };
        facts.filter_map(string).collect()
    }

    fn shared(&self, symbol: Symbol) -> Arc<str> {
        self.vocabulary.strings.shared(symbol)
    }
}
