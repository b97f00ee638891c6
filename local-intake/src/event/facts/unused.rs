//! Names and strings that no event uses any more. They are kept until every query has ended that
//! may have seen them.

use std::sync::Arc;

use super::symbols::Symbol;

/// Keeps the names and strings that exist while a query runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading(Arc<()>);

/// What is no longer used.
#[derive(Debug, Default)]
pub(super) struct Unused {
    /// Held by the queries that have started since `older` was filled.
    pub(super) reading: Reading,
    newer: Vec<Item>,
    /// What may be removed when the queries have ended that hold this.
    older: Vec<Item>,
    older_reading: Reading,
}

#[derive(Debug)]
pub(super) enum Item {
    String(Symbol),
    Name(Symbol),
    Shape(Arc<[Symbol]>),
}

impl Unused {
    pub(super) fn add(&mut self, item: Item) {
        self.newer.push(item);
    }

    /// Returns what no query may have seen.
    pub(super) fn take(&mut self) -> Vec<Item> {
        if Arc::strong_count(&self.older_reading.0) > 1 {
            return Vec::new();
        }
        let items = std::mem::replace(&mut self.older, std::mem::take(&mut self.newer));
        self.older_reading = std::mem::take(&mut self.reading);
        items
    }
}
