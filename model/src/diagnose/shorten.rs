//! Values of a document in messages.

use crate::json::Kind;

/// The number of characters of a value that are shown.
const MAX_SHOWN: usize = 160;

/// Describes a value that was found.
pub(super) fn found(json: &str) -> String {
    match Kind::of(json) {
        Kind::Null => "null".to_owned(),
        Kind::Boolean => format!("boolean `{json}`"),
        Kind::Number if json.contains(['.', 'e', 'E']) => format!("number `{}`", short(json)),
        Kind::Number => format!("integer `{}`", short(json)),
        Kind::String => format!("string {}", short(json)),
        Kind::Array => "an array".to_owned(),
        Kind::Object => "an object".to_owned(),
    }
}

/// The beginning of a string of the document.
pub(super) fn short(string: &str) -> String {
    match string.char_indices().nth(MAX_SHOWN) {
        Some(_) => string.chars().take(MAX_SHOWN / 2).chain("…".chars()).collect(),
        None => string.to_owned(),
    }
}
