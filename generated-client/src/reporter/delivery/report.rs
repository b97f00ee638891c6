//! What was delivered, and every problem.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The maximum number of problems in a report.
const MAX_PROBLEMS: usize = 100;

/// The delivery result of the events of a run, or of all runs of a reporter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The number of events that the service accepted.
    pub accepted: usize,
    /// The number of events that are in the outbox and not yet delivered, including earlier ones.
    /// Their delivery continues in this process or in the next one.
    pub pending: usize,
    /// Why events are pending, if an attempt to deliver them failed.
    pub pending_reason: Option<String>,
    /// The number of events that the service rejected.
    pub rejected: usize,
    /// The number of events that were not sent, because time or space was short or because they
    /// were invalid.
    pub unsent: usize,
    /// The first 100 problems, in the order in which they were noticed.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Returns whether the service accepted every event.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rejected == 0 && self.unsent == 0 && self.pending == 0
    }

    pub(super) fn count(&mut self, is_refused: bool) {
        *(if is_refused { &mut self.rejected } else { &mut self.accepted }) += 1;
    }

    /// Adds a problem. Events that were lost for the same reason are one problem.
    pub(super) fn add(&mut self, problem: Problem) {
        let is_full = self.problems.len() >= MAX_PROBLEMS;
        match self.problems.iter_mut().find(|known| known.is_alike(&problem)) {
            Some(known) => known.events += problem.events,
            None if is_full => {}
            None => self.problems.push(problem),
        }
    }

    /// Counts lost events and adds the problem.
    pub(super) fn lose(&mut self, problem: Problem) {
        match problem.kind {
            ProblemKind::Corrected => {}
            ProblemKind::Rejected => self.rejected += problem.events,
            ProblemKind::Invalid | ProblemKind::Unsent => self.unsent += problem.events,
        }
        self.add(problem);
    }
}

/// Prints one line of counts, and one line per problem.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, pending, pending_reason, rejected, unsent, problems } = self;
        write!(f, "{accepted} events accepted, {rejected} rejected, {unsent} not sent")?;
        if *pending > 0 {
            write!(f, ", {pending} in the outbox and not yet delivered")?;
            pending_reason.iter().try_for_each(|reason| write!(f, ": {reason}"))?;
        }
        for problem in problems {
            write!(f, "\n{problem}")?;
        }
        Ok(())
    }
}

/// A problem with an event, or the loss of several events for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The consequence for the event.
    pub kind: ProblemKind,
    /// The scope, such as ``job `cargo test` ``; the first one if there are several events.
    pub about: String,
    /// The number of events that it concerns.
    pub events: usize,
    /// What is wrong, and what to do if known.
    pub message: String,
}

impl Problem {
    /// Creates a problem with one event.
    pub(super) fn new(kind: ProblemKind, about: &str, message: String) -> Self {
        Self { kind, about: about.to_owned(), events: 1, message }
    }

    /// Returns whether events were lost for the same reason. Each correction is about its own value.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.kind != ProblemKind::Corrected
            && self.message == other.message
    }
}

/// The consequence of a problem for the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The event was sent; an invalid value was omitted or replaced.
    Corrected,
    /// The event is invalid and was not sent.
    Invalid,
    /// The service rejected the event.
    Rejected,
    /// The event was not sent, because time or space was short.
    Unsent,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ProblemKind::Corrected => "corrected",
            ProblemKind::Invalid => "invalid",
            ProblemKind::Rejected => "rejected",
            ProblemKind::Unsent => "not sent",
        };
        f.write_str(&self.about)?;
        if self.events > 1 {
            write!(f, " and {} more", self.events - 1)?;
        }
        write!(f, ": {kind}: {}", self.message)
    }
}

type Listen = dyn Fn(&Problem) + Send + Sync;

/// The callback of [`Reporter::on_problem`](crate::Reporter::on_problem).
#[derive(Clone, Default)]
pub(in crate::reporter) struct Listener(Option<Arc<Listen>>);

impl Listener {
    pub(in crate::reporter) fn new(listen: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listen)))
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Runs the callback. Returns whether there is one.
    pub(super) fn call(&self, problem: &Problem) -> bool {
        if let Some(listen) = &self.0 {
            // Problems are noticed in destructors and on the background thread, where a panic must not
            // propagate. The panic hook has already printed it.
            let _ = catch_unwind(AssertUnwindSafe(|| listen(problem)));
        }
        self.0.is_some()
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener" } else { "no listener" })
    }
}
