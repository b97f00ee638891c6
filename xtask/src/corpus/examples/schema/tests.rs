//! Values that contradict a schema, and values that do not.

use super::*;
use serde_json::json;

fn allows(version: &str, schema: &Value, value: &Value) -> bool {
    let root = json!({"openapi": version, "components": {"schemas": {
        "It": schema,
        "Cat": {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["tricks"]},
        "Loop": {"$ref": "#/components/schemas/Loop"},
    }}});
    contradiction(&root, "/components/schemas/It", value).is_none()
}

#[track_caller]
fn check(schema: Value, right: &[Value], wrong: &[Value]) {
    for value in right {
        assert!(allows("3.0.3", &schema, value), "{schema} should allow {value}");
    }
    for value in wrong {
        assert!(!allows("3.0.3", &schema, value), "{schema} should not allow {value}");
    }
}

#[test]
fn types_and_values() {
    check(
        json!({"type": "integer"}),
        &[json!(1), json!(1.0)],
        &[json!(1.5), json!("1"), json!(null)],
    );
    check(json!({"type": "string", "nullable": true}), &[json!(null), json!("")], &[json!(1)]);
    check(json!({"type": ["string", "null"]}), &[json!(null), json!("")], &[json!(1)]);
    check(json!({"enum": ["a", 1]}), &[json!("a"), json!(1.0)], &[json!("b")]);
    check(json!({"const": 3}), &[json!(3)], &[json!(4)]);
    check(json!(false), &[], &[json!(1)]);
    check(json!({"$ref": "#/components/schemas/Loop"}), &[json!(1)], &[]);
}

#[test]
fn strings_and_numbers() {
    let dated = json!({"type": "string", "format": "date-time"});
    check(dated, &[json!("2024-08-22T11:36:29Z")], &[json!("2024-08-22"), json!("now")]);
    check(
        json!({"pattern": "^a+$", "maxLength": 2}),
        &[json!("aa"), json!(7)],
        &[json!("b"), json!("aaa")],
    );
    check(json!({"maximum": 3, "exclusiveMaximum": true}), &[json!(2)], &[json!(3), json!(4)]);
    check(json!({"exclusiveMinimum": 3}), &[json!(4)], &[json!(3)]);
    check(json!({"type": "integer", "format": "int32"}), &[json!(1)], &[json!(3_000_000_000_u64)]);
}

#[test]
fn objects_and_lists() {
    let cat = json!({"$ref": "#/components/schemas/Cat"});
    check(cat.clone(), &[json!({"lives": 9, "x": 1})], &[json!({}), json!({"lives": "9"})]);
    check(
        json!({"type": "array", "items": cat}),
        &[json!([]), json!([{"lives": 1}])],
        &[json!([1])],
    );
    let closed = json!({"properties": {"a": {}}, "additionalProperties": false});
    check(closed, &[json!({"a": 1})], &[json!({"b": 1})]);
    check(json!({"uniqueItems": true}), &[json!([1, 2])], &[json!([1, 1.0])]);
}

#[test]
fn combinations() {
    let pet = json!({
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}},
    });
    check(
        pet,
        &[
            json!({"lives": 1}),
            json!({"lives": 1, "tricks": 1}),
            json!({"kind": "dog", "tricks": 1}),
        ],
        &[json!({}), json!({"kind": "dog", "lives": 1}), json!({"kind": "Cat", "tricks": 1})],
    );
    check(json!({"not": {"type": "string"}}), &[json!(1)], &[json!("")]);
    check(json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}), &[json!(1)], &[json!(0), json!(3)]);
}

#[test]
fn keywords_next_to_a_reference_apply_only_in_newer_versions() {
    let schema = json!({"$ref": "#/components/schemas/Cat", "maxProperties": 1});
    let value = json!({"lives": 1, "more": 1});
    assert!(allows("3.0.3", &schema, &value));
    assert!(!allows("3.1.0", &schema, &value));
}
