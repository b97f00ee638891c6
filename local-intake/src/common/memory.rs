//! The memory of responses that are being created or sent.

use std::sync::{Arc, Mutex};

use super::sync::lock;
use super::work::{Stopped, Work};

/// A number of bytes that responses share.
#[derive(Debug)]
pub(crate) struct Memory {
    total: usize,
    free: Mutex<usize>,
}

/// Bytes that are granted until this is dropped.
#[derive(Debug)]
pub(crate) struct Granted {
    memory: Arc<Memory>,
    bytes: usize,
}

impl Memory {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, free: Mutex::new(total) }
    }

    /// Returns how many bytes are granted.
    pub(crate) fn used(&self) -> usize {
        self.total - *lock(&self.free)
    }

    /// Waits until there is memory for a response of this size. One that is larger than all of the
    /// memory gets all of it.
    pub(crate) fn grant(self: &Arc<Self>, bytes: usize, work: &Work) -> Result<Granted, Stopped> {
        let bytes = bytes.min(self.total);
        loop {
            {
                let mut free = lock(&self.free);
                if let Some(rest) = free.checked_sub(bytes) {
                    *free = rest;
                    return Ok(Granted { memory: Arc::clone(self), bytes });
                }
            }
            work.pause()?;
        }
    }
}

impl Drop for Granted {
    fn drop(&mut self) {
        *lock(&self.memory.free) += self.bytes;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::super::work::{Stopped, Work, WorkLimits};
    use super::Memory;

    #[test]
    fn responses_wait_for_memory() {
        let memory = Arc::new(Memory::new(100));
        let all = memory.grant(1000, &Work::unlimited()).unwrap();
        let timeout = Duration::from_millis(30);
        let limits = WorkLimits { timeout, turns: Arc::default() };
        let work = Work::new(limits, Instant::now(), Arc::default());
        assert_eq!(memory.grant(1, &work).unwrap_err(), Stopped::TimeLimit(timeout));
        drop(all);
        let half = memory.grant(50, &work).unwrap();
        let other = memory.grant(50, &work).unwrap();
        assert!(memory.grant(1, &work).is_err());
        drop((half, other));
        assert!(memory.grant(100, &work).is_ok());
    }
}
