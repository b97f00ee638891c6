//! Schemas: misspelled types, `enum` values of another type, keywords of Swagger 2.0 and of early
//! drafts of JSON Schema.

use serde_json::{Map, Value, json};

use super::part::Part;
use crate::diagnostics::messages;
use crate::spec::structure::is_annotation;
use crate::spec::versions::is_structural;

/// The types of OpenAPI, and `null`, which is a type in 3.1.
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// Other names of types: the type and, if the name implies one, the format.
const TYPE_ALIASES: [(&str, &str, &str); 34] = [
    ("str", "string", ""),
    ("text", "string", ""),
    ("enum", "string", ""),
    ("date", "string", "date"),
    ("datetime", "string", "date-time"),
    ("date-time", "string", "date-time"),
    ("timestamp", "string", "date-time"),
    ("time", "string", "time"),
    ("uuid", "string", "uuid"),
    ("guid", "string", "uuid"),
    ("uri", "string", "uri"),
    ("url", "string", "uri"),
    ("email", "string", "email"),
    ("password", "string", "password"),
    ("byte", "string", "byte"),
    ("binary", "string", "binary"),
    ("file", "string", "binary"),
    ("int", "integer", ""),
    ("int32", "integer", "int32"),
    ("int64", "integer", "int64"),
    ("long", "integer", "int64"),
    ("short", "integer", ""),
    ("bigint", "integer", "int64"),
    ("float", "number", "float"),
    ("double", "number", "double"),
    ("decimal", "number", ""),
    ("numeric", "number", ""),
    ("bool", "boolean", ""),
    ("list", "array", ""),
    ("map", "object", ""),
    ("dict", "object", ""),
    ("hash", "object", ""),
    ("struct", "object", ""),
    ("json", "", ""),
];

/// Removes keywords next to a `$ref`, which OpenAPI 3.0 ignores. Annotations are kept: they do not
/// change the type, and authors expect them to have an effect.
pub(super) fn siblings_of_reference(part: &mut Part<'_>) {
    let ignored: Vec<String> =
        part.entries.keys().filter(|key| *key != "$ref" && !has_effect(key)).cloned().collect();
    for key in ignored {
        part.remove(&key);
        part.note_field(&key, messages::keyword_next_to_reference(&key));
    }
}

fn has_effect(key: &str) -> bool {
    is_annotation(key) || is_structural(key)
}

pub(super) fn recover(part: &mut Part<'_>) {
    types(part);
    items(part);
    enumeration(part);
    for key in ["allOf", "anyOf", "oneOf"] {
        let is_empty = part.entries.get(key).is_some_and(|list| *list == json!([]));
        if is_empty {
            part.remove(key);
        }
    }
    properties(part);
    discriminator(part);
    additional_properties(part);
    if part.entries.get("x-nullable") == Some(&Value::Bool(true)) && !part.has("nullable") {
        part.set("nullable", true);
    }
}

fn types(part: &mut Part<'_>) {
    let Some(given) = part.entries.get("type") else { return };
    let (known, note) = match given {
        Value::String(name) => match known_type(name) {
            Known::Valid => return,
            Known::Alias(name, format) => (Some(json!(name)), Some((name, format))),
            Known::Unknown => (None, None),
        },
        // In YAML, an unquoted `null` is not a string.
        Value::Null => (Some(json!("null")), Some(("null", ""))),
        Value::Array(names) => {
            let names: Vec<&str> = names
                .iter()
                .filter_map(|name| match name {
                    Value::Null => Some("null"),
                    Value::String(name) => match known_type(name) {
                        Known::Valid => Some(name.as_str()),
                        Known::Alias(name, _) => Some(name),
                        Known::Unknown => None,
                    },
                    _ => None,
                })
                .collect();
            if *given == json!(names) {
                return;
            }
            (Some(json!(names)).filter(|_| !names.is_empty()), None)
        }
        _ => (None, None),
    };
    let given_name = match given {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    };
    let Some(known) = known else {
        part.remove("type");
        part.note_field("type", messages::untyped_unknown_type(given_name));
        return;
    };
    part.set("type", known.clone());
    if let Some((_, format)) = note
        && !format.is_empty()
        && !part.has("format")
    {
        part.set("format", format);
    }
    let read_as = known.as_str().map_or(known.to_string(), str::to_owned);
    let message = match note {
        Some((_, format)) if !format.is_empty() => {
            messages::misspelled_type_with_format(given_name, read_as, format)
        }
        _ => messages::misspelled_type(given_name, read_as),
    };
    part.note_field("type", message);
}

