//! What waits to be sent, and what became of the rest.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::report::{Listener, Problem, ProblemKind, Report};
use super::sink::{SendOutcome, Sink};
use super::worker;
use crate::{MAX_BATCH, PipelineEvent};

/// How many events wait to be sent at most.
///
/// Where more come, because the service has been away for long, the oldest event that says only
/// that something runs gives way; if there is none, the oldest. The report says so.
pub const MAX_WAITING: usize = 10_000;

/// The queue of a reporter: whoever reports puts events in, the worker takes them out.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) sink: Sink,
    state: Mutex<State>,
    /// How many wait for everything to be sent.
    pub(super) waiters: AtomicUsize,
    /// Rings for the worker when there is something to do.
    pub(super) wake: Notify,
    /// Rings when someone begins to wait, so that no pause is made for longer than it must be.
    pub(super) hurry: Notify,
    /// Rings when it is known what became of an event.
    pub(super) settled: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Entry>,
    /// How many were ever taken in.
    taken: u64,
    /// How many of them, from the front, are being sent.
    under_way: usize,
    worker: Worker,
    closed: bool,
    /// Why sending did not succeed the last time, if it did not.
    failure: Option<String>,
    /// What became of all events since somebody asked last.
    total: Report,
}

#[derive(Debug, Default)]
enum Worker {
    #[default]
    Idle,
    Running(Handle),
    Failed(String),
}

/// An event that waits.
#[derive(Debug)]
struct Entry {
    /// How many were taken in before it.
    number: u64,
    event: PipelineEvent,
    about: Arc<str>,
    log: Arc<Log>,
    /// It says only that something runs.
    is_running: bool,
    /// A report has already said that it is not sent yet.
    told: bool,
}

/// What became of the events of one run.
#[derive(Debug, Default)]
pub(super) struct Log {
    listener: Listener,
    report: Mutex<Report>,
    /// How many of them wait.
    waiting: AtomicUsize,
}

impl Log {
    pub(super) fn new(listener: Listener) -> Self {
        Self { listener, ..Self::default() }
    }

    /// Nothing may be locked: whoever listens may report in turn.
    fn note(&self, problem: Problem) {
        self.listener.tell(&problem);
        lock(&self.report).add(problem);
    }
}

/// EventSet events are meant.
#[derive(Clone, Debug)]
pub(super) enum EventSet {
    OfRun(Arc<Log>),
    /// Those of any run that were among the first so many.
    First(u64),
}

impl EventSet {
    pub(super) const ALL: Self = Self::First(u64::MAX);

    fn has(&self, entry: &Entry) -> bool {
        match self {
            Self::OfRun(log) => Arc::ptr_eq(log, &entry.log),
            Self::First(count) => entry.number < *count,
        }
    }
}

/// What the worker does next.
pub(super) enum Next {
    Send(Vec<PipelineEvent>),
    Wait,
    End,
}

impl Queue {
    pub(super) fn new(sink: Sink) -> Arc<Self> {
        Arc::new(Self {
            sink,
            state: Mutex::default(),
            waiters: AtomicUsize::new(0),
            wake: Notify::new(),
            hurry: Notify::new(),
            settled: Notify::new(),
        })
    }

    /// Takes an event in, if it is one that the service would take.
    pub(super) fn push(
        self: &Arc<Self>,
        event: PipelineEvent,
        about: &Arc<str>,
        log: &Arc<Log>,
        is_running: bool,
    ) {
        if let Err(error) = event.validate() {
            return self.lose(log, about, ProblemKind::Invalid, error.to_string());
        }
        let lost = {
            let state = &mut *lock(&self.state);
            let entry = Entry {
                number: state.taken,
                event,
                about: Arc::clone(about),
                log: Arc::clone(log),
                is_running,
                told: false,
            };
            if matches!(state.worker, Worker::Idle) {
                state.worker = match worker::start(self) {
                    Ok(handle) => Worker::Running(handle),
                    Err(problem) => Worker::Failed(problem),
                };
            }
            match &state.worker {
                Worker::Failed(problem) => Some((entry, problem.clone())),
                _ => state.admit(entry).map(|lost| (lost, full())),
            }
        };
        self.wake.notify_one();
        if let Some((entry, why)) = lost {
            self.lose(&entry.log, &entry.about, ProblemKind::Unsent, why);
        }
    }

    /// Remembers a problem with an event that is sent all the same.
    pub(super) fn correct(&self, log: &Log, about: &str, message: String) {
        let problem = Problem { kind: ProblemKind::Corrected, about: about.to_owned(), message };
        lock(&self.state).total.add(problem.clone());
        log.note(problem);
    }

    fn lose(&self, log: &Log, about: &str, kind: ProblemKind, message: String) {
        let problem = Problem { kind, about: about.to_owned(), message };
        {
            let total = &mut lock(&self.state).total;
            total.unsent += 1;
            total.add(problem.clone());
        }
        lock(&log.report).unsent += 1;
        log.note(problem);
        self.settled.notify_waiters();
    }

    /// What the worker does next.
    pub(super) fn next(&self) -> Next {
        let mut state = lock(&self.state);
        if state.closed {
            return Next::End;
        }
        state.under_way = state.waiting.len().min(MAX_BATCH);
        match state.under_way {
            0 => Next::Wait,
            n => {
                Next::Send(state.waiting.iter().take(n).map(|entry| entry.event.clone()).collect())
            }
        }
    }

