//! Keywords next to a `$ref`. In 3.1 they apply together with the target; in 3.0 they are ignored.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::spec::structure::{Kind, is_annotation, visit};
use crate::text::{percent_decode, value_at};

/// Keywords that do not constrain values: they identify a schema, or hold others.
const STRUCTURAL: [&str; 8] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "definitions",
];

/// Returns whether a keyword identifies a schema, or holds others.
pub(in super::super) fn is_structural(key: &str) -> bool {
    STRUCTURAL.contains(&key)
}

/// What the types next to a reference become.
pub(super) enum Types {
    /// The types that the target has, too. The others are impossible.
    Narrowed(Vec<String>),
    /// As before, without the reference, which only has other types.
    Alone(Vec<String>),
    /// Those of the target, which describes them in more detail.
    OfTarget,
}

/// Returns what the types next to references become, by the pointer of the schema.
pub(super) fn possible_types(root: &Value) -> BTreeMap<String, Types> {
    let mut found = BTreeMap::new();
    visit(root, Kind::Document, &mut String::new(), &mut |schema, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return };
        let own = names(schema.get("type"));
        let several = |names: &[String]| names.iter().filter(|name| *name != "null").count() > 1;
        if own.is_empty() {
            return;
        }
        let Some(target) = target(root, reference) else { return };
        let types = names(target.get("type"));
        if !several(&own) && !several(&types) {
            return;
        }
        let composes = ["allOf", "anyOf", "oneOf", "$ref"];
        let is_composed = composes.iter().any(|key| target.get(key).is_some());
        let keywords = target.as_object().into_iter().flatten().map(|(key, _)| key);
        let is_bare = keywords
            .filter(|key| *key != "type")
            .all(|key| is_annotation(key) || is_structural(key));
        let possible: Vec<String> =
            own.iter().filter(|name| types.is_empty() || allows(&types, name)).cloned().collect();
        let types = match possible.is_empty() {
            _ if is_composed && several(&own) => Types::OfTarget,
            _ if is_composed => return,
            false if is_bare && several(&types) => Types::Alone(possible),
            false => Types::Narrowed(possible),
            true => Types::OfTarget,
        };
        found.insert(pointer.to_owned(), types);
    });
    found
}

fn names(types: Option<&Value>) -> Vec<String> {
    match types {
        Some(Value::Array(names)) => {
            names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
        }
        Some(Value::String(name)) => vec![name.clone()],
        _ => Vec::new(),
    }
}

/// Returns whether values of a type can be of one of the other types. `null` is kept: who writes it
/// next to a reference wants it to be accepted.
fn allows(types: &[String], name: &str) -> bool {
    name == "null"
        || types.iter().any(|other| other == name)
        || (name == "integer" && types.iter().any(|other| other == "number"))
        || (name == "number" && types.iter().any(|other| other == "integer"))
}

/// Follows a chain of references in the document.
fn target<'v>(root: &'v Value, reference: &str) -> Option<&'v Value> {
    let mut reference = reference.to_owned();
    // A longer chain is a cycle.
    for _ in 0..64 {
        let schema = value_at(root, &percent_decode(reference.strip_prefix('#')?))?;
        match schema.get("$ref").and_then(Value::as_str) {
            Some(next) if names(schema.get("type")).is_empty() => reference = next.to_owned(),
            _ => return Some(schema),
        }
    }
    None
}

/// Takes a reference that has keywords next to it. Without such keywords, it stays.
pub(super) fn take(entries: &mut Map<String, Value>, types: Option<&Types>) -> Option<Value> {
    if entries.keys().all(|key| key == "$ref" || is_structural(key)) {
        return None;
    }
    let reference = entries.shift_remove("$ref")?;
    match types {
        Some(Types::Narrowed(types)) => drop(entries.insert("type".to_owned(), json!(types))),
        Some(Types::Alone(types)) => {
            entries.insert("type".to_owned(), json!(types));
            return None;
        }
        Some(Types::OfTarget) => {
            let has_null = names(entries.get("type")).iter().any(|name| name == "null");
            entries.shift_remove("type");
            if has_null {
                entries.insert("nullable".to_owned(), true.into());
            }
        }
        None => {}
    }
    Some(json!({ "$ref": reference }))
}

/// Adds a reference to the rewritten keywords that were next to it, as a member of `allOf`. The
/// keywords stay where they are, so pointers to them stay valid.
pub(super) fn add(entries: &mut Map<String, Value>, reference: Value) {
    // If only `null` is left, the target does not matter.
    if entries.get("enum") == Some(&json!([null])) {
        return;
    }
    match entries.get_mut("allOf") {
        Some(Value::Array(members)) => members.push(reference),
        _ => {
            entries.insert("allOf".to_owned(), json!([reference]));
        }
    }
}
