//! The runs that were sent, to compare them with those that are found.

use std::collections::BTreeMap;

use datadog_ci_pipelines::jiff::SignedDuration;
use datadog_ci_pipelines::models::{EventLevel, Job, Pipeline, Resource, SendData};
use datadog_ci_pipelines::{PipelineEvent, Timestamp};

use ci_report::drawing::Found;

/// The level and id of a run. An id is unique within its level.
type Key = (&'static str, String);

/// A run that was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SentRun {
    pub(crate) level: &'static str,
    pub(crate) pipeline: String,
    pub(crate) status: String,
    /// `None` while it runs.
    pub(crate) duration: Option<SignedDuration>,
    pub(crate) is_retry: bool,
    pub(crate) tests_failed: bool,
}

/// The runs that were sent, in their last state.
#[derive(Debug, Default)]
pub(crate) struct Sent(BTreeMap<Key, SentRun>);

impl Sent {
    /// Records an event that is sent.
    pub(crate) fn record(&mut self, event: PipelineEvent) {
        let Some(attributes) = SendData::from(event).attributes else { return };
        let counts_failed_tests =
            |metric: &String| metric.starts_with("tests.failed:") && !metric.ends_with(":0");
        macro_rules! record {
            ($level:literal, $run:expr, $id:ident, $pipeline:ident, $end:expr, $retry:expr) => {{
                let end: Option<&Timestamp> = $end;
                let times = $run.start.to_jiff().zip(end.and_then(Timestamp::to_jiff));
                let sent = SentRun {
                    level: $level,
                    pipeline: $run.$pipeline,
                    status: $run.status.to_string(),
                    duration: times.map(|(start, end)| start.duration_until(end)),
                    is_retry: $retry,
                    tests_failed: $run.metrics.iter().flatten().any(counts_failed_tests),
                };
                self.0.insert(($level, $run.$id), sent);
            }};
        }
        match attributes.resource {
            Resource::Pipeline(Pipeline::Finished(run)) => {
                record!("pipeline", run, unique_id, name, Some(&run.end), run.partial_retry);
            }
            Resource::Pipeline(Pipeline::Running(run)) => {
                record!("pipeline", run, unique_id, name, None, run.partial_retry);
            }
            Resource::Stage(run) => {
                record!("stage", run, id, pipeline_name, Some(&run.end), false);
            }
            Resource::Job(Job::Finished(run)) => {
                record!("job", run, id, pipeline_name, Some(&run.end), false);
            }
            Resource::Job(Job::Running(run)) => record!("job", run, id, pipeline_name, None, false),
            Resource::Step(run) => record!("step", run, id, pipeline_name, Some(&run.end), false),
            _ => {}
        }
    }

    /// Returns the number of runs.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns all runs.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &SentRun> {
        self.0.values()
    }

    /// Compares the runs that were found with those that were sent.
    ///
    /// # Errors
    /// Returns an error for the first run that is missing, duplicate, unknown or different.
    pub(crate) fn compare(&self, found: &[Found]) -> Result<(), String> {
        let mut missing: BTreeMap<&Key, &SentRun> = self.0.iter().collect();
        for run in found {
            let level = level_name(&run.level);
            let Some(sent) = missing.remove(&(level, run.id.clone())) else {
                return Err(format!(
                    "the {level} {} was found but not sent, or is duplicate",
                    run.id
                ));
            };
            if (&sent.status, sent.duration) != (&run.status, run.duration) {
                return Err(format!(
                    "the {level} `{}` ({}) was sent as {} with {:?}, and found as {} with {:?}",
                    run.name, run.id, sent.status, sent.duration, run.status, run.duration
                ));
            }
        }
        match missing.first_key_value() {
            None => Ok(()),
            Some(((level, id), _)) => Err(format!("the {level} {id} was sent but not found")),
        }
    }
}

/// Returns the name of a level.
pub(crate) fn level_name(level: &EventLevel) -> &'static str {
    match level {
        EventLevel::Pipeline => "pipeline",
        EventLevel::Stage => "stage",
        EventLevel::Job => "job",
        EventLevel::Step => "step",
        _ => "event",
    }
}
