use serde_json::{Value, json};

use super::{is_swagger_2, upgrade};
use crate::spec::tree::Tree;
use crate::text::{Budget, Origins, value_at};

/// Upgrades a document with its files.
fn upgraded(documents: &[(&str, Value)]) -> Vec<Tree> {
    let names: Vec<String> = documents.iter().map(|(name, _)| (*name).to_owned()).collect();
    let tree = |(i, (_, value)): (usize, &(&str, Value))| Tree {
        value: value.clone(),
        origins: Origins::new(i),
    };
    let mut trees: Vec<Tree> = documents.iter().enumerate().map(tree).collect();
    upgrade(&mut trees, &names, &mut Budget::new(0));
    trees
}

/// Upgrades a document with these fields.
fn alone(mut fields: Value) -> Tree {
    fields["swagger"] = "2.0".into();
    upgraded(&[("spec.yaml", fields)]).remove(0)
}

fn at<'t>(tree: &'t Tree, pointer: &str) -> &'t Value {
    value_at(&tree.value, pointer).unwrap_or(&Value::Null)
}

fn origin(tree: &Tree, pointer: &str) -> (usize, String) {
    let origin = tree.origins.get(pointer);
    (origin.document, origin.pointer)
}

#[test]
fn only_version_2_is_upgraded() {
    for (root, expected) in [
        (json!({ "swagger": "2.0" }), true),
        (json!({ "swagger": 2.0 }), true),
        (json!({ "swagger": 2 }), true),
        (json!({ "swagger": "1.2" }), false),
        (json!({ "swagger": "2.0", "openapi": "3.0.0" }), false),
        (json!({}), false),
    ] {
        assert_eq!(is_swagger_2(&root), expected, "{root}");
    }
}

#[test]
fn servers_are_hosts_with_schemes_and_a_base_path() {
    for (fields, urls) in [
        (
            json!({ "host": "a.b:1", "basePath": "/v1/", "schemes": ["https", "http"] }),
            &["https://a.b:1/v1", "http://a.b:1/v1"][..],
        ),
        (json!({ "host": "a.b" }), &["//a.b"]),
        (json!({ "host": "https://a.b/", "basePath": "v1" }), &["https://a.b/v1"]),
        (json!({ "basePath": "/v1", "schemes": ["https"] }), &["/v1"]),
        (json!({ "basePath": "/" }), &[]),
        (json!({ "host": "a.b", "schemes": ["wss", "HTTPS"] }), &["https://a.b"]),
        (
            json!({ "basePath": "/v1", "x-ms-parameterized-host": {
                "hostTemplate": "{name}.a.b", "parameters": [{ "name": "name", "in": "path" }] } }),
            &["//{name}.a.b/v1"],
        ),
    ] {
        let tree = alone(fields);
        let servers = at(&tree, "/servers").as_array().cloned().unwrap_or_default();
        let found: Vec<&str> = servers.iter().filter_map(|one| one["url"].as_str()).collect();
        assert_eq!(found, urls);
    }
}

#[test]
fn parts_of_bodies_and_parameters_have_the_origin_that_was_written() {
    let tree = alone(json!({
        "paths": { "/a": { "post": {
            "consumes": ["application/json", "app/json"],
            "parameters": [
                { "name": "b", "in": "body", "schema": { "properties": { "x": {} } } },
                { "name": "q", "in": "query", "type": "array", "items": { "type": "string" } },
            ],
            "responses": { "200": { "schema": { "type": "file" }, "headers": { "H": { "type": "integer" } } } },
        } } },
        "definitions": { "A~": { "type": "object" } },
    }));
    let own = "/paths/~1a/post";
    for (pointer, written) in [
        (
            "/requestBody/content/application~1json/schema/properties/x",
            "/parameters/0/schema/properties/x",
        ),
        ("/requestBody/content/app~1json/schema/properties/x", "/parameters/0/schema/properties/x"),
        ("/parameters/0/schema/items/type", "/parameters/1/items/type"),
        ("/parameters/0/name", "/parameters/1/name"),
        (
            "/responses/200/content/application~1octet-stream/schema/type",
            "/responses/200/schema/type",
        ),
        ("/responses/200/headers/H/schema/type", "/responses/200/headers/H/type"),
    ] {
        let pointer = format!("{own}{pointer}");
        assert_ne!(at(&tree, &pointer), &Value::Null, "{pointer}");
        assert_eq!(origin(&tree, &pointer), (0, format!("{own}{written}")));
    }
    assert_eq!(
        origin(&tree, "/components/schemas/A~0/type"),
        (0, "/definitions/A~0/type".to_owned())
    );
}

