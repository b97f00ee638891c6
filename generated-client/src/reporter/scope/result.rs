//! Results, errors and statuses that decide how a scope ends.

use std::any::Any;
use std::fmt::Display;
use std::process::{ExitStatus, Output};

use super::level::Level;
use crate::models::{
    CiError, Job, JobStatus, Pipeline, PipelineStatus, Stage, StageStatus, Step, StepStatus,
};

/// A result of work, with which [`Scope::outcome`](super::Scope::outcome) ends a scope.
///
/// A command that could be run and has failed is a failure: `Command::status()` and
/// `Command::output()` return `Ok` for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not determine the status of a scope",
    label = "neither a success nor a failure",
    note = "pass a `Result` whose error implements `Display`, an `ExitStatus` or an `Output`; or end \
            the scope with `success()`, `failed(…)` or `finish(…)`"
)]
pub trait ScopeResult {
    /// Returns why the work failed, or `None` if it succeeded.
    fn failure(&self) -> Option<String>;
}

impl ScopeResult for ExitStatus {
    fn failure(&self) -> Option<String> {
        // With the exit code or the signal.
        (!self.success()).then(|| self.to_string())
    }
}

impl ScopeResult for Output {
    fn failure(&self) -> Option<String> {
        self.status.failure()
    }
}

impl<T: 'static, E: Display> ScopeResult for Result<T, E> {
    fn failure(&self) -> Option<String> {
        match self {
            Err(error) => Some(error.to_string()),
            Ok(value) => {
                let value: &dyn Any = value;
                let status = value.downcast_ref::<ExitStatus>();
                let output = value.downcast_ref::<Output>().map(|output| &output.status);
                status.or(output).and_then(ScopeResult::failure)
            }
        }
    }
}

/// What a scope failed with: anything that implements `Display`, such as a string or an error, or a
/// [`CiError`] with more details.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be reported as an error",
    label = "neither `Display` nor a `CiError`",
    note = "pass a string, an error or a `CiError`"
)]
pub trait Failure {
    /// Returns the error to report.
    fn into_error(self) -> CiError;
}

impl Failure for CiError {
    fn into_error(self) -> CiError {
        self
    }
}

impl<T: Display> Failure for T {
    fn into_error(self) -> CiError {
        self.to_string().into()
    }
}

/// A final status of a level: a value of its enum, such as [`JobStatus::Success`], or its name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a final status of this level",
    label = "expected a status of this level",
    note = "pass a status, such as `JobStatus::Success` for a job, or its name: `\"success\"`"
)]
pub trait FinalStatus<L: Level> {
    /// Returns the status.
    ///
    /// # Errors
    /// Returns a message if the name is not that of a status.
    fn resolve(self) -> Result<L::Status, String>;
}

macro_rules! statuses {
    ($($level:ident: $status:ident;)*) => {$(
        impl FinalStatus<$level> for $status {
            fn resolve(self) -> Result<$status, String> {
                Ok(self)
            }
        }
    )*};
}

statuses! {
    Pipeline: PipelineStatus;
    Stage: StageStatus;
    Job: JobStatus;
    Step: StepStatus;
}

impl<L: Level> FinalStatus<L> for &str {
    fn resolve(self) -> Result<L::Status, String> {
        L::named(self).ok_or_else(|| {
            let (level, values) = (L::NAME, L::STATUSES.join(", "));
            format!("`{self}` is not a status of a {level} ({values}); sent as an error")
        })
    }
}

impl<L: Level> FinalStatus<L> for String {
    fn resolve(self) -> Result<L::Status, String> {
        FinalStatus::<L>::resolve(self.as_str())
    }
}
