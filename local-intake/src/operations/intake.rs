//! The state of an intake, and inserting events.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use super::listings::Listings;
use crate::common::{IntakeError, lock, read, write};
use crate::journal::Journal;
use crate::store::{Store, Submission};
use crate::time::Clock;

/// The state of an intake.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    pub(crate) clock: Clock,
    store: Arc<RwLock<Store>>,
    /// `None` if events are kept in memory only.
    journal: Option<Journal>,
    pub(super) listings: Mutex<Listings>,
}

impl Intake {
    /// Opens an intake that keeps its events in a directory.
    pub(crate) fn open(directory: &Path) -> Result<Self, IntakeError> {
        let store = Arc::default();
        let journal = Some(Journal::open(directory, Arc::clone(&store))?);
        Ok(Self { store, journal, ..Self::default() })
    }

    /// Inserts validated events: all of them, or none if there is an error.
    pub(crate) async fn insert(&self, events: Vec<Submission>) -> Result<(), IntakeError> {
        let received = self.clock.nanoseconds();
        match &self.journal {
            Some(journal) => journal.insert(events, received).await,
            None => {
                write(&self.store).insert(&events, received);
                Ok(())
            }
        }
    }

    /// Deletes all events.
    pub(crate) async fn clear(&self) -> Result<(), IntakeError> {
        match &self.journal {
            Some(journal) => journal.clear().await?,
            None => *write(&self.store) = Store::default(),
        }
        *lock(&self.listings) = Listings::default();
        Ok(())
    }

    /// Locks the store for reading.
    pub(crate) fn store(&self) -> RwLockReadGuard<'_, Store> {
        read(&self.store)
    }
}
