//! A scope before it starts.

use std::time::Duration;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::facts::Facts;
use super::level::Level;
use super::scope::Scope;
use crate::models::{HostInfo, Job, ParentPipeline, Pipeline, PreviousPipeline, Stage, Step};
use crate::reporter::git::GitFacts;

/// A pipeline, stage, job or step before it starts, with what is already known of it.
///
/// [`start`](Self::start) returns the [`Scope`]. What only a scope can do does not compile before:
///
/// ```compile_fail
/// # use datadog_ci_pipelines::Reporter;
/// # fn example(reporter: &Reporter) {
/// // error: this scope has not been started: call `.start()` first
/// reporter.pipeline("deploy", "https://ci.example/run/1").success();
/// # }
/// ```
#[must_use = "nothing is reported before `start`"]
pub struct ScopeBuilder<L: Level> {
    origin: L::Origin,
    facts: Facts,
    start: Option<Timestamp>,
}

impl<L: Level> ScopeBuilder<L> {
    pub(in crate::reporter) fn new(origin: L::Origin, name: String, url: Option<String>) -> Self {
        Self { origin, facts: Facts::new(L::NAME, name, url), start: None }
    }

    /// Starts the scope. Pipelines and jobs are reported as running at once; stages and steps when
    /// they end, because the API has no running events for them.
    pub fn start(self) -> Scope<L> {
        let mut scope = self.reopen();
        scope.send_running();
        scope
    }

    /// Continues a scope that another process has started. It is not reported as running again, only
    /// when it ends. Set the same id, name, URL, parents and start time as in the other process: the
    /// end replaces what was reported before.
    ///
    /// ```
    /// # use datadog_ci_intake::LocalIntake;
    /// use datadog_ci_pipelines::Reporter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # let client = intake.client();
    /// let reporter = Reporter::new(client);
    /// let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    /// let (id, start) = (run.id().to_owned(), run.started_at());
    /// run.hand_over().await;
    ///
    /// // In another process:
    /// let run = reporter.pipeline("deploy", "https://ci.example/run/1").unique_id(id);
    /// let report = run.start_at(start).reopen().success().await;
    /// assert_eq!(report.accepted, 1); // only the end
    /// # assert_eq!(intake.event_count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reopen(self) -> Scope<L> {
        let Self { origin, mut facts, start } = self;
        let parents = L::enter(origin, &mut facts);
        let start = start.unwrap_or_else(|| parents.run.clock.now());
        Scope::begin(facts, parents, start)
    }

    /// Sets the start time, without queue time. Defaults to the time of [`start`](Self::start).
    pub fn start_at(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// Sets the node that it runs on. Defaults to the node of the parent.
    pub fn node(mut self, node: HostInfo) -> Self {
        self.facts.node = Some(Box::new(node));
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.facts.tag(key.as_ref(), value.as_ref());
        self
    }

    /// Adds a metric.
    pub fn metric(mut self, key: impl AsRef<str>, value: impl Into<f64>) -> Self {
        self.facts.metric(key.as_ref(), value.into());
        self
    }

    /// Adds a parameter that it was started with. Parameters are stored as sent: add no secrets.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.parameters.insert(name.into(), value.into());
        self
    }
}

/// Setters that several levels have, but not all.
macro_rules! setters {
    ($($level:ty: $($method:ident)*;)*) => {$(
        impl ScopeBuilder<$level> {
            $(setters!(@ $method);)*
        }
    )*};
    (@ id) => {
        /// Sets the id, which is unique among its level in the run. Defaults to a random id.
        pub fn id(mut self, id: impl Into<String>) -> Self {
            self.facts.set_id(id.into());
            self
        }
    };
    (@ queue_time) => {
        /// Sets how long it waited before it started.
        pub fn queue_time(mut self, time: Duration) -> Self {
            self.facts.queue_time(time);
            self
        }
    };
    (@ depends_on) => {
        /// Adds the id of a scope that had to end before this one could start.
        pub fn depends_on(mut self, id: impl Into<String>) -> Self {
            self.facts.dependencies.push(id.into());
            self
        }
    };
    (@ url) => {
        /// Sets the URL in the web interface of the CI system.
        pub fn url(mut self, url: impl Into<String>) -> Self {
            self.facts.set_url(url.into());
            self
        }
    };
}

setters! {
    Pipeline: queue_time;
    Stage: id queue_time depends_on;
    Job: id queue_time depends_on;
    Step: id url;
}

impl ScopeBuilder<Pipeline> {
    /// Sets the unique id of the run. Each run and each retry has its own, because runs with the
    /// same id overwrite each other; the pipeline name is therefore not accepted. Defaults to a
    /// random id.
    pub fn unique_id(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        if id == self.facts.name {
            self.facts.correct(
                "the unique id equals the name, so runs would overwrite each other; using a random id",
            );
        } else {
            self.facts.set_id(id);
        }
        self
    }

    /// Sets the id of the run in the CI system. Retries may share it.
    pub fn pipeline_id(mut self, id: impl Into<String>) -> Self {
        self.facts.pipeline.pipeline_id = Some(id.into());
        self
    }

    /// Sets the commit. Missing properties are taken from the reporter.
    pub fn git(mut self, git: impl Into<GitFacts>) -> Self {
        self.origin = self.origin.with_git(git.into());
        self
    }

    /// Sets the run that started this one. Its unique id is enough.
    pub fn parent_pipeline(mut self, parent: impl Into<ParentPipeline>) -> Self {
        self.facts.pipeline.parent = Some(parent.into());
        self
    }

    /// Sets the run that this one repeats. Its unique id is enough.
    pub fn previous_attempt(mut self, attempt: impl Into<PreviousPipeline>) -> Self {
        self.facts.pipeline.previous_attempt = Some(attempt.into());
        self
    }

    /// Declares the run a repetition of some jobs of an earlier attempt. Such runs are excluded
    /// from statistics.
    pub fn partial_retry(mut self) -> Self {
        self.facts.pipeline.partial_retry = true;
        self
    }

    /// Sets whether a person started the run.
    pub fn manual(mut self, is_manual: bool) -> Self {
        self.facts.pipeline.is_manual = Some(is_manual);
        self
    }

    /// Declares the run the continuation of a blocked run.
    pub fn resumed(mut self) -> Self {
        self.facts.pipeline.is_resumed = Some(true);
        self
    }
}

/// Creates references to other runs from their unique ids.
macro_rules! from_unique_id {
    ($($model:ident)*) => {$(
        impl From<&str> for $model {
            fn from(unique_id: &str) -> Self {
                unique_id.to_owned().into()
            }
        }

        impl From<String> for $model {
            fn from(unique_id: String) -> Self {
                Self { id: unique_id, url: None, additional_properties: Default::default() }
            }
        }
    )*};
}

from_unique_id!(ParentPipeline PreviousPipeline);
