//! The last updates of an event, as they were received.

use std::sync::Arc;

use crate::store::stored::{Origin, Update};

/// The last updates of an event, in the order they were received.
#[derive(Debug, Default)]
pub(in crate::store) struct History {
    updates: Vec<Kept>,
    /// What was removed from the history and still is in the journal.
    forgotten: Vec<(u64, u32)>,
    /// The size of the updates in bytes.
    bytes: u64,
}

#[derive(Debug)]
struct Kept {
    origin: Origin,
    sent: Arc<str>,
}

impl History {
    pub(in crate::store) fn add(&mut self, sent: &Arc<str>, origin: Origin) {
        self.bytes += sent.len() as u64;
        self.updates.push(Kept { origin, sent: Arc::clone(sent) });
    }

    pub(in crate::store) fn len(&self) -> usize {
        self.updates.len()
    }

    pub(in crate::store) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Removes the first update. Returns the number of bytes that this frees.
    pub(in crate::store) fn remove_first(&mut self, is_journaled: bool) -> u64 {
        if self.updates.is_empty() {
            return 0;
        }
        let removed = self.updates.remove(0);
        if is_journaled {
            self.forgotten.push((removed.origin.request, removed.origin.item));
        }
        let bytes = removed.sent.len() as u64;
        self.bytes -= bytes;
        bytes
    }

    pub(in crate::store) fn updates(&self) -> impl Iterator<Item = Update> {
        let update =
            |kept: &Kept| Update { received: kept.origin.received, sent: Arc::clone(&kept.sent) };
        self.updates.iter().map(update)
    }

    /// Returns the request and the position in it of every update, removed ones included.
    pub(in crate::store) fn origins(&self) -> impl Iterator<Item = (u64, u32)> {
        let kept = self.updates.iter().map(|kept| (kept.origin.request, kept.origin.item));
        self.forgotten.iter().copied().chain(kept)
    }
}
