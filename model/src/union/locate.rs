//! The location of a decoding error in a document with unions, whose values are decoded apart.

use serde::de::Error as _;

use crate::json::{Fragment, Kind, NUMBER, offset_at, pointer_at};

/// Precedes the length of a value that was decoded apart, at the end of the message of its error.
const LENGTH: &str = " (in a union of ";
/// Follows the length.
const BYTES: &str = " bytes)";

/// Returns the error of a value that was decoded apart from its document. Its message contains the
/// location inside the value, since the position of the document's error is the value only.
pub(super) fn in_fragment(json: &str, error: &serde_json::Error) -> serde_json::Error {
    match locate(json, error) {
        (pointer, message) if pointer.is_empty() => serde_json::Error::custom(message),
        (pointer, message) => serde_json::Error::custom(format_args!("`{pointer}`: {message}")),
    }
}

/// Returns the message for the document around a value of this length.
pub(super) fn with_length(length: usize, error: &serde_json::Error) -> String {
    format!("{}{LENGTH}{length}{BYTES}", without_position(error))
}

/// Returns the location of a decoding error as a JSON pointer, and its message.
#[must_use]
pub fn locate(json: &str, error: &serde_json::Error) -> (String, String) {
    let (fragment, message) = split_length(without_position(error));
    let (inner, message) = split_pointer(message);
    let target = offset_at(json, error.line(), error.column());
    (pointer_at(json, target, fragment) + &inner, message)
}

/// Returns the message of an error without serde_json's final line and column.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) if error.line() > 0 => message[..end].to_owned(),
        _ => message,
    }
}

/// Removes what [`with_length`] has added. The errors of a `JsonObject` and of a `Number` contain
/// the JSON type.
fn split_length(message: String) -> (Option<Fragment>, String) {
    let parts = message.strip_suffix(BYTES).and_then(|rest| rest.rsplit_once(LENGTH));
    if let Some((rest, length)) = parts
        && let Ok(length) = length.parse()
    {
        return (Some(Fragment::Length(length)), rest.to_owned());
    }
    let kind = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
        .filter(|(_, expected)| matches!(*expected, "an object" | NUMBER))
        .and_then(|(kind, _)| Kind::from_name(kind));
    (kind.map(Fragment::Kind), message)
}

/// Separates the pointer that [`in_fragment`] has added.
fn split_pointer(message: String) -> (String, String) {
    message
        .strip_prefix("`/")
        .and_then(|rest| rest.split_once("`: "))
        .map(|(pointer, rest)| (format!("/{pointer}"), rest.to_owned()))
        .unwrap_or((String::new(), message))
}
