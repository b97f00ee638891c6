//! Names of documents, and what references in them refer to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::spec::structure::Kind;
use crate::spec::tree::Tree;
use crate::text::{child, is_url, join, percent_decode, relative, split, value_at};

/// Target of a reference: a document, a pointer in it, and the kind of the object there.
pub(super) type Target = (usize, String, Kind);

/// The names of the OpenAPI document, as number 0, and of its files.
pub(super) struct Names<'a> {
    names: &'a [String],
    documents: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(names: &'a [String]) -> Self {
        let documents =
            names.iter().enumerate().rev().map(|(i, name)| (name.as_str(), i)).collect();
        Self { names, documents }
    }

    pub(super) fn name(&self, document: usize) -> &'a str {
        self.names.get(document).map_or("", String::as_str)
    }

    /// Returns the document and the fragment that a reference names, if the document exists.
    pub(super) fn document(&self, from: usize, reference: &str) -> Option<(usize, String)> {
        let (file, fragment) = split(reference);
        if is_url(reference) {
            return None;
        }
        let document = match file {
            "" => from,
            file => *self.documents.get(join(self.name(from), file).as_str())?,
        };
        Some((document, percent_decode(fragment)))
    }

    /// Returns the document and the pointer that a reference leads to.
    pub(super) fn find(
        &self,
        trees: &[Tree],
        from: usize,
        reference: &str,
    ) -> Option<(usize, String)> {
        let (document, fragment) = self.document(from, reference.trim())?;
        let tree = trees.get(document)?;
        Some((document, pointer_in(tree, &fragment)?))
    }
}

/// Returns the pointer that a fragment means in a document: a pointer, or an anchor.
pub(super) fn pointer_in(tree: &Tree, fragment: &str) -> Option<String> {
    let at = match fragment.is_empty() || fragment.starts_with('/') {
        true => Some(fragment.to_owned()),
        false => anchor(&tree.value, fragment, &mut String::new()),
    };
    at.filter(|at| value_at(&tree.value, at).is_some())
}

/// Returns the pointer of the anchor with this name.
fn anchor(value: &Value, name: &str, at: &mut String) -> Option<String> {
    let is_named = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if is_named("$anchor") || is_named("$dynamicAnchor") {
        return Some(at.clone());
    }
    let mut below = |key: &str, value: &Value| {
        let length = at.len();
        *at = child(at, key);
        let found = anchor(value, name, at);
        at.truncate(length);
        found
    };
    match value {
        Value::Object(entries) => entries.iter().find_map(|(key, value)| below(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, value)| below(&i.to_string(), value))
        }
        _ => None,
    }
}

/// Changes the references of a value that moves from one document to another.
pub(in crate::spec) fn rebase(value: &mut Value, from: &str, to: &str) {
    if from == to {
        return;
    }
    match value {
        Value::Object(entries) => {
            if let Some(Value::String(reference)) = entries.get_mut("$ref") {
                *reference = rebased(reference, from, to);
            }
            entries.values_mut().for_each(|value| rebase(value, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rebase(item, from, to)),
        _ => {}
    }
}

fn rebased(reference: &str, from: &str, to: &str) -> String {
    if is_url(reference) {
        return reference.to_owned();
    }
    let (file, fragment) = split(reference);
    let target = if file.is_empty() { from.to_owned() } else { join(from, file) };
    match target == to {
        true => format!("#{fragment}"),
        false if reference.contains('#') => format!("{}#{fragment}", relative(to, &target)),
        false => relative(to, &target),
    }
}
