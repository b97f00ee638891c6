//! JSON pointers (RFC 6901). The only module that escapes their tokens.

use std::borrow::Cow;
use std::fmt;

/// Returns the pointer to the child of a value.
pub(crate) fn child(pointer: &str, key: impl fmt::Display) -> String {
    format!("{pointer}/{}", escape(&key.to_string()))
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
    match key.contains(['~', '/']) {
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
