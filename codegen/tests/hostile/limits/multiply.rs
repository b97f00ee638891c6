//! Documents that are small, and whose content multiplies.

use std::time::Instant;

use serde_json::{Value, json};
use specwright::{Config, Input, Source};

use super::MAX_TIME;

/// No document here has more than this many kilobytes of generated code.
const MAX_OUTPUT: usize = 8 << 20;

/// The length of chains. With two references each, they mean 2^30 copies of the last schema.
const LONG: usize = 30;

fn bounded(name: &str, source: Source) {
    let started = Instant::now();
    let result = specwright::generate(&Input::new(source, Config::default()));
    assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
    let size = match result {
        Ok(output) => output.files.iter().map(|(_, content)| content.len()).sum(),
        Err(found) => found.render(false).len(),
    };
    assert!(size < MAX_OUTPUT, "{name}: {size} bytes");
}

fn reference(i: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{i}") })
}

fn document(schemas: impl IntoIterator<Item = Value>) -> Source {
    let schemas: serde_json::Map<String, Value> =
        schemas.into_iter().enumerate().map(|(i, schema)| (format!("S{i}"), schema)).collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Limits", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "get", "responses": { "200": {
            "description": "One.",
            "content": { "application/json": { "schema": reference(0) } },
        } } } } },
        "components": { "schemas": schemas },
    });
    Source::new("limits.json", document.to_string())
}

/// A chain of schemas: each is made of the next one, whose reference it has several times.
fn chain(length: usize, link: impl Fn(usize, Value) -> Value) -> Source {
    let last = json!({ "type": "object", "properties": { "end": { "type": "string" } } });
    document((0..=length).map(|i| match i == length {
        true => last.clone(),
        false => link(i, reference(i + 1)),
    }))
}

#[test]
fn references_that_multiply_are_bounded() {
    let property = |i: usize| json!({ "properties": { format!("p{i}"): { "type": "string" } } });
    for (name, source) in [
        ("allOf", chain(LONG, |_, next| json!({ "allOf": [next, next] }))),
        (
            "allOf of properties",
            chain(LONG, |i, next| json!({ "allOf": [next, next, property(i)] })),
        ),
        ("oneOf", chain(LONG, |_, next| json!({ "oneOf": [next, next] }))),
        ("anyOf", chain(LONG, |_, next| json!({ "anyOf": [next, next, { "type": "string" }] }))),
        (
            "anyOf of lists",
            chain(LONG, |_, next| json!({ "anyOf": [next, { "type": "array", "items": next }] })),
        ),
        (
            "properties",
            chain(
                LONG,
                |_, next| json!({ "required": ["a", "b"], "properties": { "a": next, "b": next } }),
            ),
        ),
        (
            "tuples",
            chain(
                LONG,
                |_, next| json!({ "type": "array", "prefixItems": [next, next], "items": false, "minItems": 2 }),
            ),
        ),
        (
            "tuples of several types",
            chain(
                LONG,
                |_, next| json!({ "type": "array", "prefixItems": [next, { "type": "boolean" }, next], "minItems": 3 }),
            ),
        ),
        (
            "not",
            chain(LONG, |_, next| json!({ "type": "object", "not": { "anyOf": [next, next] } })),
        ),
        (
            "if",
            chain(
                LONG,
                |_, next| json!({ "type": "object", "if": next, "then": next, "else": next }),
            ),
        ),
        (
            "contains",
            chain(
                LONG,
                |_, next| json!({ "type": "array", "items": next, "contains": { "allOf": [next, next] } }),
            ),
        ),
        (
            "siblings",
            chain(
                LONG,
                |_, next| json!({ "allOf": [next], "properties": { "a": next, "b": next } }),
            ),
        ),
        (
            "allOf of oneOf",
            chain(
                LONG,
                |i, next| json!({ "allOf": [{ "oneOf": [property(i), next] }, { "oneOf": [next, { "type": "object" }] }] }),
            ),
        ),
        (
            "oneOf of allOf",
            chain(
                LONG,
                |i, next| json!({ "oneOf": [{ "allOf": [next, property(i)] }, { "allOf": [next, { "required": ["end"] }] }] }),
            ),
        ),
    ] {
        bounded(name, source);
    }
    let either = |i: usize| json!({ "oneOf": [property(i), property(i + 1000)] });
    bounded("product", document([json!({ "allOf": (0..30).map(either).collect::<Vec<_>>() })]));
}

/// Layers of schemas, each of which has all of the next layer.
fn layers(depth: usize, width: usize, link: impl Fn(usize, Vec<Value>) -> Value) -> Source {
    let last = |i: usize| json!({ "type": "object", "required": [format!("p{i}")], "properties": { format!("p{i}"): { "type": "string" } } });
    document((0..depth * width).map(|i| {
        let next = (i / width + 1) * width;
        match next < depth * width {
            true => link(i, (next..next + width).map(reference).collect()),
            false => last(i),
        }
    }))
}

