//! Validation errors of list and aggregation requests, in the service's wording.

use std::fmt::Display;

/// Formats the error for an invalid field.
pub(crate) fn invalid(field: &str, reason: impl Display) -> String {
    format!("input_validation_error(Field '{field}' is invalid: {reason})")
}

/// All validation errors of a request.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl Problems {
    /// Reports an invalid field.
    pub(crate) fn invalid(&mut self, field: &str, reason: impl Display) {
        self.0.push(invalid(field, reason));
    }

    /// Returns the value of a field, or reports the error and returns `None`.
    pub(crate) fn ok<T, E: Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|reason| self.invalid(field, reason)).ok()
    }
}
