//! Validation of events beyond the schema: the rules that the client shares, and those that only
//! a server can check.

use datadog_ci_pipelines::Timestamp;
use datadog_ci_pipelines::jiff::{self, SignedDuration};
use datadog_ci_pipelines::models::{
    CiError, CiErrorDomain, Job, JobStatus, Pipeline, PipelineStatus, Resource, RunningJobStatus,
    RunningPipelineStatus, SendData, SendDataSingleOrArray, SendDataType, SendRequest, StageStatus,
    StepStatus,
};
use datadog_ci_pipelines::rules::check_event;
use specwright_runtime::Validator;

use super::level::Level;
use crate::time::parse_any_date_time;

/// The maximum age of an event, counted from its end.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(18);
/// The maximum number of tags, and of metrics, of an event.
const MAX_TAGS: usize = 100;
/// The maximum length of a tag or a metric, in characters.
const MAX_TAG_LENGTH: usize = 300;

/// Reports every violation in the events of a request that conforms to the schema. Locations are
/// relative to the body. Without `now`, events of any age are valid.
pub(crate) fn check_request(
    request: &SendRequest,
    now: Option<jiff::Timestamp>,
    checks: &mut Validator,
) {
    match &request.data {
        None => checks.field("data", Some(&()), |checks, ()| checks.report("is required")),
        Some(data) => checks.field("data", Some(data), |checks, data| match data {
            SendDataSingleOrArray::Single(event) => check_one(event, now, checks),
            SendDataSingleOrArray::Array(events) => {
                checks.items(events, |checks, event| check_one(event, now, checks));
            }
            _ => {
                checks.report("must be an event or an array of events");
            }
        }),
    }
}

fn check_one(event: &SendData, now: Option<jiff::Timestamp>, checks: &mut Validator) {
    if let Some(kind) = &event.r#type {
        known("type", kind.as_str(), &[SendDataType::VALUES], checks);
    }
    let Some(attributes) = &event.attributes else {
        checks.field("attributes", Some(&()), |checks, ()| checks.report("is required"));
        return;
    };
    check_event(event, checks);
    checks.field("attributes", Some(&attributes.resource), |checks, resource| {
        checks.field("resource", Some(resource), |checks, resource| {
            check_resource(resource, now, checks);
        });
    });
}

/// The properties of a run that are checked on every level.
struct Run<'a> {
    start: &'a Timestamp,
    end: Option<&'a Timestamp>,
    tags: Option<&'a [String]>,
    metrics: Option<&'a [String]>,
    error: Option<&'a CiError>,
}

fn check_resource(resource: &Resource, now: Option<jiff::Timestamp>, checks: &mut Validator) {
    macro_rules! run {
        ($run:expr, $end:expr, $values:expr) => {{
            let values: &[&[&str]] = &$values;
            known("status", $run.status.as_str(), values, checks);
            Run {
                start: &$run.start,
                end: $end,
                tags: $run.tags.as_deref(),
                metrics: $run.metrics.as_deref(),
                error: $run.error.as_deref(),
            }
        }};
    }
    let pipeline = [PipelineStatus::VALUES, RunningPipelineStatus::VALUES];
    let job = [JobStatus::VALUES, RunningJobStatus::VALUES];
    let run = match resource {
        Resource::Pipeline(Pipeline::Finished(run)) => run!(run, Some(&run.end), pipeline),
        Resource::Pipeline(Pipeline::Running(run)) => run!(run, None, pipeline),
        Resource::Stage(run) => run!(run, Some(&run.end), [StageStatus::VALUES]),
        Resource::Job(Job::Finished(run)) => run!(run, Some(&run.end), job),
        Resource::Job(Job::Running(run)) => run!(run, None, job),
        Resource::Step(run) => run!(run, Some(&run.end), [StepStatus::VALUES]),
        Resource::Unknown(resource) => {
            let levels = [Level::Pipeline, Level::Stage, Level::Job, Level::Step].map(Level::name);
            let level = resource.get("level").and_then(|level| level.as_str().map(Into::into));
            let level: String = level.unwrap_or_default();
            return known("level", &level, &[&levels], checks);
        }
        _ => return checks.report("is not known"),
    };
    run.check(now, checks);
}

/// Returns the nanoseconds since 1970, also of a time without an offset.
fn nanoseconds(time: &Timestamp) -> Option<i128> {
    let parsed = time.to_jiff().map(jiff::Timestamp::as_nanosecond);
    parsed.or_else(|| parse_any_date_time(&time.to_string()))
}

impl Run<'_> {
    fn check(&self, now: Option<jiff::Timestamp>, checks: &mut Validator) {
        for (name, time) in [("start", Some(self.start)), ("end", self.end)] {
            checks.field(name, time, |checks, time| {
                // Timestamps are kept as an i64 of nanoseconds.
                match nanoseconds(time).map(i64::try_from) {
                    Some(Ok(_)) => {}
                    Some(Err(_)) => {
                        checks.report(format!("must be in the years 1678 to 2261, is {time}"));
                    }
                    None => checks.report(format!("must be a date-time, is {time}")),
                }
            });
        }
        let end = self
            .end
            .and_then(nanoseconds)
            .and_then(|end| jiff::Timestamp::from_nanosecond(end).ok());
        if let (Some(end), Some(now)) = (end, now) {
            let is_recent = now.duration_since(end) <= MAX_AGE;
            checks.field("end", Some(&end), |checks, end| {
                checks.require(
                    is_recent,
                    format_args!(
                        "must be within the last 18 hours, is {end}; the clock shows {now}"
                    ),
                );
            });
        }
        for (name, list) in [("tags", self.tags), ("metrics", self.metrics)] {
            checks.field(name, list, |checks, list| {
                checks.max_count(list.len(), MAX_TAGS);
                checks.items(list, |checks, item| checks.max_length(item, MAX_TAG_LENGTH));
            });
        }
        checks.field("error", self.error, |checks, error| {
            if let Some(domain) = &error.domain {
                known("domain", domain.as_str(), &[CiErrorDomain::VALUES], checks);
            }
        });
    }
}

/// Reports a value that is not one of the known ones.
fn known(name: &str, value: &str, values: &[&[&str]], checks: &mut Validator) {
    checks.field(name, Some(value), |checks, value| {
        let is_known = values.iter().any(|values| values.contains(&value));
        checks.require(is_known, format_args!("must be one of {}", values.concat().join(", ")));
    });
}