#[test]
fn layers_that_multiply_are_bounded() {
    for (name, source) in [
        ("unions", layers(12, 8, |_, next| json!({ "oneOf": next }))),
        ("members", layers(12, 8, |_, next| json!({ "allOf": next }))),
        (
            "tuples",
            layers(12, 8, |_, next| json!({ "type": "array", "prefixItems": next, "minItems": 8 })),
        ),
        (
            "objects",
            layers(12, 8, |i, next| {
                let properties: serde_json::Map<String, Value> =
                    next.into_iter().enumerate().map(|(n, next)| (format!("q{n}"), next)).collect();
                json!({ "properties": properties, "required": ["q0", format!("r{i}")] })
            }),
        ),
        ("impossible", {
            let all: Vec<Value> = (0..20).map(|i| json!(format!("q{i}"))).collect();
            let object = |i: usize| {
                let properties: serde_json::Map<String, Value> =
                    (0..20).map(|n| (format!("q{n}"), reference(i))).collect();
                json!({ "type": "object", "required": all, "properties": properties })
            };
            document([
                json!({ "oneOf": [reference(1), reference(2)], "allOf": [reference(2)] }),
                object(1),
                object(2),
            ])
        }),
        (
            "secrets",
            document([
                json!({ "properties": { "a": { "allOf": [reference(1)], "writeOnly": true } } }),
                json!({ "type": "array", "items": reference(1) }),
            ]),
        ),
    ] {
        bounded(name, source);
    }
}

/// Each rule decides about one variant, and leaves the others to the next one.
#[test]
fn rules_in_each_other_are_bounded() {
    let string = json!({ "type": "string" });
    let ladder = |i: usize| {
        let names: Vec<String> = (0..=i).map(|n| format!("p{n}")).collect();
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.clone(), string.clone())).collect();
        json!({ "type": "object", "required": names, "properties": properties })
    };
    let tagged = |i: usize| {
        let tags =
            if i == 0 { vec!["a".to_owned(), "b".to_owned()] } else { vec![format!("t{i}")] };
        json!({ "type": "object", "required": ["tag", format!("p{i}")], "properties": {
            "tag": { "enum": tags }, format!("p{i}"): string
        } })
    };
    for (name, variants) in [
        ("ladder", (0..30).map(ladder).collect::<Vec<_>>()),
        ("presence", (0..150).map(tagged).collect()),
    ] {
        bounded(name, document([json!({ "oneOf": variants })]));
    }
}

#[test]
fn circles_end() {
    let [a, b] = [reference(0), reference(1)];
    for (name, schemas) in [
        ("allOf", [json!({ "allOf": [a, b] }), json!({ "allOf": [a, b] })]),
        ("oneOf", [json!({ "oneOf": [a, b] }), json!({ "oneOf": [a, b, { "items": a }] })]),
        (
            "both",
            [
                json!({ "allOf": [{ "oneOf": [a, b] }, { "anyOf": [b, a] }] }),
                json!({ "allOf": [{ "oneOf": [a, b] }], "properties": { "a": a } }),
            ],
        ),
        ("references", [b.clone(), a.clone()]),
        ("not", [json!({ "not": b }), json!({ "not": a })]),
        (
            "parts",
            [
                json!({ "properties": { "a": { "$ref": "#/components/schemas/S0/properties/a/properties/b" } } }),
                a.clone(),
            ],
        ),
        ("conditions", [json!({ "if": a, "then": b, "else": a }), json!({ "if": b, "then": a })]),
    ] {
        bounded(name, document(schemas));
    }
}

#[test]
fn callbacks_that_multiply_are_bounded() {
    let item = |i: usize, more: Value| {
        json!({ "{$url}": { "post": {
            "operationId": format!("o{i}"),
            "responses": { "204": { "description": "None." } },
            "callbacks": more,
        } } })
    };
    let next = |i: usize| json!({ "$ref": format!("#/components/callbacks/C{i}") });
    let callbacks: serde_json::Map<String, Value> = (0..=LONG)
        .map(|i| {
            let more = if i == LONG {
                json!({ "a": next(0) })
            } else {
                json!({ "a": next(i + 1), "b": next(i + 1) })
            };
            (format!("C{i}"), item(i, more))
        })
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Callbacks", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "a", "responses": { "204": { "description": "None." } }, "callbacks": { "c": next(0) } } } },
        "components": { "callbacks": callbacks },
    });
    bounded("callbacks", Source::new("callbacks.json", document.to_string()));
}

