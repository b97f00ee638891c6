//! Bounded copies: documents that are small, and that mean large ones if each shared part is copied.
//! Also long names, and tags in each other.

use std::time::Instant;

use serde_json::{Map, Value, json};
use specwright::{Config, Input, Source};

use super::{MAX_TIME, rejected};

/// A long string.
fn long() -> String {
    "word ".repeat(20_000)
}

const TOO_LARGE: &str = "error[too-large]";

fn document(paths: Map<String, Value>, components: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Copies", "version": "1" },
        "paths": paths,
        "components": components,
    })
}

/// An operation with other fields.
fn operation(i: usize, field: &str, value: Value) -> Value {
    let mut operation = json!({
        "operationId": format!("o{i}"),
        "responses": { "204": { "description": "None." } },
    });
    operation[field] = value;
    operation
}

/// Many paths, each with one operation.
fn paths(count: usize, item: impl Fn(usize) -> Value) -> Map<String, Value> {
    (0..count).map(|i| (format!("/p{i}"), item(i))).collect()
}

#[test]
fn shared_parts_are_not_copied_without_end() {
    let many = 400;
    let of_all = |field: &str, value: Value| {
        paths(many, |i| json!({ "get": operation(i, field, value.clone()) }))
    };
    let parameter = json!({ "name": "q", "in": "query", "description": long(), "schema": { "type": "string" } });
    let response = json!({ "description": long() });
    let header = json!({ "description": long(), "schema": { "type": "string" } });
    let with_header = json!({ "200": { "description": "All.", "headers": { "X-A": { "$ref": "#/components/headers/A" } } } });
    let body = json!({ "description": long(), "content": { "application/json": { "schema": { "type": "string" } } } });
    for (name, paths, components) in [
        (
            "parameters",
            of_all("parameters", json!([{ "$ref": "#/components/parameters/A" }])),
            json!({ "parameters": { "A": parameter } }),
        ),
        (
            "responses",
            of_all("responses", json!({ "200": { "$ref": "#/components/responses/A" } })),
            json!({ "responses": { "A": response } }),
        ),
        ("headers", of_all("responses", with_header), json!({ "headers": { "A": header } })),
        (
            "bodies",
            paths(
                many,
                |i| json!({ "post": operation(i, "requestBody", json!({ "$ref": "#/components/requestBodies/A" })) }),
            ),
            json!({ "requestBodies": { "A": body } }),
        ),
        (
            "path items",
            paths(many, |_| json!({ "$ref": "#/components/pathItems/A" })),
            json!({ "pathItems": { "A": { "get": operation(0, "description", long().into()) } } }),
        ),
        (
            "operations",
            paths(many, |_| json!({ "get": { "$ref": "#/components/pathItems/A/get" } })),
            json!({ "pathItems": { "A": { "get": operation(0, "description", long().into()) } } }),
        ),
    ] {
        rejected(name, &document(paths, &components), &[], TOO_LARGE);
    }
}

#[test]
fn shared_schemas_are_not_copied_without_end() {
    let property = || json!({ "type": "string", "description": long() });
    let properties: Map<String, Value> = (0..4).map(|i| (format!("p{i}"), property())).collect();
    let values = [long(), "a".to_owned()];
    for (name, shared, use_of) in [
        (
            "members of allOf",
            json!({ "type": "object", "properties": properties }),
            json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, { "properties": { "b": { "type": "string" } } }] }),
        ),
        (
            "rules",
            json!({ "enum": values }),
            json!({ "type": "object", "properties": { "b": { "type": "string", "not": { "$ref": "#/components/schemas/A" } } } }),
        ),
    ] {
        let mut schemas: Map<String, Value> =
            (0..400).map(|i| (format!("B{i}"), use_of.clone())).collect();
        schemas.insert("A".to_owned(), shared);
        let all: Vec<Value> =
            (0..400).map(|i| json!({ "$ref": format!("#/components/schemas/B{i}") })).collect();
        let content = json!({ "200": { "description": "All.", "content": { "application/json": { "schema": {
            "type": "object",
            "properties": all.into_iter().enumerate().map(|(i, schema)| (format!("b{i}"), schema)).collect::<Map<_, _>>(),
        } } } } });
        let paths = paths(1, |i| json!({ "get": operation(i, "responses", content.clone()) }));
        rejected(name, &document(paths, &json!({ "schemas": schemas })), &[], TOO_LARGE);
    }
}

