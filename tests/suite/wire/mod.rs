//! Models in JSON: documented and recorded bodies, decoded and encoded again.
//!
//! | module | responsibility |
//! |---|---|
//! | `enums` | string enums |
//! | `fixtures` | the bodies in `fixtures/wire` |
//! | `nullable` | `null` is read as absent |
//! | `spec` | helper: the schemas of the OpenAPI document |
//! | `unknown` | unknown values, properties and variants |

mod enums;
mod fixtures;
mod nullable;
mod spec;
mod unknown;

use std::error::Error;
use std::path::PathBuf;

use datadog_ci_pipelines::jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

/// Decodes JSON into a model and encodes the model.
fn again<T: DeserializeOwned + Serialize>(json: &Value) -> Result<Value, serde_json::Error> {
    // Uses strings like requests and responses do. `from_value` uses other code.
    let model: T = serde_json::from_str(&json.to_string())?;
    serde_json::from_str(&serde_json::to_string(&model)?)
}

/// Returns the folder of the bodies.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/wire")
}

/// Returns one body.
fn fixture(name: &str) -> Result<Value, Box<dyn Error>> {
    let json = std::fs::read_to_string(folder().join(name))
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok(serde_json::from_str(&json)?)
}

/// Returns the pointers where two JSON values differ. Date-times are compared as timestamps, because
/// offsets are not kept. Everything else must be equal.
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
fn only_date_times_are_compared_by_value() {
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
