//! Changes as they are found: each once, however many operations and directions lead to it.

use std::collections::HashMap;

use super::change::{Direction, Wire};
use super::table::ChangeKind;
use super::wire::{Subject, Target};

/// A change of the document.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: &'static ChangeKind,
    /// The directions in which it was found.
    pub(super) directions: Vec<Direction>,
    pub(super) old: Option<Target>,
    pub(super) new: Option<Target>,
    pub(super) subject: Subject,
    /// The name of the affected member in Rust: the old and the new one.
    pub(super) member: Option<[String; 2]>,
    pub(super) message: String,
}

impl Found {
    /// Returns the verdict on the wire over all directions.
    pub(super) fn wire(&self) -> Wire {
        let verdicts = self.directions.iter().map(|direction| match direction {
            Direction::Request => self.kind.request,
            Direction::Response => self.kind.response,
        });
        verdicts.fold(Wire::None, Wire::and)
    }
}

/// A change that differs from others by these parts.
type Key = (&'static str, Option<Target>, Option<Target>, String);

/// All changes of a document.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) all: Vec<Found>,
    known: HashMap<Key, usize>,
}

impl Findings {
    /// Adds a change, or a direction to one that is known.
    pub(super) fn add(&mut self, found: Found) {
        let key = (found.kind.id, found.old.clone(), found.new.clone(), found.message.clone());
        match self.known.get(&key) {
            Some(known) => {
                let directions = &mut self.all[*known].directions;
                directions.extend(found.directions);
                directions.sort_unstable();
                directions.dedup();
            }
            None => {
                self.known.insert(key, self.all.len());
                self.all.push(found);
            }
        }
    }
}