enum Known {
    Valid,
    /// With the intended type and format.
    Alias(&'static str, &'static str),
    Unknown,
}

fn known_type(name: &str) -> Known {
    if TYPES.contains(&name) {
        return Known::Valid;
    }
    let name = name.trim().to_ascii_lowercase();
    if let Some(ty) = TYPES.iter().find(|known| **known == name) {
        return Known::Alias(ty, "");
    }
    match TYPE_ALIASES.iter().find(|(alias, ..)| *alias == name) {
        Some((_, ty, format)) if !ty.is_empty() => Known::Alias(ty, format),
        _ => Known::Unknown,
    }
}

/// Converts an array of schemas in `items`, as in early drafts of JSON Schema.
fn items(part: &mut Part<'_>) {
    match part.entries.get_mut("items") {
        Some(Value::Array(list)) => {
            let mut list = std::mem::take(list);
            let items = match list.len() {
                0 => json!({}),
                1 => list.remove(0),
                _ => json!({ "anyOf": list }),
            };
            part.set("items", items);
            part.note_field("items", messages::items_is_array());
        }
        Some(Value::Null) => drop(part.remove("items")),
        _ => {}
    }
    if part.string("type") == Some("object") && part.has("items") {
        part.remove("items");
        part.note_field("items", messages::items_of_object());
    }
}

