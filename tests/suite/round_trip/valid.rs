//! Strategies for valid events, which the intake accepts.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{
    CiErrorDomain, Job, JobStatus, Pipeline, PipelineStatus, Resource, RunningJobStatus, SendData,
    SendDataType, StageStatus, StepStatus,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::runs::send_data;
use super::values::string;

/// The earliest start of an event, in seconds since 1970. All events end within three days.
pub(crate) const FIRST: i64 = 1_784_000_000;

/// Valid values that replace random ones.
#[derive(Clone, Debug)]
struct ValidValues {
    start: Timestamp,
    length: SignedDuration,
    choice: usize,
    tags: Vec<String>,
    metrics: Vec<String>,
}

/// Returns one of the documented values.
fn known<T: for<'a> From<&'a str>>(values: &[&str], choice: usize) -> T {
    T::from(values[choice % values.len()])
}

/// Makes a name that is not empty.
fn name(name: &mut String) {
    name.insert(0, 'n');
}

/// Makes a URL with a scheme, or leaves it empty.
fn url(url: &mut String) {
    *url = match url.trim() {
        "" => String::new(),
        path => format!("https://ci.example/{path}"),
    };
}

macro_rules! make_valid {
    ($run:expr, $values:ident) => {{
        name(&mut $run.name);
        $run.start = $values.start.into();
        $run.tags = $run.tags.as_ref().map(|_| $values.tags.clone());
        $run.metrics = $run.metrics.as_ref().map(|_| $values.metrics.clone());
        if let Some(error) = &mut $run.error {
            error.domain = Some(known(CiErrorDomain::VALUES, $values.choice));
        }
        if let Some(git) = &mut $run.git
            && git.branch.is_some()
        {
            git.tag = None;
        }
    }};
    ($run:expr, $values:ident, $statuses:expr) => {{
        make_valid!($run, $values);
        $run.end = ($values.start + $values.length).into();
        $run.status = known($statuses, $values.choice);
    }};
}

/// Makes a queue time non-negative and small enough for nanoseconds.
fn queue_time(time: Option<i64>) -> Option<i64> {
    time.map(|time| time.rem_euclid(86_400_000))
}

impl ValidValues {
    /// Makes the `i`th run of a request valid. Returns whether its level is known.
    fn apply(&self, resource: &mut Resource, i: usize) -> bool {
        match resource {
            Resource::Pipeline(Pipeline::Finished(run)) => {
                make_valid!(run, self, PipelineStatus::VALUES);
                run.queue_time = queue_time(run.queue_time);
                run.unique_id = format!("{i} {}", run.unique_id);
                url(&mut run.url);
            }
            Resource::Pipeline(Pipeline::Running(run)) => {
                make_valid!(run, self);
                run.queue_time = queue_time(run.queue_time);
                run.unique_id = format!("{i} {}", run.unique_id);
                url(&mut run.url);
            }
            Resource::Stage(run) => {
                make_valid!(run, self, StageStatus::VALUES);
                run.queue_time = queue_time(run.queue_time);
                run.id = format!("{i} {}", run.id);
                [&mut run.pipeline_name, &mut run.pipeline_unique_id].into_iter().for_each(name);
            }
            Resource::Job(Job::Finished(run)) => {
                make_valid!(run, self, JobStatus::VALUES);
                run.queue_time = queue_time(run.queue_time);
                run.id = format!("{i} {}", run.id);
                url(&mut run.url);
                [&mut run.pipeline_name, &mut run.pipeline_unique_id].into_iter().for_each(name);
            }
            Resource::Job(Job::Running(run)) => {
                make_valid!(run, self);
                run.status = RunningJobStatus::Running;
                run.queue_time = queue_time(run.queue_time);
                run.id = format!("{i} {}", run.id);
                url(&mut run.url);
                [&mut run.pipeline_name, &mut run.pipeline_unique_id].into_iter().for_each(name);
            }
            Resource::Step(run) => {
                make_valid!(run, self, StepStatus::VALUES);
                run.id = format!("{i} {}", run.id);
                run.url.as_mut().map(url);
                [&mut run.pipeline_name, &mut run.pipeline_unique_id].into_iter().for_each(name);
            }
            _ => return false,
        }
        true
    }
}

fn valid_values() -> BoxedStrategy<ValidValues> {
    let nanoseconds = prop_oneof![Just(0), Just(250_000_000), 0..1_000_000_000_i64];
    let length = (0..36_000_i64, 0..1_000_000_000_i32);
    // The tag names do not collide with attributes.
    let tags = vec(string(), 0..4);
    let metrics = vec(any::<f64>().prop_filter("no number", |n| n.is_finite()), 0..4);
    (0..172_800_i64, nanoseconds, length, any::<usize>(), tags, metrics)
        .prop_map(|(second, nanoseconds, (seconds, nanos), choice, tags, metrics)| {
            let start = Timestamp::UNIX_EPOCH
                + SignedDuration::from_secs(FIRST + second)
                + SignedDuration::from_nanos(nanoseconds);
            let to_tag = |(i, tag): (usize, String)| format!("x-tag-{i}:{tag}");
            let to_metric = |(i, metric): (usize, f64)| format!("x-metric-{i}:{metric:e}");
            ValidValues {
                start,
                length: SignedDuration::new(seconds, nanos),
                choice,
                tags: tags.into_iter().enumerate().map(to_tag).collect(),
                metrics: metrics.into_iter().enumerate().map(to_metric).collect(),
            }
        })
        .boxed()
}

/// A few valid events of any level, finished and running. Each is of another run.
pub(crate) fn events() -> BoxedStrategy<Vec<SendData>> {
    let event = (send_data(), valid_values()).prop_filter("without a run", |(event, _)| {
        let attributes = event.attributes.as_ref();
        attributes.is_some_and(|a| !matches!(a.resource, Resource::Unknown(_)))
    });
    vec(event, 1..6)
        .prop_map(|events| {
            let make_valid = |(i, (mut event, values)): (usize, (SendData, ValidValues))| {
                event.r#type = Some(SendDataType::CipipelineResourceRequest);
                let attributes = event.attributes.as_mut();
                let is_known = attributes.is_some_and(|a| values.apply(&mut a.resource, i));
                is_known.then_some(event)
            };
            events.into_iter().enumerate().filter_map(make_valid).collect()
        })
        .boxed()
}