#[test]
fn references_in_each_other_are_not_copied_without_end() {
    let next =
        |i: usize| json!({ "$ref": format!("#/components/pathItems/P{i}"), "parameters": [] });
    // Each path has the next one twice, in callbacks.
    let doubled = |i: usize| {
        let callbacks = json!({ "a": { "/a": next(i + 1) }, "b": { "/b": next(i + 1) } });
        json!({ "get": operation(i, "callbacks", callbacks) })
    };
    for (name, length, item) in
        [("doubled", 40, &doubled as &dyn Fn(usize) -> Value), ("long", 3_000, &|i| next(i + 1))]
    {
        let items: Map<String, Value> = (0..length).map(|i| (format!("P{i}"), item(i))).collect();
        let paths = paths(1, |_| next(0));
        rejected(name, &document(paths, &json!({ "pathItems": items })), &[], TOO_LARGE);
    }
}

#[test]
fn overlays_do_not_grow_without_end() {
    let overlay = |action: &dyn Fn(usize) -> Value| {
        let actions: Vec<Value> = (0..60).map(action).collect();
        json!({ "overlay": "1.1.0", "info": { "title": "Growth", "version": "1" }, "actions": actions })
    };
    let mut document =
        document(paths(1, |i| json!({ "get": operation(i, "x-list", json!([1])) })), &json!({}));
    document["x-list"] = json!([1, 2]);
    document["x-nested"] = json!({ "a": { "b": 1 } });
    for (name, overlay, expected) in [
        (
            "a list at its own end",
            overlay(
                &|i| json!({ "target": "$['x-list']", "copy": "$['x-list']", "description": i.to_string() }),
            ),
            TOO_LARGE,
        ),
        (
            "an object in itself",
            overlay(
                &|i| json!({ "target": format!("$['x-nested']{}", ".a".repeat(i + 1)), "copy": "$['x-nested']" }),
            ),
            "nested more than 127 levels",
        ),
        (
            "a value everywhere",
            overlay(
                &|i| json!({ "target": "$..*", "update": { format!("x{i}"): { "y": [{}, {}, {}, {}] } } }),
            ),
            "error[",
        ),
    ] {
        rejected(name, &document, &[overlay], expected);
    }
}

#[test]
fn media_types_of_swagger_are_not_multiplied_without_end() {
    let types: Vec<String> = (0..500).map(|i| format!("application/x{i}+json")).collect();
    let forms: Vec<String> = (0..500).map(|i| format!("multipart/x{i}")).collect();
    let values: Vec<String> = (0..500).map(|i| format!("value {i}")).collect();
    let own = |i: usize| {
        json!({ "get": {
            "operationId": format!("o{i}"),
            "parameters": [{ "name": "a", "in": "formData", "type": "string", "enum": values }],
            "responses": { "200": { "description": "All.", "schema": { "$ref": "#/definitions/A" } } },
        } })
    };
    let of_body = |i: usize| {
        json!({ "post": {
            "operationId": format!("o{i}"),
            "parameters": [{ "name": "a", "in": "body", "schema": { "type": "string", "enum": values } }],
            "responses": { "204": { "description": "None." } },
        } })
    };
    for (name, consumes, produces, paths) in [
        ("forms", forms, vec![], paths(20, own)),
        ("responses", vec![], types.clone(), paths(300, own)),
        ("bodies", types, vec![], paths(20, of_body)),
    ] {
        let document = json!({
            "swagger": "2.0",
            "info": { "title": "Copies", "version": "1" },
            "consumes": consumes,
            "produces": produces,
            "paths": paths,
            "definitions": { "A": { "type": "string" } },
        });
        rejected(name, &document, &[], TOO_LARGE);
    }
}

