//! The jobs that determine the duration of a run.

use datadog_ci_pipelines::critical_path::{self, Job, Stage};
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::EventLevel;

use super::found::Found;

/// A job on the critical path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CriticalJob<'a> {
    /// The job.
    pub job: &'a Found,
    /// The time in which no other job ran.
    pub exclusive: SignedDuration,
}

/// Returns the critical path of a run, in the order of time: the longest sequence of jobs that
/// determines the total duration.
///
/// Skipped jobs are never part of it, and running ones end `now`.
#[must_use]
pub fn critical_path(events: &[Found], now: Timestamp) -> Vec<CriticalJob<'_>> {
    let of_level = |level: EventLevel| events.iter().filter(move |event| event.level == level);
    let found: Vec<&Found> =
        of_level(EventLevel::Job).filter(|job| job.status != "skipped").collect();
    let jobs: Vec<Job<'_>> = found
        .iter()
        .map(|job| Job {
            id: &job.id,
            start: nanoseconds(job.start),
            end: nanoseconds(job.end(now)),
            stage: job.stage_id.as_deref(),
            dependencies: dependencies(job),
        })
        .collect();
    let stages: Vec<Stage<'_>> = of_level(EventLevel::Stage)
        .map(|stage| Stage { id: &stage.id, dependencies: dependencies(stage) })
        .collect();
    let path = critical_path::find(&jobs, &stages).into_iter();
    let part = |part: critical_path::Part| {
        let exclusive = SignedDuration::from_nanos(part.exclusive);
        found.get(part.job).map(|job| CriticalJob { job, exclusive })
    };
    path.filter_map(part).collect()
}

fn dependencies(event: &Found) -> Vec<&str> {
    event.dependencies.iter().map(String::as_str).collect()
}

/// Returns the nanoseconds since 1970. The intake and the service accept no times beyond an `i64`.
fn nanoseconds(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
