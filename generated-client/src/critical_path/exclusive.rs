//! Exclusive times: how long each job was the only one that ran.

use super::job::Job;

/// Returns the exclusive time of each job in nanoseconds, in one pass over all starts and ends.
#[inline]
pub(super) fn times(jobs: &[Job<'_>]) -> Vec<i64> {
    let mut changes: Vec<(i64, bool, usize)> = Vec::with_capacity(2 * jobs.len());
    for (index, job) in jobs.iter().enumerate() {
        // A job without duration does not interrupt the exclusive time of another one.
        if job.start < job.end {
            changes.extend([(job.start, true, index), (job.end, false, index)]);
        }
    }
    // At the same time, no order is better than another one: no time passes between them.
    changes.sort_unstable_by_key(|(time, ..)| *time);
    let mut times = vec![0_i64; jobs.len()];
    // How many jobs are running, and the sum of their indexes: of a single job, its index.
    let (mut running, mut sum, mut since) = (0_usize, 0_usize, 0_i64);
    for (time, is_start, index) in changes {
        if running == 1
            && let Some(total) = times.get_mut(sum)
        {
            *total = total.saturating_add(time.saturating_sub(since));
        }
        since = time;
        (running, sum) = match is_start {
            true => (running + 1, sum.wrapping_add(index)),
            false => (running.saturating_sub(1), sum.wrapping_sub(index)),
        };
    }
    times
}
