//! Where decoding has failed.

use serde::de::Error as _;

use crate::json::pointer_of;

/// An error inside a value that is decoded apart from its document: names the place within
/// the value, since the document's own line and column will only name the value.
pub(super) fn in_fragment(text: &str, error: &serde_json::Error) -> serde_json::Error {
    match locate(text, error) {
        (pointer, message) if pointer.is_empty() => serde_json::Error::custom(message),
        (pointer, message) => serde_json::Error::custom(format_args!("`{pointer}`: {message}")),
    }
}

/// Where in a text decoding has failed, as a JSON pointer, and why. It must be the latest
/// error on this thread.
pub fn locate(text: &str, error: &serde_json::Error) -> (String, String) {
    let (inner, message) = split_pointer(without_position(error));
    (pointer_of(text, error) + &inner, message)
}

/// The message of an error without serde_json's closing line and column.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) if error.line() > 0 => message[..end].to_owned(),
        _ => message,
    }
}

/// Takes apart what [`in_fragment`] has put together.
fn split_pointer(message: String) -> (String, String) {
    message
        .strip_prefix("`/")
        .and_then(|rest| rest.split_once("`: "))
        .map(|(pointer, rest)| (format!("/{pointer}"), rest.to_owned()))
        .unwrap_or((String::new(), message))
}
