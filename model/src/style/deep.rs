//! The style `deepObject`, for queries and forms.

use serde_json::Value;

/// Collects the scalars of a value, each with its path in brackets.
pub(super) fn deep_object(name: String, value: Value, leaves: &mut Vec<(String, String)>) {
    let is_scalar = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_));
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                deep_object(format!("{name}[{key}]"), value, leaves);
            }
        }
        Value::Array(items) if items.iter().all(is_scalar) => {
            leaves.extend(items.into_iter().map(|item| (format!("{name}[]"), plain(item))));
        }
        // Without indices the end of an element could not be recognised.
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                deep_object(format!("{name}[{index}]"), item, leaves);
            }
        }
        scalar => leaves.push((name, plain(scalar))),
    }
}

/// Returns the value of a string, nothing for `null`, and the JSON of any other value.
#[must_use]
pub fn plain(value: Value) -> String {
    match value {
        Value::String(string) => string,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
