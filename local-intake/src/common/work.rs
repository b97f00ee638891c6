//! The work of one query: done in short slices, within a time limit, until its caller has gone.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::turns::Turns;

/// The length of a slice. No lock is held for longer.
const SLICE: Duration = Duration::from_millis(1);
/// How long to wait before looking again whether something is free.
const PAUSE: Duration = Duration::from_millis(3);

/// Why the work of a query has ended without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It takes longer than the limit.
    TimeLimit(Duration),
    /// The caller has gone.
    Cancelled,
    /// All events were deleted meanwhile.
    Cleared,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeLimit(limit) => write!(
                f,
                "the query takes longer than the limit `query_timeout` of {limit:?}; use a shorter time range or fewer clauses"
            ),
            Self::Cancelled => f.write_str("the query was cancelled"),
            Self::Cleared => f.write_str("all events were deleted while the query was processed"),
        }
    }
}

/// What all queries of an intake have in common.
#[derive(Clone, Debug)]
pub(crate) struct WorkLimits {
    pub(crate) timeout: Duration,
    pub(crate) turns: Arc<Turns>,
}

/// The work of one query. It ends a slice with [`pass`](Self::pass), without any lock.
pub(crate) struct Work {
    /// `None` if there is no limit.
    limits: Option<WorkLimits>,
    started: Instant,
    is_cancelled: Arc<AtomicBool>,
    slice_ends: Cell<Instant>,
    /// Called after each slice.
    #[cfg(test)]
    pub(crate) between: Option<Box<dyn Fn()>>,
}

impl Work {
    /// Waits for the first turn of a query that was received at `started`.
    pub(crate) fn new(limits: WorkLimits, started: Instant, is_cancelled: Arc<AtomicBool>) -> Self {
        limits.turns.acquire();
        Self::starting(Some(limits), started, is_cancelled)
    }

    /// Creates work that has no limit.
    #[cfg(test)]
    pub(crate) fn unlimited() -> Self {
        Self::starting(None, Instant::now(), Arc::default())
    }

    fn starting(
        limits: Option<WorkLimits>,
        started: Instant,
        is_cancelled: Arc<AtomicBool>,
    ) -> Self {
        Self {
            limits,
            started,
            is_cancelled,
            slice_ends: Cell::new(Instant::now() + SLICE),
            #[cfg(test)]
            between: None,
        }
    }

    /// Returns when the query was received.
    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// Returns whether the slice is over.
    pub(crate) fn is_due(&self) -> bool {
        Instant::now() >= self.slice_ends.get()
    }

    /// Ends a slice, and lets others run.
    pub(crate) fn pass(&self) -> Result<(), Stopped> {
        #[cfg(test)]
        if let Some(between) = &self.between {
            between();
        }
        self.end_if_stopped()?;
        if let Some(limits) = &self.limits {
            limits.turns.pass();
        }
        self.slice_ends.set(Instant::now() + SLICE);
        Ok(())
    }

    /// Ends a slice if it is over. For work without a lock, at least once per millisecond or so.
    pub(crate) fn check(&self) -> Result<(), Stopped> {
        if self.is_due() { self.pass() } else { Ok(()) }
    }

    /// Waits for something that another query holds, without a turn.
    pub(crate) fn pause(&self) -> Result<(), Stopped> {
        self.end_if_stopped()?;
        if let Some(limits) = &self.limits {
            limits.turns.release();
        }
        thread::sleep(PAUSE);
        if let Some(limits) = &self.limits {
            limits.turns.acquire();
        }
        self.slice_ends.set(Instant::now() + SLICE);
        Ok(())
    }

    fn end_if_stopped(&self) -> Result<(), Stopped> {
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Err(Stopped::Cancelled);
        }
        match &self.limits {
            Some(limits) if self.started.elapsed() >= limits.timeout => {
                Err(Stopped::TimeLimit(limits.timeout))
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(limits) = &self.limits {
            limits.turns.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use super::{Stopped, Work, WorkLimits};

    #[test]
    fn work_ends_by_its_limit_or_when_the_caller_has_gone() {
        let timeout = Duration::from_secs(3600);
        let limits = WorkLimits { timeout, turns: Arc::default() };
        let has_gone = Arc::new(AtomicBool::new(false));
        let work = Work::new(limits.clone(), Instant::now(), Arc::clone(&has_gone));
        assert_eq!(work.pass(), Ok(()));
        has_gone.store(true, Ordering::Relaxed);
        assert_eq!(work.pass(), Err(Stopped::Cancelled));
        drop(work);
        let limits = WorkLimits { timeout: Duration::ZERO, ..limits };
        let work = Work::new(limits, Instant::now(), Arc::default());
        assert_eq!(work.pass(), Err(Stopped::TimeLimit(Duration::ZERO)));
    }
}
