//! Documents that contain integers outside of structs, such as a body that is a list of integers.

use serde::de::DeserializeOwned;

use super::integer::whole;
use crate::json::Scan;

/// Decodes a JSON document. Integers are accepted in any notation, at any depth.
///
/// The properties of structs decode their integers themselves, so only few documents need this.
/// They are decoded again, after the integers were written in the usual notation: a second
/// deserializer would have to be compiled for every body.
///
/// # Errors
/// Returns an error if it is not JSON, or not of this type.
pub fn from_str<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str(json).or_else(|error| {
        let plain = if error.is_data() { with_plain_integers(json) } else { None };
        plain.and_then(|json| serde_json::from_str(&json).ok()).ok_or(error)
    })
}

/// Returns a document in which the integers have neither fraction nor exponent, if there are others.
fn with_plain_integers(json: &str) -> Option<String> {
    let mut plain = String::new();
    let (mut scan, mut copied) = (Scan::new(json), 0);
    while let Some(first) = scan.peek() {
        let start = scan.position();
        match first {
            b'{' | b'}' | b'[' | b']' | b':' | b',' => _ = scan.take(first),
            _ => {
                let value = scan.value()?;
                if let Some(integer) = unusual(value) {
                    plain.push_str(json.get(copied..start)?);
                    plain.push_str(&integer.to_string());
                    copied = scan.position();
                }
            }
        }
    }
    plain.push_str(json.get(copied..)?);
    (copied > 0).then_some(plain)
}

/// Returns the integer that has a fraction or an exponent, or is `-0`.
fn unusual(number: &str) -> Option<i64> {
    let is_number = number.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let is_unusual = number == "-0" || number.contains(['.', 'e', 'E']);
    if is_number && is_unusual { number.parse().ok().and_then(whole) } else { None }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn integers_are_accepted_in_any_notation() {
        for (json, expected) in [
            ("[1.0, -2e1, -0, 3]", Some(vec![1, -20, 0, 3])),
            (" [ 1.0 ] ", Some(vec![1])),
            ("[1.5]", None),
            ("[1e30]", None),
            ("[\"1.0\"]", None),
            ("[1.0", None),
            ("[1.0,]", None),
        ] {
            assert_eq!(from_str::<Vec<i64>>(json).ok(), expected, "{json}");
        }
        let map = BTreeMap::from([("1.0, -0".to_owned(), vec![Some(2_u8), None])]);
        assert_eq!(from_str(r#"{"1.0, -0": [2.0, null]}"#).ok(), Some(map));
        assert_eq!(from_str("7.0").ok(), Some(7_i32));
        assert_eq!(from_str::<u8>("256.0").ok(), None);
    }

    #[test]
    fn the_error_is_that_of_the_document() {
        let error = from_str::<Vec<i64>>("[10e1, true]").expect_err("a boolean");
        assert_eq!((error.line(), error.column()), (1, 5));
        assert_eq!(with_plain_integers("[1, 2.5, \"3.0\", true]"), None);
    }
}
