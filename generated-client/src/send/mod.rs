//! Sending events.
//!
//! | module | responsibility |
//! |---|---|
//! | `all` | sends many events, in batches |
//! | `failure` | what a failed request means |
//! | `report` | the outcome of each event |
//! | `request` | one request and its response |

mod all;
mod failure;
mod report;
mod request;

use specwright_runtime::{Call, JsonObject, Response, Validator};

use crate::event::PipelineEvent;
use crate::models::SendData;
use crate::rules::check_sent;
use crate::{Client, Error, ErrorBody};
use all::events_of;
use request::{request, without_body};

pub use all::SendAll;
#[cfg(any(feature = "outbox", feature = "reporter"))]
pub(crate) use failure::{explain, is_permanent};
pub use report::{Outcome, SendAllError, SendReport};
pub use request::MAX_BATCH;

impl Client {
    /// Sends one event.
    ///
    /// Sending an event again is harmless: the service identifies a run by level, unique id and
    /// start, and keeps the latest event.
    ///
    /// ```
    /// use datadog_ci_pipelines::PipelineEvent;
    /// use datadog_ci_pipelines::models::{FinishedJob, JobStatus, RunningJob};
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// let running = RunningJob::builder()
    ///     .id("job-1")
    ///     .name("cargo test")
    ///     .pipeline_unique_id("run-1")
    ///     .pipeline_name("deploy")
    ///     .start("2026-07-14T09:55:00Z".parse()?)
    ///     .url("https://ci.example/jobs/1")
    ///     .build()?;
    /// client.send(PipelineEvent::new(running).provider_name("my-ci")).await?;
    ///
    /// // Later, the same job, identified by level, id and start.
    /// let finished = FinishedJob::builder()
    ///     .id("job-1")
    ///     .name("cargo test")
    ///     .pipeline_unique_id("run-1")
    ///     .pipeline_name("deploy")
    ///     .start("2026-07-14T09:55:00Z".parse()?)
    ///     .end("2026-07-14T09:58:00Z".parse()?)
    ///     .status(JobStatus::Success)
    ///     .url("https://ci.example/jobs/1")
    ///     .build()?;
    /// let response = client.send(PipelineEvent::new(finished).provider_name("my-ci")).await?;
    /// assert_eq!(response.status(), 202);
    /// # assert_eq!(intake.events().len(), 1);
    /// # assert_eq!(intake.events()[0].attributes["ci"]["status"], "success");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Invalid events are not sent. The service may reject valid ones:
    ///
    /// ```
    /// use datadog_ci_pipelines::models::{Step, StepStatus};
    /// use datadog_ci_pipelines::{Error, ErrorBody};
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// let mut step = Step::builder()
    ///     .id("step-1")
    ///     .name("lint")
    ///     .pipeline_unique_id("run-1")
    ///     .pipeline_name("deploy")
    ///     .start("2026-07-10T09:00:00Z".parse()?)
    ///     .end("2026-07-10T08:00:00Z".parse()?)
    ///     .status(StepStatus::Success)
    ///     .build()?;
    /// match client.send(step.clone()).await {
    ///     Err(Error::Validation(error)) => {
    ///         let violation = &error.violations()[0];
    ///         assert_eq!(violation.pointer, "/attributes/resource/end");
    ///         assert_eq!(violation.message, "must not be before `start`");
    ///     }
    ///     other => panic!("{other:?}"),
    /// }
    ///
    /// // Only the service knows that an event is too old, because it uses its own clock.
    /// step.end = "2026-07-10T09:30:00Z".parse()?;
    /// match client.send(step).await {
    ///     Err(Error::Api(error)) => {
    ///         assert_eq!(error.status, 400);
    ///         let ErrorBody::HttpErrors(body) = &error.body else {
    ///             panic!("{error}");
    ///         };
    ///         let detail = body.errors.iter().flatten().next().and_then(|e| e.detail.as_deref());
    ///         assert!(detail.unwrap_or_default().contains("must be within the last 18 hours"));
    ///     }
    ///     other => panic!("{other:?}"),
    /// }
    /// # assert_eq!(intake.requests().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the event is invalid, the request fails, or the service rejects it.
    #[doc(alias = "submit")]
    #[doc(alias = "post")]
    pub async fn send(&self, event: impl Into<PipelineEvent>) -> Result<Response<()>, Error> {
        let call = call(self, event.into())?;
        without_body(call.await)
    }

    /// Sends any number of events and returns one outcome per event.
    ///
    /// Requests have at most [`MAX_BATCH`] events and 5 MiB, several at a time
    /// ([`SendAll::concurrency`]). Invalid events are not sent. A rejected batch is split until the
    /// rejected events are isolated; all others are accepted. If a request still fails after its
    /// retries, no further request is started.
    ///
    /// ```
    /// use datadog_ci_pipelines::{Outcome, PipelineEvent};
    /// use datadog_ci_pipelines::models::{Step, StepStatus};
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// let mut events = Vec::new();
    /// for i in 0..1500 {
    ///     let step = Step::builder()
    ///         .id(format!("step-{i}"))
    ///         .name("cargo test")
    ///         .pipeline_unique_id("run-1")
    ///         .pipeline_name("deploy")
    ///         .start("2026-07-14T09:55:00Z".parse()?)
    ///         // The first is over before it begins.
    ///         .end(if i == 0 { "2026-07-14T09:50:00Z" } else { "2026-07-14T09:58:00Z" }.parse()?)
    ///         .status(StepStatus::Success)
    ///         .build()?;
    ///     events.push(PipelineEvent::new(step));
    /// }
    /// let report = client.send_all(events.clone()).await;
    /// assert_eq!(report.accepted(), 1499);
    /// let (index, error) = report.rejected().next().ok_or("no event was rejected")?;
    /// assert_eq!((index, report.outcomes()[0].reasons().len()), (0, 1));
    /// assert!(error.to_string().contains("/attributes/resource/end must not be before `start`"));
    ///
    /// // To get either all or an error:
    /// let valid = events.split_off(1);
    /// assert_eq!(client.send_all(valid.clone()).await.into_result()?, 1499);
    ///
    /// // Events that were not sent can be sent again.
    /// # intake.fail_next(2, 503);
    /// let report = client.send_all(valid).await;
    /// assert_eq!(report.not_sent().count(), 1499);
    /// assert!(matches!(report.outcomes()[0], Outcome::NotSent { may_have_arrived: true, .. }));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "batch")]
    #[doc(alias = "bulk")]
    pub fn send_all<E: Into<PipelineEvent>>(&self, events: impl IntoIterator<Item = E>) -> SendAll {
        SendAll::new(self.clone(), events.into_iter().map(|event| event.into().into()).collect())
    }
}

/// Returns the call that sends an event.
#[inline]
fn call(client: &Client, event: PipelineEvent) -> Result<Call<JsonObject, ErrorBody>, Error> {
    // Only the rules of the service: building the request checks the schema. All violations are
    // searched for only if there is one.
    let mut checks = Validator::new();
    check_sent(event.as_data(), &mut checks);
    if checks.finish().is_err() {
        event.validate()?;
    }
    let call = client.create_pipeline_event(request(SendData::from(event).into()));
    match call.request() {
        Ok(request) => Ok(call.execute(request)),
        Err(error) => {
            let events = events_of(call.body).into_iter();
            events.map(PipelineEvent::from).try_for_each(|event| event.validate())?;
            Err(error)
        }
    }
}
