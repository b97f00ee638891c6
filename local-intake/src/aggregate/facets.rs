//! Counting the values of several facets in one pass.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde_json::Value;

use super::table::{Key, KeyMap};
use crate::event::facts::{Fact, Positions, Row, Symbol, Vocabulary};

/// The number of events by value, for several facets.
pub(crate) struct FacetCounts {
    positions: Positions,
    facets: Vec<Counts>,
    /// The number of events.
    pub(crate) events: u64,
}

/// The number of events by value.
#[derive(Default)]
struct Counts {
    counts: HashMap<Key, u64, RandomState>,
    /// The last value, and how often it was counted since another one.
    last: Option<(Key, u64)>,
}

impl FacetCounts {
    /// Starts to count the values of these facets.
    pub(crate) fn new(names: &[String], vocabulary: &Vocabulary) -> Self {
        let positions = Positions::new(names.iter().map(|name| vocabulary.names.find(name)));
        Self { positions, facets: names.iter().map(|_| Counts::default()).collect(), events: 0 }
    }

    /// Counts an event once for each of its distinct values.
    pub(crate) fn add(&mut self, row: Row<'_>) {
        self.events += 1;
        for (span, counts) in self.positions.find(row.facts).iter().zip(&mut self.facets) {
            match row.facts.at(*span) {
                [] => {}
                [value] => counts.add(key(*value)),
                // Few events have several values.
                several => {
                    let mut keys: Vec<Key> = several.iter().map(|fact| key(*fact)).collect();
                    keys.sort_unstable();
                    keys.dedup();
                    keys.into_iter().for_each(|key| counts.add(key));
                }
            }
        }
    }

    /// Keeps the most frequent values of each facet, and returns their strings.
    pub(crate) fn keep(&mut self, limit: usize) -> Vec<Symbol> {
        let mut strings = Vec::new();
        for Counts { counts, last } in &mut self.facets {
            if let Some((key, count)) = last.take() {
                *counts.entry(key).or_default() += count;
            }
            if counts.len() > limit {
                let mut all: Vec<(Key, u64)> = counts.drain().collect();
                let order = |(key, count): &(Key, u64)| (Reverse(*count), *key);
                all.select_nth_unstable_by_key(limit, order);
                counts.extend(all.into_iter().take(limit));
            }
            strings.extend(counts.keys().filter_map(|key| match key {
                Key::String(symbol) => Some(*symbol),
                _ => None,
            }));
        }
        strings
    }

    /// Returns the values of each facet that are kept, the most frequent first.
    pub(crate) fn values(&self, keys: &KeyMap) -> Vec<Vec<(Value, u64)>> {
        let facet = |counts: &Counts| {
            let mut values: Vec<(Value, u64)> = counts
                .counts
                .iter()
                .map(|(key, count)| match key {
                    Key::Boolean(value) => (Value::Bool(*value), *count),
                    key => (keys.scalar(*key, "").to_facet(), *count),
                })
                .collect();
            values.sort_by_cached_key(|(value, count)| (Reverse(*count), value.to_string()));
            values
        };
        self.facets.iter().map(facet).collect()
    }
}

impl Counts {
    fn add(&mut self, key: Key) {
        // Events that follow each other often have the same value.
        match &mut self.last {
            Some((last, count)) if *last == key => *count += 1,
            last => {
                if let Some((key, count)) = last.replace((key, 1)) {
                    *self.counts.entry(key).or_default() += count;
                }
            }
        }
    }
}

fn key(fact: Fact) -> Key {
    match fact {
        Fact::Number(number) => Key::from_number(number),
        Fact::String(symbol) => Key::String(symbol),
        Fact::Boolean(value) => Key::Boolean(value),
    }
}
