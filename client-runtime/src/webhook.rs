//! Decoding of webhook bodies.

use serde::de::DeserializeOwned;

use specwright_model::union::locate;
use specwright_model::validate::ValidationError;

/// Decodes the body of a webhook.
///
/// # Errors
/// Returns an error with the JSON pointer of the invalid value, and the reason.
pub fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, ValidationError> {
    let json = std::str::from_utf8(body).map_err(|_| ValidationError::new("", "is not UTF-8"))?;
    serde_json::from_str(json).map_err(|error| {
        let (pointer, message) = locate(json, &error);
        ValidationError::new(pointer, message)
    })
}

/// Returns the error for a webhook that the OpenAPI document does not define.
pub fn unknown_webhook(name: &str) -> ValidationError {
    ValidationError::new("", format!("is for an unknown webhook or callback `{name}`"))
}
