//! Events, requests and pages, and the errors of results.

use std::error::Error as StdError;

use datadog_ci_pipelines::models::{FinishedJob, JobStatus, SendRequest};
use datadog_ci_pipelines::{
    ApiError, DecodeError, Error, ErrorBody, PipelineEvent, ValidationError,
};
use serde_json::{Value, json};

pub(crate) type Outcome = Result<(), Box<dyn StdError>>;

/// Returns a valid job.
pub(crate) fn job(id: &str) -> Result<FinishedJob, Box<dyn StdError>> {
    let job = FinishedJob::builder()
        .id(id)
        .name("check-links")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start("2026-07-14T09:05:03Z".parse()?)
        .end("2026-07-14T09:10:31Z".parse()?)
        .status(JobStatus::Success)
        .url("https://ci.example/jobs/1")
        .build()?;
    Ok(job)
}

/// Returns a request that sends one job.
pub(crate) fn one_job() -> Result<SendRequest, Box<dyn StdError>> {
    let data = datadog_ci_pipelines::models::SendData::from(PipelineEvent::new(job("j-1")?));
    Ok(SendRequest::builder().data(data).build()?)
}

/// Returns a page of events with these ids, and the cursor of the next page.
pub(crate) fn page(ids: &[&str], after: Option<&str>) -> Value {
    let events: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "type": "cipipeline", "attributes": {"ci_level": "job"}}))
        .collect();
    let mut page = json!({"data": events, "meta": {"status": "done"}});
    if let Some(after) = after {
        page["meta"]["page"] = json!({"after": after});
    }
    page
}

/// Returns the API error of a result.
pub(crate) fn api_error<T>(result: Result<T, Error>) -> Result<ApiError<ErrorBody>, String> {
    match result {
        Err(Error::Api(error)) => Ok(*error),
        Err(other) => Err(format!("another error: {other:?}")),
        Ok(_) => Err("no error".to_owned()),
    }
}

/// Returns the decoding error of a result.
pub(crate) fn decode_error<T>(result: Result<T, Error>) -> Result<DecodeError, String> {
    match result {
        Err(Error::Decode(error)) => Ok(*error),
        Err(other) => Err(format!("another error: {other:?}")),
        Ok(_) => Err("no error".to_owned()),
    }
}

/// Returns the problems of a configuration error.
pub(crate) fn config_problems<T>(result: Result<T, Error>) -> Result<Vec<String>, String> {
    match result {
        Err(Error::Config(error)) => Ok(error.problems().to_vec()),
        Err(other) => Err(format!("another error: {other:?}")),
        Ok(_) => Err("no error".to_owned()),
    }
}

/// Returns the pointers of the violations of an invalid request.
pub(crate) fn pointers(error: &ValidationError) -> Vec<&str> {
    let violations = error.violations().iter();
    violations.map(|violation| violation.pointer.as_str()).collect()
}
