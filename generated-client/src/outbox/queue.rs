//! What waits in the own lane, what is settled, and what is taken over from other lanes.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use redb::Database;

use super::builder::{Limits, Listener};
use super::error::{Notice, OutboxError};
use super::file::{self, Changes, Index, Opened};
use super::guard::{DatabaseError, guard_database};
use super::lane::{Directory, Lane};
use super::record::Kind;
use crate::MAX_BATCH;

/// How many bytes are sent together: no more than one request takes.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// How many refused events are kept.
const MAX_REFUSED: usize = 1000;
/// How many records are moved together.
const TOGETHER: usize = 1000;

pub(super) struct Queue {
    directory: Directory,
    lane: Lane,
    listener: Listener,
    /// None behind a failure: it takes nothing more then, and has to be opened again.
    database: Option<Database>,
    index: Index,
    next: u64,
    /// What is settled and not yet written down: it is not sent again.
    settled: Changes,
    /// Lanes of which it was said that they cannot be used.
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

    /// Lets go of the lane, which goes away if it is empty.
    pub(super) fn close(self) -> Result<(), OutboxError> {
        let Self { directory, lane, database, index, settled, .. } = self;
        let is_empty = database.is_some() && index.is_empty() && settled.is_empty();
        drop(database);
        if is_empty { directory.remove(&lane) } else { Ok(()) }
    }

    /// What waits.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// The number of the next event.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Whether something is settled and not yet written down.
    pub(super) fn is_behind(&self) -> bool {
        !self.settled.is_empty()
    }

    /// Gives a number to an event, which waits from now on.
    pub(super) fn add(&mut self, size: usize) -> u64 {
        let number = self.next;
        self.index.insert(Kind::Event, number, size);
        self.next += 1;
        number
    }

    /// Forgets the event that has waited longest, if there is one.
    pub(super) fn drop_oldest(&mut self) -> bool {
        let oldest = self.index.events.first_key_value().map(|(number, _)| *number);
        self.settled.forget.extend(oldest);
        oldest.is_some_and(|number| self.index.remove(number))
    }

    /// Forgets an event that was delivered. Says whether it still waited.
    pub(super) fn delivered(&mut self, number: u64) -> bool {
        self.settled.forget.push(number);
        self.index.remove(number)
    }

    /// Puts an event aside.
    pub(super) fn refuse(&mut self, number: u64, content: Vec<u8>) {
        self.settled.forget.push(number);
        self.index.remove(number);
        self.index.insert(Kind::Refused, number, content.len());
        self.settled.put.push((Kind::Refused, number, content));
        if self.index.refused.len() > MAX_REFUSED {
            self.settled.discard.extend(self.index.refused.pop_first());
        }
    }

    /// Forgets an event that was refused.
    pub(super) fn discard(&mut self, number: u64) {
        self.index.refused.remove(&number);
        self.settled.discard.push(number);
    }

    /// Writes down events that have numbers, and all that is settled. All or nothing.
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

    /// The first events that wait, as many as go into one request.
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
        self.with(|database| file::read(database, Kind::Event, numbers))
    }

    /// All events that were refused.
    pub(super) fn refused(&mut self) -> Result<Vec<(u64, Vec<u8>)>, OutboxError> {
        self.ready()?;
        let numbers = self.index.refused.clone();
        self.with(|database| file::read(database, Kind::Refused, numbers))
    }

    /// Moves what other processes have left behind into the own lane.
    pub(super) fn adopt(&mut self, limits: &Limits) -> Result<(), OutboxError> {
        for lane in self.directory.left_over()? {
            let moved = match self.move_in(&lane, limits) {
                Ok(true) => self.directory.remove(&lane),
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            // To be told once is enough: it is tried again and again.
            if let Err(error) = moved
                && self.unusable.insert(lane.path)
            {
                (self.listener)(&Notice::File(error));
            }
        }
        Ok(())
    }

    /// Moves what is in another lane into this one; not yet, if there is no room for it. If this
    /// is interrupted, at most [`TOGETHER`] of it are in both, and sent twice.
    fn move_in(&mut self, lane: &Lane, limits: &Limits) -> Result<bool, OutboxError> {
        self.ready()?;
        let other = self.opened(&lane.path)?;
        let events = self.index.events.len() + other.index.events.len();
        let bytes = self.index.bytes + other.index.bytes;
        if !self.index.events.is_empty() && !limits.hold(events, bytes) {
            return Ok(false);
        }
        // What comes in here, and what goes out there.
        let (mut taken, mut gone) = (Changes::default(), Changes::default());
        let over = |queue: &mut Self, taken: &mut Changes, gone: &mut Changes| {
            queue.put(std::mem::take(taken))?;
            Ok::<_, DatabaseError>(std::mem::take(gone).commit(&other.database)?)
        };
        let moved = guard_database(|| {
            file::walk(&other.database, |kind, number, content| {
                let content = content.ok_or("the file is damaged: an event cannot be read")?;
                taken.put.push((kind, self.next, content.to_vec()));
                match kind {
                    Kind::Event => gone.forget.push(number),
                    Kind::Refused => gone.discard.push(number),
                }
                self.next += 1;
                if taken.put.len() == TOGETHER {
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

    /// Does something with the database. One that has failed is not used any further.
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

    /// Opens the file again behind a failure, and looks what is in there.
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
            index.refused.remove(number);
        }
        // No number twice: what was delivered long ago may still be found in a damaged file, and
        // must not pass for what waits.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_micros()).unwrap_or_default();
        self.next = self.next.max(index.next()).max(now);
        (self.index, self.database) = (index, Some(database));
        Ok(())
    }

    fn opened(&self, path: &Path) -> Result<Opened, OutboxError> {
        let opened = file::open(path)?;
        if let Some((kept, events)) = opened.damage.clone() {
            (self.listener)(&Notice::Damaged { kept, events });
        }
        Ok(opened)
    }
}

fn unwritable(path: &Path, error: impl Display) -> OutboxError {
    let problem = format!(
        "{error}; see that its disk has room and can be written: what is in the file already is \
         kept, and sent"
    );
    OutboxError::file(path, problem)
}
