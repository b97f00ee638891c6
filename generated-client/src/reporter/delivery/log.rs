//! The results of the events of a run, and the losses that no report has listed.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::report::{Listener, Problem, Report};

/// The maximum number of runs whose losses are kept apart.
const MAX_RUNS: usize = 100;

/// The results of the events of one run.
#[derive(Debug, Default)]
pub(in crate::reporter) struct Log {
    pub(super) listener: Listener,
    pub(super) report: Mutex<Report>,
    /// The number of events that wait.
    pub(super) waiting: AtomicUsize,
}

impl Log {
    pub(in crate::reporter) fn new(listener: Listener) -> Self {
        Self { listener, ..Self::default() }
    }

    /// The caller must hold no lock, because the callback may report in turn.
    pub(super) fn note(&self, problem: Problem) {
        self.listener.call(&problem);
        lock(&self.report).add(problem);
    }
}

/// A set of events.
#[derive(Clone, Debug)]
pub(super) enum EventSet {
    Run(Arc<Log>),
    /// The first events of all runs, up to this number.
    First(u64),
}

impl EventSet {
    pub(super) const ALL: Self = Self::First(u64::MAX);
}

/// Events that were lost, per run, until a report lists them.
#[derive(Debug, Default)]
pub(super) struct Losses(Vec<(Arc<Log>, Report)>);

impl Losses {
    /// Adds a loss, unless there is a listener.
    pub(super) fn add(&mut self, log: &Arc<Log>, problem: &Problem) {
        if log.listener.is_set() {
            return;
        }
        let known = self.0.iter_mut().position(|(run, _)| Arc::ptr_eq(run, log));
        // A program that never reads a report may have any number of runs.
        let last = self.0.len().checked_sub(1).filter(|_| self.0.len() >= MAX_RUNS);
        match known.or(last) {
            Some(index) => self.0[index].1.lose(problem.clone()),
            None => {
                let mut report = Report::default();
                report.lose(problem.clone());
                self.0.push((Arc::clone(log), report));
            }
        }
    }

    /// Forgets what a report of these events lists.
    pub(super) fn forget(&mut self, set: &EventSet) {
        match set {
            EventSet::Run(log) => self.0.retain(|(run, _)| !Arc::ptr_eq(run, log)),
            EventSet::First(_) => self.0.clear(),
        }
    }

    /// Returns one line that describes all losses, if there are any.
    pub(super) fn line(&self) -> Option<String> {
        let mut all = Report::default();
        for problem in self.0.iter().flat_map(|(_, report)| &report.problems) {
            all.lose(problem.clone());
        }
        // The counts include problems that the reports have no room for.
        let rejected: usize = self.0.iter().map(|(_, report)| report.rejected).sum();
        let unsent: usize = self.0.iter().map(|(_, report)| report.unsent).sum();
        let first = all.problems.first()?;
        let more = match all.problems.len() - 1 {
            0 => String::new(),
            more => format!("; {more} other problems"),
        };
        let line = format!(
            "{}: CI events were lost: {rejected} rejected, {unsent} not sent; {first}{more}",
            env!("CARGO_PKG_NAME")
        );
        Some(line.replace(['\r', '\n'], " "))
    }
}

/// Locks a mutex. A poisoned lock is still consistent, because every change is one step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
