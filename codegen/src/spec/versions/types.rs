//! `const`, several types, and `null`.

use serde_json::{Map, Value, json};

use crate::spec::structure::is_annotation;

/// Keywords that apply to values of one type.
const TYPE_KEYWORDS: [(&str, &[&str]); 5] = [
    (
        "array",
        &[
            "contains",
            "items",
            "maxContains",
            "maxItems",
            "minContains",
            "minItems",
            "prefixItems",
            "uniqueItems",
        ],
    ),
    (
        "object",
        &[
            "additionalProperties",
            "dependentRequired",
            "dependentSchemas",
            "maxProperties",
            "minProperties",
            "patternProperties",
            "properties",
            "propertyNames",
            "required",
            "unevaluatedProperties",
        ],
    ),
    (
        "string",
        &["contentEncoding", "contentMediaType", "format", "maxLength", "minLength", "pattern"],
    ),
    (
        "number",
        &["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf", "format"],
    ),
    (
        "integer",
        &["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf", "format"],
    ),
];

/// Rewrites `const` as an `enum` of one value.
pub(super) fn constant(entries: &mut Map<String, Value>) {
    let Some(value) = entries.shift_remove("const") else { return };
    if !entries.contains_key("type") {
        let name = match &value {
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::Null => "null",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        entries.insert("type".to_owned(), name.into());
    }
    entries.insert("enum".to_owned(), json!([value]));
}

/// Rewrites several types as alternatives, and the type `null` as `nullable`.
pub(super) fn types(entries: &mut Map<String, Value>) {
    let has_null = |values: &Value| values.as_array().is_some_and(|v| v.contains(&Value::Null));
    if entries.get("enum").is_some_and(has_null) {
        entries.insert("nullable".to_owned(), true.into());
    }
    let names: Vec<String> = match entries.get("type") {
        Some(Value::String(name)) if name == "null" => vec![name.clone()],
        Some(Value::Array(names)) => {
            names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
        }
        _ => return,
    };
    let mut others: Vec<&str> = Vec::new();
    for name in names.iter().map(String::as_str).filter(|name| *name != "null") {
        // A repeated type means nothing.
        if !others.contains(&name) {
            others.push(name);
        }
    }
    if names.iter().any(|name| name == "null") {
        entries.insert("nullable".to_owned(), true.into());
    }
    entries.shift_remove("type");
    match others.as_slice() {
        [] => drop(entries.insert("enum".to_owned(), json!([null]))),
        [only] => drop(entries.insert("type".to_owned(), (*only).into())),
        several => alternatives(entries, several),
    }
}

/// Rewrites a schema of several types. Each alternative gets the keywords that apply to it.
fn alternatives(entries: &mut Map<String, Value>, names: &[&str]) {
    // A composed schema already describes its types in more detail.
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| entries.contains_key(*key)) {
        return;
    }
    let known = entries.get("enum").and_then(Value::as_array).cloned();
    let of_type = |name: &str| {
        let mut alternative = Map::new();
        alternative.insert("type".to_owned(), name.into());
        let keywords =
            TYPE_KEYWORDS.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, keys)| keys);
        for key in keywords {
            if let Some(value) = entries.get(*key) {
                alternative.insert((*key).to_owned(), value.clone());
            }
        }
        if let Some(known) = &known {
            let values: Vec<_> = known.iter().filter(|value| is_of_type(value, name)).collect();
            if values.is_empty() {
                return None;
            }
            alternative.insert("enum".to_owned(), json!(values));
        }
        Some(Value::Object(alternative))
    };
    // Every integer is also a number.
    let names = names.iter().filter(|name| **name != "integer" || !names.contains(&"number"));
    let members: Vec<Value> = names.filter_map(|name| of_type(name)).collect();
    let moved = TYPE_KEYWORDS.iter().flat_map(|(_, keywords)| *keywords).chain(&["enum"]);
    moved.for_each(|key| drop(entries.shift_remove(*key)));
    entries.insert("anyOf".to_owned(), Value::Array(members));
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => name == "number" || (name == "integer" && !number.is_f64()),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

/// Replaces an alternative that is only `null` by `nullable`.
pub(super) fn null_among_alternatives(entries: &mut Map<String, Value>) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(members)) = entries.get_mut(key) else { continue };
        let all = members.len();
        members.retain(|member| !is_null(member));
        if members.len() == all {
            continue;
        }
        match members.len() {
            0 => drop(entries.shift_remove(key)),
            1 if !entries.contains_key("allOf") => {
                if let Some(only) = entries.shift_remove(key) {
                    entries.insert("allOf".to_owned(), only);
                }
            }
            _ => {}
        }
        entries.insert("nullable".to_owned(), true.into());
    }
}

/// Returns whether a rewritten schema allows only `null`.
fn is_null(schema: &Value) -> bool {
    let Some(entries) = schema.as_object() else { return false };
    entries.get("enum") == Some(&json!([null]))
        && entries.keys().all(|key| key == "enum" || is_annotation(key))
}
