//! Comparisons of documents in which everything differs.

use std::time::Instant;

use serde_json::{Map, Value, json};
use specwright::{Config, Input, Source, diff};

use super::MAX_TIME;

fn input(document: &Value) -> Input {
    Input::new(Source::new("diff.json", document.to_string()), Config::default())
}

fn document(operations: Map<String, Value>, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Diff", "version": "1" },
        "paths": operations,
        "components": { "schemas": schemas },
    })
}

/// An operation that returns the schema `A`.
fn operation(id: &str, parameters: &[Value]) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/A" });
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "get": {
        "operationId": id,
        "parameters": parameters,
        "responses": { "200": { "description": "All.", "content": content } },
    } })
}

fn of_schema(schema: &Value) -> Value {
    let paths = Map::from_iter([("/a".to_owned(), operation("a", &[]))]);
    document(paths, &json!({ "A": schema }))
}

#[test]
fn each_change_is_found_without_a_search_of_all() {
    let names = |prefix: &'static str| (0..4_000).map(move |i| format!("{prefix}{i}"));
    let properties = |prefix, kind: &str| {
        let all = names(prefix).map(|name| (name, json!({ "type": kind })));
        of_schema(&json!({ "type": "object", "properties": all.collect::<Map<_, _>>() }))
    };
    let values =
        |prefix| of_schema(&json!({ "type": "string", "enum": names(prefix).collect::<Vec<_>>() }));
    let parameters = |prefix| {
        let parameter =
            |name| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
        let all: Vec<Value> = names(prefix).take(2_000).map(parameter).collect();
        let paths = Map::from_iter([("/a".to_owned(), operation("a", &all))]);
        document(paths, &json!({ "A": { "type": "string" } }))
    };
    for (name, old, new, least) in [
        ("properties", properties("a", "string"), properties("b", "integer"), 8_000),
        ("values", values("a"), values("b"), 8_000),
        ("parameters", parameters("a"), parameters("b"), 4_000),
    ] {
        let started = Instant::now();
        let found = diff(&input(&old), &input(&new)).unwrap();
        assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
        assert!(found.changes.len() >= least, "{name}: {}", found.changes.len());
    }
}
