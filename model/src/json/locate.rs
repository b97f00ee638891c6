//! Where in a document an error lies: from the line and column that serde_json
//! reports to a JSON pointer. Only error reports come here, so decoding itself
//! carries no path.

use std::cell::Cell;

use super::scan::{Entries, Scan};
use super::view::{JsonView, unquote};

thread_local! {
    static FRAGMENT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Notes that a value of this length, decoded apart from its document, did not fit.
///
/// serde_json gives the error its position only behind the value, and behind the bracket
/// that closes the object around it if the value is its last: the position alone cannot tell
/// the two apart. Values that end at one place differ in length, so the length can. It goes
/// beside the error because serde's errors carry nothing but text.
pub(crate) fn note_fragment(length: usize) {
    FRAGMENT.set(Some(length));
}

/// The JSON pointer (RFC 6901) of the value that an error is about, which must be the latest
/// error on this thread.
pub(crate) fn pointer_of(text: &str, error: &serde_json::Error) -> String {
    pointer_at(text, error.line(), error.column(), FRAGMENT.take())
}

/// The JSON pointer of the innermost value that is being read, or was just read, at `line`
/// and `column` as serde_json counts them: both from one, in bytes.
fn pointer_at(text: &str, line: usize, column: usize, fragment: Option<usize>) -> String {
    let target = offset_at(text, line, column);
    let mut pointer = String::new();
    let mut scan = Scan::new(text);
    let mut push = |step: &str| {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    };
    // Each turn steps into the one child whose text reaches the target.
    while let Some((step, child)) = step_into(scan, target) {
        push(&step);
        scan = child;
    }
    let value = scan.value().unwrap_or_default();
    if fragment.is_some_and(|length| length != value.len())
        && let Some((name, last)) = last_child(value)
        && fragment == Some(last.len())
    {
        push(&name);
    }
    pointer
}

/// The byte at a line and column as serde_json counts them.
pub fn offset_at(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    start.saturating_add(column).min(text.len())
}

/// The last entry of an object or array.
fn last_child(value: &str) -> Option<(String, &str)> {
    if let Some((key, value)) = Entries::new(value).last() {
        return Some((unquote(key)?.into_owned(), value));
    }
    let (index, value) = JsonView::new(value).elements().enumerate().last()?;
    Some((index.to_string(), value.as_json()))
}

/// The child that holds the target, with its name; `None` where the target lies in
/// no child: in a scalar, or at the brackets of the value itself.
fn step_into(mut scan: Scan<'_>, target: usize) -> Option<(String, Scan<'_>)> {
    let object = scan.take(b'{');
    if !object && !scan.take(b'[') {
        return None;
    }
    let mut index = 0_usize;
    loop {
        let name = if object {
            let key = scan.string()?;
            if !scan.take(b':') {
                return None;
            }
            unquote(key)?.into_owned()
        } else {
            index.to_string()
        };
        scan.peek()?;
        let child = scan;
        // The error of a bracket where another value belongs lies right before it.
        if child.position() > target {
            return None;
        }
        if scan.value().is_none() || scan.position() >= target {
            return Some((name, child));
        }
        if !scan.take(b',') {
            return None;
        }
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer_of_error<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        let error = serde_json::from_str::<T>(text).expect_err("the text must not fit");
        pointer_at(text, error.line(), error.column(), None)
    }

    #[test]
    fn the_value_that_does_not_fit_is_named() {
        type Nested =
            std::collections::BTreeMap<String, Vec<std::collections::BTreeMap<String, i64>>>;
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1},{"b~/c":"x"}]}"#), "/a/1/b~0~1c");
        assert_eq!(pointer_of_error::<Nested>("{\n \"a\": [\n  {\"b\": true}\n ]\n}"), "/a/0/b");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[7]}"#), "/a/0");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":{"b":1}}"#), "/a");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1}, []]}"#), "/a/1");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a": [{"b":[1]}]}"#), "/a/0/b");
        assert_eq!(pointer_of_error::<Nested>(r#"{"a":[{"b":1},"#), "/a");
        assert_eq!(pointer_of_error::<Nested>("[]"), "");
        assert_eq!(pointer_of_error::<Nested>(""), "");
    }
}
