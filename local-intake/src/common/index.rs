//! Finding numbered values by their hash.

use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// The number of tables. Each grows on its own, so that no insertion moves all entries.
const SHARDS: usize = 64;

/// The numbers of values, by the hashes of the values. The values are kept elsewhere.
#[derive(Debug)]
pub(crate) struct Index {
    /// Hashes and numbers. A table that grows does not look at the values.
    shards: Box<[HashTable<(u64, u32)>]>,
    state: RandomState,
}

impl Default for Index {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| HashTable::new()).collect();
        Self { shards, state: RandomState::default() }
    }
}

impl Index {
    pub(crate) fn hash(&self, value: impl Hash) -> u64 {
        self.state.hash_one(value)
    }

    /// Returns the number for which `is_equal` holds, among the values with this hash.
    pub(crate) fn find(&self, hash: u64, mut is_equal: impl FnMut(u32) -> bool) -> Option<u32> {
        let shard = self.shards.get(shard(hash))?;
        let found = shard.find(hash, |(other, number)| *other == hash && is_equal(*number));
        found.map(|(_, number)| *number)
    }

    /// Adds a number that is not yet in the index.
    pub(crate) fn insert(&mut self, hash: u64, number: u32) {
        if let Some(shard) = self.shards.get_mut(shard(hash)) {
            shard.insert_unique(hash, (hash, number), |(hash, _)| *hash);
        }
    }

    pub(crate) fn remove(&mut self, hash: u64, number: u32) {
        if let Some(shard) = self.shards.get_mut(shard(hash))
            && let Ok(entry) = shard.find_entry(hash, |other| *other == (hash, number))
        {
            entry.remove();
        }
    }
}

/// Returns the table of a hash. The tables themselves use the highest and the lowest bits.
fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}
