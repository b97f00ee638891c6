//! Facts and their vocabulary.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::symbols::{Symbol, Symbols};
use super::unused::{Item, Reading, Unused};

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fact {
    String(Symbol),
    Number(f64),
    Boolean(bool),
}

/// The names and strings that facts refer to.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// The names of attributes, which start with `@`, and of tags.
    pub(crate) names: Symbols,
    /// The values that are strings.
    pub(crate) strings: Symbols,
    /// The names that this program contains, by address and length. They are never removed.
    standard: HashMap<(usize, usize), Symbol, RandomState>,
    /// Distinct lists of names. Most events have the same attributes, so few lists are kept.
    shapes: HashSet<Arc<[Symbol]>, RandomState>,
    unused: Unused,
}

/// All facts of one event, sorted by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    names: Arc<[Symbol]>,
    values: Box<[Fact]>,
}

/// An event that matches a query.
#[derive(Clone, Copy)]
pub(crate) struct Row<'s> {
    /// Nanoseconds since 1970.
    pub(crate) timestamp: i64,
    /// Orders events with the same timestamp.
    pub(crate) order: u64,
    pub(crate) facts: &'s Facts,
}

impl Facts {
    /// Creates the facts of an event from its names and values.
    pub(super) fn new(mut facts: Vec<(Symbol, Fact)>, vocabulary: &mut Vocabulary) -> Self {
        // The sort is stable: the elements of an array keep their order.
        facts.sort_by_key(|(name, _)| *name);
        let names: Vec<Symbol> = facts.iter().map(|(name, _)| *name).collect();
        let values: Box<[Fact]> = facts.iter().map(|(_, value)| *value).collect();
        for value in &values {
            if let Fact::String(symbol) = value {
                vocabulary.strings.retain(*symbol);
            }
        }
        Self { names: vocabulary.shape(names), values }
    }

    /// Returns the values of one name.
    pub(crate) fn values(&self, name: Symbol) -> impl Iterator<Item = Fact> {
        let first = self.names.partition_point(|other| *other < name);
        self.names
            .iter()
            .zip(&self.values)
            .skip(first)
            .take_while(move |(other, _)| **other == name)
            .map(|(_, fact)| *fact)
    }

    /// Replaces the values of some names, each by at most one.
    pub(crate) fn set(&mut self, new: &[(Symbol, Option<Fact>)], vocabulary: &mut Vocabulary) {
        let mut names = Vec::with_capacity(self.names.len() + new.len());
        names.extend_from_slice(&self.names);
        let mut values = std::mem::take(&mut self.values).into_vec();
        values.reserve_exact(new.len());
        for (name, fact) in new {
            if let Some(Fact::String(symbol)) = fact {
                vocabulary.strings.retain(*symbol);
            }
            let start = names.partition_point(|other| other < name);
            let end = names.partition_point(|other| other <= name);
            names.splice(start..end, fact.map(|_| *name));
            for old in values.splice(start..end, *fact) {
                if let Fact::String(symbol) = old {
                    vocabulary.release_string(symbol);
                }
            }
        }
        self.values = values.into();
        if *names != *self.names {
            let old = std::mem::replace(&mut self.names, vocabulary.shape(names));
            vocabulary.release_shape(old);
        }
    }

    /// Returns all values, in the order of their names.
    pub(super) fn all(&self) -> &[Fact] {
        &self.values
    }

    /// Returns all names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, Fact)> {
        self.names.iter().copied().zip(self.values.iter().copied())
    }

    /// Returns the names, which facts with the same names share.
    pub(crate) fn names(&self) -> &Arc<[Symbol]> {
        &self.names
    }
}

impl Vocabulary {
    /// Returns how many distinct lists of names there are.
    pub(crate) fn shapes(&self) -> usize {
        self.shapes.len()
    }

    /// Returns the symbol of a name that this program contains. Finding its address is faster than
    /// finding its characters, and most names of most events are standard ones.
    pub(super) fn standard_name(&mut self, name: &'static str) -> Symbol {
        let Self { names, standard, .. } = self;
        *standard.entry((name.as_ptr() as usize, name.len())).or_insert_with(|| {
            let symbol = names.intern(name);
            names.retain(symbol);
            symbol
        })
    }

