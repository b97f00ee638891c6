//! Where changes are in a document.

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

/// Returns the pointer of a part, or of the part that contains it if it is not found.
pub(super) fn pointer(document: &Document, target: &Target) -> String {
    let mut at = target.base.clone();
    for step in &target.steps {
        let inside = follow(document, at.clone());
        let next = match step {
            TargetStep::Key(key) => existing(document, child(&inside, key)).or_else(|| {
                (key == "oneOf").then(|| existing(document, child(&inside, "anyOf")))?
            }),
            TargetStep::Property(name) => property(document, &inside, name, 0),
            TargetStep::Parameter(location, name) => parameter(document, &inside, location, name)
                .or_else(|| parameter(document, parent(&inside), location, name)),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

fn existing(document: &Document, pointer: String) -> Option<String> {
    document.get(&pointer).is_some().then_some(pointer)
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

/// Returns the pointer of a property, also of a member of `allOf`.
fn property(document: &Document, schema: &str, name: &str, depth: usize) -> Option<String> {
    let own = child(&child(schema, "properties"), name);
    if let Some(found) = existing(document, own) {
        return Some(found);
    }
    let all = child(schema, "allOf");
    let count = document.get(&all).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).filter(|_| depth < DEPTH).find_map(|index| {
        let member = follow(document, child(&all, index));
        property(document, &member, name, depth + 1)
    })
}

/// Returns the pointer of a parameter of an operation or a path item.
fn parameter(document: &Document, owner: &str, location: &str, name: &str) -> Option<String> {
    let all = child(owner, "parameters");
    let count = document.get(&all).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|index| child(&all, index)).find(|at| {
        let at = follow(document, at.clone());
        let value = |key: &str| document.get(&child(&at, key)).and_then(Value::as_str);
        value("in") == Some(location)
            && value("name").is_some_and(|own| own.eq_ignore_ascii_case(name))
    })
}
