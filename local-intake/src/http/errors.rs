//! The bodies of error responses, which differ between sending and reading.

use std::collections::BTreeMap;

use datadog_ci_pipelines::models::{ApiErrors, HttpError, HttpErrors};
use specwright_server::axum::Json;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::{Problem, Rejection, RejectionBody, ValidationError};

/// A response with the error body of the operations that read.
pub(super) struct ReadError(pub(super) Rejection);

impl From<Rejection> for ReadError {
    fn from(rejection: Rejection) -> Self {
        Self(rejection)
    }
}

impl IntoResponse for ReadError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, self.0.headers.clone(), Json(untyped(&self.0))).into_response()
    }
}

/// Returns the error body for rejections that the OpenAPI document does not describe.
pub(super) fn default_body(rejection: &Rejection) -> RejectionBody {
    RejectionBody::json("application/json", &untyped(rejection))
}

fn untyped(rejection: &Rejection) -> BTreeMap<&'static str, Vec<String>> {
    BTreeMap::from([("errors", messages(rejection))])
}

fn messages(rejection: &Rejection) -> Vec<String> {
    rejection.problems.iter().map(ToString::to_string).collect()
}

/// Returns the error body of the operation that sends events.
pub(super) fn http_errors(rejection: &Rejection) -> HttpErrors {
    let title = StatusCode::from_u16(rejection.status).ok();
    let title = title.and_then(|status| status.canonical_reason()).unwrap_or("Error");
    let error = |problem: &Problem| {
        let mut error = HttpError::default();
        error.detail = Some(problem.to_string());
        error.status = Some(rejection.status.to_string());
        error.title = Some(title.to_owned());
        error
    };
    let mut errors = HttpErrors::default();
    errors.errors = Some(rejection.problems.iter().map(error).collect());
    errors
}

/// Returns the error body of the operations that read events.
///
/// # Errors
/// Returns an error if the body has constraints, which the document does not declare.
pub(super) fn api_errors(rejection: &Rejection) -> Result<ApiErrors, ValidationError> {
    ApiErrors::builder().errors(messages(rejection)).build()
}
