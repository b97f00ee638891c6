//! Where changes are in a document.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::wire::{Target, TargetStep};
use crate::select::local_pointer;
use crate::spec::Document;
use crate::text::child;
use crate::text::pointer::parent;

/// How many references are followed, since they can form a circle.
const REFERENCES: usize = 32;

/// How deeply members of `allOf` are searched.
const DEPTH: usize = 8;

/// Finds parts of a document. What is searched is read once for all parts.
pub(super) struct Locator<'a> {
    document: &'a Document,
    /// The pointers of the properties of a schema.
    properties: HashMap<String, HashMap<&'a str, String>>,
    /// The pointers of the parameters of an operation or a path item, by their location and name.
    parameters: HashMap<String, HashMap<(&'a str, String), String>>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, properties: HashMap::new(), parameters: HashMap::new() }
    }

    /// Returns the pointer of a part, or of the part that contains it if it is not found.
    pub(super) fn pointer(&mut self, target: &Target) -> String {
        let mut at = target.base.clone();
        for step in &target.steps {
            let inside = follow(self.document, at.clone());
            let next = match step {
                TargetStep::Key(key) => self.existing(child(&inside, key)).or_else(|| {
                    (key == "oneOf").then(|| self.existing(child(&inside, "anyOf")))?
                }),
                TargetStep::Property(name) => self.property(&inside, name),
                TargetStep::Parameter(location, name) => self
                    .parameter(&inside, location, name)
                    .or_else(|| self.parameter(parent(&inside), location, name)),
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    fn existing(&self, pointer: String) -> Option<String> {
        self.document.get(&pointer).is_some().then_some(pointer)
    }

    /// Returns the pointer of a property, also of a member of `allOf`.
    fn property(&mut self, schema: &str, name: &str) -> Option<String> {
        if !self.properties.contains_key(schema) {
            let mut found = HashMap::new();
            add_properties(self.document, schema, 0, &mut HashSet::new(), &mut found);
            self.properties.insert(schema.to_owned(), found);
        }
        self.properties.get(schema)?.get(name).cloned()
    }

    /// Returns the pointer of a parameter of an operation or a path item.
    fn parameter(&mut self, owner: &str, location: &str, name: &str) -> Option<String> {
        if !self.parameters.contains_key(owner) {
            let found = parameters(self.document, owner);
            self.parameters.insert(owner.to_owned(), found);
        }
        self.parameters.get(owner)?.get(&(location, name.to_ascii_lowercase())).cloned()
    }
}

/// Follows the references at a pointer.
fn follow(document: &Document, mut pointer: String) -> String {
    for _ in 0..REFERENCES {
        let reference = document.get(&child(&pointer, "$ref")).and_then(Value::as_str);
        match reference.and_then(local_pointer).filter(|target| document.get(target).is_some()) {
            Some(target) => pointer = target,
            None => break,
        }
    }
    pointer
}

/// Adds the pointers of the properties of a schema: its own ones, then those of members of `allOf`.
fn add_properties<'a>(
    document: &'a Document,
    schema: &str,
    depth: usize,
    visited: &mut HashSet<String>,
    found: &mut HashMap<&'a str, String>,
) {
    if !visited.insert(schema.to_owned()) {
        return;
    }
    let own = child(schema, "properties");
    for name in document.get(&own).and_then(Value::as_object).into_iter().flatten() {
        found.entry(name.0).or_insert_with(|| child(&own, name.0));
    }
    let all = child(schema, "allOf");
    let count = document.get(&all).and_then(Value::as_array).map_or(0, Vec::len);
    for index in (0..count).filter(|_| depth < DEPTH) {
        let member = follow(document, child(&all, index));
        add_properties(document, &member, depth + 1, visited, found);
    }
}

/// Returns the pointers of the parameters of an operation or a path item. Their names are in lower
/// case.
fn parameters<'a>(document: &'a Document, owner: &str) -> HashMap<(&'a str, String), String> {
    let all = child(owner, "parameters");
    let count = document.get(&all).and_then(Value::as_array).map_or(0, Vec::len);
    let mut found = HashMap::new();
    for at in (0..count).map(|index| child(&all, index)) {
        let target = follow(document, at.clone());
        let value = |key: &str| document.get(&child(&target, key)).and_then(Value::as_str);
        if let (Some(location), Some(name)) = (value("in"), value("name")) {
            found.entry((location, name.to_ascii_lowercase())).or_insert(at);
        }
    }
    found
}
