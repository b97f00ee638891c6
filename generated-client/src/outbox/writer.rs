//! The only thread that accesses the disk. It commits all waiting jobs together and then completes
//! them.

use std::collections::VecDeque;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use tokio::sync::{oneshot, watch};

use super::error::Listener;
use super::error::{Notice, OutboxError};
use super::limits::{Limits, WhenFull};
use super::queue::Queue;
use crate::Error;

/// The maximum number of jobs per commit.
const MAX_JOBS: usize = 1000;

/// Receives the result of a job. The receiver may have been dropped.
pub(super) type Done<T> = oneshot::Sender<Result<T, OutboxError>>;

/// A job of the thread.
pub(super) enum Job {
    /// Stores an event.
    Keep(Vec<u8>, Done<()>),
    /// Returns the first waiting events, as many as fit into one request.
    First(Done<Vec<(u64, Vec<u8>)>>),
    /// Removes delivered events, and moves rejected ones.
    Settle { delivered: Vec<u64>, rejected: Vec<(u64, Vec<u8>)>, done: Done<()> },
    /// Returns the rejected events.
    Rejected(Done<Vec<(u64, Vec<u8>)>>),
    /// Deletes some rejected events.
    Discard(Vec<u64>, Done<()>),
    /// Adopts abandoned lanes.
    Adopt(Done<()>),
    /// Returns the number after all events stored so far.
    End(Done<u64>),
    /// Stops the thread.
    Stop(Done<()>),
}

/// Sends jobs to the thread.
#[derive(Clone)]
pub(super) struct Jobs(pub(super) mpsc::Sender<Job>);

impl Jobs {
    pub(super) fn send<T>(
        &self,
        job: impl FnOnce(Done<T>) -> Job,
    ) -> Result<oneshot::Receiver<Result<T, OutboxError>>, OutboxError> {
        let (done, response) = oneshot::channel();
        self.0.send(job(done)).map_err(|_| OutboxError::Closed)?;
        Ok(response)
    }

    pub(super) async fn ask<T>(&self, job: impl FnOnce(Done<T>) -> Job) -> Result<T, OutboxError> {
        self.send(job)?.await.map_err(|_| OutboxError::Closed)?
    }
}

/// The state of the outbox.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    /// The number of the first waiting event.
    pub(super) first: Option<u64>,
    /// The number of waiting events.
    pub(super) left: usize,
    /// The number of events that wait for room.
    pub(super) outside: usize,
    pub(super) delivered: u64,
    pub(super) rejected: u64,
    pub(super) dropped: u64,
    /// The error of the latest attempt.
    pub(super) problem: Option<Arc<Error>>,
    /// The number of attempts that have ended.
    pub(super) attempts: u64,
    /// Why the latest rejected event was rejected.
    pub(super) rejection: Option<String>,
}

pub(super) struct Writer {
    queue: Queue,
    limits: Limits,
    listener: Listener,
    status: Arc<watch::Sender<Status>>,
    /// Events that wait for room.
    arrivals: VecDeque<(Vec<u8>, Done<()>)>,
    /// Senders of results that are not yet written.
    settling: Vec<Done<()>>,
}

impl Writer {
    /// Opens a lane in a directory, and adopts abandoned lanes.
    pub(super) fn open(
        directory: PathBuf,
        limits: Limits,
        listener: Listener,
        status: Arc<watch::Sender<Status>>,
    ) -> Result<Self, OutboxError> {
        let mut queue = Queue::open(directory, Arc::clone(&listener))?;
        // Problems with other lanes do not prevent opening this one.
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
            for job in iter::once(first).chain(jobs.try_iter()).take(MAX_JOBS) {
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
                    Job::End(done) => {
                        let end = self.written().next() + self.arrivals.len() as u64;
                        let _ = done.send(Ok(end));
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

    /// Returns the queue after all earlier jobs are written.
    fn written(&mut self) -> &mut Queue {
        self.write();
        self.publish();
        &mut self.queue
    }

    fn settle(&mut self, delivered: Vec<u64>, rejected: Vec<(u64, Vec<u8>)>) {
        let rejections = rejected.len() as u64;
        let was_there = |number: &u64| self.queue.delivered(*number);
        let count = delivered.iter().copied().filter(was_there).count() as u64;
        for (number, content) in rejected {
            self.queue.reject(number, content);
        }
        self.status.send_modify(|status| {
            status.delivered += count;
            status.rejected += rejections;
        });
    }

    /// Writes waiting changes, and completes their jobs.
    fn write(&mut self) {
        if let Err(error) = self.queue.ready() {
            let waiters = self.arrivals.drain(..).map(|(_, done)| done).collect();
            return self.complete(waiters, &Err(error));
        }
        let mut events = Vec::new();
        let mut waiters = Vec::new();
        for (number, event, done) in self.let_in() {
            events.push((number, event));
            waiters.push(done);
        }
        let result = match events.is_empty() && !self.queue.has_unwritten_results() {
            true => Ok(()),
            false => self.queue.commit(events),
        };
        self.complete(waiters, &result);
    }

    /// Completes the jobs of stored events and results.
    fn complete(&mut self, waiters: Vec<Done<()>>, result: &Result<(), OutboxError>) {
        let mut waiting = waiters.into_iter().chain(self.settling.drain(..)).peekable();
        if let (Err(error), Some(_)) = (result, waiting.peek()) {
            (self.listener)(&Notice::File(error.clone()));
        }
        for done in waiting {
            let _ = done.send(result.clone());
        }
    }

    /// Adds the events for which there is room, in order.
    fn let_in(&mut self) -> Vec<(u64, Vec<u8>, Done<()>)> {
        let (mut let_in, mut dropped) = (Vec::new(), 0);
        while let Some((event, done)) = self.arrivals.pop_front() {
            let size = event.len() as u64;
            let has_room = |queue: &Queue| {
                let index = queue.index();
                self.limits.allow(index.events.len() + 1, index.bytes + size)
            };
            // Neither waiting nor dropping makes room for an event that is larger than the outbox.
            let may_fit = self.limits.allow(1, size);
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
