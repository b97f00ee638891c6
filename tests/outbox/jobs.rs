//! What the tests and the helper process share: jobs, and an outbox that retries quickly.

use std::time::Duration;

use datadog_ci_pipelines::models::{FinishedJob, JobStatus};
use datadog_ci_pipelines::outbox::{Outbox, OutboxBuilder};
use datadog_ci_pipelines::{Client, RetryPolicy};

/// Returns a client of an address. It does not retry, because the outbox does.
pub(crate) fn client(url: &str) -> Client {
    let client = Client::builder().base_url(url).api_key("k").retry(RetryPolicy::none());
    client.build().unwrap()
}

/// Returns a builder of an outbox with short back-off.
pub(crate) fn builder(client: Client) -> OutboxBuilder {
    Outbox::builder(client).max_backoff(Duration::from_millis(20))
}

pub(crate) fn job(id: &str) -> FinishedJob {
    FinishedJob::builder()
        .id(id)
        .name("check-links")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start("2026-07-14T09:05:03Z".parse().unwrap())
        .end("2026-07-14T09:10:31Z".parse().unwrap())
        .status(JobStatus::Success)
        .url("https://ci.example/jobs/1")
        .build()
        .unwrap()
}
