//! OpenAPI 3.1 as 3.0. Schemas of JSON Schema 2020-12 are rewritten to equivalent schemas of OpenAPI
//! 3.0. They keep their pointers.
//!
//! | module | responsibility |
//! |---|---|
//! | `conditions` | properties of `then`, `else` and `dependentSchemas` |
//! | `types` | `const`, several types, and `null` |

mod conditions;
mod types;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::conditions::conditional_properties;
use self::types::{constant, null_among_alternatives, types};
use super::structure::{Kind, is_annotation, visit_schemas};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::text::child;

/// Rewrites every schema of a document.
pub(super) fn rewrite(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut anchors = BTreeMap::new();
    visit_schemas(root, Kind::Document, &mut String::new(), &mut |schema, pointer| {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = schema.get(key).and_then(Value::as_str) {
                anchors.insert(name.to_owned(), pointer.to_owned());
            }
        }
    });
    visit_schemas(root, Kind::Document, &mut String::new(), &mut |schema, pointer| {
        rewrite_schema(schema, pointer, &anchors, diagnostics);
    });
}

fn rewrite_schema(
    schema: &mut Value,
    pointer: &str,
    anchors: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        Value::Object(entries) => {
            if entries.contains_key("unevaluatedItems") {
                let location = Location::Pointer(child(pointer, "unevaluatedItems"));
                diagnostics.report(location, messages::unevaluated_items());
            }
            references(entries, pointer, anchors);
            reference_with_siblings(entries);
            constant(entries);
            types(entries);
            null_among_alternatives(entries);
            exclusive(entries, "exclusiveMinimum", "minimum", f64::max);
            exclusive(entries, "exclusiveMaximum", "maximum", f64::min);
            content(entries);
            closed_object(entries);
            conditional_properties(entries);
        }
        _ => {}
    }
}

/// Replaces references to anchors, and to the enclosing schema, by references to pointers.
fn references(entries: &mut Map<String, Value>, pointer: &str, anchors: &BTreeMap<String, String>) {
    for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
        let Some(reference) = entries.get(key).and_then(Value::as_str) else { continue };
        let target = match reference.strip_prefix('#') {
            Some("") if key != "$ref" => enclosing(pointer),
            Some(name) if !name.is_empty() && !name.starts_with('/') => {
                anchors.get(name).map(String::as_str)
            }
            _ => None,
        };
        let reference = target.map_or(reference.to_owned(), |target| format!("#{target}"));
        entries.shift_remove(key);
        entries.insert("$ref".to_owned(), reference.into());
    }
}

/// Returns the pointer of the component that contains a schema.
fn enclosing(pointer: &str) -> Option<&str> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    let end = name.find('/').unwrap_or(name.len());
    pointer.get(..pointer.len() - name.len() + end)
}

/// Moves a reference and its siblings into an `allOf`. In 3.0, a reference has no siblings.
fn reference_with_siblings(entries: &mut Map<String, Value>) {
    if entries.len() < 2 || !entries.contains_key("$ref") {
        return;
    }
    let mut annotations = Map::new();
    let mut reference = Map::new();
    let mut rest = Map::new();
    for (key, value) in std::mem::take(entries) {
        match key.as_str() {
            "$ref" => &mut reference,
            key if is_annotation(key) => &mut annotations,
            _ => &mut rest,
        }
        .insert(key, value);
    }
    *entries = annotations;
    let rest = (!rest.is_empty()).then_some(Value::Object(rest));
    let members = [Value::Object(reference)].into_iter().chain(rest).collect();
    entries.insert("allOf".to_owned(), Value::Array(members));
}

/// Rewrites an exclusive limit. It is a number in 3.1, and in 3.0 a flag of the inclusive limit.
fn exclusive(
    entries: &mut Map<String, Value>,
    key: &str,
    inclusive: &str,
    stricter: fn(f64, f64) -> f64,
) {
    let Some(limit) = entries.get(key).filter(|limit| limit.is_number()).cloned() else { return };
    entries.shift_remove(key);
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    match entries.get(inclusive) {
        // If both are present, the stricter one is kept.
        Some(other)
            if number(other) != number(&limit)
                && stricter(number(other), number(&limit)) == number(other) => {}
        _ => {
            entries.insert(inclusive.to_owned(), limit);
            entries.insert(key.to_owned(), true.into());
        }
    }
}

/// Rewrites the encoding of a string as its `format`.
fn content(entries: &mut Map<String, Value>) {
    let encoding = entries.shift_remove("contentEncoding");
    let media_type = entries.shift_remove("contentMediaType");
    let format = match (encoding.as_ref().and_then(Value::as_str), &media_type) {
        (Some("base64"), _) => "byte",
        (Some("base64url"), _) => "base64url",
        (None, Some(_)) => "binary",
        _ => return,
    };
    entries.entry("format").or_insert_with(|| format.into());
}

/// Rewrites `additionalProperties: false`, which was rewritten as a schema.
fn closed_object(entries: &mut Map<String, Value>) {
    if entries.get("additionalProperties") == Some(&json!({"not": {}})) {
        entries.insert("additionalProperties".to_owned(), false.into());
    }
}

#[cfg(test)]
mod tests;
