//! Schemas. They keep their structure; a few keywords change.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::moves::{At, Location, as_upgraded};
use super::state::Upgrade;
use crate::diagnostics::messages;
use crate::spec::structure::{Kind, Order, visit_parts};
use crate::text::child;

/// Extensions with the meaning of keywords of OpenAPI 3.0, each with the keyword.
const EXTENSIONS: [(&str, &str); 6] = [
    ("x-nullable", "nullable"),
    ("x-example", "example"),
    ("x-oneOf", "oneOf"),
    ("x-anyOf", "anyOf"),
    ("x-not", "not"),
    ("x-deprecated", "deprecated"),
];

/// Upgrades a schema and all schemas in it, which keep their pointers in it.
pub(super) fn schema(upgrade: &mut Upgrade<'_>, value: &Value, at: &At) -> Value {
    let mut value = value.clone();
    let see = &mut |value: &mut Value, kind: Kind, pointer: &str| {
        if kind == Kind::Schema
            && let Value::Object(entries) = value
        {
            let old = (at.old.0, format!("{}{pointer}", at.old.1));
            self::keywords(upgrade, entries, &old);
            for (key, items) in unusual(entries) {
                let at = At { old: old.clone(), new: at.new.clone() }.child(key);
                let items = items.iter().enumerate();
                let items =
                    items.map(|(i, item)| self::schema(upgrade, item, &at.child(i))).collect();
                entries.insert(key.to_owned(), Value::Array(items));
            }
        }
    };
    visit_parts(&mut value, Kind::Schema, Order::OuterFirst, &mut String::new(), see);
    value
}

fn keywords(upgrade: &mut Upgrade<'_>, entries: &mut Map<String, Value>, location: &Location) {
    let reference = entries.get("$ref").and_then(Value::as_str).map(str::to_owned);
    if let Some(reference) = reference {
        self::short_reference(upgrade, entries, location, &reference);
    }
    if entries.get("type").is_some_and(|ty| *ty == "file") {
        entries.insert("type".to_owned(), "string".into());
        entries.insert("format".to_owned(), "binary".into());
    }
    // `false` and other values of an extension do not matter.
    for (extension, keyword) in EXTENSIONS {
        let is_set = |value: &&Value| !matches!(value, Value::Bool(false) | Value::Null);
        if let Some(value) = entries.get(extension).filter(is_set).cloned()
            && !entries.contains_key(keyword)
        {
            entries.insert(keyword.to_owned(), value);
        }
    }
    names_of_values(entries);
    if let Some(Value::String(name)) = entries.get("discriminator") {
        let mut discriminator = json!({ "propertyName": name });
        let mapping = mapping(upgrade, location);
        if !mapping.is_empty() {
            discriminator["mapping"] = Value::Object(mapping);
        }
        entries.insert("discriminator".to_owned(), discriminator);
    }
}

/// Completes a reference that is only the name of a definition, as early tools write it.
fn short_reference(
    upgrade: &mut Upgrade<'_>,
    entries: &mut Map<String, Value>,
    location: &Location,
    reference: &str,
) {
    let whole = format!("#/definitions/{reference}");
    let is_short =
        !reference.contains(['#', '/']) && upgrade.resolve(location.0, reference).is_none();
    let reference = match is_short && upgrade.resolve(location.0, &whole).is_some() {
        true => {
            let old = (location.0, child(&location.1, "$ref"));
            let at = At { new: upgrade.moves.target(&old), old };
            let message = messages::relocated_reference(reference, &whole[1..]);
            upgrade.note(&at, message);
            entries.insert("$ref".to_owned(), whole.clone().into());
            whole
        }
        false => reference.to_owned(),
    };
    upgrade.refers(location.0, &reference, Kind::Schema);
}

/// Returns whether a schema is a file or a binary string, after following its references.
pub(super) fn is_binary(upgrade: &Upgrade<'_>, schema: &Value, document: usize) -> bool {
    let target = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| upgrade.follow(upgrade.resolve(document, reference)?))
        .map(|(_, value)| value);
    let string = |key: &str| target.unwrap_or(schema).get(key).and_then(Value::as_str);
    string("type") == Some("file")
        || (string("type") == Some("string") && string("format") == Some("binary"))
}

/// Returns the lists of schemas where there should be only one, as early drafts of JSON Schema have
/// them.
pub(super) fn unusual(entries: &Map<String, Value>) -> Vec<(&'static str, Vec<Value>)> {
    let lists = ["items", "additionalProperties", "not"].into_iter();
    let list = |key| Some((key, entries.get(key)?.as_array()?.clone()));
    lists.filter_map(list).collect()
}

/// Adds the names of `enum` values that Microsoft's extension has.
fn names_of_values(entries: &mut Map<String, Value>) {
    let known = entries.get("enum").and_then(Value::as_array);
    let values = entries.get("x-ms-enum").and_then(|of| of.get("values")?.as_array());
    let (Some(known), Some(values)) = (known, values) else { return };
    let name = |value: &Value| {
        let named = values.iter().find(|named| named.get("value") == Some(value))?;
        Some(named.get("name")?.as_str()?.to_owned())
    };
    let names: Option<Vec<String>> = known.iter().map(name).collect();
    if let Some(names) = names.filter(|_| !entries.contains_key("x-enum-varnames")) {
        entries.insert("x-enum-varnames".to_owned(), json!(names));
    }
}

/// Returns the values of subtypes that Microsoft's extension gives, with their locations, by the
/// location of each base.
pub(super) fn subtypes(
    upgrade: &Upgrade<'_>,
    originals: &[Value],
) -> BTreeMap<Location, Vec<(String, Location)>> {
    let mut found: BTreeMap<Location, Vec<(String, Location)>> = BTreeMap::new();
    for (document, root) in originals.iter().enumerate() {
        let definitions = root.get("definitions").and_then(Value::as_object);
        for (name, schema) in definitions.into_iter().flatten() {
            let value = schema.get("x-ms-discriminator-value").and_then(Value::as_str);
            let Some(value) = value else { continue };
            let own = (document, child("/definitions", name));
            for base in bases(upgrade, &own) {
                found.entry(base).or_default().push((value.to_owned(), own.clone()));
            }
        }
    }
    found
}

/// Returns the mapping of the discriminator of a base.
fn mapping(upgrade: &Upgrade<'_>, base: &Location) -> Map<String, Value> {
    let subtypes = upgrade.subtypes.get(base).into_iter().flatten();
    let entries = subtypes.map(|(value, (document, pointer))| {
        // Definitions of files stay where they are.
        let pointer = if *document == 0 { as_upgraded(pointer) } else { pointer.clone() };
        let reference = upgrade.reference(base.0, &(*document, pointer));
        (value.clone(), reference.into())
    });
    entries.collect()
}

/// Returns the locations of a schema and of all schemas that its `allOf` leads to.
fn bases(upgrade: &Upgrade<'_>, own: &Location) -> Vec<Location> {
    let mut found = vec![own.clone()];
    let mut next = 0;
    while let Some(location) = found.get(next).cloned() {
        next += 1;
        let members = upgrade.at(&location).and_then(|schema| schema.get("allOf")?.as_array());
        for member in members.into_iter().flatten() {
            let reference = member.get("$ref").and_then(Value::as_str);
            let base = reference.and_then(|reference| upgrade.resolve(location.0, reference));
            found.extend(base.filter(|base| !found.contains(base)));
        }
    }
    found
}
