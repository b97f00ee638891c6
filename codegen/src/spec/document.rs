//! The OpenAPI document, after everything was merged into it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::recover::Notes;
use super::versions::{as_upgraded, as_written};
use crate::diagnostics::Message;
use crate::names::similar;
use crate::text::pointer::{last, parent};
use crate::text::{Budget, child, join, split, value_at};

/// An OpenAPI document as a tree. Only the parts that are used are deserialized into types of
/// `openapiv3`, so an invalid part does not affect operations that do not use it.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// Recovered problems that were not reported yet.
    notes: RefCell<Notes>,
    /// References whose file exists, but not their target in it, each with a suggestion.
    unresolved: BTreeMap<String, String>,
    /// Names of files that may not be read.
    forbidden: Vec<String>,
    /// The version of the format as written.
    version: String,
    /// How much may be copied because of references.
    budget: RefCell<Budget>,
    /// How many references still get a suggestion.
    suggestions: Cell<usize>,
}

/// The number of references that get a suggestion, each of which compares all names.
const MAX_SUGGESTIONS: usize = 100;

impl Document {
    pub(super) fn new(
        root: Value,
        notes: Notes,
        unresolved: BTreeMap<String, String>,
        version: String,
    ) -> Self {
        let (notes, budget) = (RefCell::new(notes), RefCell::new(Budget::new(0)));
        let suggestions = Cell::new(MAX_SUGGESTIONS);
        Self { root, notes, unresolved, forbidden: Vec::new(), version, budget, suggestions }
    }

    /// Sets the names of files that may not be read.
    pub(super) fn with_forbidden(self, forbidden: &[String]) -> Self {
        Self { forbidden: forbidden.to_vec(), ..self }
    }

    /// Sets how much may be copied because of references.
    pub(super) fn with_budget(self, budget: Budget) -> Self {
        Self { budget: RefCell::new(budget), ..self }
    }

    /// Counts a copy of the value at a pointer. Returns whether it is allowed.
    pub(crate) fn copy(&self, pointer: &str) -> bool {
        let mut budget = self.budget.borrow_mut();
        self.get(pointer).is_none_or(|value| budget.take(value, 1))
    }

    /// Returns whether nothing may be copied any more.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.budget.borrow().is_exhausted()
    }

    /// Returns whether a reference is to a file that may not be read. The reference is relative to
    /// one of the files, so only the end of its path is compared.
    pub(crate) fn is_forbidden(&self, reference: &str) -> bool {
        let name = join("", split(reference).0);
        let name = name.trim_start_matches("../");
        self.forbidden.iter().any(|forbidden| {
            let rest = forbidden.strip_suffix(name);
            !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        })
    }

    /// Returns the version of the format as written, such as `OpenAPI 3.1.0` or `Swagger 2.0`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Returns a pointer as it is in the document as written.
    pub(crate) fn as_written(&self, pointer: &str) -> String {
        match self.version.starts_with("Swagger") {
            true => as_written(pointer),
            false => pointer.to_owned(),
        }
    }

    /// Returns the whole tree.
    pub(crate) fn root_mut(&mut self) -> &mut Value {
        &mut self.root
    }

    /// Returns the value at a JSON pointer.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        value_at(&self.root, pointer)
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

    /// Returns a suggestion, which can be empty, for a reference whose file exists, but not its target
    /// in it.
    pub(crate) fn unresolved(&self, reference: &str) -> Option<&str> {
        self.unresolved.get(reference).map(String::as_str)
    }

    /// Returns a suggestion, which can be empty, for a reference to a pointer without a value.
    pub(crate) fn suggestion(&self, pointer: &str) -> String {
        let Some(left) = self.suggestions.get().checked_sub(1) else { return String::new() };
        self.suggestions.set(left);
        let upgraded = match self.version.starts_with("Swagger") {
            true => as_upgraded(pointer),
            false => pointer.to_owned(),
        };
        suggested_pointer(&self.root, &upgraded).map_or(String::new(), |pointer| {
            format!("; did you mean `#{}`?", self.as_written(&pointer))
        })
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

/// Returns the pointer that is meant by one without a value: with a similar last token, or with the
/// same one in another section of the components.
pub(super) fn suggested_pointer(root: &Value, pointer: &str) -> Option<String> {
    let name = last(pointer);
    let keys = |at: &str| value_at(root, at).and_then(Value::as_object);
    let siblings = keys(parent(pointer)).into_iter().flatten().map(|(key, _)| key.as_str());
    if let Some(meant) = similar(&name, siblings) {
        return Some(child(parent(pointer), meant));
    }
    let sections = keys("/components").into_iter().flatten().map(|(key, _)| key.as_str());
    let mut found = sections.map(|section| child(&child("/components", section), &name));
    found.find(|pointer| value_at(root, pointer).is_some())
}
