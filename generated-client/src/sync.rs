//! The hand-written methods of the blocking client.

use specwright_runtime::Response;

use crate::Error;
use crate::blocking::Client;
use crate::event::PipelineEvent;
use crate::models::AggregateRequest;
use crate::operations::AggregatePipelineEvents;
use crate::send::SendReport;

/// The counterparts of the async client, for programs without an async runtime.
///
/// ```
/// use datadog_ci_intake::LocalIntake;
/// use datadog_ci_pipelines::blocking::Client;
/// use datadog_ci_pipelines::models::{Compute, Stage};
///
/// type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
///
/// fn report(client: &Client) -> Result<Vec<String>> {
///     for (id, status) in [("s-1", "success"), ("s-2", "error")] {
///         let stage = Stage::builder()
///             .id(id)
///             .name("build")
///             .pipeline_unique_id("run-1")
///             .pipeline_name("deploy")
///             .start("2026-07-14T09:40:00Z".parse()?)
///             .end("2026-07-14T09:50:00Z".parse()?)
///             .status(status);
///         client.send(stage.build()?)?;
///     }
///     let mut failed = Vec::new();
///     for event in client.search_pipeline_events().query("@ci.status:error").from("now-1d").iter() {
///         failed.extend(event?.str("ci.stage.id").map(String::from));
///     }
///     let response = client.aggregate().from("now-1d").compute(Compute::count()).send()?;
///     assert_eq!(response.buckets()[0].number("c0"), Some(2.0));
///     Ok(failed)
/// }
///
/// // In a test: the intake needs a runtime, but this thread is outside it.
/// fn main() -> Result<()> {
///     let runtime = tokio::runtime::Runtime::new()?;
///     let intake = runtime.block_on(LocalIntake::start())?;
///     intake.clock().set("2026-07-14T10:00:00Z".parse()?);
///     // In production: `Client::from_env()?`.
///     let client = Client::new(intake.client())?;
///     assert_eq!(report(&client)?, ["s-2"]);
///     Ok(())
/// }
/// ```
impl Client {
    /// Sends one event; see [`Client::send`](crate::Client::send).
    ///
    /// # Errors
    /// Returns an error if the event is invalid, the request fails, the service rejects it, or the
    /// call is made inside an async runtime.
    pub fn send(&self, event: impl Into<PipelineEvent>) -> Result<Response<()>, Error> {
        self.block_on(|client| client.send(event))?
    }

    /// Sends any number of events; see [`Client::send_all`](crate::Client::send_all).
    ///
    /// # Errors
    /// Returns an error inside an async runtime. The report has one outcome per event.
    pub fn send_all<E: Into<PipelineEvent>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<SendReport, Error> {
        self.block_on(|client| client.send_all(events))
    }

    /// Starts an aggregation; see [`Client::aggregate`](crate::Client::aggregate).
    pub fn aggregate(&self) -> AggregatePipelineEvents<Self> {
        self.aggregate_pipeline_events(AggregateRequest::default())
    }
}
