//! Subtypes: schemas whose `allOf` references another schema. If that schema has a discriminator
//! and no alternatives, its values are those of its subtypes.

use crate::select::local_pointer;
use crate::spec::Document;
use crate::text::child;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMAS: &str = "/components/schemas";

/// The schemas whose `allOf` references another schema, in document order.
#[derive(Default)]
pub(crate) struct Subtypes {
    /// The pointers of subtypes, by the pointer of the schema that they reference.
    by_parent: BTreeMap<String, Vec<String>>,
}

impl Subtypes {
    pub(crate) fn new(document: &Document) -> Self {
        let mut by_parent: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for key in document.keys(SCHEMAS) {
            let pointer = child(SCHEMAS, key);
            let all_of = document.get(&child(&pointer, "allOf")).and_then(Value::as_array);
            for member in all_of.into_iter().flatten() {
                let parent = member.get("$ref").and_then(Value::as_str).and_then(local_pointer);
                let Some(parent) = parent.filter(|parent| *parent != pointer) else { continue };
                let known = by_parent.entry(parent).or_default();
                if !known.contains(&pointer) {
                    known.push(pointer.clone());
                }
            }
        }
        Self { by_parent }
    }

    /// Returns whether the `allOf` of a schema references `parent`.
    pub(crate) fn is_direct(&self, parent: &str, schema: &str) -> bool {
        let subtypes = self.by_parent.get(parent);
        subtypes.is_some_and(|all| all.iter().any(|subtype| subtype == schema))
    }

    /// Returns all direct and indirect subtypes of a schema, sorted by pointer.
    pub(crate) fn descendants(&self, pointer: &str) -> Vec<String> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![pointer];
        while let Some(at) = open.pop() {
            for subtype in self.by_parent.get(at).into_iter().flatten() {
                if subtype != pointer && found.insert(subtype) {
                    open.push(subtype);
                }
            }
        }
        found.into_iter().map(str::to_owned).collect()
    }
}
