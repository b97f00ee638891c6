//! OpenAPI 3.1 schemas are rewritten to equivalent schemas of 3.0.

use super::*;
use crate::spec::Input;

/// Rewrites a schema. Returns it with the number of warnings.
fn rewritten(schema: &Value) -> (Value, usize) {
    let mut root = json!({"components": {"schemas": {
        "It": schema,
        "Named": {"$anchor": "there", "type": "string"},
    }}});
    let mut diagnostics = Input::default().diagnostics();
    rewrite(&mut root, &mut diagnostics);
    (root["components"]["schemas"]["It"].clone(), diagnostics.entries().len())
}

fn assert_rewritten(schema: Value, expected: Value) {
    assert_eq!(rewritten(&schema).0, expected, "{schema}");
}

#[test]
fn null_becomes_nullable() {
    assert_rewritten(
        json!({"type": ["string", "null"]}),
        json!({"nullable": true, "type": "string"}),
    );
    assert_rewritten(
        json!({"type": ["string", "null"], "enum": ["a", null]}),
        json!({"enum": ["a", null], "nullable": true, "type": "string"}),
    );
    assert_rewritten(json!({"type": "null"}), json!({"nullable": true, "enum": [null]}));
    let reference = json!({"$ref": "#/components/schemas/Named"});
    assert_rewritten(
        json!({"anyOf": [reference, {"type": "null"}]}),
        json!({"allOf": [reference], "nullable": true}),
    );
    assert_rewritten(
        json!({"oneOf": [{"type": "null", "title": "None"}, reference, {"type": "integer"}]}),
        json!({"oneOf": [reference, {"type": "integer"}], "nullable": true}),
    );
    // A schema that accepts any value is not only `null`.
    assert_rewritten(
        json!({"anyOf": [reference, {"nullable": true}]}),
        json!({"anyOf": [reference, {"nullable": true}]}),
    );
}

#[test]
fn several_types_become_alternatives_with_their_own_keywords() {
    assert_rewritten(
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
    assert_rewritten(
        json!({"type": ["integer", "number"], "minimum": 1}),
        json!({"anyOf": [{"type": "number", "minimum": 1}]}),
    );
    assert_rewritten(
        json!({"type": ["string", "boolean", "integer"], "enum": ["auto", false]}),
        json!({"anyOf": [{"type": "string", "enum": ["auto"]}, {"type": "boolean", "enum": [false]}]}),
    );
}

#[test]
fn siblings_of_a_reference_are_kept() {
    let reference = json!({"$ref": "#/components/schemas/Named"});
    assert_rewritten(
        json!({"$ref": "#/components/schemas/Named", "description": "Why."}),
        json!({"description": "Why.", "allOf": [reference]}),
    );
    assert_rewritten(
        json!({"$ref": "#/components/schemas/Named", "maxLength": 3}),
        json!({"maxLength": 3, "allOf": [reference]}),
    );
    let with = |keyword: Value| {
        let mut schema = keyword;
        schema["$ref"] = "#/components/schemas/Named".into();
        schema
    };
    for (keyword, expected) in [
        (json!({"exclusiveMinimum": 0}), json!({"minimum": 0, "exclusiveMinimum": true})),
        (json!({"type": ["string", "null"]}), json!({"nullable": true, "type": "string"})),
        (json!({"const": "a"}), json!({"type": "string", "enum": ["a"]})),
        (json!({"contentEncoding": "base64"}), json!({"format": "byte"})),
        (json!({"additionalProperties": false}), json!({"additionalProperties": false})),
    ] {
        let mut whole = expected;
        whole["allOf"] = json!([reference]);
        assert_rewritten(with(keyword), whole);
    }
    // Types that the target does not have are impossible.
    assert_rewritten(
        with(json!({"type": ["string", "integer"]})),
        json!({"type": "string", "allOf": [reference]}),
    );
    let definitions = json!({"$ref": "#/components/schemas/Named", "$defs": {"a": {}}});
    assert_rewritten(definitions.clone(), definitions);
    assert_rewritten(
        with(json!({"anyOf": [{"minLength": 1}, {"type": "null"}]})),
        json!({"nullable": true, "allOf": [{"minLength": 1}, reference]}),
    );
    assert_rewritten(json!({"$ref": "#there"}), reference);
    assert_rewritten(
        json!({"properties": {"child": {"$recursiveRef": "#"}}}),
        json!({"properties": {"child": {"$ref": "#/components/schemas/It"}}}),
    );
}

#[test]
fn exclusive_limits_are_rewritten() {
    assert_rewritten(
        json!({"exclusiveMinimum": 3}),
        json!({"minimum": 3, "exclusiveMinimum": true}),
    );
    assert_rewritten(json!({"exclusiveMaximum": 3, "maximum": 2}), json!({"maximum": 2}));
    assert_rewritten(
        json!({"exclusiveMaximum": 3, "maximum": 4}),
        json!({"maximum": 3, "exclusiveMaximum": true}),
    );
    assert_rewritten(
        json!({"exclusiveMinimum": true, "minimum": 1}),
        json!({"exclusiveMinimum": true, "minimum": 1}),
    );
}

#[test]
fn keywords_without_a_type_are_kept_for_the_rules() {
    let (schema, warnings) = rewritten(&json!({
        "type": "array",
        "prefixItems": [{"const": 1}],
        "contains": true,
        "items": false,
        "unevaluatedItems": false,
    }));
    assert_eq!(schema["prefixItems"], json!([{"type": "integer", "enum": [1]}]));
    assert_eq!((schema["items"].clone(), warnings), (json!({"not": {}}), 1));
    assert_rewritten(
        json!({"patternProperties": {"^x-": {"type": ["string"]}}, "additionalProperties": false}),
        json!({"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}),
    );
    assert_rewritten(
        json!({"type": "string", "contentEncoding": "base64"}),
        json!({"type": "string", "format": "byte"}),
    );
}

#[test]
fn properties_of_conditions_are_declared() {
    let (schema, _) = rewritten(&json!({
        "properties": {"a": {"type": "string"}},
        "if": {"properties": {"a": {"const": "x"}}},
        "then": {"properties": {"a": {"minLength": 1}, "b": {"type": ["integer"]}, "c": true}},
        "else": {"allOf": [{"properties": {"b": {"type": "string"}}}]},
        "dependentSchemas": {"a": {"properties": {"d": {"type": "boolean"}}}},
    }));
    assert_eq!(
        schema["properties"],
        json!({
            "a": {"type": "string"},
            "b": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "d": {"type": "boolean"},
        })
    );
}

#[test]
fn other_values_do_not_change() {
    let data = json!({"const": 1, "type": ["a", "null"]});
    assert_rewritten(
        json!({"default": data, "enum": [data], "example": data, "x-more": data}),
        json!({"default": data, "enum": [data], "example": data, "x-more": data}),
    );
    assert_rewritten(
        json!({"properties": {"const": {"const": "a"}, "type": {"type": ["null", "object"]}}}),
        json!({"properties": {
            "const": {"type": "string", "enum": ["a"]},
            "type": {"nullable": true, "type": "object"},
        }}),
    );
}
