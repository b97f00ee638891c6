//! Settings that apply to every event of a reporter.

use crate::PipelineEvent;
use crate::models::HostInfo;
use crate::reporter::delivery::Listener;
use crate::reporter::git::GitFacts;

/// How a scope that is dropped without being finished is reported: after an early return, a panic
/// or an aborted task.
///
/// ```
/// use datadog_ci_pipelines::Reporter;
/// use datadog_ci_pipelines::reporter::OnDrop;
/// # use datadog_ci_intake::LocalIntake;
///
/// fn build(reporter: &Reporter) -> Result<(), std::num::ParseIntError> {
///     let run = reporter.pipeline("deploy", "").start();
///     let job = run.job("build", "").start();
///     "none".parse::<u8>()?; // drops the job and the run
///     job.success();
///     run.success().wait();
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let intake = LocalIntake::start().await?;
/// # let client = intake.client();
/// let reporter = Reporter::new(client).on_drop(OnDrop::Error);
/// assert!(build(&reporter).is_err());
/// assert!(reporter.flush().await.is_complete());
/// # for event in intake.events() {
/// #     assert_eq!(event.attributes["ci"]["status"], "error");
/// # }
/// # assert_eq!(intake.event_count(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDrop {
    /// As an error if the thread panics, otherwise as canceled.
    #[default]
    ByCause,
    /// As canceled. Steps have no such status and are reported as an error that mentions it.
    Canceled,
    /// As an error.
    Error,
}

/// Settings that apply to every event of a reporter.
#[derive(Clone, Debug, Default)]
pub(in crate::reporter) struct Context {
    pub(in crate::reporter) provider_name: Option<String>,
    pub(in crate::reporter) env: Option<String>,
    pub(in crate::reporter) service: Option<String>,
    pub(in crate::reporter) git: Option<GitFacts>,
    /// Invalid settings. Each run reports them.
    pub(in crate::reporter) problems: Vec<String>,
    pub(in crate::reporter) node: Option<Box<HostInfo>>,
    pub(in crate::reporter) tags: Vec<String>,
    pub(in crate::reporter) on_drop: OnDrop,
    pub(in crate::reporter) listener: Listener,
}

impl Context {
    /// Adds the settings to an event.
    pub(super) fn apply(&self, mut event: PipelineEvent) -> PipelineEvent {
        if let Some(name) = &self.provider_name {
            event = event.provider_name(name);
        }
        if let Some(env) = &self.env {
            event = event.env(env);
        }
        if let Some(service) = &self.service {
            event = event.service(service);
        }
        event
    }
}
