//! Facts and their vocabulary.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::symbols::{Symbol, Symbols};
use super::unused::Unused;

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
    /// Distinct lists of names. Most events have the same attributes, so few lists are kept.
    pub(super) shapes: HashSet<Arc<[Symbol]>, RandomState>,
    pub(super) unused: Unused,
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

    /// Replaces the values of one name.
    pub(crate) fn set(&mut self, name: Symbol, fact: Option<Fact>, vocabulary: &mut Vocabulary) {
        let others = self.iter().filter(|(other, _)| *other != name);
        let facts = others.chain(fact.map(|fact| (name, fact))).collect();
        let facts = Self::new(facts, vocabulary);
        vocabulary.release(std::mem::replace(self, facts));
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

    fn shape(&mut self, names: Vec<Symbol>) -> Arc<[Symbol]> {
        if let Some(known) = self.shapes.get(names.as_slice()) {
            return Arc::clone(known);
        }
        let shape: Arc<[Symbol]> = names.into();
        shape.iter().for_each(|name| self.names.retain(*name));
        self.shapes.insert(Arc::clone(&shape));
        shape
    }
}
