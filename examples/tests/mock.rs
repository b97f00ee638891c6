//! A test of code that reads, with responses made by the test.

use std::error::Error;

use datadog_ci_pipelines::models::EventsPage;
use datadog_ci_pipelines::operations::SearchPipelineEvents;
use datadog_ci_pipelines::{ApiError, Client, ErrorBody, Operations, Response};

/// The code under test.
async fn is_green(client: &Client, pipeline: &str) -> Result<bool, datadog_ci_pipelines::Error> {
    let query = format!("@ci.pipeline.name:{pipeline:?} @ci.status:error");
    let mut failed = client.search_pipeline_events().query(query).stream();
    Ok(failed.try_next().await?.is_none())
}

/// Responds that nothing was found for `deploy`, and with an error for other pipelines.
struct OnlyDeploy;

impl Operations for OnlyDeploy {
    async fn search_pipeline_events(
        &self,
        request: SearchPipelineEvents,
    ) -> Result<Response<EventsPage>, datadog_ci_pipelines::Error> {
        let query = request.body.and_then(|body| body.filter?.query).unwrap_or_default();
        match query.starts_with("@ci.pipeline.name:\"deploy\"") {
            true => Ok(Response::new(EventsPage::default())),
            false => {
                let body = ErrorBody::Other("slow down".to_owned());
                Err(ApiError::new("search", 429, body).into())
            }
        }
    }
}

#[tokio::test]
async fn a_pipeline_without_failed_runs_is_green() -> Result<(), Box<dyn Error>> {
    let client = Client::from_test_double(OnlyDeploy);
    assert!(is_green(&client, "deploy").await?);
    let error = is_green(&client, "nightly").await.err().ok_or("no error")?;
    assert_eq!(error.status(), Some(429));
    Ok(())
}
