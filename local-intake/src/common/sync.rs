//! Locks that ignore poisoning: the guarded data is consistent between any two statements, so a
//! panic in another thread does not make it unusable.

use std::ops::{Deref, DerefMut};
use std::sync::{
    Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
    TryLockResult,
};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns `None` instead of waiting.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    free(mutex.try_lock())
}

/// A lock that a writer gets as soon as the current readers have finished. A reader that locks
/// again and again would otherwise always be faster than a writer that has to wake up.
#[derive(Debug, Default)]
pub(crate) struct FairLock<T> {
    value: RwLock<T>,
    /// Locked by a writer while it waits, so that no reader begins.
    entry: Mutex<()>,
}

/// A value that is locked for writing.
pub(crate) struct WriteGuard<'l, T> {
    value: RwLockWriteGuard<'l, T>,
    _entry: MutexGuard<'l, ()>,
}

impl<T> FairLock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: RwLock::new(value), entry: Mutex::new(()) }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
        drop(lock(&self.entry));
        self.value.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> WriteGuard<'_, T> {
        let entry = lock(&self.entry);
        let value = self.value.write().unwrap_or_else(PoisonError::into_inner);
        WriteGuard { value, _entry: entry }
    }

    /// Returns `None` instead of waiting.
    pub(crate) fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let entry = try_lock(&self.entry)?;
        Some(WriteGuard { value: free(self.value.try_write())?, _entry: entry })
    }

    /// Returns `None` instead of waiting.
    pub(crate) fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        free(self.value.try_read())
    }
}

fn free<G>(result: TryLockResult<G>) -> Option<G> {
    match result {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl<T> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::FairLock;

    #[test]
    fn a_writer_is_not_overtaken_by_a_reader_that_locks_again() {
        let value = Arc::new(FairLock::new(0));
        let is_waiting = Arc::new(AtomicBool::new(false));
        let reader = value.read();
        let writer = {
            let (value, is_waiting) = (Arc::clone(&value), Arc::clone(&is_waiting));
            thread::spawn(move || {
                is_waiting.store(true, Ordering::SeqCst);
                *value.write() += 1;
            })
        };
        while !is_waiting.load(Ordering::SeqCst) || value.entry.try_lock().is_ok() {
            thread::yield_now();
        }
        assert!(value.try_write().is_none());
        drop(reader);
        assert_eq!(*value.read(), 1);
        writer.join().unwrap();
    }
}
