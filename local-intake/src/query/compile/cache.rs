//! The results for the strings that were matched last. Its size does not depend on the number of
//! clauses or strings.

use std::collections::HashMap;

use super::bits::Bits;

/// The size in bytes of all caches of a query.
const MAX_SIZE: usize = 16 * 1024 * 1024;
/// The maximum number of entries of a cache.
const MAX_ENTRIES: usize = 64 * 1024;
/// The maximum number of distinct results in a cache.
const MAX_RESULTS: usize = 1024;

/// Results by key. An entry replaces another one that has the same location.
#[derive(Debug)]
pub(super) struct Cache {
    /// Keys, and the number of the result plus one. Zero is an empty entry.
    entries: Box<[(u64, u32)]>,
    results: Vec<Bits>,
    numbers: HashMap<Bits, u32>,
}

impl Cache {
    /// Creates one of `count` caches for at most `keys` keys.
    pub(super) fn new(count: usize, keys: usize) -> Self {
        let max = MAX_SIZE / size_of::<(u64, u32)>() / count.max(1);
        let entries = keys.max(1).next_power_of_two().min(MAX_ENTRIES).min(max.max(64));
        // A power of two, so that a mask selects the location.
        let entries = 1 << entries.ilog2();
        Self { entries: vec![(0, 0); entries].into(), results: Vec::new(), numbers: HashMap::new() }
    }

    pub(super) fn get(&self, key: u64) -> Option<&Bits> {
        match self.entries.get(self.location(key)) {
            Some((other, number)) if *other == key => {
                self.results.get((*number as usize).checked_sub(1)?)
            }
            _ => None,
        }
    }

    pub(super) fn insert(&mut self, key: u64, result: &Bits) {
        let number = match self.numbers.get(result) {
            Some(number) => *number,
            None => {
                if self.results.len() >= MAX_RESULTS {
                    self.entries.fill((0, 0));
                    self.results.clear();
                    self.numbers.clear();
                }
                self.results.push(result.clone());
                let number = self.results.len() as u32;
                self.numbers.insert(result.clone(), number);
                number
            }
        };
        let location = self.location(key);
        if let Some(entry) = self.entries.get_mut(location) {
            *entry = (key, number);
        }
    }

    fn location(&self, key: u64) -> usize {
        // Neighbouring symbols often belong to one event.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (self.entries.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bits::Bits;
    use super::{Cache, MAX_RESULTS, MAX_SIZE};

    #[test]
    fn the_size_does_not_depend_on_clauses_and_strings() {
        for (count, keys) in [(1, 10), (1, usize::MAX / 2), (1024, 10_000_000)] {
            let size = Cache::new(count, keys).entries.len() * size_of::<(u64, u32)>() * count;
            assert!(size <= MAX_SIZE, "{size}");
        }
    }

    #[test]
    fn results_are_found_until_they_are_replaced() {
        let mut cache = Cache::new(1, 100);
        for key in 0..10_000_u64 {
            let mut result = Bits::new(64);
            (0..14).filter(|bit| key >> bit & 1 == 1).for_each(|bit| result.add(bit));
            cache.insert(key, &result);
            assert_eq!(cache.get(key), Some(&result));
            assert!(cache.results.len() <= MAX_RESULTS);
        }
        assert_eq!(cache.get(1), None);
    }
}
