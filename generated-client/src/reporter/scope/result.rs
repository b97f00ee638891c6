//! Results that decide the status of a scope.

use std::any::Any;
use std::fmt::Display;
use std::process::{ExitStatus, Output};

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
