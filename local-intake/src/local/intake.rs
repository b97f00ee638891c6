//! Using and stopping an intake.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use datadog_ci_pipelines::models::{SendData, SendDataSingleOrArray, SendRequest};
use datadog_ci_pipelines::{Client, PipelineEvent, RetryPolicy};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::common::IntakeError;
use crate::http::{Fault, RateLimit, RecordedRequest, State};
use crate::store::{StoredEvent, Update};
use crate::time::Clock;

/// A running intake. It stops when this value is dropped.
///
/// ```
/// use datadog_ci_intake::LocalIntake;
/// use datadog_ci_pipelines::PipelineEvent;
/// use datadog_ci_pipelines::models::{Step, StepStatus};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let intake = LocalIntake::start().await?;
/// intake.clock().set("2026-07-14T10:00:00Z".parse()?);
/// let client = intake.client();
///
/// let step = Step::builder()
///     .id("1")
///     .name("cargo test")
///     .pipeline_unique_id("run-1")
///     .pipeline_name("deploy")
///     .start("2026-07-14T09:58:00Z".parse()?)
///     .end("2026-07-14T09:59:00Z".parse()?)
///     .status(StepStatus::Success)
///     .build()?;
/// intake.fail_next(1, 503);
/// assert!(client.send(PipelineEvent::new(step.clone())).await.is_err());
/// client.send(PipelineEvent::new(step)).await?;
///
/// assert_eq!(intake.events().len(), 1);
/// let page = client.search_pipeline_events().query("@duration:60s").send().await?;
/// assert_eq!(page.data.iter().flatten().count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalIntake {
    url: String,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<io::Result<()>>>,
}

impl LocalIntake {
    pub(super) fn new(
        url: String,
        state: Arc<State>,
        stop: oneshot::Sender<()>,
        task: JoinHandle<io::Result<()>>,
    ) -> Self {
        Self { url, state, stop: Some(stop), task: Some(task) }
    }

    /// Returns the base URL, for example `http://127.0.0.1:8127`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a client of this intake, with the API key and application key `local`. Retries are
    /// disabled, so that a test sees every fault.
    ///
    /// # Panics
    /// Never panics: the URL and the keys are valid.
    #[must_use]
    pub fn client(&self) -> Client {
        let client = Client::builder().base_url(&self.url).retry(RetryPolicy::none());
        let client = client.api_key("local").app_key("local");
        #[expect(clippy::expect_used, reason = "the URL and the keys are valid")]
        client.build().expect("a local URL is valid")
    }

    /// Returns the clock, which determines the age of events and relative times.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.state.intake.clock
    }

    /// Returns all events in the order of their first update.
    #[must_use]
    pub fn events(&self) -> Vec<StoredEvent> {
        self.state.intake.store().all()
    }

    /// Returns the number of events.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.state.intake.store().len()
    }

    /// Returns the last updates of an event, in the order they were received:
    /// [`max_history`](crate::LocalIntakeBuilder::max_history) limits their number.
    #[must_use]
    pub fn history(&self, id: &str) -> Vec<Update> {
        self.state.intake.store().history(id).unwrap_or_default()
    }

    /// Returns all requests to the API so far, in the order of their responses.
    ///
    /// The last 100,000 requests are kept, or fewer if they are very large.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.requests.all()
    }

    /// Inserts events of any age without a request.
    ///
    /// # Errors
    /// Returns an error if any event is invalid. In that case no event is inserted.
    pub async fn seed<E: Into<PipelineEvent>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<(), IntakeError> {
        let events = events.into_iter().map(|event| SendData::from(event.into())).collect();
        let data = Some(SendDataSingleOrArray::Array(events));
        let mut request = SendRequest::default();
        request.data = data;
        self.state.seed(request).await
    }

    /// Deletes all events and recorded requests, removes all faults, and resets the clock.
    ///
    /// # Errors
    /// Returns an error if the data directory cannot be written.
    pub async fn reset(&self) -> Result<(), IntakeError> {
        self.state.reset().await
    }

    /// Rejects the next `n` requests with a status.
    pub fn fail_next(&self, n: usize, status: u16) {
        self.queue_faults(vec![Fault::Status { status, retry_after: None }; n]);
    }

    /// Closes the connections of the next `n` requests before they are processed.
    pub fn drop_next(&self, n: usize) {
        self.queue_faults(vec![Fault::Drop; n]);
    }

    /// Queues faults, one for each of the next requests.
    pub fn queue_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state.faults.queue(faults);
    }

    /// Delays every request.
    pub fn set_latency(&self, latency: Duration) {
        self.state.faults.set_latency(latency);
    }

    /// Limits the rate of requests, and adds the rate-limit headers to every response. `None`
    /// removes the limit.
    pub fn set_rate_limit(&self, limit: Option<RateLimit>) {
        self.state.faults.set_rate_limit(limit);
    }

    /// Stops the intake. Waits at most 10 s for requests in progress.
    ///
    /// # Errors
    /// Returns an error if the server failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop = None;
        match self.task.take() {
            Some(task) => task.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }
}
