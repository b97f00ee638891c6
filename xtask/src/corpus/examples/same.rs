//! When a value that was decoded and encoded again is the same.
//!
//! - Numbers are by value: `1` is `1.0`.
//! - Texts that are moments (RFC 3339) are by moment, because moments are written in UTC.
//! - A property that is `null` is the same as none, because optional ones do not tell these
//!   apart unless the configuration asks for it.
//! - Properties may come in any order, elements may not.

use serde_json::{Number, Value};

use super::time;

/// The JSON pointer of the first place where two values are not the same; none if they are.
pub(super) fn difference(came: &Value, back: &Value) -> Option<String> {
    match (came, back) {
        (Value::Object(came), Value::Object(back)) => {
            for (key, value) in came {
                let found = match back.get(key) {
                    Some(other) => difference(value, other),
                    None if value.is_null() => None,
                    None => Some(String::new()),
                };
                if let Some(rest) = found {
                    return Some(within(key, &rest));
                }
            }
            back.keys().find(|key| !came.contains_key(*key)).map(|key| within(key, ""))
        }
        (Value::Array(came), Value::Array(back)) => {
            if came.len() != back.len() {
                return Some(String::new());
            }
            let pairs = came.iter().zip(back).enumerate();
            pairs.into_iter().find_map(|(i, (came, back))| {
                difference(came, back).map(|rest| format!("/{i}{rest}"))
            })
        }
        (Value::Number(came), Value::Number(back)) => differs(equal_numbers(came, back)),
        (Value::String(came), Value::String(back)) => {
            let moments = || Some(time::moment(came)? == time::moment(back)?);
            differs(came == back || moments().unwrap_or(false))
        }
        _ => differs(came == back),
    }
}

/// Whether two numbers have one value.
pub(super) fn equal_numbers(a: &Number, b: &Number) -> bool {
    a == b || a.as_f64().is_some_and(|a| Some(a) == b.as_f64())
}

fn differs(same: bool) -> Option<String> {
    (!same).then(String::new)
}

fn within(key: &str, rest: &str) -> String {
    format!("/{}{rest}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_the_same() {
        for (came, back) in [
            (json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": 1.0})),
            (json!({"a": null}), json!({})),
            (json!("2024-08-22T11:36:29-07:00"), json!("2024-08-22T18:36:29Z")),
        ] {
            assert_eq!(difference(&came, &back), None, "{came} {back}");
        }
    }

    #[test]
    fn what_is_not() {
        for (came, back, place) in [
            (json!({"a": {"b/c": 1}}), json!({"a": {"b/c": 2}}), "/a/b~1c"),
            (json!({"a": 0}), json!({}), "/a"),
            (json!({}), json!({"a": null}), "/a"),
            (json!([1]), json!([1, 1]), ""),
            (json!([1, "x"]), json!([1, "y"]), "/1"),
            (json!(9007199254740993_u64), json!(9007199254740995_u64), ""),
            (json!("2024-08-22T11:36:29Z"), json!("2024-08-22T11:36:30Z"), ""),
            (json!("1"), json!(1), ""),
        ] {
            assert_eq!(difference(&came, &back).as_deref(), Some(place), "{came} {back}");
        }
    }
}
