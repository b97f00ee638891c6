//! The events that wait, and the results of those that were sent.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use specwright_runtime::__private::Background;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::log::{EventSet, Log, Losses, lock};
use super::report::{Problem, ProblemKind, Report};
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
    /// Whether the reason why nothing is sent was reported.
    is_explained: AtomicBool,
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
    losses: Losses,
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

impl Entry {
    fn is_in(&self, set: &EventSet) -> bool {
        match set {
            EventSet::Run(log) => Arc::ptr_eq(log, &self.log),
            EventSet::First(count) => self.number < *count,
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
            is_explained: AtomicBool::new(false),
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
        if let Sink::Disabled(why) = &self.sink {
            return self.refuse(log, about, why);
        }
        if let Err(error) = event.validate() {
            return self.lose(log, about, ProblemKind::Invalid, error.to_string());
        }
        if let Sink::Function(function) = &self.sink {
            return match function.call(event) {
                Ok(()) => {
                    lock(&self.state).total.count(false);
                    lock(&log.report).count(false);
                }
                Err(why) => self.lose(log, about, ProblemKind::Unsent, why),
            };
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
        let problem = Problem::new(ProblemKind::Corrected, about, message);
        lock(&self.state).total.add(problem.clone());
        log.note(problem);
    }

    fn lose(&self, log: &Arc<Log>, about: &str, kind: ProblemKind, message: String) {
        let problem = Problem::new(kind, about, message);
        {
            let state = &mut *lock(&self.state);
            state.total.lose(problem.clone());
            state.losses.add(log, &problem);
        }
        lock(&log.report).unsent += 1;
        log.note(problem);
        self.settled.notify_waiters();
    }

    /// Drops an event because nothing is sent. The reason is reported once, not for every event.
    fn refuse(&self, log: &Log, about: &str, why: &str) {
        let problem = Problem::new(ProblemKind::Unsent, about, why.to_owned());
        if !self.is_explained.swap(true, Ordering::Relaxed) && !log.listener.call(&problem) {
            print(&format!("{}: no CI event is sent: {why}", env!("CARGO_PKG_NAME")));
        }
        lock(&self.state).total.lose(problem.clone());
        lock(&log.report).lose(problem);
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
                let problem = rejected
                    .map(|message| Problem::new(ProblemKind::Rejected, &entry.about, message));
                state.total.count(problem.is_some());
                if let Some(problem) = &problem {
                    state.total.add(problem.clone());
                    state.losses.add(&entry.log, problem);
                }
                settled.push((entry.log, problem));
            }
            state.failure.is_some()
        };
        let mut problems: Vec<(&Log, Problem)> = Vec::new();
        for (log, problem) in &settled {
            lock(&log.report).count(problem.is_some());
            let Some(problem) = problem else { continue };
            let is_same = |(run, known): &&mut (&Log, Problem)| {
                std::ptr::eq(*run, &raw const **log) && known.is_alike(problem)
            };
            match problems.iter_mut().find(is_same) {
                Some((_, known)) => known.events += 1,
                None => problems.push((log, problem.clone())),
            }
        }
        problems.into_iter().for_each(|(log, problem)| log.note(problem));
        // Only now, so that a report that waits for these events has their problems.
        for (log, _) in &settled {
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
                lock(&self.state).waiting.front().is_none_or(|first| !first.is_in(set))
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
        lock(&self.state).losses.forget(set);
        let mut report = match set {
            EventSet::Run(log) => lock(&log.report).clone(),
            EventSet::First(_) => std::mem::take(&mut lock(&self.state).total),
        };
        for Waiting { log, is_new, problem } in waiting {
            if is_new {
                log.listener.call(&problem);
            }
            report.lose(problem);
        }
        report
    }

    /// Returns whether an event waits that no report has listed.
    pub(super) fn has_unreported(&self) -> bool {
        lock(&self.state).waiting.iter().any(|entry| !entry.reported)
    }

    /// Stops the worker. No report can follow, so lost events are passed to the listener. If there is
    /// none, one line on stderr describes everything that no report has listed.
    pub(super) fn close(&self) {
        let waiting = self.take_stock(&EventSet::ALL);
        let new = waiting.into_iter().filter(|waiting| waiting.is_new);
        let lost: Vec<_> = new.filter(|lost| !lost.log.listener.call(&lost.problem)).collect();
        let line = {
            let state = &mut *lock(&self.state);
            lost.iter().for_each(|lost| state.losses.add(&lost.log, &lost.problem));
            state.closed = true;
            state.losses.line()
        };
        if let Some(line) = line {
            print(&line);
        }
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
        for entry in state.waiting.iter_mut().filter(|entry| entry.is_in(set)) {
            let is_new = !std::mem::replace(&mut entry.reported, true);
            match stock.iter_mut().find(|waiting| Arc::ptr_eq(&waiting.log, &entry.log)) {
                Some(waiting) => {
                    waiting.problem.events += 1;
                    waiting.is_new |= is_new;
                }
                None => stock.push(Waiting {
                    log: Arc::clone(&entry.log),
                    is_new,
                    problem: Problem::new(ProblemKind::Unsent, &entry.about, why.to_owned()),
                }),
            }
        }
        stock
    }
}

/// The waiting events of a run.
struct Waiting {
    log: Arc<Log>,
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

/// Prints a line. A closed stderr must not cause a panic in a destructor.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
