//! An OpenAPI object that is being recovered.

use serde_json::{Map, Value};

use super::field_types::{Fit, expected};
use super::notes::Notes;
use crate::diagnostics::{Message, messages};
use crate::spec::structure::Kind;
use crate::text::child;

/// An OpenAPI object with its pointer.
pub(super) struct Part<'a> {
    pub(super) entries: &'a mut Map<String, Value>,
    pub(super) pointer: &'a str,
    pub(super) notes: &'a mut Notes,
}

impl Part<'_> {
    /// Adds a note about the object.
    pub(super) fn note(&mut self, message: Message) {
        self.notes.add(self.pointer.to_owned(), message);
    }

    /// Adds a note about a field of the object.
    pub(super) fn note_field(&mut self, key: &str, message: Message) {
        self.notes.add(child(self.pointer, key), message);
    }

    pub(super) fn string(&self, key: &str) -> Option<&str> {
        self.entries.get(key)?.as_str()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.entries.shift_remove(key)
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.entries.insert(key.to_owned(), value.into());
    }

    /// Returns whether the object is a reference. Removes an invalid `$ref`.
    pub(super) fn is_reference(&mut self) -> bool {
        match self.entries.get("$ref") {
            Some(Value::String(reference)) if !reference.trim().is_empty() => true,
            Some(_) => {
                self.remove("$ref");
                self.note_field("$ref", messages::invalid_reference());
                false
            }
            None => false,
        }
    }

    /// Converts each field to the JSON type that OpenAPI specifies, or removes it.
    pub(super) fn convert_fields(&mut self, kind: Kind) {
        let fields: Vec<_> = self
            .entries
            .keys()
            .filter_map(|key| Some((key.clone(), expected(kind, key)?)))
            .collect();
        for (key, expected) in fields {
            let Some(value) = self.entries.get_mut(&key) else { continue };
            match expected.fit(value) {
                Fit::Unchanged => {}
                Fit::Converted(message) => self.note_field(&key, message(&key)),
                Fit::Absent => drop(self.remove(&key)),
                Fit::Mistyped(expected) => {
                    self.remove(&key);
                    self.note_field(&key, messages::mistyped_field(&key, expected));
                }
            }
        }
    }
}
