//! The unions of a document, in all locations.

use serde_json::{Map, Value};

use crate::corpus::pointer::escape;

/// Keywords whose values have names chosen by the author as keys.
const MAPS: [&str; 6] =
    ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"];

/// Keywords whose values are JSON of any kind.
const VALUES: [&str; 6] = ["example", "examples", "default", "enum", "const", "mapping"];

/// Returns the JSON pointers of all schemas with at least two alternatives.
pub(super) fn find(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    search(root, false, &mut String::new(), &mut found);
    found
}

/// Returns the alternatives of a schema, with their keyword and index.
pub(super) fn members(schema: &Value) -> impl Iterator<Item = (&'static str, usize, &Value)> {
    ["oneOf", "anyOf"].into_iter().flat_map(move |keyword| {
        let members = schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        members.enumerate().map(move |(i, member)| (keyword, i, member))
    })
}

fn search(value: &Value, has_names: bool, pointer: &mut String, found: &mut Vec<String>) {
    let length = pointer.len();
    match value {
        Value::Object(entries) => {
            if !has_names && is_union(value, entries) {
                found.push(pointer.clone());
            }
            for (key, value) in entries {
                if !has_names && (VALUES.contains(&key.as_str()) || key.starts_with("x-")) {
                    continue;
                }
                pointer.push('/');
                pointer.push_str(&escape(key));
                search(value, !has_names && MAPS.contains(&key.as_str()), pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{i}"));
                search(item, false, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Returns whether a schema has alternatives other than `null` and bare constraints.
fn is_union(schema: &Value, entries: &Map<String, Value>) -> bool {
    let is_type = |member: &Value| {
        let keys = ["$ref", "properties", "items", "enum", "const", "allOf", "oneOf", "anyOf"];
        match member.get("type") {
            Some(name) => name != "null",
            None => keys.iter().any(|key| member.get(key).is_some()),
        }
    };
    let has_alternatives = ["oneOf", "anyOf"].iter().any(|key| entries.contains_key(*key));
    has_alternatives && members(schema).filter(|(.., member)| is_type(member)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unions_are_found_in_all_locations() {
        let union = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        let root = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"schema": union}}}}},
            "components": {"schemas": {
                "A": union,
                "oneOf": {"properties": {"anyOf": {"items": union}}},
                "B": {"oneOf": [{"$ref": "#/a"}, {"type": "null"}]},
                "C": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "example": union},
            }},
        });
        let mut found = find(&root);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "/components/schemas/A",
                "/components/schemas/oneOf/properties/anyOf/items",
                "/paths/~1a/get/responses/200/schema",
            ]
        );
    }
}
