//! The intake without HTTP: what each operation does.

mod listings;
mod search;

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use self::listings::Listings;
use crate::clock::Clock;
use crate::journal::{Journal, JournalError};
use crate::store::{Store, Submission};
use crate::sync::{lock, read, write};

pub(crate) use search::Ask;

/// Everything that an intake knows.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    pub(crate) clock: Clock,
    store: Arc<RwLock<Store>>,
    /// Keeps events beyond the process; none if they are in memory only.
    journal: Option<Journal>,
    listings: Mutex<Listings>,
}

impl Intake {
    /// An intake that keeps its events in a directory.
    pub(crate) fn durable(directory: &Path) -> Result<Self, JournalError> {
        let store = Arc::default();
        let journal = Some(Journal::open(directory, Arc::clone(&store))?);
        Ok(Self { store, journal, ..Self::default() })
    }

    /// Takes in the attributes of events that have been checked, all or none of them.
    pub(crate) async fn accept(&self, events: Vec<Submission>) -> Result<(), JournalError> {
        let received = self.clock.nanoseconds();
        match &self.journal {
            Some(journal) => journal.keep(events, received).await,
            None => {
                write(&self.store).insert(&events, received);
                Ok(())
            }
        }
    }

    /// Forgets all events.
    pub(crate) async fn reset(&self) -> Result<(), JournalError> {
        match &self.journal {
            Some(journal) => journal.forget().await?,
            None => *write(&self.store) = Store::default(),
        }
        *lock(&self.listings) = Listings::default();
        Ok(())
    }

    /// All events, for reading.
    pub(crate) fn store(&self) -> RwLockReadGuard<'_, Store> {
        read(&self.store)
    }
}
