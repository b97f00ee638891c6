//! `unevaluatedItems`, where it means the same as `items` or `maxItems`.

use serde_json::{Map, Value, json};

/// Keywords whose effect on elements depends on the value, or on another schema.
const CONDITIONAL: [&str; 8] = [
    "$dynamicRef",
    "$recursiveRef",
    "$ref",
    "anyOf",
    "contains",
    "dependentSchemas",
    "if",
    "oneOf",
];

/// Rewrites `unevaluatedItems`. Returns whether it cannot be expressed.
pub(super) fn unevaluated_items(entries: &mut Map<String, Value>) -> bool {
    let Some(limit) = entries.get("unevaluatedItems").cloned() else { return false };
    let is_closed = limit == json!(false) || limit == json!({ "not": {} });
    // It remains for the schemas around this one.
    if limit == json!(true) || limit == json!({}) {
        return false;
    }
    let Some(all) = evaluated(entries) else { return true };
    let own = entries.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    match all {
        // No element is left.
        Evaluated::All => {}
        Evaluated::First(count) if count == own && (count > 0 || !is_closed) => {
            entries.insert("items".to_owned(), limit);
        }
        Evaluated::First(count) if is_closed => {
            let limit = entries.get("maxItems").and_then(Value::as_u64);
            let limit = limit.map_or(count, |limit| count.min(limit.try_into().unwrap_or(count)));
            entries.insert("maxItems".to_owned(), limit.into());
        }
        Evaluated::First(_) => return true,
    }
    entries.shift_remove("unevaluatedItems");
    false
}

/// The elements that other keywords evaluate.
#[derive(Clone, Copy)]
enum Evaluated {
    First(usize),
    All,
}

/// Returns what a schema evaluates; `None` if that depends on the value or on another schema.
fn evaluated(entries: &Map<String, Value>) -> Option<Evaluated> {
    if CONDITIONAL.iter().any(|keyword| entries.contains_key(*keyword)) {
        return None;
    }
    if entries.contains_key("items") {
        return Some(Evaluated::All);
    }
    let mut count = entries.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    for member in entries.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        let Some(member) = member.as_object() else { continue };
        // Within a schema, it evaluates all that is left.
        if member.contains_key("unevaluatedItems") {
            return Some(Evaluated::All);
        }
        match evaluated(member)? {
            Evaluated::All => return Some(Evaluated::All),
            Evaluated::First(others) => count = count.max(others),
        }
    }
    Some(Evaluated::First(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_without_a_schema_are_limited() {
        for (schema, expected) in [
            (json!({ "unevaluatedItems": false }), Some(json!({ "maxItems": 0 }))),
            (
                json!({ "prefixItems": [{}], "unevaluatedItems": { "type": "string" } }),
                Some(json!({ "prefixItems": [{}], "items": { "type": "string" } })),
            ),
            (json!({ "items": {}, "unevaluatedItems": false }), Some(json!({ "items": {} }))),
            (json!({ "unevaluatedItems": true }), Some(json!({ "unevaluatedItems": true }))),
            (json!({ "if": {}, "unevaluatedItems": false }), None),
            (
                json!({ "allOf": [{ "prefixItems": [{}, {}] }], "maxItems": 5, "unevaluatedItems": false }),
                Some(json!({ "allOf": [{ "prefixItems": [{}, {}] }], "maxItems": 2 })),
            ),
            (
                json!({ "allOf": [{ "unevaluatedItems": true }], "unevaluatedItems": false }),
                Some(json!({ "allOf": [{ "unevaluatedItems": true }] })),
            ),
            (json!({ "anyOf": [{ "prefixItems": [{}] }], "unevaluatedItems": false }), None),
            (json!({ "contains": {}, "unevaluatedItems": false }), None),
            (json!({ "$ref": "#/a", "unevaluatedItems": false }), None),
            (json!({ "allOf": [{ "$ref": "#/a" }], "unevaluatedItems": false }), None),
        ] {
            let mut rewritten = schema.as_object().cloned().unwrap_or_default();
            let is_expressed = !unevaluated_items(&mut rewritten);
            assert_eq!(is_expressed, expected.is_some(), "{schema}");
            let expected = expected.unwrap_or(schema);
            assert_eq!(Value::Object(rewritten), expected);
        }
    }
}