#[test]
fn tags_are_bounded() {
    let tag = |i: usize| json!({ "name": format!("t{i}"), "parent": format!("t{}", i + 1) });
    let operation = |i: usize| {
        let mut operation = operation(i, "tags", json!([format!("t{i}")]));
        operation["summary"] = "One.".into();
        json!({ "get": operation })
    };
    let mut document = document(paths(20, operation), &json!({}));
    document["openapi"] = "3.2.0".into();
    document["tags"] = (0..2000).map(tag).collect();
    let mut config = Config::default();
    config.layout.package =
        Some(specwright::Package { name: "tags".to_owned(), ..specwright::Package::default() });
    let started = Instant::now();
    let input = Input::new(Source::new("tags.json", document.to_string()), config);
    let output = specwright::generate(&input).map_err(|found| found.render(false)).unwrap();
    assert!(output.warnings.render(false).contains("nested more than 32 levels"));
    assert!(started.elapsed() < MAX_TIME, "{:?}", started.elapsed());
}

#[test]
fn suggestions_are_bounded() {
    let name = |i: usize| format!("{}{i}", "x".repeat(20_000));
    let schemas = (0..20).map(|i| (name(i), json!({ "type": "string" })));
    let unresolved =
        (0..20).map(|i| json!({ "$ref": format!("#/components/schemas/{}a", name(i)) }));
    let parameters = json!([{ "name": "q", "in": "query", "schema": { "oneOf": unresolved.collect::<Vec<_>>() } }]);
    let paths = paths(1, |i| json!({ "get": operation(i, "parameters", parameters.clone()) }));
    let document = document(paths, &json!({ "schemas": schemas.collect::<Map<_, _>>() }));
    let started = Instant::now();
    let source = Source::new("names.json", document.to_string());
    assert!(specwright::generate(&Input::new(source, Config::default())).is_ok());
    assert!(started.elapsed() < MAX_TIME, "{:?}", started.elapsed());
}

/// Each schema refers to two others, and each of them means itself by a dynamic reference.
#[test]
fn dynamic_references_are_bounded() {
    let count = 60;
    let schema = |i: usize| {
        let to = |i: usize| json!({ "$ref": format!("#/components/schemas/S{}", i % count) });
        let properties =
            json!({ "x": { "$dynamicRef": "#n" }, "y": to(i + 1), "z": to(i * 7 + 3) });
        let schema = json!({ "$dynamicAnchor": "n", "type": "object", "properties": properties });
        (format!("S{i}"), schema)
    };
    let schemas: Map<String, Value> = (0..count).map(schema).collect();
    let document = document(Map::new(), &json!({ "schemas": schemas }));
    let started = Instant::now();
    let source = Source::new("dynamic.json", document.to_string());
    assert!(specwright::generate(&Input::new(source, Config::default())).is_ok());
    assert!(started.elapsed() < MAX_TIME, "{:?}", started.elapsed());
}

#[test]
fn strings_are_bounded() {
    let of = |schema: Value| {
        let parameters = json!([{ "name": "q", "in": "query", "schema": schema }]);
        document(
            paths(1, |i| json!({ "get": operation(i, "parameters", parameters.clone()) })),
            &json!({}),
        )
    };
    let long = |length: usize| "x".repeat(length);
    let described = |length: usize| of(json!({ "type": "string", "description": long(length) }));
    let named = |length: usize| of(json!({ "properties": { long(length): { "type": "string" } } }));
    rejected("a string", &described((4 << 20) + 1), &[], "a string is longer than 4 MiB");
    rejected("a key", &named((64 << 10) + 1), &[], "a key is longer than 64 KiB");
    for document in [described(4 << 20), named(64 << 10)] {
        let source = Source::new("strings.json", document.to_string());
        assert!(source.tree().is_ok());
    }
}
