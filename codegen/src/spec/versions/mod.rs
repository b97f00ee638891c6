//! Swagger 2.0, OpenAPI 3.1 and 3.2 as 3.0. Schemas of JSON Schema 2020-12 are rewritten to equivalent schemas of OpenAPI
//! 3.0. They keep their pointers.
//!
//! | module | responsibility |
//! |---|---|
//! | `conditions` | properties of `then`, `else` and `dependentSchemas` |
//! | `dynamic` | `$dynamicRef` in its dynamic scope |
//! | `objects` | objects of OpenAPI 3.2 |
//! | `scope` | what dynamic references mean |
//! | `siblings` | keywords next to a `$ref` |
//! | `swagger` | Swagger 2.0 |
//! | `unevaluated` | `unevaluatedItems` |
//! | `types` | `const`, several types, and `null` |

mod conditions;
mod dynamic;
mod objects;
mod scope;
mod siblings;
mod swagger;
mod types;
mod unevaluated;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::conditions::conditional_properties;
use self::types::{constant, null_among_alternatives, types};
use self::unevaluated::unevaluated_items;
use super::structure::{Kind, visit_all, visit_schemas};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::text::child;

pub(crate) use conditions::CONDITIONAL;
pub(super) use dynamic::resolve as resolve_dynamic;
pub(crate) use objects::{DEFAULT_MAPPING, FLOWS, LINKS, LOCATION, PLAIN_COOKIE};
pub(super) use siblings::is_structural;
pub(crate) use swagger::DELIMITER;
pub(super) use swagger::{as_upgraded, as_written, is_swagger_2, upgrade};

/// Rewrites every object of a document that OpenAPI 3.0 does not have in this form.
pub(super) fn rewrite(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut targets = Targets { anchors: BTreeMap::new(), types: siblings::possible_types(root) };
    visit_schemas(root, Kind::Document, &mut String::new(), &mut |schema, pointer| {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = schema.get(key).and_then(Value::as_str) {
                targets.anchors.insert(name.to_owned(), pointer.to_owned());
            }
        }
    });
    visit_all(root, Kind::Document, &mut String::new(), &mut |value, kind, pointer| match kind {
        Kind::Schema => rewrite_schema(value, pointer, &targets, diagnostics),
        kind => objects::rewrite(value, kind),
    });
}

/// What is known about the targets of references.
struct Targets {
    /// Pointers of schemas by their anchors.
    anchors: BTreeMap<String, String>,
    /// What the types next to a reference become, by pointer.
    types: BTreeMap<String, siblings::Types>,
}

fn rewrite_schema(
    schema: &mut Value,
    pointer: &str,
    targets: &Targets,
    diagnostics: &mut Diagnostics,
) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        Value::Object(entries) => {
            if unevaluated_items(entries) {
                let location = Location::Pointer(child(pointer, "unevaluatedItems"));
                diagnostics.report(location, messages::unevaluated_items());
            }
            references(entries, pointer, &targets.anchors);
            // The other keywords are rewritten as without the reference.
            let reference = siblings::take(entries, targets.types.get(pointer));
            constant(entries);
            types(entries);
            null_among_alternatives(entries);
            exclusive(entries, "exclusiveMinimum", "minimum", f64::max);
            exclusive(entries, "exclusiveMaximum", "maximum", f64::min);
            content(entries);
            closed_object(entries);
            objects::default_mapping(entries);
            conditional_properties(entries);
            if let Some(reference) = reference {
                siblings::add(entries, reference);
            }
        }
        _ => {}
    }
}

/// Rewrites references to anchors as references to pointers.
fn references(entries: &mut Map<String, Value>, pointer: &str, anchors: &BTreeMap<String, String>) {
    for key in ["$ref", "$recursiveRef"] {
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

/// Rewrites the encoding of a string as its `format`. Its media type remains, for parts of forms.
fn content(entries: &mut Map<String, Value>) {
    let encoding = entries.shift_remove("contentEncoding");
    let media_type = entries.get("contentMediaType");
    let format = match (encoding.as_ref().and_then(Value::as_str), media_type) {
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
