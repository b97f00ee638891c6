//! Sending events, one or many.

mod all;
mod report;

use specwright_runtime::Response;

use crate::event::PipelineEvent;
use crate::models::{SendData, SendDataSingleOrArray, SendRequest};
use crate::{Client, Error};

pub use all::SendAll;
pub use report::{Outcome, SendAllError, SendReport};

/// How many events one request may carry.
pub const MAX_BATCH: usize = 1000;

impl Client {
    /// Sends one event.
    ///
    /// Sending an event again is harmless: the service knows a run by its level, unique id
    /// and start, and keeps what came last.
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
    /// let begun = RunningJob::builder()
    ///     .id("job-1")
    ///     .name("cargo test")
    ///     .pipeline_unique_id("run-1")
    ///     .pipeline_name("deploy")
    ///     .start("2026-07-14T09:55:00Z".parse()?)
    ///     .url("https://ci.example/jobs/1")
    ///     .build()?;
    /// client.send(PipelineEvent::new(begun).provider_name("my-ci")).await?;
    ///
    /// // Later, the same job: its level, id and start say so.
    /// let over = FinishedJob::builder()
    ///     .id("job-1")
    ///     .name("cargo test")
    ///     .pipeline_unique_id("run-1")
    ///     .pipeline_name("deploy")
    ///     .start("2026-07-14T09:55:00Z".parse()?)
    ///     .end("2026-07-14T09:58:00Z".parse()?)
    ///     .status(JobStatus::Success)
    ///     .url("https://ci.example/jobs/1")
    ///     .build()?;
    /// let answer = client.send(PipelineEvent::new(over).provider_name("my-ci")).await?;
    /// assert_eq!(answer.status(), 202);
    /// # assert_eq!(intake.events().len(), 1);
    /// # assert_eq!(intake.events()[0].attributes["ci"]["status"], "success");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What is not valid is not sent, and the service may refuse what is:
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
    /// // Only the service can tell that an event is too old: it goes by its own clock.
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
    /// Fails where the event is not valid, does not get through, or is rejected.
    pub async fn send(&self, event: impl Into<PipelineEvent>) -> Result<Response<()>, Error> {
        let event = event.into();
        event.validate()?;
        let data = SendDataSingleOrArray::from(SendData::from(event));
        let call = self.create_pipeline_event(request(data));
        whatever_it_says(call.send().await)
    }

    /// Sends any number of events, and says of each what became of it.
    ///
    /// They go in requests of at most [`MAX_BATCH`] events and 5 MiB, several at a time
    /// ([`SendAll::concurrency`]). An event that is not valid is not sent, and one that the
    /// service refuses is found by sending the halves of its batch again; all others go.
    /// Where a request does not get through although it was tried again, no further one is begun.
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
    /// let (place, error) = report.rejected().next().ok_or("none was rejected")?;
    /// assert_eq!((place, report.outcomes()[0].reasons().len()), (0, 1));
    /// assert!(error.to_string().contains("/attributes/resource/end must not be before `start`"));
    ///
    /// // Whoever wants all or an error says so.
    /// let valid = events.split_off(1);
    /// assert_eq!(client.send_all(valid.clone()).await.into_result()?, 1499);
    ///
    /// // What did not get through can be sent again as it is.
    /// # intake.fail_next(2, 503);
    /// let report = client.send_all(valid).await;
    /// assert_eq!(report.not_sent().count(), 1499);
    /// assert!(matches!(report.outcomes()[0], Outcome::NotSent { may_have_arrived: true, .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_all<E: Into<PipelineEvent>>(&self, events: impl IntoIterator<Item = E>) -> SendAll {
        SendAll::new(self.clone(), events.into_iter().map(|event| event.into().into()).collect())
    }
}

fn request(data: SendDataSingleOrArray) -> SendRequest {
    SendRequest { data: Some(data), additional_properties: Default::default() }
}

/// With 202, events are accepted, whatever the body says or however little of it can be read.
fn whatever_it_says<T>(answer: Result<Response<T>, Error>) -> Result<Response<()>, Error> {
    match answer {
        Err(Error::Decode(error)) if error.status == 202 => Ok(error.without_body()),
        other => other.map(|answer| answer.map(drop)),
    }
}
