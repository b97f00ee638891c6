//! Which names an event has. Events with the same names have the same result.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bits::Bits;
use crate::event::facts::{Facts, Vocabulary};
use crate::query::ast::Field;

/// The tests whether a field exists. An attribute also exists if a nested one does.
#[derive(Debug, Default)]
pub(super) struct Existence {
    tests: HashMap<String, Vec<usize>, RandomState>,
}

impl Existence {
    pub(super) fn add(&mut self, field: &Field, bit: usize) {
        self.tests.entry(field.name()).or_default().push(bit);
    }

    /// Adds the tests that an event passes.
    pub(super) fn find(&self, facts: &Facts, vocabulary: &Vocabulary, found: &mut Bits) {
        for symbol in facts.names().iter() {
            let name = vocabulary.names.resolve(*symbol);
            let mut add = |name: &str| {
                self.tests.get(name).into_iter().flatten().for_each(|bit| found.add(*bit));
            };
            add(name);
            if name.starts_with('@') {
                name.match_indices('.').filter_map(|(end, _)| name.get(..end)).for_each(add);
            }
        }
    }
}
