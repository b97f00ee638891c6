//! Sending events, one or many.

use std::fmt;

use specwright_runtime::{Check, Checks, Response};

use crate::event::PipelineEvent;
use crate::models::{SendData, SendDataSingleOrArray, SendRequest};
use crate::{Client, Error};

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
    /// Fails where the event is not valid, does not get through, or is refused.
    pub async fn send(&self, event: impl Into<PipelineEvent>) -> Result<Response<()>, Error> {
        let event = event.into();
        event.validate()?;
        self.post(SendDataSingleOrArray::from(SendData::from(event))).await
    }

    /// Sends any number of events, in requests of at most [`MAX_BATCH`], one after the other.
    ///
    /// All events are validated before the first is sent. Returns how many were sent.
    ///
    /// ```
    /// use datadog_ci_pipelines::models::{Step, StepStatus};
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// let mut steps = Vec::new();
    /// for i in 0..1500 {
    ///     let step = Step::builder()
    ///         .id(format!("step-{i}"))
    ///         .name("cargo test")
    ///         .pipeline_unique_id("run-1")
    ///         .pipeline_name("deploy")
    ///         .start("2026-07-14T09:55:00Z".parse()?)
    ///         .end("2026-07-14T09:58:00Z".parse()?)
    ///         .status(StepStatus::Success)
    ///         .build()?;
    ///     steps.push(step);
    /// }
    /// # intake.faults([datadog_ci_intake::Fault::None]);
    /// # intake.fail_next(1, 503);
    /// // The second of two requests fails here, and the error says where to go on.
    /// let error = client.send_all(steps.clone()).await.unwrap_err();
    /// assert_eq!((error.accepted, error.total), (1000, 1500));
    /// assert_eq!(error.error.status(), Some(503));
    ///
    /// let sent = client.send_all(steps.split_off(error.accepted)).await?;
    /// assert_eq!(sent, 500);
    /// # assert_eq!(intake.events().len(), 1500);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails where one of the events is not valid, and then sends none of them; or with the
    /// first request that does not get through or is refused, and then says how many events
    /// were accepted before.
    pub async fn send_all<E: Into<PipelineEvent>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<usize, SendAllError> {
        let events: Vec<PipelineEvent> = events.into_iter().map(Into::into).collect();
        let total = events.len();
        let mut checks = Checks::new();
        checks.items(&events, |checks, event| event.check(checks));
        let stopped = |accepted, error| SendAllError { accepted, total, error };
        checks.finish().map_err(|error| stopped(0, error.into()))?;
        let mut events = events.into_iter().map(SendData::from);
        let mut accepted = 0;
        while accepted < total {
            let batch: Vec<SendData> = events.by_ref().take(MAX_BATCH).collect();
            let size = batch.len();
            self.post(batch.into()).await.map_err(|error| stopped(accepted, error))?;
            accepted += size;
        }
        Ok(total)
    }

    async fn post(&self, data: SendDataSingleOrArray) -> Result<Response<()>, Error> {
        let body = SendRequest { data: Some(data), additional_properties: Default::default() };
        Ok(self.create_pipeline_event(body).send().await?.map(drop))
    }
}

/// Why not all events were sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct SendAllError {
    /// How many events were accepted; they are the first of those given.
    pub accepted: usize,
    /// How many events were given.
    pub total: usize,
    /// Why the next request failed. If it timed out, its events may have been accepted too.
    pub error: Error,
}

impl fmt::Display for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} events were sent: {}", self.accepted, self.total, self.error)
    }
}

impl std::error::Error for SendAllError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
