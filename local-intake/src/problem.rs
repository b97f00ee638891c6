//! What is wrong with a request to read, in the words of the service.

use std::fmt::Display;

/// That a field is not valid, and why.
pub(crate) fn invalid(field: &str, reason: impl Display) -> String {
    format!("input_validation_error(Field '{field}' is invalid: {reason})")
}

/// Everything that is wrong with a request.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl Problems {
    /// Notes that a field is not valid, and why.
    pub(crate) fn invalid(&mut self, field: &str, reason: impl Display) {
        self.0.push(invalid(field, reason));
    }

    /// What was found in a field, or nothing and the reason noted.
    pub(crate) fn ok<T, E: Display>(&mut self, field: &str, found: Result<T, E>) -> Option<T> {
        found.map_err(|reason| self.invalid(field, reason)).ok()
    }
}
