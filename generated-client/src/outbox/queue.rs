//! The events of the own lane, their results, and the adoption of other lanes.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use redb::Database;

use super::error::{Listener, Notice, OutboxError};
use super::lane::{Directory, Lane};
use super::limits::Limits;
use super::storage::guard::{DatabaseError, guard_database};
use super::storage::{self, Changes, Index, Kind, Opened};
use crate::MAX_BATCH;

/// The maximum number of bytes per batch, which one request can carry.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// The maximum number of rejected events.
const MAX_REJECTED: usize = 1000;
/// The number of records that are moved per transaction.
const MOVE_BATCH: usize = 1000;

pub(super) struct Queue {
    directory: Directory,
    lane: Lane,
    listener: Listener,
    /// `None` after a failure, until the file is opened again.
    database: Option<Database>,
    index: Index,
    next: u64,
    /// Results that are not yet written. These events are not sent again.
    settled: Changes,
    /// Unusable lanes that were already reported.
    unusable: BTreeSet<PathBuf>,
}

impl Queue {
    /// Opens a lane in a directory.
    pub(super) fn open(directory: PathBuf, listener: Listener) -> Result<Self, OutboxError> {
        let directory = Directory::open(directory)?;
        let lane = directory.own()?;
        let mut queue = Self {
            directory,
            lane,
            listener,
            database: None,
            index: Index::default(),
            next: 0,
            settled: Changes::default(),
            unusable: BTreeSet::new(),
        };
        queue.ready()?;
        Ok(queue)
    }

    /// Releases the lane, and removes it if it is empty.
    pub(super) fn close(self) -> Result<(), OutboxError> {
        let Self { directory, lane, database, index, settled, .. } = self;
        let is_empty = database.is_some() && index.is_empty() && settled.is_empty();
        drop(database);
        if is_empty { directory.remove(&lane) } else { Ok(()) }
    }

    /// Returns the waiting events.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Returns the number of the next event.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Returns whether there are results that are not yet written.
    pub(super) fn has_unwritten_results(&self) -> bool {
        !self.settled.is_empty()
    }

    /// Adds an event and returns its number.
    pub(super) fn add(&mut self, size: usize) -> u64 {
        let number = self.next;
        self.index.insert(Kind::Event, number, size);
        self.next += 1;
        number
    }

    /// Removes the oldest event.
    pub(super) fn drop_oldest(&mut self) -> bool {
        let oldest = self.index.events.first_key_value().map(|(number, _)| *number);
        self.settled.forget.extend(oldest);
        oldest.is_some_and(|number| self.index.remove(number))
    }

    /// Removes a delivered event. Returns whether it was still waiting.
    pub(super) fn delivered(&mut self, number: u64) -> bool {
        self.settled.forget.push(number);
        self.index.remove(number)
    }

    /// Moves an event to the rejected ones.
    pub(super) fn reject(&mut self, number: u64, content: Vec<u8>) {
        self.settled.forget.push(number);
        self.index.remove(number);
        self.index.insert(Kind::Rejected, number, content.len());
        self.settled.put.push((Kind::Rejected, number, content));
        if self.index.rejected.len() > MAX_REJECTED {
            self.settled.discard.extend(self.index.rejected.pop_first());
        }
    }

    /// Deletes a rejected event.
    pub(super) fn discard(&mut self, number: u64) {
        self.index.rejected.remove(&number);
        self.settled.discard.push(number);
    }

    /// Writes new events and all results in one transaction.
    pub(super) fn commit(&mut self, events: Vec<(u64, Vec<u8>)>) -> Result<(), OutboxError> {
        let numbers: Vec<u64> = events.iter().map(|(number, _)| *number).collect();
        let events = events.into_iter().map(|(number, content)| (Kind::Event, number, content));
        let changes = Changes {
            put: events.chain(self.settled.put.iter().cloned()).collect(),
            forget: self.settled.forget.clone(),
            discard: self.settled.discard.clone(),
        };
        let result = self.with(|database| Ok(changes.commit(database)?));
        match &result {
            Ok(()) => self.settled = Changes::default(),
            Err(_) => {
                for number in numbers {
                    self.index.remove(number);
                }
            }
        }
        result
    }

    /// Returns the first waiting events, as many as fit into one request.
    pub(super) fn first_events(&mut self) -> Result<Vec<(u64, Vec<u8>)>, OutboxError> {
        self.ready()?;
        let (mut numbers, mut bytes) = (Vec::new(), 0);
        for (number, size) in self.index.events.iter().take(MAX_BATCH) {
            bytes += size;
            if bytes > BATCH_BYTES && !numbers.is_empty() {
                break;
            }
            numbers.push(*number);
        }
        self.with(|database| storage::read(database, Kind::Event, numbers))
    }

