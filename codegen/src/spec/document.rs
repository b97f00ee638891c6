//! The OpenAPI document, after everything was merged into it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::recover::Notes;
use crate::diagnostics::Message;

/// An OpenAPI document as a tree. Only the parts that are used are deserialized into types of
/// `openapiv3`, so an invalid part does not affect operations that do not use it.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// Recovered problems that were not reported yet.
    notes: RefCell<Notes>,
    /// References whose file exists, but not their target in it.
    unresolved: BTreeSet<String>,
}

impl Document {
    pub(super) fn new(root: Value, notes: Notes, unresolved: BTreeSet<String>) -> Self {
        Self { root, notes: RefCell::new(notes), unresolved }
    }

    /// Returns the whole tree.
    pub(crate) fn root_mut(&mut self) -> &mut Value {
        &mut self.root
    }

    /// Returns the value at a JSON pointer.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// Deserializes the value at a JSON pointer. Returns the error of `openapiv3` if it is invalid.
    pub(crate) fn typed<T: DeserializeOwned>(&self, pointer: &str) -> Option<Result<T, String>> {
        self.get(pointer).map(|value| T::deserialize(value).map_err(|error| error.to_string()))
    }

    /// Takes the recovered problems at a pointer and below it, each with its own pointer. So each is
    /// reported once, and only if its part of the document is used.
    pub(crate) fn recovered(&self, pointer: &str) -> Vec<(String, Message)> {
        self.notes.borrow_mut().take_within(pointer)
    }

    /// Returns whether the file of a reference exists, but not its target in it.
    pub(crate) fn is_unresolved(&self, reference: &str) -> bool {
        self.unresolved.contains(reference)
    }

    /// Returns the keys of the object at a pointer, in the order of the document.
    pub(crate) fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        self.get(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
    }
}
