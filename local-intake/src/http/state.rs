//! What the API, the control interface and [`LocalIntake`](crate::LocalIntake) share.

use std::sync::Arc;

use datadog_ci_pipelines::models::SendRequest;
use specwright_runtime::Validator;
use specwright_server::{BodyLimiter, Limits, Rejection, decode};

use super::access::RequiredCredentials;
use super::faults::Faults;
use super::insert::{check, insert};
use super::request_log::RequestLog;
use crate::common::IntakeError;
use crate::operations::Intake;

/// The state of a running intake.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) intake: Arc<Intake>,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    /// Limits the bodies of control requests, and of requests that faults reject.
    pub(super) body_limiter: BodyLimiter,
    /// What control requests must have.
    pub(super) credentials: RequiredCredentials,
    /// Ends responses that would go on until the client closes the connection.
    #[cfg(feature = "pages")]
    pub(crate) stopping: tokio::sync::watch::Sender<bool>,
}

impl State {
    pub(crate) fn new(
        intake: Arc<Intake>,
        limits: Limits,
        credentials: RequiredCredentials,
    ) -> Self {
        let (faults, requests) = (Faults::default(), RequestLog::default());
        Self {
            intake,
            faults,
            requests,
            body_limiter: BodyLimiter::new(limits),
            credentials,
            #[cfg(feature = "pages")]
            stopping: tokio::sync::watch::Sender::new(false),
        }
    }

    /// Returns whether a password is accepted, in browsers: the application key, or the API key if only
    /// that is required.
    #[cfg(feature = "pages")]
    pub(crate) fn accepts_password(&self, password: Option<&str>) -> bool {
        self.credentials.accept_password(password)
    }

    /// Returns numbers that differ after events or requests have changed.
    #[cfg(feature = "pages")]
    pub(crate) fn changes(&self) -> [u64; 2] {
        [self.intake.store().statistics().changes(), self.requests.count()]
    }

    /// Inserts the events of a body, which may be of any age, and returns their number.
    pub(super) async fn seed_body(&self, body: &[u8]) -> Result<usize, Rejection> {
        let request =
            decode(body, check).map_err(|problems| Rejection::with_problems(400, problems))?;
        insert(&self.intake, request).await
    }

    /// Inserts events of any age.
    pub(crate) async fn seed(&self, request: SendRequest) -> Result<(), IntakeError> {
        let mut checks = Validator::new();
        check(&mut checks, &request);
        checks
            .finish()
            .map_err(|error| IntakeError::with_source("the events are invalid", error))?;
        let result = insert(&self.intake, request).await;
        result.map(drop).map_err(|rejection| IntakeError::new(rejection.to_string()))
    }

    /// Deletes all events and recorded requests, removes all faults, and resets the clock.
    pub(crate) async fn reset(&self) -> Result<(), IntakeError> {
        self.faults.reset();
        self.requests.clear();
        self.intake.clock.use_system_time();
        self.intake.clear().await
    }
}
