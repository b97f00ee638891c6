//! JSON pointers (RFC 6901). The only module that escapes their tokens.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde_json::Value;

/// Returns the value at a pointer. `serde_json` allocates for each token of a pointer, and the
/// generator looks up thousands.
pub(crate) fn value_at<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(root);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(root, |value, token| match value {
        Value::Object(entries) if token.contains('~') => entries.get(&unescape(token)),
        Value::Object(entries) => entries.get(token),
        Value::Array(items) => items.get(index(token)?),
        _ => None,
    })
}

/// Returns the index that a token encodes: digits without leading zeros.
fn index(token: &str) -> Option<usize> {
    let is_index = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_index)
}

/// Returns the pointer to the child of a value.
pub(crate) fn child(pointer: &str, key: impl fmt::Display) -> String {
    let mut child = Escaped(String::with_capacity(pointer.len() + 32));
    child.0.push_str(pointer);
    child.0.push('/');
    // Writing to a string does not fail.
    let _ = write!(child, "{key}");
    child.0
}

/// A string to which escaped tokens are written.
struct Escaped(String);

impl fmt::Write for Escaped {
    fn write_str(&mut self, key: &str) -> fmt::Result {
        self.0.push_str(&escape(key));
        Ok(())
    }
}

/// Returns the pointer to the parent of a value. The root is its own parent.
pub(crate) fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Returns the last token of a pointer, unescaped. It is empty for the root.
pub(crate) fn last(pointer: &str) -> String {
    pointer.rsplit_once('/').map_or_else(String::new, |(_, last)| unescape(last))
}

/// Returns the tokens of a pointer, unescaped.
pub(crate) fn tokens(pointer: &str) -> impl DoubleEndedIterator<Item = String> {
    let tokens = pointer.strip_prefix('/').map(|rest| rest.split('/'));
    tokens.into_iter().flatten().map(unescape)
}

/// Escapes a key as a token of a pointer.
pub(crate) fn escape(key: &str) -> Cow<'_, str> {
    match key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        true => key.replace('~', "~0").replace('/', "~1").into(),
        false => key.into(),
    }
}

/// Returns the key that a token of a pointer encodes.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_that_serde_json_returns() {
        let root = serde_json::json!({
            "a/b": { "~": [0, { "": [1] }], "~1": 2 }, "": { "": 3 }, "0": 4, "x": [5, [6]], "/": 7,
        });
        let tokens =
            ["", "a~1b", "~0", "~01", "~1", "0", "1", "01", "+1", "-", "x", "a/b", "~", "1x"];
        let all = |pointers: &[String]| -> Vec<String> {
            let next = |pointer: &String| tokens.map(|token| format!("{pointer}/{token}"));
            pointers.iter().flat_map(next).collect()
        };
        let one = all(&[String::new()]);
        let two = all(&one);
        let mut pointers = [vec!["x".to_owned(), String::new()], one, all(&two), two].concat();
        pointers.sort();
        for pointer in pointers {
            assert_eq!(value_at(&root, &pointer), root.pointer(&pointer), "{pointer}");
        }
        assert_eq!(value_at(&root, "/a~1b/~0/1//0"), Some(&1.into()));
    }

    #[test]
    fn keys_are_escaped_and_unescaped() {
        for key in ["a", "", "a/b", "~", "~1", "/~0"] {
            let pointer = child("/x", key);
            assert_eq!(last(&pointer), key);
            assert_eq!(parent(&pointer), "/x");
            assert_eq!(tokens(&pointer).collect::<Vec<_>>(), ["x", key]);
        }
        assert_eq!(child("", "paths") + &child("", "/pets"), "/paths/~1pets");
        assert_eq!((parent(""), last("").as_str(), tokens("").count()), ("", "", 0));
    }
}
