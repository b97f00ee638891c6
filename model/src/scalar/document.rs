//! Documents that contain integers outside of structs, such as a body that is a list of integers.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::integer::whole;
use crate::json::{Scan, offset_at};

/// How many integers are rewritten one by one, before all others are: each is a pass over the document.
const ONE_BY_ONE: usize = 4;

/// Decodes a JSON document. Integers are accepted in any notation, at any depth.
///
/// The properties of structs decode their integers themselves, so only few documents need this.
/// They are decoded again, after an integer was written in the usual notation: a second
/// deserializer would have to be compiled for every body. First, only the integers that were
/// refused are rewritten: values of any type keep their notation.
///
/// # Errors
/// Returns an error if it is not JSON, or not of this type.
pub fn from_str<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str(json).or_else(|error| {
        let again = if error.is_data() { with_usual_integers(json, &error) } else { None };
        again.ok_or(error)
    })
}

/// Decodes a document after rewriting integers, of which the error refused the first.
fn with_usual_integers<T: DeserializeOwned>(json: &str, error: &serde_json::Error) -> Option<T> {
    let mut end = offset_at(json, error.line(), error.column());
    let mut rewritten = json.to_owned();
    for _ in 0..ONE_BY_ONE {
        let Some(next) = rewrite(&rewritten, |range| range.start < end && end <= range.end + 1)
        else {
            break;
        };
        rewritten = next;
        match serde_json::from_str(&rewritten) {
            Ok(decoded) => return Some(decoded),
            Err(error) => end = offset_at(&rewritten, error.line(), error.column()),
        }
    }
    serde_json::from_str(&rewrite(&rewritten, |_| true)?).ok()
}

/// Returns a document in which the wanted integers have neither fraction nor exponent, if there are
/// any that have one.
fn rewrite(json: &str, is_wanted: impl Fn(Range<usize>) -> bool) -> Option<String> {
    let mut plain = String::new();
    let (mut scan, mut copied) = (Scan::new(json), 0);
    while let Some(first) = scan.peek() {
        let start = scan.position();
        match first {
            b'{' | b'}' | b'[' | b']' | b':' | b',' => _ = scan.take(first),
            _ => {
                let value = scan.value()?;
                let unusual = unusual(value).filter(|_| is_wanted(start..scan.position()));
                if let Some(integer) = unusual {
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

    use serde_json::value::RawValue;

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
        assert_eq!(rewrite("[1, 2.5, \"3.0\", true]", |_| true), None);
    }

    #[test]
    fn values_of_any_type_keep_their_notation() {
        type Row = (i64, Box<RawValue>, Vec<i64>);
        for json in ["[1.0, 1.0, [-0, 2e1]]", "[ 1e0 ,1.0,[ 0,\n20.0 ] ]", "[1,1.0,[-0,20]]"] {
            let (first, any, rest) = from_str::<Row>(json).expect("a row");
            assert_eq!((first, any.get(), rest), (1, "1.0", vec![0, 20]), "{json}");
        }
        let many = format!("[{}]", vec!["1.0"; 1000].join(","));
        assert_eq!(from_str::<Vec<i64>>(&many).ok(), Some(vec![1; 1000]));
    }
}
