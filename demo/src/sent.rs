//! What was sent, to hold against what is found: the demo checks what it says.

use std::collections::BTreeMap;

use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::jiff::SignedDuration;
use datadog_ci_pipelines::models::{EventLevel, Job, Pipeline, Resource, SendData};

use crate::found::Found;

/// The level and the id of a run. An id is that of one run alone, but only within its level.
type Key = (&'static str, String);

/// What is known of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) level: &'static str,
    pub(crate) pipeline: String,
    pub(crate) status: String,
    /// None while it runs.
    pub(crate) duration: Option<SignedDuration>,
    pub(crate) is_retry: bool,
    pub(crate) tests_failed: bool,
}

/// The runs that were sent, each as it was sent last.
#[derive(Debug, Default)]
pub(crate) struct Sent(BTreeMap<Key, Known>);

impl Sent {
    /// Notes an event that is sent.
    pub(crate) fn note(&mut self, event: PipelineEvent) {
        let Some(attributes) = SendData::from(event).attributes else { return };
        let is_measure_of_failure =
            |metric: &String| metric.starts_with("tests.failed:") && !metric.ends_with(":0");
        macro_rules! note {
            ($level:literal, $run:expr, $id:ident, $pipeline:ident, $end:expr, $retry:expr) => {{
                let end: Option<_> = $end;
                let known = Known {
                    level: $level,
                    pipeline: $run.$pipeline,
                    status: $run.status.to_string(),
                    duration: end.map(|end| $run.start.duration_until(end)),
                    is_retry: $retry,
                    tests_failed: $run.metrics.iter().flatten().any(is_measure_of_failure),
                };
                self.0.insert(($level, $run.$id), known);
            }};
        }
        match attributes.resource {
            Resource::Pipeline(Pipeline::Finished(run)) => {
                note!("pipeline", run, unique_id, name, Some(run.end), run.partial_retry);
            }
            Resource::Pipeline(Pipeline::Running(run)) => {
                note!("pipeline", run, unique_id, name, None, run.partial_retry);
            }
            Resource::Stage(run) => {
                note!("stage", run, id, pipeline_name, Some(run.end), false);
            }
            Resource::Job(Job::Finished(run)) => {
                note!("job", run, id, pipeline_name, Some(run.end), false);
            }
            Resource::Job(Job::Running(run)) => note!("job", run, id, pipeline_name, None, false),
            Resource::Step(run) => note!("step", run, id, pipeline_name, Some(run.end), false),
            Resource::Unknown(_) => {}
        }
    }

    /// How many runs there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Every run.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Known> {
        self.0.values()
    }

    /// Compares what was found with what was sent.
    ///
    /// # Errors
    /// Fails with the first run that is missing, is there twice, was never sent, or is not as
    /// it was sent.
    pub(crate) fn compare(&self, found: &[Found]) -> Result<(), String> {
        let mut missing: BTreeMap<&Key, &Known> = self.0.iter().collect();
        for run in found {
            let level = level_name(&run.level);
            let Some(known) = missing.remove(&(level, run.id.clone())) else {
                return Err(format!("the {level} {} was found but not sent, or twice", run.id));
            };
            if (&known.status, known.duration) != (&run.status, run.duration) {
                return Err(format!(
                    "the {level} `{}` ({}) was sent as {} with {:?} but found as {} with {:?}",
                    run.name, run.id, known.status, known.duration, run.status, run.duration
                ));
            }
        }
        match missing.first_key_value() {
            None => Ok(()),
            Some(((level, id), _)) => Err(format!("the {level} {id} was sent but not found")),
        }
    }
}

/// The name of a level that this demo sends.
pub(crate) fn level_name(level: &EventLevel) -> &'static str {
    match level {
        EventLevel::Pipeline => "pipeline",
        EventLevel::Stage => "stage",
        EventLevel::Job => "job",
        EventLevel::Step => "step",
        EventLevel::Custom | EventLevel::Unknown(_) => "event",
    }
}
