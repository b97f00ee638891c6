//! What the API, the control interface and a test's own process share.

use std::fmt;
use std::sync::Arc;

use datadog_ci_pipelines::models::SendRequest;
use specwright_runtime::{Check as _, Checks};
use specwright_server::{Gate, Refusal, decode};

use crate::event;
use crate::faults::Faults;
use crate::intake::Intake;
use crate::requests::Requests;
use crate::service::keep;

/// What the API and the control interface share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) intake: Arc<Intake>,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
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
    /// Takes in the events of a body, of any age.
    pub(crate) async fn seed_body(&self, body: &[u8]) -> Result<usize, Refusal> {
        let request = decode(body, check).map_err(|problems| Refusal::of(400, problems))?;
        keep(&self.intake, request).await
    }

    /// Takes in events of any age.
    pub(crate) async fn seed(&self, request: SendRequest) -> Result<(), IntakeError> {
        let mut checks = Checks::new();
        check(&mut checks, &request);
        checks.finish().map_err(|error| IntakeError(error.to_string()))?;
        let kept = keep(&self.intake, request).await;
        kept.map(drop).map_err(|refusal| IntakeError(refusal.to_string()))
    }

    /// Forgets everything, and lets nothing go wrong any more.
    pub(crate) async fn reset(&self) -> Result<(), IntakeError> {
        self.faults.reset();
        self.requests.reset();
        self.intake.clock.free();
        self.intake.reset().await.map_err(|error| IntakeError(error.to_string()))
    }
}

/// The rules of events, whatever their age.
fn check(checks: &mut Checks, request: &SendRequest) {
    request.check(checks);
    event::check(request, None, checks);
}
