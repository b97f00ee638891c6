//! What 3.1 says is what 3.0 says in other words.

use super::*;
use crate::spec::Input;

/// A schema of 3.1 and the same of 3.0, and how many warnings that took.
fn rewritten(schema: &Value) -> (Value, usize) {
    let mut root = json!({"components": {"schemas": {
        "It": schema,
        "Named": {"$anchor": "there", "type": "string"},
    }}});
    let mut diagnostics = Input::default().diagnostics();
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
