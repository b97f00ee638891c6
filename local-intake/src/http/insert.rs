//! Validating and inserting the events of a request.

use datadog_ci_pipelines::models::{SendDataSingleOrArray, SendRequest};
use specwright_runtime::{Validate as _, Validator};
use specwright_server::Rejection;

use crate::event::check_request;
use crate::operations::Intake;
use crate::store::Submission;

/// Validates events of any age: the schema and the rules beyond it.
pub(super) fn check(checks: &mut Validator, request: &SendRequest) {
    request.check(checks);
    check_request(request, None, checks);
}

/// Inserts the events of a validated request, and returns their number.
pub(super) async fn insert(intake: &Intake, request: SendRequest) -> Result<usize, Rejection> {
    let events = submissions(request)
        .map_err(|error| Rejection::new(400, format!("the body is not valid JSON: {error}")))?;
    let count = events.len();
    intake.insert(events).await.map_err(|error| {
        let error = error.chain();
        tracing::error!(%error, "cannot store events");
        Rejection::new(503, format!("the events could not be stored: {error}"))
    })?;
    Ok(count)
}

fn submissions(request: SendRequest) -> Result<Vec<Submission>, serde_json::Error> {
    let events = match request.data {
        Some(SendDataSingleOrArray::Single(event)) => vec![event],
        Some(SendDataSingleOrArray::Array(events)) => events,
        Some(_) | None => Vec::new(),
    };
    let attributes = events.iter().filter_map(|event| event.attributes.as_ref());
    attributes.map(|attributes| serde_json::to_string(attributes).map(Submission::new)).collect()
}
