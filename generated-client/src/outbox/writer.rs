//! The thread that alone touches the disk: it commits everything that waits together, and
//! then answers.

use std::collections::VecDeque;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use tokio::sync::{oneshot, watch};

use super::builder::{Limits, Listener, WhenFull};
use super::error::{Notice, OutboxError};
use super::queue::Queue;
use crate::Error;

/// How many jobs are done together at most.
const TOGETHER: usize = 1000;

/// Where an answer goes. Whoever asked may have gone away.
pub(super) type Done<T> = oneshot::Sender<Result<T, OutboxError>>;

/// What the thread is asked for.
pub(super) enum Job {
    /// To keep an event.
    Keep(Vec<u8>, Done<()>),
    /// The first events that wait, as many as go into one request.
    First(Done<Vec<(u64, Vec<u8>)>>),
    /// To forget events that were delivered, and to put aside others that were rejected.
    Settle { delivered: Vec<u64>, rejected: Vec<(u64, Vec<u8>)>, done: Done<()> },
    /// The events that were rejected.
    Rejected(Done<Vec<(u64, Vec<u8>)>>),
    /// To forget some of these.
    Discard(Vec<u64>, Done<()>),
    /// To take in what other processes have left behind.
    Adopt(Done<()>),
    /// The number behind everything that was to be kept so far.
    Mark(Done<u64>),
    /// To end.
    Stop(Done<()>),
}

/// How things stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    /// The first event that waits to be sent.
    pub(super) first: Option<u64>,
    /// How many events wait to be sent.
    pub(super) left: usize,
    /// How many events wait for room.
    pub(super) outside: usize,
    pub(super) delivered: u64,
    pub(super) rejected: u64,
    pub(super) dropped: u64,
    /// Why the last try to deliver failed.
    pub(super) problem: Option<Arc<Error>>,
}

pub(super) struct Writer {
    queue: Queue,
    limits: Limits,
    listener: Listener,
    status: Arc<watch::Sender<Status>>,
    /// Events that are not yet let in.
    arrivals: VecDeque<(Vec<u8>, Done<()>)>,
    /// Who has settled something that is not yet written down.
    settling: Vec<Done<()>>,
}

impl Writer {
    /// Opens a lane in a directory, and takes in what others have left behind there.
    pub(super) fn open(
        directory: PathBuf,
        limits: Limits,
        listener: Listener,
        status: Arc<watch::Sender<Status>>,
    ) -> Result<Self, OutboxError> {
        let mut queue = Queue::open(directory, Arc::clone(&listener))?;
        // What is wrong with the lanes of others is no reason not to begin.
        if let Err(error) = queue.adopt(&limits) {
            listener(&Notice::File(error));
        }
        let (arrivals, settling) = (VecDeque::new(), Vec::new());
        let writer = Self { queue, limits, listener, status, arrivals, settling };
        writer.publish();
        Ok(writer)
    }

    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            for job in iter::once(first).chain(jobs.try_iter()).take(TOGETHER) {
                match job {
                    Job::Keep(event, done) => self.arrivals.push_back((event, done)),
                    Job::Settle { delivered, rejected, done } => {
                        self.settle(delivered, rejected);
                        self.settling.push(done);
                    }
                    Job::Discard(numbers, done) => {
                        numbers.into_iter().for_each(|number| self.queue.discard(number));
                        self.settling.push(done);
                    }
                    Job::First(done) => drop(done.send(self.written().first_events())),
                    Job::Rejected(done) => drop(done.send(self.written().rejected())),
                    Job::Mark(done) => {
                        let mark = self.written().next() + self.arrivals.len() as u64;
                        let _ = done.send(Ok(mark));
                    }
                    Job::Adopt(done) => {
                        let limits = self.limits.clone();
                        let _ = done.send(self.written().adopt(&limits));
                    }
                    Job::Stop(done) => {
                        self.write();
                        let _ = done.send(self.queue.close());
                        return;
                    }
                }
            }
            self.write();
            self.publish();
        }
    }

    /// The queue with all that was asked for before.
    fn written(&mut self) -> &mut Queue {
        self.write();
        self.publish();
        &mut self.queue
    }

    fn settle(&mut self, delivered: Vec<u64>, rejected: Vec<(u64, Vec<u8>)>) {
        let refusals = rejected.len() as u64;
        let was_there = |number: &u64| self.queue.delivered(*number);
        let count = delivered.iter().copied().filter(was_there).count() as u64;
        for (number, content) in rejected {
            self.queue.refuse(number, content);
        }
        self.status.send_modify(|status| {
            status.delivered += count;
            status.rejected += refusals;
        });
    }

    /// Writes down what waits, and answers.
    fn write(&mut self) {
        if let Err(error) = self.queue.ready() {
            let answers = self.arrivals.drain(..).map(|(_, done)| done).collect();
            return self.answer(answers, &Err(error));
        }
        let mut events = Vec::new();
        let mut answers = Vec::new();
        for (number, event, done) in self.let_in() {
            events.push((number, event));
            answers.push(done);
        }
        let result = match events.is_empty() && !self.queue.is_behind() {
            true => Ok(()),
            false => self.queue.commit(events),
        };
        self.answer(answers, &result);
    }

    /// Answers whoever has given an event, and whoever has settled something.
    fn answer(&mut self, answers: Vec<Done<()>>, result: &Result<(), OutboxError>) {
        let mut waiting = answers.into_iter().chain(self.settling.drain(..)).peekable();
        if let (Err(error), Some(_)) = (result, waiting.peek()) {
            (self.listener)(&Notice::File(error.clone()));
        }
        for done in waiting {
            let _ = done.send(result.clone());
        }
    }

    /// Gives numbers to the events for which there is room, in their order.
    fn let_in(&mut self) -> Vec<(u64, Vec<u8>, Done<()>)> {
        let (mut let_in, mut dropped) = (Vec::new(), 0);
        while let Some((event, done)) = self.arrivals.pop_front() {
            let size = event.len() as u64;
            let has_room = |queue: &Queue| {
                let index = queue.index();
                self.limits.hold(index.events.len() + 1, index.bytes + size)
            };
            // What is larger than all the room there is finds none by waiting or dropping.
            let may_fit = self.limits.hold(1, size);
            if may_fit && self.limits.when_full == WhenFull::DropOldest {
                while !has_room(&self.queue) && self.queue.drop_oldest() {
                    dropped += 1;
                }
            }
            if has_room(&self.queue) {
                let_in.push((self.queue.add(event.len()), event, done));
            } else if may_fit && self.limits.when_full == WhenFull::Wait {
                self.arrivals.push_front((event, done));
                break;
            } else {
                let index = self.queue.index();
                let (events, bytes) = (index.events.len(), index.bytes);
                let _ = done.send(Err(match may_fit {
                    true => OutboxError::Full { events, bytes },
                    false => OutboxError::TooLarge { bytes: size },
                }));
            }
        }
        if dropped > 0 {
            self.status.send_modify(|status| status.dropped += dropped as u64);
            (self.listener)(&Notice::Dropped { events: dropped });
        }
        let_in
    }

    fn publish(&self) {
        let events = &self.queue.index().events;
        let first = events.first_key_value().map(|(number, _)| *number);
        let (left, outside) = (events.len(), self.arrivals.len());
        self.status.send_modify(|status| {
            (status.first, status.left, status.outside) = (first, left, outside);
        });
    }
}