    /// What became of the events that were under way, from the first on; the others still wait.
    /// Says whether one could not be sent.
    pub(super) fn settle(&self, outcomes: Vec<SendOutcome>) -> bool {
        let mut settled = Vec::with_capacity(outcomes.len());
        let is_stuck = {
            let state = &mut *lock(&self.state);
            state.under_way = 0;
            state.failure = None;
            for send_outcome in outcomes {
                let rejected = match send_outcome {
                    SendOutcome::Postponed(why) => {
                        state.failure = Some(why);
                        break;
                    }
                    SendOutcome::Accepted => None,
                    SendOutcome::Rejected(why) => Some(why),
                };
                let Some(entry) = state.waiting.pop_front() else { break };
                let problem = rejected.map(|message| Problem {
                    kind: ProblemKind::Rejected,
                    about: entry.about.to_string(),
                    message,
                });
                state.total.count(problem.is_some());
                problem.iter().for_each(|problem| state.total.add(problem.clone()));
                settled.push((entry.log, problem));
            }
            state.failure.is_some()
        };
        for (log, problem) in settled {
            lock(&log.report).count(problem.is_some());
            if let Some(problem) = problem {
                log.note(problem);
            }
            log.waiting.fetch_sub(1, Ordering::AcqRel);
        }
        self.settled.notify_waiters();
        is_stuck
    }

    /// What was under way was given up, and still waits.
    pub(super) fn postpone(&self) {
        lock(&self.state).under_way = 0;
    }

    /// All events so far.
    pub(super) fn so_far(&self) -> EventSet {
        EventSet::First(lock(&self.state).taken)
    }

    /// Whether none of these waits.
    pub(super) fn is_settled(&self, set: &EventSet) -> bool {
        match set {
            EventSet::OfRun(log) => log.waiting.load(Ordering::Acquire) == 0,
            // They are in the order in which they came.
            EventSet::First(_) => {
                lock(&self.state).waiting.front().is_none_or(|first| !set.has(first))
            }
        }
    }

    /// Where the worker runs, if it does.
    pub(super) fn worker(&self) -> Option<Handle> {
        match &lock(&self.state).worker {
            Worker::Running(handle) => Some(handle.clone()),
            Worker::Idle | Worker::Failed(_) => None,
        }
    }

    /// What became of the events of a run, or of all since this was asked last. Those that wait
    /// count as not sent.
    pub(super) fn report(&self, set: &EventSet) -> Report {
        let waiting = self.take_stock(set);
        let mut report = match set {
            EventSet::OfRun(log) => lock(&log.report).clone(),
            EventSet::First(_) => std::mem::take(&mut lock(&self.state).total),
        };
        for Waiting { log, count, is_new, problem } in waiting {
            if is_new {
                log.listener.tell(&problem);
            }
            report.unsent += count;
            report.add(problem);
        }
        report
    }

    /// Whether anything waits that no report has spoken of.
    pub(super) fn has_unreported(&self) -> bool {
        lock(&self.state).waiting.iter().any(|entry| !entry.told)
    }

    /// Ends the worker. Nobody is left to read a report, so what is lost with it is told to
    /// whoever listens, or else printed.
    pub(super) fn close(&self) {
        for Waiting { log, problem, .. } in
            self.take_stock(&EventSet::ALL).into_iter().filter(|w| w.is_new)
        {
            if !log.listener.tell(&problem) {
                // Nobody may read that either, and a destructor must not panic.
                let _ = writeln!(std::io::stderr(), "{problem}");
            }
        }
        lock(&self.state).closed = true;
        self.wake.notify_one();
        self.hurry.notify_waiters();
    }

    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    /// Everything of these that waits, as a problem for each run.
    fn take_stock(&self, set: &EventSet) -> Vec<Waiting> {
        let state = &mut *lock(&self.state);
        let why = state.failure.as_deref().unwrap_or("there was no time");
        let mut stock: Vec<Waiting> = Vec::new();
        for entry in state.waiting.iter_mut().filter(|entry| set.has(entry)) {
            let is_new = !std::mem::replace(&mut entry.told, true);
            match stock.iter_mut().find(|waiting| Arc::ptr_eq(&waiting.log, &entry.log)) {
                Some(waiting) => {
                    waiting.count += 1;
                    waiting.is_new |= is_new;
                }
                None => stock.push(Waiting {
                    log: Arc::clone(&entry.log),
                    count: 1,
                    is_new,
                    problem: Problem {
                        kind: ProblemKind::Unsent,
                        about: entry.about.to_string(),
                        message: why.to_owned(),
                    },
                }),
            }
        }
        for Waiting { count, problem, .. } in stock.iter_mut().filter(|waiting| waiting.count > 1) {
            problem.about = format!("{} and {} more", problem.about, *count - 1);
        }
        stock
    }
}

/// The events of a run that wait.
struct Waiting {
    log: Arc<Log>,
    count: usize,
    /// Whether any of them was not told of before.
    is_new: bool,
    problem: Problem,
}

impl State {
    /// Takes an event in, and gives back what there is no room for.
    fn admit(&mut self, entry: Entry) -> Option<Entry> {
        self.taken += 1;
        let lost = if self.waiting.len() < MAX_WAITING {
            None
        } else {
            let mut free = self.waiting.iter().enumerate().skip(self.under_way);
            let running = free.find(|(_, waiting)| waiting.is_running).map(|(place, _)| place);
            self.waiting.remove(running.unwrap_or(self.under_way))
        };
        if let Some(lost) = &lost {
            lost.log.waiting.fetch_sub(1, Ordering::AcqRel);
        }
        entry.log.waiting.fetch_add(1, Ordering::AcqRel);
        self.waiting.push_back(entry);
        lost
    }
}

fn full() -> String {
    format!("more than {MAX_WAITING} events wait")
}

/// A lock whose holder has panicked still guards what is whole: everything in here is changed in
/// one step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