#[test]
fn aliases_are_bounded() {
    let end = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}\n";
    let levels = |first: &str, next: &dyn Fn(&str) -> String| -> String {
        let level = |i: usize| format!("x{i}: &a{i} {}\n", next(&format!("*a{}", i - 1)));
        format!("x0: &a0 {first}\n{}{end}", (1..12).map(level).collect::<String>())
    };
    let ten = |alias: &str| [alias; 10].join(", ");
    let sources = [
        ("lists", levels("[1, 1]", &|alias| format!("[{}]", ten(alias)))),
        (
            "maps",
            levels("{ a: 1 }", &|alias| {
                let entries: Vec<String> = (0..10).map(|i| format!("k{i}: {alias}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
        ),
        (
            "merge keys",
            levels("{ a: 1 }", &|alias| {
                format!("{{ <<: [{}], k: {alias}, l: {alias} }}", ten(alias))
            }),
        ),
        (
            "a long string",
            format!(
                "s: &s {}\nx: [{}]\n{end}",
                "a".repeat(1 << 20),
                vec!["*s"; 100_000].join(", ")
            ),
        ),
        ("itself", format!("a: &a [*a, *a]\n{end}")),
    ];
    for (name, source) in sources {
        let started = Instant::now();
        let tree = Source::new("aliases.yaml", source.as_str()).tree();
        assert!(tree.is_err(), "{name} is accepted");
        bounded(name, Source::new("aliases.yaml", source));
        assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
    }
    // Ordinary aliases are copies.
    let shared = format!("a: &a {{ b: [1, 2] }}\nc: [{}]\n{end}", ["*a"; 1000].join(", "));
    assert!(Source::new("shared.yaml", shared).tree().is_ok());
}

#[test]
fn nesting_is_bounded() {
    for (name, source) in [
        ("objects", "{\"a\":".repeat(100_000)),
        ("lists", format!("a: {}", "[".repeat(100_000))),
        ("dashes", "- ".repeat(50_000) + "a"),
        ("questions", "? ".repeat(20_000) + "a"),
        ("blocks", (0..1000).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
    ] {
        bounded(name, Source::new("deep.yaml", source));
    }
    for (name, depth, wrap) in [
        ("properties", 58, (|inner| json!({ "properties": { "a": inner } })) as fn(Value) -> Value),
        ("arrays", 120, |inner| json!({ "type": "array", "items": inner })),
        ("maps", 120, |inner| json!({ "type": "object", "additionalProperties": inner })),
        (
            "tuples",
            60,
            |inner| json!({ "type": "array", "prefixItems": [inner, { "type": "boolean" }] }),
        ),
        ("not", 120, |inner| json!({ "type": "object", "not": inner })),
        ("if", 120, |inner| json!({ "type": "object", "if": inner })),
        ("allOf", 60, |inner| json!({ "allOf": [inner, { "description": "More." }] })),
        ("oneOf", 60, |inner| json!({ "oneOf": [inner, { "type": "boolean" }] })),
        ("anyOf", 40, |inner| json!({ "anyOf": [{ "items": inner }, { "required": ["a"] }] })),
    ] {
        let schema = (0..depth).fold(json!({ "type": "string" }), |inner, _| wrap(inner));
        let source = document([schema]);
        assert!(source.tree().is_ok(), "{name} is nested too deeply for this test");
        bounded(name, source);
    }
}

#[test]
fn long_lists_and_strings_are_bounded() {
    let names = |count: usize| (0..count).map(|i| format!("v{i}")).collect::<Vec<_>>();
    let patterns = [
        "((a{1000}){1000}){1000}".to_owned(),
        "(".repeat(5000) + "a" + &")".repeat(5000),
        "(a*)*".repeat(5000),
        "(a|".repeat(2000) + "b" + &")".repeat(2000),
        "[a-z]{0,100000}".to_owned(),
        format!("[^{}]", "\\d\\w\\s".repeat(5000)),
        "\\u{111111111111111111}".to_owned(),
    ];
    let of_patterns: serde_json::Map<String, Value> = patterns
        .iter()
        .enumerate()
        .map(|(i, pattern)| (format!("p{i}"), json!({ "type": "string", "pattern": pattern })))
        .collect();
    let variant = |name: &String| json!({ "required": [name], "properties": { name.as_str(): { "type": "string" } } });
    let numbers = r#"{ "properties": {
        "a": { "type": "integer", "maximum": 1e400, "minimum": -1e308, "default": 1e999 },
        "b": { "type": "number", "multipleOf": 0 },
        "c": { "type": "string", "maxLength": 1000000000000000000000000, "minLength": -1 },
        "d": { "type": "array", "items": {}, "minItems": 1000000000000000000, "maxItems": 1.5 },
        "e": { "type": "integer", "multipleOf": 1e-300, "enum": [1e50, 1] }
    } }"#;
    let numbers = numbers.replace("1e400", &"9".repeat(400)).replace("1e999", &"9".repeat(999));
    for (name, source) in [
        ("values", document([json!({ "type": "string", "enum": names(2000) })])),
        (
            "variants",
            document([json!({ "oneOf": names(200).iter().map(variant).collect::<Vec<_>>() })]),
        ),
        ("patterns", document([json!({ "type": "object", "properties": of_patterns })])),
        (
            "strings",
            document([
                json!({ "type": "string", "enum": ["v".repeat(1 << 20)], "description": "`[a](b".repeat(50_000) }),
            ]),
        ),
    ] {
        bounded(name, source);
    }
    let source =
        document([Value::Null]).content.replace("\"S0\":null", &format!("\"S0\":{numbers}"));
    bounded("numbers", Source::new("numbers.json", source));
}
