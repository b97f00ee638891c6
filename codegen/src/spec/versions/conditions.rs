//! Properties that only conditional schemas declare: `then`, `else` and `dependentSchemas`.

use serde_json::{Map, Value, json};

/// The extension that lists the properties that only conditional schemas declare. While their
/// condition does not hold, they may have any value.
pub(crate) const CONDITIONAL: &str = "x-specwright-conditional";

/// Declares the properties of conditional schemas as optional properties. Rules check the rest of
/// these schemas.
pub(super) fn conditional_properties(entries: &mut Map<String, Value>) {
    // Other properties are forbidden, whatever a condition declares.
    if entries.get("additionalProperties") == Some(&Value::Bool(false)) {
        return;
    }
    let branches = ["then", "else"].iter().filter_map(|key| entries.get(*key));
    let branches = branches.filter(|_| entries.contains_key("if"));
    let dependent = entries.get("dependentSchemas").and_then(Value::as_object);
    let branches = branches.chain(dependent.into_iter().flatten().map(|(_, schema)| schema));
    let mut found: Vec<(String, Vec<Value>)> = Vec::new();
    branches.for_each(|schema| collect(schema, &mut found));
    let declared = entries.get("properties").and_then(Value::as_object);
    found.retain(|(name, _)| !declared.is_some_and(|known| known.contains_key(name)));
    if found.is_empty() {
        return;
    }
    let properties = entries.entry("properties").or_insert_with(|| json!({}));
    let Some(properties) = properties.as_object_mut() else { return };
    let names = found.iter().map(|(name, _)| name.as_str()).collect::<Value>();
    for (name, mut schemas) in found {
        let schema = match schemas.len() {
            1 => schemas.remove(0),
            _ => json!({ "anyOf": schemas }),
        };
        properties.insert(name, schema);
    }
    entries.insert(CONDITIONAL.to_owned(), names);
}

/// Keywords that only hold while a condition does.
const CONSTRAINTS: [&str; 17] = [
    "contains",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "pattern",
    "propertyNames",
    "required",
    "uniqueItems",
];

fn without_constraints(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(entries) = schema.as_object_mut() {
        entries.retain(|key, _| !CONSTRAINTS.contains(&key.as_str()));
    }
    schema
}

/// Collects the properties of a conditional schema, and of the conditions within it.
fn collect(schema: &Value, found: &mut Vec<(String, Vec<Value>)>) {
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        // `true` and `false` only restrict the presence of a property.
        if *schema == json!({}) || *schema == json!({ "not": {} }) {
            continue;
        }
        let schema = without_constraints(schema);
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, schemas)) if schemas.contains(&schema) => {}
            Some((_, schemas)) => schemas.push(schema),
            None => found.push((name.clone(), vec![schema])),
        }
    }
    for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        collect(member, found);
    }
}
