//! The events that wait, and the results of those that were sent.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use specwright_runtime::__private::Background;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::report::{Listener, Problem, ProblemKind, Report};
use super::sink::{SendOutcome, Sink};
use crate::{MAX_BATCH, PipelineEvent};

/// The maximum number of events that wait to be sent.
///
/// If the queue is full, the oldest running event is dropped, or the oldest event if there is
/// none. The report lists it.
pub const MAX_WAITING: usize = 10_000;

/// Starts the worker of a queue.
type Start = fn(&Arc<Queue>) -> Result<Handle, String>;

/// The queue of a reporter. Scopes push events, the worker removes them.
#[derive(Debug)]
pub(in crate::reporter) struct Queue {
    pub(super) sink: Sink,
    /// The worker has a runtime of its own, so it has its own connections.
    pub(super) background: Arc<Background>,
    start: Start,
    state: Mutex<State>,
    /// The number of deliveries that are waiting.
    pub(super) waiters: AtomicUsize,
    /// Wakes the worker when there is something to do.
    pub(super) wake: Notify,
    /// Notified when a delivery starts to wait, so that the worker shortens its pause.
    pub(super) hurry: Notify,
    /// Notified when the result of an event is known.
    pub(super) settled: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Entry>,
    /// The number of events that were ever pushed.
    taken: u64,
    /// The number of events, from the front, that are being sent.
    in_flight: usize,
    worker: Worker,
    closed: bool,
    /// Why the latest attempt to send failed.
    failure: Option<String>,
    /// The results since the latest report of all events.
    total: Report,
}

#[derive(Debug, Default)]
enum Worker {
    #[default]
    Idle,
    Running(Handle),
    Failed(String),
}

/// A waiting event.
#[derive(Debug)]
struct Entry {
    /// The number of events that were pushed before it.
    number: u64,
    event: PipelineEvent,
    about: Arc<str>,
    log: Arc<Log>,
    /// Whether it is a running event.
    is_running: bool,
    /// Whether a report has already listed it as not sent.
    reported: bool,
}

/// The results of the events of one run.
#[derive(Debug, Default)]
pub(in crate::reporter) struct Log {
    listener: Listener,
    report: Mutex<Report>,
    /// The number of events that wait.
    waiting: AtomicUsize,
}

impl Log {
    pub(in crate::reporter) fn new(listener: Listener) -> Self {
        Self { listener, ..Self::default() }
    }

    /// The caller must hold no lock, because the callback may report in turn.
    fn note(&self, problem: Problem) {
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

    fn has(&self, entry: &Entry) -> bool {
        match self {
            Self::Run(log) => Arc::ptr_eq(log, &entry.log),
            Self::First(count) => entry.number < *count,
        }
    }
}

/// The next step of the worker.
pub(super) enum Next {
    Send(Vec<PipelineEvent>),
    Wait,
    End,
}

impl Queue {
    /// Creates a queue. `start` starts the worker when the first event is pushed.
    pub(in crate::reporter) fn new(sink: Sink, start: Start) -> Arc<Self> {
        Arc::new(Self {
            sink,
            background: Arc::new(Background::with_own_connections()),
            start,
            state: Mutex::default(),
            waiters: AtomicUsize::new(0),
            wake: Notify::new(),
            hurry: Notify::new(),
            settled: Notify::new(),
        })
    }