#[test]
fn references_follow_the_parts_that_moved() {
    let reference = |to: &str| json!({ "$ref": to });
    let tree = alone(json!({
        "parameters": { "P": { "name": "p", "in": "query", "type": "array", "items": { "type": "string" } } },
        "responses": { "R": { "description": "", "schema": { "type": "object", "properties": { "x": {} } } } },
        "definitions": {
            "A/B": {}, "C": { "items": [reference("#/definitions/A~1B")] }, "D": reference("C"),
            "E": reference("#/parameters/P/items"), "F": reference("#/responses/R/schema/properties/x"),
            "G": reference("#/definitions/Missing"), "H": { "example": reference("#/definitions/C") },
        },
    }));
    for (pointer, expected) in [
        ("C/items/0", "#/components/schemas/A~1B"),
        ("D", "#/components/schemas/C"),
        ("E", "#/components/parameters/P/schema/items"),
        ("F", "#/components/responses/R/content/application~1json/schema/properties/x"),
        ("G", "#/definitions/Missing"),
        ("H/example", "#/definitions/C"),
    ] {
        let found = at(&tree, &format!("/components/schemas/{pointer}/$ref"));
        assert_eq!(found, expected, "{pointer}");
    }
}

#[test]
fn shared_parts_have_the_media_types_of_the_operation() {
    let operation = |consumes: Value| {
        json!({
            "consumes": consumes, "produces": ["application/xml"],
            "parameters": [{ "$ref": "#/parameters/B" }],
            "responses": { "400": { "$ref": "#/responses/R" } },
        })
    };
    let object = json!({ "type": "object", "properties": { "x": {} } });
    let tree = alone(json!({
        "consumes": ["application/json"], "produces": ["application/json"],
        "parameters": { "B": { "name": "b", "in": "body", "required": true, "schema": object } },
        "responses": { "R": { "description": "", "schema": object } },
        "paths": { "/a": { "put": operation(json!(["application/json"])), "post": operation(json!(["app/json"])) } },
    }));
    assert_eq!(at(&tree, "/paths/~1a/put/requestBody/$ref"), "#/components/requestBodies/B");
    assert_eq!(at(&tree, "/components/requestBodies/B/required"), true);
    let copied = json!({ "content": {
        "app/json": { "schema": { "$ref": "#/components/requestBodies/B/content/application~1json/schema" } },
    }, "required": true });
    assert_eq!(at(&tree, "/paths/~1a/post/requestBody"), &copied);
    let copied = json!({ "description": "", "content": {
        "application/xml": { "schema": { "$ref": "#/components/responses/R/content/application~1json/schema" } },
    } });
    assert_eq!(at(&tree, "/paths/~1a/put/responses/400"), &copied);
}

#[test]
fn parts_of_files_are_upgraded_where_they_are() {
    let root = json!({
        "swagger": "2.0",
        "paths": { "/a": { "$ref": "paths.yaml#/a" } },
        "definitions": { "Own": { "type": "object" } },
    });
    let paths = json!({
        "a": { "post": {
            "parameters": [{ "$ref": "more.yaml#/P" }, { "$ref": "more.yaml#/B" }],
            "responses": { "200": { "schema": { "$ref": "spec.yaml#/definitions/Own" } } },
        } },
        "unused": { "in": "query", "type": "string" },
    });
    let more = json!({
        "P": { "name": "p", "in": "query", "type": "array", "collectionFormat": "tsv", "items": { "type": "string" } },
        "B": { "name": "b", "in": "body", "schema": { "$ref": "#/S" } },
        "S": { "discriminator": "kind" },
    });
    let trees =
        upgraded(&[("spec.yaml", root), ("paths.yaml", paths.clone()), ("more.yaml", more)]);
    let post = "/a/post";
    assert_eq!(at(&trees[1], &format!("{post}/parameters")), &json!([{ "$ref": "more.yaml#/P" }]));
    let body = at(&trees[1], &format!("{post}/requestBody/$ref"));
    assert_eq!(body, "spec.yaml#/components/requestBodies/B");
    let schema = "/responses/200/content/application~1json/schema/$ref";
    let schema = at(&trees[1], &format!("{post}{schema}"));
    assert_eq!(schema, "spec.yaml#/components/schemas/Own");
    assert_eq!(at(&trees[1], "/unused"), &paths["unused"]);
    let expected = json!({
        "name": "p", "in": "query", "schema": { "type": "array", "items": { "type": "string" } },
        "x-specwright-delimiter": "tab",
    });
    assert_eq!(at(&trees[2], "/P"), &expected);
    assert_eq!(at(&trees[2], "/S/discriminator/propertyName"), "kind");
    let shared = "/components/requestBodies/B";
    let schema = at(&trees[0], &format!("{shared}/content/application~1json/schema/$ref"));
    assert_eq!(schema, "more.yaml#/S");
    assert_eq!(origin(&trees[0], shared), (2, "/B".to_owned()));
}
