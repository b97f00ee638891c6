//! The end of a scope.

use super::level::{CommonStatus, Level};
use super::result::{Failure, FinalStatus, ScopeResult};
use super::scope::Scope;
use crate::models::{Job, JobStatus, Pipeline, PipelineStatus, Stage, StageStatus};
use crate::reporter::delivery::Delivery;

impl<L: Level> Scope<L> {
    /// Ends the scope with a status, or its name: `finish("success")`. A pipeline returns a
    /// [`Delivery`] to wait for.
    ///
    /// A name that is not a status of the level is reported, and the scope ends with an error.
    #[doc(alias = "end")]
    pub fn finish(mut self, status: impl FinalStatus<L>) -> L::Finished {
        let status = status.resolve().unwrap_or_else(|problem| {
            self.facts.correct(problem);
            L::status(CommonStatus::Error)
        });
        self.close(status);
        L::done(&self.parents)
    }

    /// Ends the scope with success.
    #[doc(alias = "passed")]
    pub fn success(mut self) -> L::Finished {
        self.close(L::status(CommonStatus::Success));
        L::done(&self.parents)
    }

    /// Ends the scope with an error: anything that implements `Display`, such as a string, or a
    /// [`CiError`](crate::models::CiError) with a type and a domain.
    #[doc(alias = "failure")]
    pub fn failed(mut self, error: impl Failure) -> L::Finished {
        self.error(error);
        self.close(L::status(CommonStatus::Error));
        L::done(&self.parents)
    }

    /// Ends the scope with the status of a result.
    fn end(self, result: &impl ScopeResult) -> L::Finished {
        match result.failure() {
            None => self.success(),
            Some(error) => self.failed(error),
        }
    }
}

impl<L: Level<Finished = ()>> Scope<L> {
    /// Ends the scope with the status of a result, and returns the result.
    ///
    /// An exit status other than success is an error, also inside of `Ok` and of an
    /// [`Output`](std::process::Output).
    ///
    /// ```no_run
    /// # fn example(step: datadog_ci_pipelines::reporter::Scope<datadog_ci_pipelines::models::Step>)
    /// # -> std::io::Result<()> {
    /// let status = step.outcome(std::process::Command::new("make").arg("test").status())?;
    /// # drop(status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn outcome<R: ScopeResult>(self, result: R) -> R {
        self.end(&result);
        result
    }
}

impl Scope<Pipeline> {
    /// Ends the run with the status of a result. Returns the result, and the [`Delivery`] to wait
    /// for.
    ///
    /// ```
    /// # use datadog_ci_intake::LocalIntake;
    /// # use datadog_ci_pipelines::Reporter;
    /// fn build() -> Result<(), String> {
    ///     Err("no space left on device".to_owned())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # let reporter = Reporter::new(intake.client());
    /// let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    /// let (result, delivery) = run.outcome(build());
    /// println!("{}", delivery.await);
    /// assert!(result.is_err());
    /// # assert_eq!(intake.events()[0].attributes["ci"]["status"], "error");
    /// # Ok(())
    /// # }
    /// ```
    pub fn outcome<R: ScopeResult>(self, result: R) -> (R, Delivery) {
        let delivery = self.end(&result);
        (result, delivery)
    }
}

/// Statuses that all levels except steps have.
macro_rules! statuses {
    ($($level:ident: $status:ident;)*) => {$(
        impl Scope<$level> {
            /// Ends the scope as not executed.
            pub fn skipped(self) -> <$level as Level>::Finished {
                self.finish($status::Skipped)
            }

            /// Ends the scope as stopped before it was complete.
            #[doc(alias = "cancelled")]
            pub fn canceled(self) -> <$level as Level>::Finished {
                self.finish($status::Canceled)
            }
        }
    )*};
}

statuses! {
    Pipeline: PipelineStatus;
    Stage: StageStatus;
    Job: JobStatus;
}
