//! Overlays whose actions are expensive.

use std::time::Instant;

use serde_json::{Value, json};
use specwright::{Config, Input, Source};

use super::MAX_TIME;

/// A document with a list of objects.
fn with_list(length: usize) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "List", "version": "1" },
        "paths": {},
        "x-list": (0..length).map(|i| json!({ "a": i })).collect::<Vec<_>>(),
    })
}

fn input(document: &Value, actions: &[Value]) -> Input {
    let overlay = json!({
        "overlay": "1.1.0",
        "info": { "title": "Work", "version": "1" },
        "actions": actions,
    });
    let source = Source::new("list.json", document.to_string());
    let overlays = vec![Source::new("overlay.json", overlay.to_string())];
    Input { overlays, ..Input::new(source, Config::default()) }
}

#[test]
fn elements_are_moved_once() {
    let actions = [
        json!({ "target": "$['x-list'][?@.a<25000]", "remove": true }),
        json!({ "target": "$['x-list'][*]", "update": { "b": 1 } }),
    ];
    let started = Instant::now();
    assert!(specwright::bundle(&input(&with_list(50_000), &actions)).is_ok());
    assert!(started.elapsed() < MAX_TIME, "{:?}", started.elapsed());
}

#[test]
fn expensive_expressions_are_errors() {
    let target = |target: String| json!({ "target": target, "remove": true });
    let patterns = |i: usize| target(format!("$..[?search(@.b, '([a-z]{{1,900}}){{{i}}}')]"));
    let first = |i: usize| json!({ "target": "$['x-list'][0]", "remove": true, "description": i.to_string() });
    for (name, actions, expected) in [
        (
            "filters in each other",
            vec![target(format!("$..[?{}@.a{}", "@..[?".repeat(59), "]".repeat(60)))],
            "too deeply nested; the limit is 8 levels",
        ),
        ("large patterns", (500..800).map(patterns).collect(), "too expensive"),
        ("moved elements", (0..2_000).map(first).collect(), "too expensive"),
    ] {
        let mut document = with_list(10_000);
        document["x-list"][0]["b"] = "abc".into();
        let started = Instant::now();
        let found = specwright::bundle(&input(&document, &actions)).err();
        let found = found.map(|found| found.render(false)).unwrap_or_default();
        assert!(found.contains(expected), "{name}: {found:.500}");
        assert!(found.contains("overlay.json:1:"), "{name}: {found:.500}");
        assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
    }
}
