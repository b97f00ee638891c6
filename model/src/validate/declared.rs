//! The locations of values of enums that a caller gave as strings, although they are not declared.

use serde_json::Value;

use super::{ValidationError, Validator};
use crate::scalar::{Collecting, is_any, placeholder};

/// Encodes a value as JSON, unless it has values of enums that are not declared.
///
/// # Errors
/// Returns an error that lists these values with their locations within the JSON value `name`.
pub fn encoded<J: AsRef<[u8]>>(
    name: &str,
    encode: impl FnOnce() -> serde_json::Result<J>,
) -> Result<serde_json::Result<J>, ValidationError> {
    if !is_any() {
        return Ok(encode());
    }
    let collecting = Collecting::start();
    let json = encode();
    let found = collecting.finish();
    if let (Ok(json), false) = (&json, found.is_empty()) {
        let mut checks = Validator::new();
        let value = serde_json::from_slice(json.as_ref()).unwrap_or_default();
        match name {
            "" => report(&mut checks, &value, &found),
            _ => checks.field(name, Some(&value), |checks, value| report(checks, value, &found)),
        }
        // The placeholders must not be sent, even if they were not found.
        checks.require(!checks.violations.is_empty(), found.join("; "));
        checks.finish()?;
    }
    Ok(json)
}

/// Reports the placeholders in a value.
fn report(checks: &mut Validator, value: &Value, found: &[String]) {
    match value {
        Value::Array(items) => checks.items(items, |checks, item| report(checks, item, found)),
        Value::Object(entries) => {
            checks.entries(entries, |checks, value| report(checks, value, found))
        }
        Value::String(string) => {
            let message = found.iter().enumerate().find(|(i, _)| *string == placeholder(*i));
            message.into_iter().for_each(|(_, message)| checks.report(message));
        }
        _ => {}
    }
}