    fn shape(&mut self, names: Vec<Symbol>) -> Arc<[Symbol]> {
        if let Some(known) = self.shapes.get(names.as_slice()) {
            return Arc::clone(known);
        }
        let shape: Arc<[Symbol]> = names.into();
        shape.iter().for_each(|name| self.names.retain(*name));
        self.shapes.insert(Arc::clone(&shape));
        shape
    }

    /// Keeps everything that exists now until the result is dropped.
    pub(crate) fn reading(&self) -> Reading {
        self.unused.reading.clone()
    }

    /// Ends the use of the facts of an event.
    pub(crate) fn release(&mut self, facts: Facts) {
        for (_, fact) in facts.iter() {
            if let Fact::String(symbol) = fact {
                self.release_string(symbol);
            }
        }
        self.release_shape(facts.names);
    }

    fn release_shape(&mut self, shape: Arc<[Symbol]>) {
        // One is here and one is in the set.
        if Arc::strong_count(&shape) == 2 {
            self.unused.add(Item::Shape(shape));
        }
    }

    /// Ends a use of a string.
    pub(crate) fn release_string(&mut self, symbol: Symbol) {
        if self.strings.release(symbol) {
            self.unused.add(Item::String(symbol));
        }
    }

    /// Removes what is not used and what no query may have seen.
    pub(crate) fn remove_unused(&mut self) {
        for item in self.unused.take() {
            match item {
                Item::String(symbol) => self.strings.remove_unused(symbol),
                Item::Name(symbol) => self.names.remove_unused(symbol),
                Item::Shape(shape) => self.remove_shape(&shape),
            }
        }
    }

    fn remove_shape(&mut self, shape: &Arc<[Symbol]>) {
        // It may be used again, or have been removed already.
        if Arc::strong_count(shape) != 2 || !self.shapes.remove(shape) {
            return;
        }
        for name in shape.iter() {
            if self.names.release(*name) {
                self.unused.add(Item::Name(*name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Facts, Vocabulary};

    fn facts(name: &str, value: &str, vocabulary: &mut Vocabulary) -> Facts {
        let attributes = json!({ name: value, "same": "same" });
        Facts::from_json(attributes.as_object().unwrap(), [], vocabulary)
    }

    #[test]
    fn strings_are_removed_after_the_queries_that_may_have_seen_them() {
        let mut vocabulary = Vocabulary::default();
        let kept = facts("kept", "kept", &mut vocabulary);
        for round in 0..1000 {
            let facts = facts(&format!("n{round}"), &format!("v{round}"), &mut vocabulary);
            vocabulary.release(facts);
            vocabulary.remove_unused();
        }
        assert!(vocabulary.strings.len() < 10, "{}", vocabulary.strings.len());
        assert!(vocabulary.names.len() < 10, "{}", vocabulary.names.len());
        assert!(vocabulary.shapes.len() < 10, "{}", vocabulary.shapes.len());

        let seen = facts("seen", "seen", &mut vocabulary);
        let symbol = vocabulary.strings.find("seen").unwrap();
        let reading = vocabulary.reading();
        vocabulary.release(seen);
        for round in 0..10 {
            let facts = facts("other", &format!("other{round}"), &mut vocabulary);
            vocabulary.release(facts);
            vocabulary.remove_unused();
            assert_eq!(vocabulary.strings.resolve(symbol), "seen");
        }
        drop(reading);
        for _ in 0..3 {
            vocabulary.remove_unused();
        }
        assert_eq!(vocabulary.strings.find("seen"), None);
        assert!(vocabulary.strings.find("kept").is_some());
        drop(kept);
    }

    #[test]
    fn a_string_that_is_used_again_is_kept() {
        let mut vocabulary = Vocabulary::default();
        let first = facts("a", "b", &mut vocabulary);
        vocabulary.release(first);
        vocabulary.remove_unused();
        let again = facts("a", "b", &mut vocabulary);
        for _ in 0..4 {
            vocabulary.remove_unused();
        }
        let symbol = vocabulary.strings.find("b").unwrap();
        assert_eq!(vocabulary.strings.resolve(symbol), "b");
        let name = vocabulary.names.find("@a").unwrap();
        assert_eq!(again.values(name).count(), 1);
    }
}
