//! Long chains of schemas, and many of them: neither deep recursion nor cubic time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use specwright::{Config, Input, Output, Source};

/// The number of schemas of a chain that has little code, so that cubic time would take minutes.
const LONG: usize = 3000;
/// The number of schemas of a chain with a file for each.
const SHORT: usize = 300;

/// Generates a document whose only response has the schema `S0`.
fn generated(schemas: impl Iterator<Item = Value>) -> Result<Output, String> {
    let schemas: serde_json::Map<String, Value> =
        schemas.enumerate().map(|(i, schema)| (format!("S{i}"), schema)).collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Chains", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "get", "responses": { "200": {
            "description": "One.",
            "content": { "application/json": { "schema": reference(0) } },
        } } } } },
        "components": { "schemas": schemas },
    });
    let source = Source::new("chains.json", document.to_string());
    let started = Instant::now();
    let output = specwright::generate(&Input::new(source, Config::default()));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    output.map_err(|errors| errors.render(false))
}

fn reference(i: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{i}") })
}

/// Generates a chain: each schema is made of a reference to the next one.
fn chain(length: usize, link: impl Fn(usize, Value) -> Value) -> Result<Output, String> {
    let last = json!({ "type": "object", "properties": { "end": { "type": "string" } } });
    let link = |i| if i + 1 == length { last.clone() } else { link(i, reference(i + 1)) };
    generated((0..length).map(link))
}

#[test]
fn chains_of_references_are_generated() -> Result<(), String> {
    let property = |i: usize, ty: Value| json!({ "properties": { format!("p{i}"): ty } });
    let string = || json!({ "type": "string" });
    for (name, types, output) in [
        ("aliases", SHORT, chain(SHORT, |_, next| next)),
        ("allOf of one", SHORT, chain(SHORT, |_, next| json!({ "allOf": [next] }))),
        ("allOf", 1, chain(LONG, |i, next| json!({ "allOf": [next, property(i, string())] }))),
        ("lists", SHORT, chain(SHORT, |_, next| json!({ "type": "array", "items": next }))),
        ("maps", SHORT, chain(SHORT, |_, next| json!({ "additionalProperties": next }))),
        ("objects", SHORT, chain(SHORT, property)),
    ] {
        let found = output.map_err(|errors| format!("{name}: {errors}"))?.counts.schemas;
        assert!(found >= types, "{name}: {found} types");
    }
    Ok(())
}

#[test]
fn nested_types_are_boxed_before_the_compiler_gives_up() -> Result<(), String> {
    let output = chain(SHORT, |_, next| json!({ "required": ["n"], "properties": { "n": next } }))?;
    let boxed = output.files.iter().filter(|(_, code)| code.contains("pub n: Box<")).count();
    assert_eq!(boxed, (SHORT - 1) / 33);
    let lists = chain(SHORT, |_, next| json!({ "type": "array", "items": next }))?;
    let untyped = lists.files.iter().filter(|(_, code)| code.contains(" = rt::Json;")).count();
    assert_eq!((untyped, lists.warnings.entries().len()), ((SHORT - 1) / 33, untyped));
    Ok(())
}

#[test]
fn many_equal_names_values_and_properties_are_generated() -> Result<(), String> {
    // They differ only in separators.
    let binary = |i: usize| format!("a{i:b}z").replace('0', "-").replace('1', "_");
    let values: Vec<String> = (0..LONG).map(binary).collect();
    let names = |ty: &Value| -> Value {
        values
            .iter()
            .map(|name| (name.clone(), ty.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let value = json!({ "type": "string", "enum": values });
    generated([value].into_iter())?;
    let properties =
        json!({ "required": values, "properties": names(&json!({ "type": "string" })) });
    generated([properties].into_iter())?;
    Ok(())
}
