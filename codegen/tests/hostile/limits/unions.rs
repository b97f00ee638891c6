//! Unions whose rules or properties multiply, and long lists of types.

use std::time::Instant;

use serde_json::{Map, Value, json};
use specwright::{Config, Input, Source};

use super::MAX_TIME;

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A document that returns the first schema.
fn document(schemas: Vec<(String, Value)>) -> Source {
    let schema = schemas.first().map(|(name, _)| reference(name));
    let content = json!({ "application/json": { "schema": schema } });
    let responses = json!({ "200": { "description": "One.", "content": content } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Unions", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "get", "responses": responses } } },
        "components": { "schemas": schemas.into_iter().collect::<Map<_, _>>() },
    });
    Source::new("unions.json", document.to_string())
}

/// Generates. Returns the generated code.
fn generated(name: &str, source: Source) -> Vec<(String, String)> {
    let started = Instant::now();
    let output = specwright::generate(&Input::new(source, Config::default()));
    let output = output.map_err(|found| found.render(false)).unwrap();
    assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
    output.files.iter().map(|(path, content)| (path.to_owned(), content.to_owned())).collect()
}

fn object(properties: impl Iterator<Item = (String, Value)>) -> Value {
    json!({ "type": "object", "properties": properties.collect::<Map<_, _>>() })
}

/// Each property decides about some variants, and leaves most of them to the next ones.
#[test]
fn rules_are_not_longer_than_variants() {
    let count = 150;
    let variant = |i: usize| {
        let property = |j: usize| {
            let values = json!([format!("e{j}"), format!("f{i}")]);
            (format!("p{}", (i + j) % count), json!({ "type": "string", "enum": values }))
        };
        (format!("V{i}"), object((0..30).map(property)))
    };
    let variants: Vec<_> = (0..count).map(variant).collect();
    let all: Vec<Value> = variants.iter().map(|(name, _)| reference(name)).collect();
    let mut schemas = vec![("A".to_owned(), json!({ "oneOf": all }))];
    schemas.extend(variants);
    let source = document(schemas);
    let limit = 40 * source.content.len();
    let size: usize = generated("overlap", source).iter().map(|(_, code)| code.len()).sum();
    assert!(size < limit, "{size} bytes");
}

/// Each union has the properties of all unions in it.
#[test]
fn properties_of_unions_in_each_other_are_bounded() {
    let link = |i: usize| {
        let name = format!("k{i}");
        let own = json!({ "required": [name], "properties": { name: { "type": "string" } } });
        (format!("S{i:04}"), json!({ "oneOf": [reference(&format!("S{:04}", i + 1)), own] }))
    };
    let mut schemas: Vec<_> = (0..2_500).map(link).collect();
    schemas.push(("S2500".to_owned(), json!({ "type": "string" })));
    generated("chain", document(schemas));
}

/// A type that is repeated means nothing.
#[test]
fn repeated_types_are_one_type() {
    let types = ["string", "integer", "array", "object", "boolean", "null", "number"];
    let schemas = |times: usize| {
        let inner = json!({ "a": { "type": ["string", "object"] } });
        let property = json!({ "type": types.repeat(times), "properties": inner });
        let all = (0..20).map(|i| (format!("p{i}"), property.clone()));
        document(vec![("A".to_owned(), object(all))])
    };
    assert!(generated("once", schemas(1)) == generated("repeated", schemas(50)));
}

#[test]
fn lists_of_variants_are_linear() {
    let strings = (0..3_000).map(|i| json!({ "type": "string", "pattern": format!("^{i}") }));
    let strings = json!({ "anyOf": strings.collect::<Vec<_>>() });
    let values: Vec<String> = (0..20_000).map(|i| format!("v{i}")).collect();
    let tagged = |name: &str| {
        let tag = json!({ "type": "string", "enum": values });
        json!({ "type": "object", "required": ["tag", name], "properties": { "tag": tag, name: {} } })
    };
    let tagged = json!({ "oneOf": [tagged("a"), tagged("b")] });
    for (name, schema) in [("strings", strings), ("values", tagged)] {
        generated(name, document(vec![("A".to_owned(), schema)]));
    }
}

/// Each run of backticks could end at any later one.
#[test]
fn runs_of_backticks_are_read_once() {
    let up: Vec<String> = (1..1_800).map(|length| "`".repeat(length)).collect();
    let down = up.iter().rev().cloned().collect::<Vec<_>>().join(" a ");
    for prose in [up.join(" "), format!("{} a {down}", up.join(" a ")), "[a](b".repeat(500_000)] {
        let schema = json!({ "type": "string", "enum": ["a"], "description": prose });
        generated("prose", document(vec![("A".to_owned(), schema)]));
    }
}
