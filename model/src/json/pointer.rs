//! JSON pointers (RFC 6901): the only code that escapes and unescapes them.

use std::borrow::Cow;

/// The number of characters of a pointer that messages show.
const SHOWN: usize = 300;

/// Appends a property name or an index to a pointer.
///
/// ```
/// use specwright_model::json::pointer;
///
/// let mut location = "/a".to_owned();
/// pointer::push(&mut location, "b~/c");
/// assert_eq!(location, "/a/b~0~1c");
/// assert_eq!(pointer::split_last(&location), Some(("/a", "b~/c".into())));
/// ```
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    if token.contains(['~', '/']) {
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(token);
    }
}

/// Returns the pointer of a property of the root.
#[must_use]
pub fn property(name: &str) -> String {
    let mut pointer = String::with_capacity(name.len() + 1);
    push(&mut pointer, name);
    pointer
}

/// Returns the property name or index for a part of a pointer.
#[must_use]
pub fn unescape(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }
}

/// Splits off the last part: the pointer of the container, and the name or index inside it.
#[must_use]
pub fn split_last(pointer: &str) -> Option<(&str, Cow<'_, str>)> {
    let (container, token) = pointer.rsplit_once('/')?;
    Some((container, unescape(token)))
}

/// Shortens a pointer for a message: the start and the end of a long one.
#[must_use]
pub fn shorten(pointer: &str) -> Cow<'_, str> {
    if pointer.len() <= SHOWN {
        return Cow::Borrowed(pointer);
    }
    let half = SHOWN / 2;
    let (Some((head, _)), Some((tail, _))) =
        (pointer.char_indices().nth(half), pointer.char_indices().rev().nth(half))
    else {
        return Cow::Borrowed(pointer);
    };
    if head >= tail {
        return Cow::Borrowed(pointer);
    }
    Cow::Owned(format!("{}\u{2026}{}", &pointer[..head], &pointer[tail..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_round_trip() {
        for token in ["", "a", "~", "/", "~1", "~0/", "é"] {
            let mut pointer = "/x".to_owned();
            push(&mut pointer, token);
            assert_eq!(split_last(&pointer), Some(("/x", token.into())));
        }
        assert_eq!(split_last(""), None);
    }

    #[test]
    fn long_pointers_keep_their_start_and_end() {
        assert_eq!(shorten("/a/b"), "/a/b");
        let long = format!("/start{}/end", "/é".repeat(1000));
        let short = shorten(&long);
        assert!(short.starts_with("/start") && short.ends_with("/end"), "{short}");
        assert!(short.chars().count() <= SHOWN + 2);
    }
}
