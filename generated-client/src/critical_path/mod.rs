//! The critical path of a run: the longest sequence of jobs that determines its total duration.
//!
//! [`find`] works on plain values, whatever the jobs come from: events that were listed, or a file.
//!
//! ```
//! use datadog_ci_pipelines::critical_path::{self, Job};
//!
//! let jobs = [
//!     Job { id: "build", start: 0, end: 100, ..Job::default() },
//!     Job { id: "lint", start: 0, end: 80, ..Job::default() },
//!     Job { id: "test", start: 100, end: 250, ..Job::default() },
//! ];
//! let path = critical_path::find(&jobs, &[]);
//! let path: Vec<_> = path.iter().map(|part| (jobs[part.job].id, part.exclusive)).collect();
//! assert_eq!(path, [("build", 20), ("test", 150)]);
//! ```
//!
//! The path is found from the end: the job that ended last; before it, the job that ended last when
//! that one started; and so on. Dependencies of jobs and of stages limit the choice where they are
//! known. Of jobs that ended at the same time, the one that started last is chosen, then the one
//! with the greatest id, so the order of the jobs is irrelevant.
//!
//! The time of [`find`] is proportional to `n log n` for `n` jobs and dependencies in total.
//!
//! | module | responsibility |
//! |---|---|
//! | `exclusive` | the time in which no other job ran |
//! | `job` | the jobs and stages of a run |
//! | `previous` | the job before another one on the path |

mod exclusive;
mod job;
mod previous;
#[cfg(test)]
mod tests;

pub use job::{Job, Stage};
use previous::Jobs;

/// A job on the critical path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The position of the job in the list of all jobs.
    pub job: usize,
    /// The time in nanoseconds in which the job ran and no other job did.
    pub exclusive: i64,
}

/// Returns the critical path of a run, in the order of time.
///
/// `jobs` are all jobs that ran, without skipped ones. `stages` are those with dependencies; others
/// are ignored.
#[must_use]
#[inline]
pub fn find(jobs: &[Job<'_>], stages: &[Stage<'_>]) -> Vec<Part> {
    let exclusive = exclusive::times(jobs);
    let mut all = Jobs::new(jobs, stages);
    let mut path = Vec::new();
    let mut current = all.last();
    while let Some(position) = current {
        if let Some(job) = all.index(position) {
            path.push(Part { job, exclusive: exclusive.get(job).copied().unwrap_or_default() });
        }
        current = all.previous(position);
    }
    path.reverse();
    path
}
