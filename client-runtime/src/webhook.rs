//! What an API sends by itself, read as its type.

use serde::de::DeserializeOwned;

use specwright_model::union::locate;
use specwright_model::validate::ValidationError;

/// Reads the body of a webhook.
///
/// # Errors
/// Fails with the place in the body that does not fit, and why.
pub fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, ValidationError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| ValidationError::new("", "the body is no text in UTF-8"))?;
    serde_json::from_str(text).map_err(|error| {
        let (pointer, message) = locate(text, &error);
        ValidationError::new(pointer, message)
    })
}

/// There is no webhook of this name.
pub fn unknown_webhook(name: &str) -> ValidationError {
    ValidationError::new("", format!("the description has no webhook or callback `{name}`"))
}