    /// Queues an event if it is valid.
    pub(in crate::reporter) fn push(
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
                reported: false,
            };
            if matches!(state.worker, Worker::Idle) {
                state.worker = match (self.start)(self) {
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

    /// Reports a correction of an event that is sent.
    pub(in crate::reporter) fn correct(&self, log: &Log, about: &str, message: String) {
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

    /// Returns the next step of the worker.
    pub(super) fn next(&self) -> Next {
        let mut state = lock(&self.state);
        if state.closed {
            return Next::End;
        }
        state.in_flight = state.waiting.len().min(MAX_BATCH);
        match state.in_flight {
            0 => Next::Wait,
            n => {
                Next::Send(state.waiting.iter().take(n).map(|entry| entry.event.clone()).collect())
            }
        }
    }

    /// Records the results of the events that were in flight, from the first on; the others still
    /// wait. Returns whether an event could not be sent.
    pub(super) fn settle(&self, outcomes: Vec<SendOutcome>) -> bool {
        let mut settled = Vec::with_capacity(outcomes.len());
        let is_stuck = {
            let state = &mut *lock(&self.state);
            state.in_flight = 0;
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

    /// Returns the events in flight to the queue.
    pub(super) fn postpone(&self, why: String) {
        let mut state = lock(&self.state);
        state.in_flight = 0;
        state.failure = Some(why);
    }

    /// Returns the set of all events so far.
    pub(super) fn so_far(&self) -> EventSet {
        EventSet::First(lock(&self.state).taken)
    }

    /// Returns whether no event of the set waits.
    pub(super) fn is_settled(&self, set: &EventSet) -> bool {
        match set {
            EventSet::Run(log) => log.waiting.load(Ordering::Acquire) == 0,
            // The queue is in the order of the numbers.
            EventSet::First(_) => {
                lock(&self.state).waiting.front().is_none_or(|first| !set.has(first))
            }
        }
    }

    /// Returns the runtime of the worker, if it runs.
    pub(super) fn worker(&self) -> Option<Handle> {
        match &lock(&self.state).worker {
            Worker::Running(handle) => Some(handle.clone()),
            Worker::Idle | Worker::Failed(_) => None,
        }
    }

    /// Reports the events of a run, or all events since the previous such report. Waiting events
    /// count as not sent.
    pub(super) fn report(&self, set: &EventSet) -> Report {
        let waiting = self.take_stock(set);
        let mut report = match set {
            EventSet::Run(log) => lock(&log.report).clone(),
            EventSet::First(_) => std::mem::take(&mut lock(&self.state).total),
        };
        for Waiting { log, count, is_new, problem } in waiting {
            if is_new {
                log.listener.call(&problem);
            }
            report.unsent += count;
            report.add(problem);
        }
        report
    }

    /// Returns whether an event waits that no report has listed.
    pub(super) fn has_unreported(&self) -> bool {
        lock(&self.state).waiting.iter().any(|entry| !entry.reported)
    }

    /// Stops the worker. No report can follow, so lost events are passed to the listener, or printed
    /// to stderr if there is none.
    pub(super) fn close(&self) {
        for Waiting { log, problem, .. } in
            self.take_stock(&EventSet::ALL).into_iter().filter(|w| w.is_new)
        {
            if !log.listener.call(&problem) {
                // A closed stderr must not cause a panic in a destructor.
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

    /// Returns the waiting events of the set as one problem per run.
    fn take_stock(&self, set: &EventSet) -> Vec<Waiting> {
        let state = &mut *lock(&self.state);
        let why = state.failure.as_deref().unwrap_or(match state.in_flight {
            0 => "time ran out",
            _ => "the service has not responded yet",
        });
        let mut stock: Vec<Waiting> = Vec::new();
        for entry in state.waiting.iter_mut().filter(|entry| set.has(entry)) {
            let is_new = !std::mem::replace(&mut entry.reported, true);
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

/// The waiting events of a run.
struct Waiting {
    log: Arc<Log>,
    count: usize,
    /// Whether any of them was not reported before.
    is_new: bool,
    problem: Problem,
}

impl State {
    /// Queues an event. Returns the event that was dropped to make room.
    fn admit(&mut self, entry: Entry) -> Option<Entry> {
        self.taken += 1;
        let lost = if self.waiting.len() < MAX_WAITING {
            None
        } else {
            let mut free = self.waiting.iter().enumerate().skip(self.in_flight);
            let running = free.find(|(_, waiting)| waiting.is_running).map(|(index, _)| index);
            self.waiting.remove(running.unwrap_or(self.in_flight))
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

/// Locks a mutex. A poisoned lock is still consistent, because every change is one step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
