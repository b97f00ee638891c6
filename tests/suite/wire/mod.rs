//! The models on the wire: bodies as they are sent and answered, decoded and encoded again.

mod enums;
mod fixtures;
mod kept;
mod nullable;
mod spec;

use std::error::Error;
use std::path::PathBuf;

use datadog_ci_pipelines::jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

/// Decodes JSON into a model and encodes that.
fn again<T: DeserializeOwned + Serialize>(json: &Value) -> Result<Value, serde_json::Error> {
    // From text and into text, as on the wire: `from_value` would take other roads.
    let model: T = serde_json::from_str(&json.to_string())?;
    serde_json::from_str(&serde_json::to_string(&model)?)
}

/// The folder of the bodies.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/wire")
}

/// One body, as JSON.
fn fixture(name: &str) -> Result<Value, Box<dyn Error>> {
    let text = std::fs::read_to_string(folder().join(name))
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok(serde_json::from_str(&text)?)
}

/// Where two JSON values differ, as JSON pointers. Date-times are compared as moments, since
/// an offset is not kept; nothing else is relaxed.
fn differences(left: &Value, right: &Value) -> Vec<String> {
    fn walk(pointer: &str, left: &Value, right: &Value, found: &mut Vec<String>) {
        match (left, right) {
            (Value::Object(a), Value::Object(b)) => {
                let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
                for name in names {
                    let inner = format!("{pointer}/{name}");
                    match (a.get(name), b.get(name)) {
                        (Some(a), Some(b)) => walk(&inner, a, b, found),
                        _ => found.push(format!("{inner} is on one side only")),
                    }
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (i, (a, b)) in a.iter().zip(b).enumerate() {
                    walk(&format!("{pointer}/{i}"), a, b, found);
                }
            }
            (Value::String(a), Value::String(b)) if a != b => {
                match (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
                    (Ok(x), Ok(y)) if x == y => {}
                    _ => found.push(format!("{pointer}: {a:?} against {b:?}")),
                }
            }
            _ if left == right => {}
            _ => found.push(format!("{pointer}: {left} against {right}")),
        }
    }

    let mut found = Vec::new();
    walk("", left, right, &mut found);
    found
}

#[test]
fn the_comparison_relaxes_date_times_and_nothing_else() {
    use serde_json::json;

    let same = |a, b| differences(&a, &b).is_empty();
    assert!(same(
        json!({"t": "2024-08-22T11:36:29-07:00", "n": [1, 2.0]}),
        json!({"n": [1, 2.0], "t": "2024-08-22T18:36:29Z"})
    ));
    assert!(!same(json!("2024-08-22T11:36:29Z"), json!("2024-08-22T11:36:30Z")));
    assert!(!same(json!("a"), json!("b")));
    assert!(!same(json!(154), json!(154.0)));
    assert!(!same(json!([1]), json!([1, 2])));
    assert!(!same(json!({"a": null}), json!({})));
}
