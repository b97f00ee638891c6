//! What became of what was reported.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How many problems are remembered one by one.
const REMEMBERED: usize = 100;

/// What became of the events of a run, or of all runs of a reporter.
///
/// It is only a report: whatever it says, the build that was reported on goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many events the service took.
    pub accepted: usize,
    /// How many events are on disk and not yet delivered: with an outbox, which goes on with them
    /// here or in the next process. What waits there from before counts, too.
    pub pending: usize,
    /// How many events the service rejected.
    pub rejected: usize,
    /// How many events did not get out, so far or at all: there was no time, no room, or they
    /// were not valid.
    pub unsent: usize,
    /// What went wrong, in the order in which it was noticed; the first hundred.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether the service took everything.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rejected == 0 && self.unsent == 0 && self.pending == 0
    }

    pub(super) fn count(&mut self, is_refused: bool) {
        *(if is_refused { &mut self.rejected } else { &mut self.accepted }) += 1;
    }

    pub(super) fn add(&mut self, problem: Problem) {
        if self.problems.len() < REMEMBERED {
            self.problems.push(problem);
        }
    }
}

/// One line of figures, and one for each problem.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, pending, rejected, unsent, problems } = self;
        write!(f, "{accepted} events accepted, {rejected} rejected, {unsent} not sent")?;
        if *pending > 0 {
            write!(f, ", {pending} on disk and not yet delivered")?;
        }
        for problem in problems {
            write!(f, "\n{problem}")?;
        }
        Ok(())
    }
}

/// Something that went wrong with a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What it means for the event.
    pub kind: ProblemKind,
    /// What it is about, such as ``job `cargo test` ``.
    pub about: String,
    /// What is wrong, and if possible what to do.
    pub message: String,
}

/// What a problem means for the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// It was sent without, or with something else in the place of, what was wrong.
    Corrected,
    /// It was not sent, because the service does not take such events.
    Invalid,
    /// The service rejected it.
    Rejected,
    /// It was not sent, because there was no time or no room.
    Unsent,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ProblemKind::Corrected => "corrections",
            ProblemKind::Invalid => "not valid",
            ProblemKind::Rejected => "rejected",
            ProblemKind::Unsent => "not sent",
        };
        write!(f, "{}: {kind}: {}", self.about, self.message)
    }
}

type Listen = dyn Fn(&Problem) + Send + Sync;

/// Who is told of problems when they are noticed.
#[derive(Clone, Default)]
pub(super) struct Listener(Option<Arc<Listen>>);

impl Listener {
    pub(super) fn new(listen: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listen)))
    }

    /// Whether there was anyone to tell.
    pub(super) fn tell(&self, problem: &Problem) -> bool {
        if let Some(listen) = &self.0 {
            // Problems are noticed in destructors and in the background: a panic there would end
            // more than the listener. The panic hook has shown it.
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
