//! OpenAPI 3.1 as 3.0: its schemas are those of JSON Schema 2020-12, which say in other words
//! what 3.0 can say, too. Each is rewritten where it stands, so its pointer stays right.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::structure::{Kind, visit_schemas};
use crate::diagnostic::{Diagnostics, Place, code};

/// Keywords that only describe. Beside a reference they change no value.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "summary",
    "title",
    "writeOnly",
];

/// Keywords that are about values of one type, for schemas of several types.
const OF_TYPES: [(&str, &[&str]); 5] = [
    ("array", &["items", "maxItems", "minItems", "prefixItems", "uniqueItems"]),
    (
        "object",
        &[
            "additionalProperties",
            "maxProperties",
            "minProperties",
            "patternProperties",
            "properties",
            "required",
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

/// Keywords that OpenAPI 3.0 has no words for, and what becomes of them.
const LOOSE: [(&str, &str); 9] = [
    ("if", "conditions are not checked"),
    ("dependentRequired", "that properties need each other is not checked"),
    ("dependentSchemas", "that properties need each other is not checked"),
    ("contains", "what an array must contain is not checked"),
    ("propertyNames", "the names of properties are not checked"),
    ("prefixItems", "the elements of a tuple are read as a list of any values"),
    ("patternProperties", "properties are not told apart by patterns of their names"),
    ("unevaluatedProperties", "further properties are kept"),
    ("unevaluatedItems", "further elements are kept"),
];

/// Rewrites every schema of a description.
pub(super) fn rewrite(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut anchors = BTreeMap::new();
    visit_schemas(root, Kind::Description, &mut String::new(), &mut |schema, pointer| {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = schema.get(key).and_then(Value::as_str) {
                anchors.insert(name.to_owned(), pointer.to_owned());
            }
        }
    });
    visit_schemas(root, Kind::Description, &mut String::new(), &mut |schema, pointer| {
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
            for (key, message) in LOOSE {
                if entries.contains_key(key) {
                    let place = Place::Pointer(super::child(pointer, key));
                    diagnostics.warning(&code::LOOSE_SCHEMA, place, message);
                }
            }
            references(entries, pointer, anchors);
            reference_with_siblings(entries);
            constant(entries);
            types(entries);
            null_among_alternatives(entries);
            exclusive(entries, "exclusiveMinimum", "minimum", f64::max);
            exclusive(entries, "exclusiveMaximum", "maximum", f64::min);
            content(entries);
            collections(entries);
        }
        _ => {}
    }
}

/// References by anchor, and to the schema that one stands in, become references by pointer.
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

/// The component that a schema stands in.
fn enclosing(pointer: &str) -> Option<&str> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    let end = name.find('/').unwrap_or(name.len());
    pointer.get(..pointer.len() - name.len() + end)
}

/// A reference has nothing beside it in 3.0: both become members of an `allOf`.
fn reference_with_siblings(entries: &mut Map<String, Value>) {
    if entries.len() < 2 || !entries.contains_key("$ref") {
        return;
    }
    let mut annotations = Map::new();
    let mut reference = Map::new();
    let mut rest = Map::new();
    for (key, value) in std::mem::take(entries) {
        let is_annotation = ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-");
        match key.as_str() {
            "$ref" => &mut reference,
            _ if is_annotation => &mut annotations,
            _ => &mut rest,
        }
        .insert(key, value);
    }
    *entries = annotations;
    let rest = (!rest.is_empty()).then_some(Value::Object(rest));
    let members = [Value::Object(reference)].into_iter().chain(rest).collect();
    entries.insert("allOf".to_owned(), Value::Array(members));
}

/// `const` is an `enum` of one value.
fn constant(entries: &mut Map<String, Value>) {
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

/// Several types become alternatives, and `null` among them `nullable`.
fn types(entries: &mut Map<String, Value>) {
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
    let others: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| *name != "null").collect();
    if others.len() < names.len() {
        entries.insert("nullable".to_owned(), true.into());
    }
    entries.shift_remove("type");
    match others.as_slice() {
        [] => drop(entries.insert("enum".to_owned(), json!([null]))),
        [only] => drop(entries.insert("type".to_owned(), (*only).into())),
        several => alternatives(entries, several),
    }
}

/// A schema of several types, each with the keywords that are about it.
fn alternatives(entries: &mut Map<String, Value>, names: &[&str]) {
    // What is composed already says more about its types than their names do.
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| entries.contains_key(*key)) {
        return;
    }
    let known = entries.get("enum").and_then(Value::as_array).cloned();
    let of_type = |name: &str| {
        let mut alternative = Map::new();
        alternative.insert("type".to_owned(), name.into());
        let keywords =
            OF_TYPES.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, keys)| keys);
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
    // Every integer is a number, too.
    let names = names.iter().filter(|name| **name != "integer" || !names.contains(&"number"));
    let members: Vec<Value> = names.filter_map(|name| of_type(name)).collect();
    let moved = OF_TYPES.iter().flat_map(|(_, keywords)| *keywords).chain(&["enum"]);
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

