//! Strategies for events that keep every rule, so that they are taken.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{
    CiErrorDomain, Job, JobStatus, Pipeline, PipelineStatus, Resource, RunningJobStatus, SendData,
    SendDataType, StageStatus, StepStatus,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::runs::send_data;
use super::values::text;

/// When the first of all events may begin, in seconds since 1970; all are over three days later.
pub(crate) const FIRST: i64 = 1_784_000_000;

/// What the rules ask for in place of what is generated freely.
#[derive(Clone, Debug)]
struct Tame {
    start: Timestamp,
    length: SignedDuration,
    choice: usize,
    tags: Vec<String>,
    metrics: Vec<String>,
}

/// One of the values that the description names.
fn known<T: for<'a> From<&'a str>>(values: &[&str], choice: usize) -> T {
    T::from(values[choice % values.len()])
}

macro_rules! tame {
    ($run:expr, $tame:ident) => {{
        $run.start = $tame.start;
        $run.tags = $run.tags.as_ref().map(|_| $tame.tags.clone());
        $run.metrics = $run.metrics.as_ref().map(|_| $tame.metrics.clone());
        if let Some(error) = &mut $run.error {
            error.domain = Some(known(CiErrorDomain::VALUES, $tame.choice));
        }
        if let Some(git) = &mut $run.git
            && git.branch.is_some()
        {
            git.tag = None;
        }
    }};
    ($run:expr, $tame:ident, $statuses:expr) => {{
        tame!($run, $tame);
        $run.end = $tame.start + $tame.length;
        $run.status = known($statuses, $tame.choice);
    }};
}

/// Waits are not negative, and fit as nanoseconds.
fn wait(time: Option<i64>) -> Option<i64> {
    time.map(|time| time.rem_euclid(86_400_000))
}

impl Tame {
    /// Makes a generated run a valid one, the `i`th of its request; not one of a level that is
    /// not known.
    fn apply(&self, resource: &mut Resource, i: usize) -> bool {
        match resource {
            Resource::Pipeline(Pipeline::Finished(run)) => {
                tame!(run, self, PipelineStatus::VALUES);
                run.queue_time = wait(run.queue_time);
                run.unique_id = format!("{i} {}", run.unique_id);
            }
            Resource::Pipeline(Pipeline::Running(run)) => {
                tame!(run, self);
                run.queue_time = wait(run.queue_time);
                run.unique_id = format!("{i} {}", run.unique_id);
            }
            Resource::Stage(run) => {
                tame!(run, self, StageStatus::VALUES);
                run.queue_time = wait(run.queue_time);
                run.id = format!("{i} {}", run.id);
            }
            Resource::Job(Job::Finished(run)) => {
                tame!(run, self, JobStatus::VALUES);
                run.queue_time = wait(run.queue_time);
                run.id = format!("{i} {}", run.id);
            }
            Resource::Job(Job::Running(run)) => {
                tame!(run, self);
                run.status = RunningJobStatus::Running;
                run.queue_time = wait(run.queue_time);
                run.id = format!("{i} {}", run.id);
            }
            Resource::Step(run) => {
                tame!(run, self, StepStatus::VALUES);
                run.id = format!("{i} {}", run.id);
            }
            Resource::Unknown(_) => return false,
        }
        true
    }
}

fn tame() -> BoxedStrategy<Tame> {
    let nanoseconds = prop_oneof![Just(0), Just(250_000_000), 0..1_000_000_000_i64];
    let length = (0..36_000_i64, 0..1_000_000_000_i32);
    // Names of one's own that are none of the attributes that have a meaning.
    let tags = vec(text(), 0..4);
    let metrics = vec(any::<f64>().prop_filter("no number", |n| n.is_finite()), 0..4);
    (0..172_800_i64, nanoseconds, length, any::<usize>(), tags, metrics)
        .prop_map(|(second, nanoseconds, (seconds, nanos), choice, tags, metrics)| {
            let start = Timestamp::UNIX_EPOCH
                + SignedDuration::from_secs(FIRST + second)
                + SignedDuration::from_nanos(nanoseconds);
            let named = |(i, tag): (usize, String)| format!("x-tag-{i}:{tag}");
            let measured = |(i, metric): (usize, f64)| format!("x-metric-{i}:{metric:e}");
            Tame {
                start,
                length: SignedDuration::new(seconds, nanos),
                choice,
                tags: tags.into_iter().enumerate().map(named).collect(),
                metrics: metrics.into_iter().enumerate().map(measured).collect(),
            }
        })
        .boxed()
}

/// A few valid events of every level, finished and running; no two are of one run.
pub(crate) fn events() -> BoxedStrategy<Vec<SendData>> {
    let event = (send_data(), tame()).prop_filter("without a run", |(event, _)| {
        let attributes = event.attributes.as_ref();
        attributes.is_some_and(|a| !matches!(a.resource, Resource::Unknown(_)))
    });
    vec(event, 1..6)
        .prop_map(|events| {
            let tamed = |(i, (mut event, tame)): (usize, (SendData, Tame))| {
                event.r#type = Some(SendDataType::CipipelineResourceRequest);
                let attributes = event.attributes.as_mut();
                let is_known = attributes.is_some_and(|a| tame.apply(&mut a.resource, i));
                is_known.then_some(event)
            };
            events.into_iter().enumerate().filter_map(tamed).collect()
        })
        .boxed()
}
