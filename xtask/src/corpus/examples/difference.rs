//! When a value that was decoded and encoded again equals the original.
//!
//! - Numbers are compared by value: `1` equals `1.0`.
//! - RFC 3339 timestamps are compared as instants, because they are written in UTC.
//! - A `null` property equals an absent one, because optional properties distinguish them only if
//!   the configuration requests it.
//! - The order of properties does not matter, that of elements does.

use serde_json::{Number, Value};

use super::time;
use crate::corpus::pointer::escape;

/// Returns the JSON pointer of the first difference; none if the values are equal.
pub(in crate::corpus) fn difference(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let found = match after.get(key) {
                    Some(other) => difference(value, other),
                    None if value.is_null() => None,
                    None => Some(String::new()),
                };
                if let Some(rest) = found {
                    return Some(within(key, &rest));
                }
            }
            after.keys().find(|key| !before.contains_key(*key)).map(|key| within(key, ""))
        }
        (Value::Array(before), Value::Array(after)) => {
            if before.len() != after.len() {
                return Some(String::new());
            }
            let pairs = before.iter().zip(after).enumerate();
            pairs.into_iter().find_map(|(i, (before, after))| {
                difference(before, after).map(|rest| format!("/{i}{rest}"))
            })
        }
        (Value::Number(before), Value::Number(after)) => differs(equal_numbers(before, after)),
        (Value::String(before), Value::String(after)) => {
            let instants = || Some(time::timestamp(before)? == time::timestamp(after)?);
            differs(before == after || instants().unwrap_or(false))
        }
        _ => differs(before == after),
    }
}

/// Returns whether two numbers have the same value.
pub(super) fn equal_numbers(a: &Number, b: &Number) -> bool {
    a == b || a.as_f64().is_some_and(|a| Some(a) == b.as_f64())
}

fn differs(is_equal: bool) -> Option<String> {
    (!is_equal).then(String::new)
}

fn within(key: &str, rest: &str) -> String {
    format!("/{}{rest}", escape(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_values_have_no_difference() {
        for (before, after) in [
            (json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": 1.0})),
            (json!({"a": null}), json!({})),
            (json!("2024-08-22T11:36:29-07:00"), json!("2024-08-22T18:36:29Z")),
        ] {
            assert_eq!(difference(&before, &after), None, "{before} {after}");
        }
    }

    #[test]
    fn the_first_difference_is_located() {
        for (before, after, pointer) in [
            (json!({"a": {"b/c": 1}}), json!({"a": {"b/c": 2}}), "/a/b~1c"),
            (json!({"a": 0}), json!({}), "/a"),
            (json!({}), json!({"a": null}), "/a"),
            (json!([1]), json!([1, 1]), ""),
            (json!([1, "x"]), json!([1, "y"]), "/1"),
            (json!(9007199254740993_u64), json!(9007199254740995_u64), ""),
            (json!("2024-08-22T11:36:29Z"), json!("2024-08-22T11:36:30Z"), ""),
            (json!("1"), json!(1), ""),
        ] {
            assert_eq!(difference(&before, &after).as_deref(), Some(pointer), "{before} {after}");
        }
    }
}
