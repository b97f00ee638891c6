//! What the API, the control interface and a test's own process share.

use std::fmt;
use std::sync::Arc;

use datadog_ci_pipelines::models::SendRequest;
use serde::de::DeserializeOwned;
use specwright_runtime::{Check, Checks};
use specwright_server::Gate;

use crate::event;
use crate::faults::Faults;
use crate::intake::Intake;
use crate::service::submissions;

/// What the API and the control interface share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Arc<Intake>,
    pub(crate) faults: Faults,
    /// What the bodies of control requests go through.
    pub(crate) gate: Gate,
}

/// Why an intake could not be started, or does not keep its events any more.
#[derive(Debug)]
pub struct IntakeError(pub(crate) String);

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IntakeError {}

impl Shared {
    /// Takes in the events of a body.
    pub(crate) async fn seed_text(&self, body: &str) -> Result<usize, Vec<String>> {
        let request: SendRequest = sound(body).map_err(|error| vec![error.to_string()])?;
        self.seed(request).await
    }

    /// Takes in events of any age that have not been checked.
    pub(crate) async fn seed(&self, request: SendRequest) -> Result<usize, Vec<String>> {
        let mut checks = Checks::new();
        request.check(&mut checks);
        event::check(&request, None, &mut checks);
        checks.finish().map_err(|error| {
            error.violations().iter().map(ToString::to_string).collect::<Vec<_>>()
        })?;
        let events = submissions(request).map_err(|error| vec![error.to_string()])?;
        let count = events.len();
        self.intake.accept(events).await.map_err(|error| vec![error.to_string()])?;
        Ok(count)
    }

    /// Forgets everything, and lets nothing go wrong any more.
    pub(crate) async fn reset(&self) -> Result<(), IntakeError> {
        self.faults.reset();
        self.intake.clock.free();
        self.intake.reset().await.map_err(|error| IntakeError(error.to_string()))
    }
}

/// Reads JSON all of which can be worked with, also where it is kept as text.
fn sound<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str::<serde_json::Value>(text)?;
    serde_json::from_str(text)
}
