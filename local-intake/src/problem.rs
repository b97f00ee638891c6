//! What is wrong with a request to read, in the words of the service.

use std::collections::BTreeMap;
use std::fmt::Display;

use specwright_server::axum::Json;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::{Refusal, RefusalBody};

/// A refusal in the form that the service has for all: an object whose `errors` are texts.
pub(crate) struct Refused(pub(crate) Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, self.0.headers.clone(), Json(errors(&self.0))).into_response()
    }
}

/// The body of a refusal in that form.
pub(crate) fn body(refusal: &Refusal) -> RefusalBody {
    RefusalBody::json("application/json", &errors(refusal))
}

fn errors(refusal: &Refusal) -> BTreeMap<&'static str, Vec<String>> {
    BTreeMap::from([("errors", refusal.problems.iter().map(ToString::to_string).collect())])
}

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
