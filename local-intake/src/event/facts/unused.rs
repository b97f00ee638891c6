//! Names and strings that no event uses any more. They are kept until every query has ended that
//! may have seen them.

use std::sync::Arc;

use super::symbols::Symbol;
use super::values::{Fact, Facts, Vocabulary};

/// Keeps the names and strings that exist while a query runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading(Arc<()>);

/// What is no longer used.
#[derive(Debug, Default)]
pub(super) struct Unused {
    /// Held by the queries that have started since `older` was filled.
    reading: Reading,
    newer: Vec<Item>,
    /// What may be removed when the queries have ended that hold this.
    older: Vec<Item>,
    older_reading: Reading,
}

#[derive(Debug)]
enum Item {
    String(Symbol),
    Name(Symbol),
    Shape(Arc<[Symbol]>),
}

impl Vocabulary {
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
        let shape = Arc::clone(facts.names());
        drop(facts);
        // One is here and one is in the set.
        if Arc::strong_count(&shape) == 2 {
            self.unused.newer.push(Item::Shape(shape));
        }
    }

    /// Ends a use of a string.
    pub(crate) fn release_string(&mut self, symbol: Symbol) {
        if self.strings.release(symbol) {
            self.unused.newer.push(Item::String(symbol));
        }
    }

    /// Removes what is not used and what no query may have seen.
    pub(crate) fn remove_unused(&mut self) {
        if Arc::strong_count(&self.unused.older_reading.0) > 1 {
            return;
        }
        for item in std::mem::take(&mut self.unused.older) {
            match item {
                Item::String(symbol) => self.strings.remove_unused(symbol),
                Item::Name(symbol) => self.names.remove_unused(symbol),
                Item::Shape(shape) => self.remove_shape(&shape),
            }
        }
        self.unused.older = std::mem::take(&mut self.unused.newer);
        self.unused.older_reading = std::mem::take(&mut self.unused.reading);
    }

    fn remove_shape(&mut self, shape: &Arc<[Symbol]>) {
        // It may be used again, or have been removed already.
        if Arc::strong_count(shape) != 2 || !self.shapes.remove(shape) {
            return;
        }
        for name in shape.iter() {
            if self.names.release(*name) {
                self.unused.newer.push(Item::Name(*name));
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
