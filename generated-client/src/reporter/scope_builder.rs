//! What is said of a scope before it begins.

use std::time::Duration;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::facts::Facts;
use super::git::GitFacts;
use super::level::Level;
use super::scope::Scope;
use crate::models::{HostInfo, Job, ParentPipeline, Pipeline, PreviousPipeline, Stage, Step};

/// A pipeline, stage, job or step that is about to begin, with what is already known of it.
#[must_use = "nothing begins before `start`"]
pub struct ScopeBuilder<L: Level> {
    origin: L::Origin,
    facts: Facts,
    start: Option<Timestamp>,
}

impl<L: Level> ScopeBuilder<L> {
    pub(super) fn new(origin: L::Origin, name: String, url: Option<String>) -> Self {
        Self { origin, facts: Facts::new(L::NAME, name, url), start: None }
    }

    /// Begins it now, unless it was said to begin at another time. Pipelines and jobs are reported
    /// as running at once; stages and steps when they end, because the service knows no others.
    pub fn start(self) -> Scope<L> {
        let Self { origin, mut facts, start } = self;
        let parents = L::enter(origin, &mut facts);
        let start = start.unwrap_or_else(|| parents.run.clock.now());
        Scope::begin(facts, parents, start)
    }

    /// The moment at which it began, without waiting in a queue: for systems that report later.
    pub fn start_at(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// The machine that it runs on, instead of the one around it.
    pub fn node(mut self, node: HostInfo) -> Self {
        self.facts.node = Some(Box::new(node));
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.facts.tag(key.as_ref(), value.as_ref());
        self
    }

    /// Adds a measure.
    pub fn metric(mut self, key: impl AsRef<str>, value: impl Into<f64>) -> Self {
        self.facts.metric(key.as_ref(), value.into());
        self
    }

    /// Adds a parameter that it was started with. It is stored as sent: no secrets.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.parameters.insert(name.into(), value.into());
        self
    }
}

/// What is the same on several levels, but not on all.
macro_rules! scope_builders {
    ($($level:ty: $($method:ident)*;)*) => {$(
        impl ScopeBuilder<$level> {
            $(scope_builders!(@ $method);)*
        }
    )*};
    (@ id) => {
        /// Its id, instead of one that is made up. Nothing else of its level has it in this run.
        pub fn id(mut self, id: impl Into<String>) -> Self {
            self.facts.set_id(id.into());
            self
        }
    };
    (@ queue_time) => {
        /// How long it has waited before it began.
        pub fn queue_time(mut self, time: Duration) -> Self {
            self.facts.queue_time(time);
            self
        }
    };
    (@ depends_on) => {
        /// Adds what had to end before it could begin, by its id.
        pub fn depends_on(mut self, id: impl Into<String>) -> Self {
            self.facts.dependencies.push(id.into());
            self
        }
    };
    (@ url) => {
        /// Its address in the web interface of the CI system.
        pub fn url(mut self, url: impl Into<String>) -> Self {
            self.facts.url = Some(url.into());
            self
        }
    };
}

scope_builders! {
    Pipeline: queue_time;
    Stage: id queue_time depends_on;
    Job: id queue_time depends_on;
    Step: id url;
}

impl ScopeBuilder<Pipeline> {
    /// The unique id of the run, instead of one that is made up. Every run and every retry has
    /// its own: runs of one id overwrite each other, so the name of the pipeline is not taken.
    pub fn unique_id(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        if id == self.facts.name {
            self.facts.correct(
                "the name is no unique id, because runs would overwrite each other: one is made up",
            );
        } else {
            self.facts.set_id(id);
        }
        self
    }

    /// The id that the CI system itself has for the run; retries may share it.
    pub fn pipeline_id(mut self, id: impl Into<String>) -> Self {
        self.facts.of_pipeline.pipeline_id = Some(id.into());
        self
    }

    /// The commit that is built, instead of the reporter's; what is missing is taken from there.
    pub fn git(mut self, git: impl Into<GitFacts>) -> Self {
        self.origin = self.origin.git_first(git.into());
        self
    }

    /// The run that has started this one; its unique id is enough.
    pub fn parent_pipeline(mut self, parent: impl Into<ParentPipeline>) -> Self {
        self.facts.of_pipeline.parent = Some(parent.into());
        self
    }

    /// The run that this one repeats; its unique id is enough.
    pub fn previous_attempt(mut self, attempt: impl Into<PreviousPipeline>) -> Self {
        self.facts.of_pipeline.previous_attempt = Some(attempt.into());
        self
    }

    /// Only some jobs of an earlier attempt run again. Such runs are left out of statistics.
    pub fn partial_retry(mut self) -> Self {
        self.facts.of_pipeline.partial_retry = true;
        self
    }

    /// Whether a person has started the run.
    pub fn manual(mut self, is_manual: bool) -> Self {
        self.facts.of_pipeline.is_manual = Some(is_manual);
        self
    }

    /// The run goes on with one that was blocked.
    pub fn resumed(mut self) -> Self {
        self.facts.of_pipeline.is_resumed = Some(true);
        self
    }
}

/// Other runs by their unique ids alone.
macro_rules! by_id {
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

by_id!(ParentPipeline PreviousPipeline);