/// An alternative that is only `null` makes the others `nullable`.
fn null_among_alternatives(entries: &mut Map<String, Value>) {
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

/// Whether a schema that was rewritten allows nothing but `null`.
fn is_null(schema: &Value) -> bool {
    let Some(entries) = schema.as_object() else { return false };
    let is_annotation = |key: &String| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-");
    entries.get("enum") == Some(&json!([null]))
        && entries.keys().all(|key| key == "enum" || is_annotation(key))
}

/// An exclusive limit is a number in 3.1, and in 3.0 says of the inclusive one that it is not.
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
        // Both are given, and the inclusive one is the stricter of them.
        Some(other)
            if number(other) != number(&limit)
                && stricter(number(other), number(&limit)) == number(other) => {}
        _ => {
            entries.insert(inclusive.to_owned(), limit);
            entries.insert(key.to_owned(), true.into());
        }
    }
}

/// What a text is the encoding of.
fn content(entries: &mut Map<String, Value>) {
    let encoding = entries.shift_remove("contentEncoding");
    let media_type = entries.shift_remove("contentMediaType");
    let format = match (encoding.as_ref().and_then(Value::as_str), &media_type) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some(_)) => "binary",
        _ => return,
    };
    entries.entry("format").or_insert_with(|| format.into());
}

