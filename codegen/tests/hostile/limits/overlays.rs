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