fn enumeration(part: &mut Part<'_>) {
    let Some(Value::Array(values)) = part.entries.get("enum") else { return };
    if values.is_empty() {
        part.remove("enum");
        part.note_field("enum", messages::empty_enum());
        return;
    }
    let all = |is: fn(&Value) -> bool| {
        values.iter().all(|value| is(value) || value.is_null()) && values.iter().any(is)
    };
    match part.string("type") {
        Some(name @ ("string" | "integer" | "number" | "boolean")) => {
            let name = name.to_owned();
            convert_enum_values(part, &name);
        }
        Some("array") if all(|value| !value.is_array() && !value.is_null()) => {
            let values = part.remove("enum").unwrap_or_default();
            part.note_field("enum", messages::enum_of_elements());
            match part.entries.get_mut("items") {
                Some(Value::Object(items)) if !items.contains_key("$ref") => {
                    items.entry("enum").or_insert(values);
                }
                Some(_) => {}
                None => part.set("items", json!({ "enum": values })),
            }
        }
        Some("object") if all(Value::is_string) => {
            part.set("type", "string");
            part.note_field("type", messages::enum_of_object());
        }
        None if !["allOf", "anyOf", "oneOf", "$ref"].iter().any(|key| part.has(key)) => {
            let mut names: Vec<&str> = Vec::new();
            for name in values.iter().map(type_name) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let types = match names.as_slice() {
                ["null"] => json!("null"),
                [only] => json!(only),
                several => json!(several),
            };
            part.set("type", types);
        }
        _ => {}
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Converts `enum` values to the type of the schema.
fn convert_enum_values(part: &mut Part<'_>, name: &str) {
    let Some(Value::Array(values)) = part.entries.get_mut("enum") else { return };
    let mut converted = 0_usize;
    let mut dropped = Vec::new();
    values.retain_mut(|value| {
        let fits = match name {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            _ => value.is_number(),
        };
        if fits || value.is_null() {
            return true;
        }
        match as_type(value, name) {
            Some(typed) => {
                *value = typed;
                converted += 1;
                true
            }
            None => {
                dropped.push(value.to_string());
                false
            }
        }
    });
    let is_empty = values.is_empty();
    if converted > 0 {
        part.note_field("enum", messages::converted_enum_values(converted, name));
    }
    if !dropped.is_empty() {
        part.note_field("enum", messages::dropped_enum_values(dropped.join(", "), name));
    }
    if is_empty {
        part.remove("enum");
    }
}

fn as_type(value: &Value, name: &str) -> Option<Value> {
    match (name, value) {
        ("string", Value::Bool(_) | Value::Number(_)) => Some(value.to_string().into()),
        ("boolean", Value::String(string)) => {
            string.trim().to_ascii_lowercase().parse().ok().map(Value::Bool)
        }
        ("integer", Value::String(string)) => string.trim().parse::<i64>().ok().map(Value::from),
        ("integer", Value::Number(number)) => {
            let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
            (number.abs() < 9e15).then(|| (number as i64).into())
        }
        ("number", Value::String(string)) => {
            string.trim().parse::<serde_json::Number>().ok().map(Value::Number)
        }
        _ => None,
    }
}

/// Moves or removes `properties` in a schema of another type than `object`.
fn properties(part: &mut Part<'_>) {
    let has_properties = part
        .entries
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    if !has_properties {
        return;
    }
    match part.string("type") {
        Some("array") if !part.has("items") => {
            let mut items = Map::new();
            for key in ["properties", "required", "additionalProperties"] {
                items.extend(part.remove(key).map(|value| (key.to_owned(), value)));
            }
            items.insert("type".to_owned(), "object".into());
            part.set("items", items);
            part.note_field("properties", messages::properties_of_elements());
        }
        Some(name @ ("array" | "string" | "number" | "integer" | "boolean")) => {
            let message = messages::properties_of_scalar(name);
            part.remove("properties");
            part.note_field("properties", message);
        }
        _ => {}
    }
}

fn discriminator(part: &mut Part<'_>) {
    match part.entries.get_mut("discriminator") {
        None => {}
        Some(Value::String(name)) => {
            let name = std::mem::take(name);
            part.set("discriminator", json!({ "propertyName": name }));
            part.note_field("discriminator", messages::swagger_discriminator());
        }
        Some(Value::Object(entries))
            if entries.get("propertyName").is_some_and(Value::is_string) =>
        {
            let mut is_invalid = false;
            match entries.get_mut("mapping") {
                Some(Value::Object(mapping)) => {
                    let all = mapping.len();
                    mapping.retain(|_, target| target.is_string());
                    is_invalid = mapping.len() < all;
                }
                Some(_) => drop(entries.shift_remove("mapping")),
                None => {}
            }
            if entries.get("defaultMapping").is_some_and(|target| !target.is_string()) {
                is_invalid = true;
                entries.shift_remove("defaultMapping");
            }
            if is_invalid {
                part.note_field("discriminator", messages::invalid_mapping());
            }
        }
        Some(_) => {
            part.remove("discriminator");
            part.note_field("discriminator", messages::discriminator_without_property());
        }
    }
}

fn additional_properties(part: &mut Part<'_>) {
    let boolean = match part.entries.get("additionalProperties") {
        None | Some(Value::Bool(_) | Value::Object(_)) => return,
        Some(Value::String(string)) => match string.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Some(_) => None,
    };
    match boolean {
        Some(boolean) => part.set("additionalProperties", boolean),
        None => drop(part.remove("additionalProperties")),
    }
    let message = match boolean {
        Some(boolean) => messages::additional_properties_string(boolean),
        None => messages::invalid_additional_properties(),
    };
    part.note_field("additionalProperties", message);
}