/// Tuples become lists, properties with patterns further properties.
fn collections(entries: &mut Map<String, Value>) {
    // Rewritten as a schema, `false` would be one.
    if entries.get("additionalProperties") == Some(&json!({"not": {}})) {
        entries.insert("additionalProperties".to_owned(), false.into());
    }
    if entries.shift_remove("prefixItems").is_some() {
        entries.insert("items".to_owned(), json!({}));
    }
    if let Some(Value::Object(patterns)) = entries.shift_remove("patternProperties")
        && !matches!(entries.get("additionalProperties"), Some(Value::Object(_)))
    {
        let mut values = patterns.into_iter().map(|(_, value)| value);
        let further = match (values.next(), values.next()) {
            (Some(only), None) => only,
            _ => json!({}),
        };
        entries.insert("additionalProperties".to_owned(), further);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;

    /// A schema of 3.1 and the same of 3.0, and how many warnings that took.
    fn rewritten(schema: &Value) -> (Value, usize) {
        let mut root = json!({"components": {"schemas": {
            "It": schema,
            "Named": {"$anchor": "there", "type": "string"},
        }}});
        let mut diagnostics = Diagnostics::new(&Input::default());
        rewrite(&mut root, &mut diagnostics);
        (root["components"]["schemas"]["It"].clone(), diagnostics.entries().len())
    }

    fn same(modern: Value, classic: Value) {
        assert_eq!(rewritten(&modern).0, classic, "{modern}");
    }

    #[test]
    fn null_becomes_nullable() {
        same(json!({"type": ["string", "null"]}), json!({"nullable": true, "type": "string"}));
        same(
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"enum": ["a", null], "nullable": true, "type": "string"}),
        );
        same(json!({"type": "null"}), json!({"nullable": true, "enum": [null]}));
        let reference = json!({"$ref": "#/components/schemas/Named"});
        same(
            json!({"anyOf": [reference, {"type": "null"}]}),
            json!({"allOf": [reference], "nullable": true}),
        );
        same(
            json!({"oneOf": [{"type": "null", "title": "None"}, reference, {"type": "integer"}]}),
            json!({"oneOf": [reference, {"type": "integer"}], "nullable": true}),
        );
        // Anything, null included, is more than null.
        same(
            json!({"anyOf": [reference, {"nullable": true}]}),
            json!({"anyOf": [reference, {"nullable": true}]}),
        );
    }

    #[test]
    fn several_types_become_alternatives_with_their_own_keywords() {
        same(
            json!({"type": ["string", "array", "null"], "minLength": 1, "items": {"const": 3}, "title": "T"}),
            json!({
                "title": "T",
                "nullable": true,
                "anyOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "array", "items": {"type": "integer", "enum": [3]}},
                ],
            }),
        );
        same(
            json!({"type": ["integer", "number"], "minimum": 1}),
            json!({"anyOf": [{"type": "number", "minimum": 1}]}),
        );
        same(
            json!({"type": ["string", "boolean", "integer"], "enum": ["auto", false]}),
            json!({"anyOf": [{"type": "string", "enum": ["auto"]}, {"type": "boolean", "enum": [false]}]}),
        );
    }

    #[test]
    fn what_stands_beside_a_reference_counts() {
        let reference = json!({"$ref": "#/components/schemas/Named"});
        same(
            json!({"$ref": "#/components/schemas/Named", "description": "Why."}),
            json!({"description": "Why.", "allOf": [reference]}),
        );
        same(
            json!({"$ref": "#/components/schemas/Named", "maxLength": 3}),
            json!({"allOf": [reference, {"maxLength": 3}]}),
        );
        same(json!({"$ref": "#there"}), reference);
        same(
            json!({"properties": {"child": {"$recursiveRef": "#"}}}),
            json!({"properties": {"child": {"$ref": "#/components/schemas/It"}}}),
        );
    }

    #[test]
    fn limits_say_whether_they_are_exclusive() {
        same(json!({"exclusiveMinimum": 3}), json!({"minimum": 3, "exclusiveMinimum": true}));
        same(json!({"exclusiveMaximum": 3, "maximum": 2}), json!({"maximum": 2}));
        same(
            json!({"exclusiveMaximum": 3, "maximum": 4}),
            json!({"maximum": 3, "exclusiveMaximum": true}),
        );
        same(
            json!({"exclusiveMinimum": true, "minimum": 1}),
            json!({"exclusiveMinimum": true, "minimum": 1}),
        );
    }

    #[test]
    fn what_3_0_has_no_words_for_is_said() {
        let (schema, warnings) = rewritten(&json!({
            "type": "array",
            "prefixItems": [{"const": 1}],
            "contains": true,
        }));
        assert_eq!((schema["items"].clone(), warnings), (json!({}), 2));
        same(
            json!({"patternProperties": {"^x-": {"type": ["string"]}}, "additionalProperties": false}),
            json!({"additionalProperties": {"type": "string"}}),
        );
        same(json!({"additionalProperties": false}), json!({"additionalProperties": false}));
        same(
            json!({"type": "string", "contentEncoding": "base64"}),
            json!({"type": "string", "format": "byte"}),
        );
    }

    #[test]
    fn what_is_no_schema_stays_as_it_is() {
        let data = json!({"const": 1, "type": ["a", "null"]});
        same(
            json!({"default": data, "enum": [data], "example": data, "x-more": data}),
            json!({"default": data, "enum": [data], "example": data, "x-more": data}),
        );
        same(
            json!({"properties": {"const": {"const": "a"}, "type": {"type": ["null", "object"]}}}),
            json!({"properties": {
                "const": {"type": "string", "enum": ["a"]},
                "type": {"nullable": true, "type": "object"},
            }}),
        );
    }
}
