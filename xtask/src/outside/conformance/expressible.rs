//! Which schemas a version of OpenAPI has, and how references are written there.

use serde_json::{Map, Value};

use super::suite::Version;

/// Returns why a version of OpenAPI cannot express a schema; none if it can.
pub(super) fn obstacle(version: Version, schema: &Value) -> Option<&'static str> {
    let mut found = None;
    visit(&mut schema.clone(), &mut |schema| {
        found = found.or_else(|| keyword(version, schema));
    });
    found
}

fn keyword(version: Version, schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |key: &str| schema.contains_key(key);
    let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or("#");
    if !reference.starts_with('#') {
        return Some("references to other resources");
    }
    if has("$id") || has("id") || (has("$schema") && has("$vocabulary")) {
        return Some("identifiers of schemas");
    }
    if has("$anchor") || has("$dynamicAnchor") || !(reference == "#" || reference.starts_with("#/"))
    {
        return Some("anchors");
    }
    if version == Version::V31 {
        return match has("dependencies") || has("additionalItems") || has("definitions") {
            true => Some("keywords of other drafts"),
            false => None,
        };
    }
    let old = ["additionalItems", "definitions", "dependencies", "patternProperties", "$defs"];
    if old.iter().any(|key| has(key)) && !is_definitions_only(schema, &old) {
        return Some("keywords that OpenAPI 3.0 does not have");
    }
    let ty = schema.get("type");
    if ty.is_some_and(|ty| ty.is_array() || ty == "null") {
        return Some("types that OpenAPI 3.0 does not have");
    }
    if schema.get("items").is_some_and(|items| !items.is_object()) {
        return Some("lists of `items`");
    }
    None
}

/// `definitions` can be written elsewhere in a document, so they are no obstacle.
fn is_definitions_only(schema: &Map<String, Value>, old: &[&str]) -> bool {
    old.iter().all(|key| *key == "definitions" || !schema.contains_key(*key))
}

/// Moves references of a schema to where it is in a document, and removes `$schema`.
pub(super) fn relocate(schema: &mut Value, pointer: &str) {
    visit(schema, &mut |schema| {
        schema.remove("$schema");
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(rest) = reference.strip_prefix('#')
        {
            *reference = format!("#{pointer}{rest}");
        }
    });
}

/// Calls a function for a schema and all schemas in it.
fn visit(schema: &mut Value, call: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(entries) = schema else { return };
    call(entries);
    for (key, value) in entries {
        match (key.as_str(), value) {
            (
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                | "dependencies",
                Value::Object(named),
            ) => named.values_mut().for_each(|schema| visit(schema, call)),
            ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Value::Array(members)) => {
                members.iter_mut().for_each(|schema| visit(schema, call));
            }
            (
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                value,
            ) => visit(value, call),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_move_with_their_schema() {
        let mut schema = json!({
            "$schema": "x",
            "properties": {"$ref": {"$ref": "#/$defs/a"}, "b": {"$ref": "#"}},
            "enum": [{"$ref": "#/data"}],
        });
        relocate(&mut schema, "/it");
        let expected = json!({
            "properties": {"$ref": {"$ref": "#/it/$defs/a"}, "b": {"$ref": "#/it"}},
            "enum": [{"$ref": "#/data"}],
        });
        assert_eq!(schema, expected);
    }

    #[test]
    fn schemas_of_other_versions_are_left_out() {
        for (schema, in_30, in_31) in [
            (json!({"type": "string"}), true, true),
            (json!({"type": ["string", "null"]}), false, true),
            (json!({"properties": {"a": {"patternProperties": {}}}}), false, true),
            (json!({"$ref": "http://localhost/a.json"}), false, false),
            (json!({"$id": "a"}), false, false),
            (json!({"not": {"$ref": "#a"}}), false, false),
            (json!({"items": [{}]}), false, true),
        ] {
            assert_eq!(obstacle(Version::V30, &schema).is_none(), in_30, "{schema}");
            assert_eq!(obstacle(Version::V31, &schema).is_none(), in_31, "{schema}");
        }
    }
}
