//! Parameters in the path, the query and headers, and headers of responses: their keywords become a
//! schema, and `collectionFormat` a style.

use serde_json::{Map, Value, json};

use super::DELIMITER;
use super::moves::At;
use super::schemas;
use super::state::Upgrade;
use crate::diagnostics::messages;
use crate::spec::structure::Kind;

/// Keywords that belong to the schema.
const KEYWORDS: [&str; 24] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "title",
    "additionalProperties",
    "properties",
    "x-nullable",
    "x-enum-varnames",
    "x-enumNames",
    "x-ms-enum",
    "x-sensitive",
];

/// How a list is written: a style of OpenAPI 3.0, or a delimiter without one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Collection {
    Csv,
    Multi,
    Delimited(&'static str),
}

/// Upgrades a parameter that is not in a body. References stay references.
pub(super) fn parameter(upgrade: &mut Upgrade<'_>, value: &Value, at: &At) -> Value {
    let Value::Object(entries) = value else { return value.clone() };
    if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
        upgrade.refers(at.old.0, reference, Kind::Parameter);
        return value.clone();
    }
    let location = entries.get("in").and_then(Value::as_str).unwrap_or("header");
    let is_query = location.trim().eq_ignore_ascii_case("query");
    let mut upgraded = self::with_schema(upgrade, entries, at);
    let name = entries.get("name").and_then(Value::as_str).unwrap_or_default();
    match self::collection(upgrade, entries, name, is_query, at) {
        None => {}
        Some(Collection::Multi) => {
            upgraded.insert("style".to_owned(), "form".into());
            upgraded.insert("explode".to_owned(), true.into());
        }
        Some(Collection::Csv) if is_query => {
            upgraded.insert("style".to_owned(), "form".into());
            upgraded.insert("explode".to_owned(), false.into());
        }
        Some(Collection::Csv) => {}
        Some(Collection::Delimited(delimiter)) => {
            let style = style(delimiter).filter(|_| is_query);
            match style {
                Some(style) => {
                    upgraded.insert("style".to_owned(), style.into());
                    upgraded.insert("explode".to_owned(), false.into());
                }
                None => drop(upgraded.insert(DELIMITER.to_owned(), delimiter.into())),
            }
        }
    }
    upgraded.into()
}

/// Upgrades a header of a response.
pub(super) fn header(upgrade: &mut Upgrade<'_>, value: &Value, at: &At) -> Value {
    let Value::Object(entries) = value else { return value.clone() };
    if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
        upgrade.refers(at.old.0, reference, Kind::Header);
        return value.clone();
    }
    let mut upgraded = self::with_schema(upgrade, entries, at);
    let name = crate::text::pointer::last(&at.old.1);
    if let Some(Collection::Delimited(delimiter)) =
        self::collection(upgrade, entries, &name, false, at)
    {
        upgraded.insert(DELIMITER.to_owned(), delimiter.into());
    }
    upgraded.into()
}

/// Moves the keywords of a parameter to its schema.
fn with_schema(
    upgrade: &mut Upgrade<'_>,
    entries: &Map<String, Value>,
    at: &At,
) -> Map<String, Value> {
    let mut upgraded = Map::new();
    for (key, value) in entries {
        match key.as_str() {
            "collectionFormat" => {}
            "x-example" if !entries.contains_key("example") => {
                upgraded.insert("example".to_owned(), value.clone());
            }
            key if KEYWORDS.contains(&key) => {}
            key => drop(upgraded.insert(key.to_owned(), value.clone())),
        }
    }
    // Some documents have the syntax of OpenAPI 3.0 here.
    match entries.get("schema") {
        Some(schema) => {
            let schema = schemas::schema(upgrade, schema, &at.child("schema"));
            upgraded.insert("schema".to_owned(), schema);
        }
        None => {
            let schema = self::schema_of_keywords(upgrade, entries, at);
            if !schema.is_empty() {
                let at = At { old: at.old.clone(), new: at.new_child("schema") };
                upgrade.moves.copied(&at);
                for key in schema.keys() {
                    upgrade.moves.moved(&at.child(key));
                }
                upgraded.insert("schema".to_owned(), schema.into());
            }
        }
    }
    upgraded
}

/// Returns the schema that the keywords of a parameter are.
pub(super) fn schema_of_keywords(
    upgrade: &mut Upgrade<'_>,
    entries: &Map<String, Value>,
    at: &At,
) -> Map<String, Value> {
    let own = entries.iter().filter(|(key, _)| KEYWORDS.contains(&key.as_str()));
    let own: Map<String, Value> = own.map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut schema = match schemas::schema(upgrade, &own.into(), at) {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    let mut items = schema.get_mut("items");
    while let Some(Value::Object(inner)) = items {
        inner.shift_remove("collectionFormat");
        items = inner.get_mut("items");
    }
    schema
}

/// Returns how the list of a parameter is written, if it is a list.
pub(super) fn collection(
    upgrade: &mut Upgrade<'_>,
    entries: &Map<String, Value>,
    name: &str,
    may_be_multi: bool,
    at: &At,
) -> Option<Collection> {
    let schema = entries.get("schema").and_then(Value::as_object).unwrap_or(entries);
    if schema.get("type").is_none_or(|ty| ty != "array") {
        return None;
    }
    let inner = schema.get("items").and_then(|items| items.get("type"));
    if inner.is_some_and(|ty| ty == "array") {
        upgrade.note(at, messages::nested_collection(name));
    }
    let given = entries.get("collectionFormat").or_else(|| schema.get("collectionFormat"));
    // OpenAPI 3.0 has these keywords.
    if given.is_none() && (entries.contains_key("style") || entries.contains_key("explode")) {
        return None;
    }
    let given = given.and_then(Value::as_str).unwrap_or("csv");
    Some(match given.trim().to_ascii_lowercase().as_str() {
        "csv" => Collection::Csv,
        "ssv" => Collection::Delimited("space"),
        "tsv" => Collection::Delimited("tab"),
        "pipes" => Collection::Delimited("pipe"),
        "multi" if may_be_multi => Collection::Multi,
        _ => {
            upgrade.note(at, messages::unknown_collection_format(given));
            Collection::Csv
        }
    })
}

/// Returns the style of OpenAPI 3.0 for a delimiter in queries and forms.
fn style(delimiter: &str) -> Option<&'static str> {
    match delimiter {
        "space" => Some("spaceDelimited"),
        "pipe" => Some("pipeDelimited"),
        _ => None,
    }
}

/// Returns the encoding of a property of a form that is a list. Repeating the name is the default.
pub(super) fn encoding(collection: Collection) -> Option<Value> {
    match collection {
        Collection::Multi => None,
        Collection::Csv => Some(json!({ "style": "form", "explode": false })),
        Collection::Delimited(delimiter) => Some(match style(delimiter) {
            Some(style) => json!({ "style": style, "explode": false }),
            None => json!({ DELIMITER: delimiter }),
        }),
    }
}
