//! What is wrong with a request to read, in the words of the service.

use std::fmt::Display;

/// That a field is not valid, and why.
pub(crate) fn invalid(field: &str, reason: impl Display) -> String {
    format!("input_validation_error(Field '{field}' is invalid: {reason})")
}
