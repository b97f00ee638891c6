//! Counting the values of several facets in one pass.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde_json::Value;

use super::table::{Key, KeyMap};
use crate::event::facts::{Fact, Row, Symbol, Vocabulary};

/// The number of events by value, for several facets.
pub(crate) struct FacetCounts {
    facets: Vec<(Option<Symbol>, HashMap<Key, u64, RandomState>)>,
    /// The number of events.
    pub(crate) events: u64,
}

impl FacetCounts {
    /// Starts to count the values of these facets.
    pub(crate) fn new(names: &[String], vocabulary: &Vocabulary) -> Self {
        let facets = names.iter().map(|name| (vocabulary.names.find(name), HashMap::default()));
        Self { facets: facets.collect(), events: 0 }
    }

    /// Counts an event once for each of its distinct values.
    pub(crate) fn add(&mut self, row: Row<'_>) {
        self.events += 1;
        for (name, counts) in &mut self.facets {
            let Some(name) = *name else { continue };
            let mut values = row.facts.values(name);
            let Some(first) = values.next().map(key) else { continue };
            *counts.entry(first).or_default() += 1;
            // Few events have several values.
            let Some(second) = values.next().map(key) else { continue };
            let mut rest: Vec<Key> = values.map(key).chain([second]).collect();
            rest.sort_unstable();
            rest.dedup();
            for value in rest.into_iter().filter(|value| *value != first) {
                *counts.entry(value).or_default() += 1;
            }
        }
    }

    /// Keeps the most frequent values of each facet, and returns their strings.
    pub(crate) fn keep(&mut self, limit: usize) -> Vec<Symbol> {
        let mut strings = Vec::new();
        for (_, counts) in &mut self.facets {
            if counts.len() > limit {
                let mut all: Vec<(Key, u64)> = counts.drain().collect();
                all.sort_unstable_by_key(|(key, count)| (Reverse(*count), *key));
                counts.extend(all.into_iter().take(limit));
            }
            strings.extend(counts.keys().filter_map(|key| match key {
                Key::String(symbol) => Some(*symbol),
                _ => None,
            }));
        }
        strings
    }

    /// Returns the values of each facet, the most frequent first.
    pub(crate) fn values(&self, keys: &KeyMap) -> Vec<Vec<(Value, u64)>> {
        let facet = |counts: &HashMap<Key, u64, RandomState>| {
            let mut values: Vec<(Value, u64)> = counts
                .iter()
                .map(|(key, count)| match key {
                    Key::Boolean(value) => (Value::Bool(*value), *count),
                    key => (keys.scalar(*key, "").to_facet(), *count),
                })
                .collect();
            values
                .sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.to_string().cmp(&b.to_string())));
            values
        };
        self.facets.iter().map(|(_, counts)| facet(counts)).collect()
    }
}

fn key(fact: Fact) -> Key {
    match fact {
        Fact::Number(number) => Key::from_number(number),
        Fact::String(symbol) => Key::String(symbol),
        Fact::Boolean(value) => Key::Boolean(value),
    }
}