    /// Returns all rejected events.
    pub(super) fn rejected(&mut self) -> Result<Vec<(u64, Vec<u8>)>, OutboxError> {
        self.ready()?;
        let numbers = self.index.rejected.clone();
        self.with(|database| storage::read(database, Kind::Rejected, numbers))
    }

    /// Moves the events of abandoned lanes into the own lane.
    pub(super) fn adopt(&mut self, limits: &Limits) -> Result<(), OutboxError> {
        for lane in self.directory.abandoned()? {
            let moved = match self.move_in(&lane, limits) {
                Ok(true) => self.directory.remove(&lane),
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            // Reported once, although every adoption retries it.
            if let Err(error) = moved
                && self.unusable.insert(lane.path)
            {
                (self.listener)(&Notice::File(error));
            }
        }
        Ok(())
    }

    /// Moves the events of another lane into this one, unless there is no room. If interrupted, at
    /// most [`MOVE_BATCH`] events are in both lanes and are sent twice.
    fn move_in(&mut self, lane: &Lane, limits: &Limits) -> Result<bool, OutboxError> {
        self.ready()?;
        let other = self.opened(&lane.path)?;
        let events = self.index.events.len() + other.index.events.len();
        let bytes = self.index.bytes + other.index.bytes;
        if !self.index.events.is_empty() && !limits.allow(events, bytes) {
            return Ok(false);
        }
        // The changes of this lane and of the other one.
        let (mut taken, mut gone) = (Changes::default(), Changes::default());
        let over = |queue: &mut Self, taken: &mut Changes, gone: &mut Changes| {
            queue.put(std::mem::take(taken))?;
            Ok::<_, DatabaseError>(std::mem::take(gone).commit(&other.database)?)
        };
        let moved = guard_database(|| {
            storage::walk(&other.database, |kind, number, content| {
                let content = content.ok_or("the file is damaged: an event cannot be read")?;
                taken.put.push((kind, self.next, content.to_vec()));
                match kind {
                    Kind::Event => gone.forget.push(number),
                    Kind::Rejected => gone.discard.push(number),
                }
                self.next += 1;
                if taken.put.len() == MOVE_BATCH {
                    over(self, &mut taken, &mut gone)?;
                }
                Ok(())
            })?;
            over(self, &mut taken, &mut gone)
        });
        moved.map_err(|error| OutboxError::file(&lane.path, error))?;
        Ok(true)
    }

    fn put(&mut self, changes: Changes) -> Result<(), OutboxError> {
        self.with(|database| Ok(changes.commit(database)?))?;
        for (kind, number, content) in &changes.put {
            self.index.insert(*kind, *number, content.len());
        }
        Ok(())
    }

    /// Runs an operation on the database. After a failure the database is not used again.
    fn with<T>(
        &mut self,
        work: impl FnOnce(&Database) -> Result<T, DatabaseError>,
    ) -> Result<T, OutboxError> {
        self.ready()?;
        let Some(database) = self.database.take() else { return Err(OutboxError::Closed) };
        let done = guard_database(|| work(&database))
            .map_err(|error| unwritable(&self.lane.path, error))?;
        self.database = Some(database);
        Ok(done)
    }

    /// Opens the file again after a failure, and reads its content.
    pub(super) fn ready(&mut self) -> Result<(), OutboxError> {
        if self.database.is_some() {
            return Ok(());
        }
        let Opened { database, mut index, .. } = self.opened(&self.lane.path)?;
        for number in &self.settled.forget {
            index.remove(*number);
        }
        for (kind, number, content) in &self.settled.put {
            index.insert(*kind, *number, content.len());
        }
        for number in &self.settled.discard {
            index.rejected.remove(number);
        }
        // Numbers are never reused: a damaged file may contain delivered events, which must not be
        // mistaken for waiting ones.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_micros()).unwrap_or_default();
        self.next = self.next.max(index.next()).max(now);
        (self.index, self.database) = (index, Some(database));
        Ok(())
    }

    fn opened(&self, path: &Path) -> Result<Opened, OutboxError> {
        let opened = storage::open(path)?;
        if let Some((kept, events)) = opened.damage.clone() {
            (self.listener)(&Notice::Damaged { kept, events });
        }
        Ok(opened)
    }
}

fn unwritable(path: &Path, error: impl Display) -> OutboxError {
    let problem = format!(
        "{error}; make sure that the disk is writable and has free space; events in the file are kept \
         and will be sent"
    );
    OutboxError::file(path, problem)
}
