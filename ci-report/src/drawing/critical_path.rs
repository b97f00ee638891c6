//! The jobs that determine the duration of a run.

use std::collections::{HashMap, HashSet};

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

/// A job that ran, or still runs.
struct Ran<'a> {
    job: &'a Found,
    end: Timestamp,
    exclusive: SignedDuration,
}

/// Returns the critical path of a run, in the order of time: the longest sequence of jobs that
/// determines the total duration.
///
/// It is found from the end: the job that ended last; before it, the job that ended last when that
/// one started; and so on. Dependencies of jobs and of stages limit the choice where they are known.
/// Skipped jobs are never part of it, and running ones end `now`.
#[must_use]
pub fn critical_path(events: &[Found], now: Timestamp) -> Vec<CriticalJob<'_>> {
    let of_level = |level: EventLevel| events.iter().filter(move |event| event.level == level);
    let mut jobs: Vec<Ran<'_>> = of_level(EventLevel::Job)
        .filter(|job| job.status != "skipped")
        .map(|job| Ran { job, end: job.end(now).max(job.start), exclusive: SignedDuration::ZERO })
        .collect();
    jobs.sort_by_key(|ran| (ran.end, ran.job.start));
    set_exclusive(&mut jobs);
    let stages: HashMap<&str, &[String]> = of_level(EventLevel::Stage)
        .map(|stage| (stage.id.as_str(), stage.dependencies.as_slice()))
        .collect();

    let mut path = Vec::new();
    let mut visited = HashSet::new();
    let mut current = jobs.len().checked_sub(1);
    while let Some((index, ran)) = current.and_then(|index| Some((index, jobs.get(index)?))) {
        if !visited.insert(index) {
            break;
        }
        path.push(CriticalJob { job: ran.job, exclusive: ran.exclusive });
        current = previous(&jobs, index, &stages);
    }
    path.reverse();
    path
}

/// Returns the job before another one on the path.
fn previous(jobs: &[Ran<'_>], index: usize, stages: &HashMap<&str, &[String]>) -> Option<usize> {
    let job = jobs.get(index)?.job;
    // Of jobs without duration, which end when they start, only earlier ones in the list.
    let ended = jobs.partition_point(|other| other.end <= job.start).min(index);
    let latest = |is_allowed: &dyn Fn(&Found) -> bool| {
        let earlier = jobs.get(..ended).unwrap_or_default();
        let found = earlier.iter().rposition(|other| is_allowed(other.job));
        // If clocks differ, what had to finish before may seem to end after the start.
        found.or_else(|| {
            jobs.iter().rposition(|other| other.job.start < job.start && is_allowed(other.job))
        })
    };
    if !job.dependencies.is_empty() {
        return latest(&|other| job.dependencies.contains(&other.id));
    }
    match job.stage_id.as_deref().and_then(|stage| Some((stage, *stages.get(stage)?))) {
        Some((stage, dependencies)) if !dependencies.is_empty() => {
            // Within a stage, jobs wait for each other only if they do not overlap.
            let own = |other: &Ran<'_>| other.job.stage_id.as_deref() == Some(stage);
            let own = jobs.get(..ended).unwrap_or_default().iter().rposition(own);
            own.or_else(|| {
                latest(&|other| other.stage_id.as_ref().is_some_and(|id| dependencies.contains(id)))
            })
        }
        _ => ended.checked_sub(1),
    }
}

/// Sets the time in which each job ran alone, in one pass over all starts and ends.
fn set_exclusive(jobs: &mut [Ran<'_>]) {
    let mut changes: Vec<(Timestamp, bool, usize)> = Vec::new();
    for (i, ran) in jobs.iter().enumerate() {
        changes.extend([(ran.job.start, true, i), (ran.end, false, i)]);
    }
    changes.sort_unstable();
    let mut running = HashSet::new();
    let mut since = Timestamp::UNIX_EPOCH;
    for (time, is_start, index) in changes {
        if running.len() == 1
            && let Some(ran) = running.iter().next().and_then(|only: &usize| jobs.get_mut(*only))
        {
            ran.exclusive += since.duration_until(time);
        }
        since = time;
        // An end may come before the start of the same time, of a job without duration.
        if is_start {
            running.insert(index)
        } else {
            running.remove(&index)
        };
    }
}

#[cfg(test)]
mod tests;
