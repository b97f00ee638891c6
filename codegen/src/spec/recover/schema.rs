//! Schemas: types by other names, values of enums that are not of the type, leftovers of
//! Swagger 2 and of early drafts of JSON Schema.

use serde_json::{Map, Value, json};

use super::Part;
use crate::diagnostics::messages;
use crate::spec::structure::is_annotation;

/// The types of OpenAPI, and `null`, which is one in 3.1.
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// What other languages call the types: the type and, where the name says more, the format.
const OTHER_NAMES: [(&str, &str, &str); 34] = [
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

/// OpenAPI 3.0 ignores all that stands beside a reference. What only describes is taken from
/// there nevertheless: it cannot make the value another one, and people mean it.
pub(super) fn beside_reference(part: &mut Part<'_>) {
    let ignored: Vec<String> =
        part.entries.keys().filter(|key| *key != "$ref" && !is_annotation(key)).cloned().collect();
    for key in ignored {
        part.remove(&key);
        part.note(&key, messages::keyword_next_to_reference(&key));
    }
}

pub(super) fn mend(part: &mut Part<'_>) {
    types(part);
    items(part);
    enumeration(part);
    for key in ["allOf", "anyOf", "oneOf"] {
        let is_empty = part.entries.get(key).is_some_and(|list| *list == json!([]));
        if is_empty {
            part.remove(key);
        }
    }
    shape(part);
    discriminator(part);
    additional_properties(part);
    super::pattern::mend(part);
    if part.entries.get("x-nullable") == Some(&Value::Bool(true)) && !part.has("nullable") {
        part.set("nullable", true);
    }
}

fn types(part: &mut Part<'_>) {
    let Some(given) = part.entries.get("type") else { return };
    let (known, note) = match given {
        Value::String(name) => match known_type(name) {
            Known::Right => return,
            Known::Other(name, format) => (Some(json!(name)), Some((name, format))),
            Known::No => (None, None),
        },
        // YAML's own null, where its name is meant.
        Value::Null => (Some(json!("null")), Some(("null", ""))),
        Value::Array(names) => {
            let names: Vec<&str> = names
                .iter()
                .filter_map(|name| match name {
                    Value::Null => Some("null"),
                    Value::String(name) => match known_type(name) {
                        Known::Right => Some(name.as_str()),
                        Known::Other(name, _) => Some(name),
                        Known::No => None,
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
    let was = match given {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    };
    let Some(known) = known else {
        part.remove("type");
        part.note("type", messages::untyped_unknown_type(was));
        return;
    };
    part.set("type", known.clone());
    if let Some((_, format)) = note
        && !format.is_empty()
        && !part.has("format")
    {
        part.set("format", format);
    }
    let read = known.as_str().map_or(known.to_string(), str::to_owned);
    let message = match note {
        Some((_, format)) if !format.is_empty() => {
            messages::misspelled_type_with_format(was, read, format)
        }
        _ => messages::misspelled_type(was, read),
    };
    part.note("type", message);
}

enum Known {
    Right,
    Other(&'static str, &'static str),
    No,
}

fn known_type(name: &str) -> Known {
    if TYPES.contains(&name) {
        return Known::Right;
    }
    let name = name.trim().to_ascii_lowercase();
    if let Some(right) = TYPES.iter().find(|known| **known == name) {
        return Known::Other(right, "");
    }
    match OTHER_NAMES.iter().find(|(other, ..)| *other == name) {
        Some((_, right, format)) if !right.is_empty() => Known::Other(right, format),
        _ => Known::No,
    }
}

/// Elements: early drafts of JSON Schema have a list of schemas here.
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
            part.note("items", messages::items_is_array());
        }
        Some(Value::Null) => drop(part.remove("items")),
        _ => {}
    }
    if part.text("type") == Some("object") && part.has("items") {
        part.remove("items");
        part.note("items", messages::items_of_object());
    }
}

fn enumeration(part: &mut Part<'_>) {
    let Some(Value::Array(values)) = part.entries.get("enum") else { return };
    if values.is_empty() {
        part.remove("enum");
        part.note("enum", messages::empty_enum());
        return;
    }
    let all = |is: fn(&Value) -> bool| {
        values.iter().all(|value| is(value) || value.is_null()) && values.iter().any(is)
    };
    match part.text("type") {
        Some(name @ ("string" | "integer" | "number" | "boolean")) => {
            let name = name.to_owned();
            of_type(part, &name);
        }
        Some("array") if all(|value| !value.is_array() && !value.is_null()) => {
            // The values are those of the elements.
            let values = part.remove("enum").unwrap_or_default();
            part.note("enum", messages::enum_of_elements());
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
            part.note("type", messages::enum_of_object());
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

/// Values without quotes where the type is text, and with quotes where it is none.
fn of_type(part: &mut Part<'_>, name: &str) {
    let Some(Value::Array(values)) = part.entries.get_mut("enum") else { return };
    let mut read = 0_usize;
    let mut lost = Vec::new();
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
            Some(right) => {
                *value = right;
                read += 1;
                true
            }
            None => {
                lost.push(value.to_string());
                false
            }
        }
    });
    let is_empty = values.is_empty();
    if read > 0 {
        part.note("enum", messages::converted_enum_values(read, name));
    }
    if !lost.is_empty() {
        part.note("enum", messages::dropped_enum_values(lost.join(", "), name));
    }
    if is_empty {
        part.remove("enum");
    }
}

fn as_type(value: &Value, name: &str) -> Option<Value> {
    match (name, value) {
        ("string", Value::Bool(_) | Value::Number(_)) => Some(value.to_string().into()),
        ("boolean", Value::String(text)) => {
            text.trim().to_ascii_lowercase().parse().ok().map(Value::Bool)
        }
        ("integer", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("integer", Value::Number(number)) => {
            let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
            (number.abs() < 9e15).then(|| (number as i64).into())
        }
        ("number", Value::String(text)) => {
            text.trim().parse::<serde_json::Number>().ok().map(Value::Number)
        }
        _ => None,
    }
}

/// Keywords of another type than the one that is given.
fn shape(part: &mut Part<'_>) {
    let has_properties = part
        .entries
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    if !has_properties {
        return;
    }
    match part.text("type") {
        Some("array") if !part.has("items") => {
            // The properties are those of the elements.
            let mut items = Map::new();
            for key in ["properties", "required", "additionalProperties"] {
                items.extend(part.remove(key).map(|value| (key.to_owned(), value)));
            }
            items.insert("type".to_owned(), "object".into());
            part.set("items", items);
            part.note("properties", messages::properties_of_elements());
        }
        Some(name @ ("array" | "string" | "number" | "integer" | "boolean")) => {
            let message = messages::properties_of_scalar(name);
            part.remove("properties");
            part.note("properties", message);
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
            part.note("discriminator", messages::swagger_discriminator());
        }
        Some(Value::Object(entries))
            if entries.get("propertyName").is_some_and(Value::is_string) =>
        {
            match entries.get_mut("mapping") {
                Some(Value::Object(mapping)) => {
                    let all = mapping.len();
                    mapping.retain(|_, target| target.is_string());
                    if mapping.len() < all {
                        part.note("discriminator", messages::invalid_mapping());
                    }
                }
                Some(_) => drop(entries.shift_remove("mapping")),
                None => {}
            }
        }
        Some(_) => {
            part.remove("discriminator");
            part.note("discriminator", messages::discriminator_without_property());
        }
    }
}

fn additional_properties(part: &mut Part<'_>) {
    let read = match part.entries.get("additionalProperties") {
        None | Some(Value::Bool(_) | Value::Object(_)) => return,
        Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Some(_) => None,
    };
    match read {
        Some(read) => part.set("additionalProperties", read),
        None => drop(part.remove("additionalProperties")),
    }
    let message = match read {
        Some(read) => messages::additional_properties_string(read),
        None => messages::invalid_additional_properties(),
    };
    part.note("additionalProperties", message);
}
