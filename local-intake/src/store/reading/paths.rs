//! Computing critical paths while events arrive.
//!
//! The jobs of a run are read in parts, its path is computed without the store, and changed values
//! are stored in parts. So no lock is held for long, however many jobs a run has.

use std::sync::{Mutex, MutexGuard};

use super::input::Input;
use crate::common::{FairLock, Stopped, Work, lock, try_lock};
use crate::event::facts::Symbol;
use crate::store::events::Store;
use crate::store::runs::{Derived, Names};

/// The number of values that are stored while the store is locked.
const BATCH: usize = 128;

/// Computes the critical paths of runs, one at a time.
#[derive(Debug, Default)]
pub(in crate::store) struct Paths {
    turn: Mutex<()>,
    /// How many jobs were read to compute paths.
    #[cfg(test)]
    pub(in crate::store) jobs: std::sync::atomic::AtomicUsize,
}

impl Paths {
    /// Computes the critical paths that are outdated. Those of runs that change meanwhile may be
    /// left to the next call.
    pub(in crate::store) fn update(
        &self,
        store: &FairLock<Store>,
        work: Option<&Work>,
    ) -> Result<(), Stopped> {
        if store.read().runs.outdated.is_empty() {
            return Ok(());
        }
        // Another query may be computing a path that this one needs.
        let _turn = self.wait(work)?;
        let end = store.read().runs.outdated.end();
        loop {
            let mut locked = store.write();
            let (epoch, run) = (locked.epoch, locked.runs.take_outdated(end));
            drop(locked);
            let Some(run) = run else { return Ok(()) };
            if let Err(stopped) = self.update_one(run, store, epoch, work) {
                store.write().runs.put_back(run);
                return Err(stopped);
            }
        }
    }

    fn wait(&self, work: Option<&Work>) -> Result<MutexGuard<'_, ()>, Stopped> {
        let Some(work) = work else { return Ok(lock(&self.turn)) };
        loop {
            match try_lock(&self.turn) {
                Some(turn) => return Ok(turn),
                // The other query cannot continue while this one has its turn.
                None => work.pause()?,
            }
        }
    }

    fn update_one(
        &self,
        run: Symbol,
        store: &FairLock<Store>,
        epoch: u64,
        work: Option<&Work>,
    ) -> Result<(), Stopped> {
        let check = || work.map_or(Ok(()), Work::check);
        let mut input = Input::default();
        while input.read(&store.read(), run) {
            check()?;
        }
        #[cfg(test)]
        self.jobs.fetch_add(input.len(), std::sync::atomic::Ordering::Relaxed);
        check()?;
        for values in input.compute().chunks(BATCH) {
            check()?;
            let mut store = store.write();
            // After all events were deleted, others may have their numbers.
            if store.epoch == epoch {
                set(values, &mut store);
            }
        }
        check()
    }
}

fn set(values: &[(u32, Derived)], store: &mut Store) {
    let names = Names::new(&mut store.vocabulary);
    for (event, value) in values {
        store.set_derived(*event, *value, names);
    }
}
