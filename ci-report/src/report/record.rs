//! What is known of a scope that has started.

use std::collections::BTreeMap;

use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::models::{CiError, HostInfo};
use serde::{Deserialize, Serialize};

use super::id;
use super::level::Level;
use super::location::{self, Location, Named};
use super::state::ProcessId;
use crate::settings::{Environment, Mask};

/// The W3C Trace Context.
const TRACEPARENT: &str = "TRACEPARENT";

/// A scope that has started. It contains everything that its end needs, which another process may
/// report.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Record {
    pub(crate) level: Level,
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    pub(crate) start: Timestamp,
    /// Its run, stage and job.
    pub(crate) parents: Location,
    #[serde(default)]
    pub(crate) changes: Changes,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) queue_time: Option<u64>,
    #[serde(default)]
    pub(crate) run: RunFacts,
    #[serde(default)]
    pub(crate) node: Node,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    /// The directory whose checkout is read.
    #[serde(default)]
    pub(crate) directory: String,
    /// The scope that the environment of `start` named, such as `job:7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outer: Option<String>,
    /// The job of the CI system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) job_key: Option<String>,
    /// The processes that `start` was run by, the nearest first.
    #[serde(default)]
    pub(crate) processes: Vec<ProcessId>,
}

impl Record {
    /// Returns the level and id, such as `job:7`.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.level, self.id)
    }

    /// Returns the location inside the scope.
    pub(crate) fn location(&self) -> Location {
        let own = || Some(Named { id: self.id.clone(), name: self.name.clone() });
        let mut location = self.parents.clone();
        match self.level {
            Level::Pipeline | Level::Step => {}
            Level::Stage => (location.stage, location.job) = (own(), None),
            Level::Job => location.job = own(),
        }
        location
    }

    /// Returns the variables for the children of the scope; `None` removes one.
    pub(crate) fn variables(
        &self,
        environment: &Environment,
    ) -> Vec<(&'static str, Option<String>)> {
        let Location { run_id, pipeline, stage, job } = self.location();
        let trace = id::traceparent(&run_id, &self.id, environment.get(TRACEPARENT));
        let (stage_id, stage) = stage.map(|stage| (stage.id, stage.name)).unzip();
        let (job_id, job) = job.map(|job| (job.id, job.name)).unzip();
        vec![
            (location::SCOPE, Some(self.key())),
            (location::RUN_ID, Some(run_id)),
            (location::PIPELINE, Some(pipeline)),
            (location::STAGE_ID, stage_id),
            (location::STAGE, stage),
            (location::JOB_ID, job_id),
            (location::JOB, job),
            (TRACEPARENT, Some(trace)),
        ]
    }

    /// Returns whether this scope is inside another one.
    pub(crate) fn is_inside(&self, other: &Self) -> bool {
        let Location { run_id, stage, job, .. } = &self.parents;
        let named = |named: &Option<Named>| named.as_ref().map(|named| named.id.clone());
        match other.level {
            Level::Pipeline => self.level != Level::Pipeline && *run_id == other.id,
            Level::Stage => named(stage).as_ref() == Some(&other.id),
            Level::Job => named(job).as_ref() == Some(&other.id),
            Level::Step => false,
        }
    }
}

/// Facts that only a pipeline has.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct RunFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous_attempt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_manual: Option<bool>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_resumed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) partial_retry: bool,
}

/// What a scope runs on.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Node {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workspace: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<String>,
}

impl From<Node> for HostInfo {
    fn from(node: Node) -> Self {
        let Node { name, hostname, workspace, labels } = node;
        let labels = (!labels.is_empty()).then_some(labels);
        let mut host = Self::default();
        (host.name, host.hostname) = (name, hostname);
        (host.workspace, host.labels) = (workspace, labels);
        host
    }
}

/// What is added to a scope while it is open.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Changes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) measures: Vec<(String, f64)>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dependencies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Fault>,
}

impl Changes {
    /// Adds other changes. Later tags and measures replace earlier ones with the same key.
    pub(crate) fn merge(&mut self, other: Self) {
        let Self { tags, measures, parameters, dependencies, error } = other;
        self.tags.retain(|(key, _)| tags.iter().all(|(new, _)| new != key));
        self.tags.extend(tags);
        self.measures.retain(|(key, _)| measures.iter().all(|(new, _)| new != key));
        self.measures.extend(measures);
        self.parameters.extend(parameters);
        self.dependencies.retain(|id| !dependencies.contains(id));
        self.dependencies.extend(dependencies);
        self.error = error.or(self.error.take());
    }
}

/// Why a scope has failed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stack: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) domain: Option<String>,
}

impl Fault {
    pub(crate) fn new(kind: &str, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), kind: Some(kind.to_owned()), ..Self::default() }
    }
}

impl Fault {
    /// Removes masked values. The API limits the length of some strings, and what is left of a value after
    /// cutting would not be recognized.
    pub(super) fn masked(self, mask: &Mask) -> Self {
        let masked = |string: Option<String>| string.map(|string| mask.apply(string));
        let Self { message, kind, stack, domain } = self;
        Self { message: masked(message), kind: masked(kind), stack: masked(stack), domain }
    }
}

impl From<Fault> for CiError {
    fn from(fault: Fault) -> Self {
        let Fault { message, kind, stack, domain } = fault;
        let domain = domain.map(|domain| domain.as_str().into());
        let mut error = Self::default();
        (error.message, error.r#type) = (message, kind);
        (error.stack, error.domain) = (stack, domain);
        error
    }
}

impl From<CiError> for Fault {
    fn from(error: CiError) -> Self {
        let domain = error.domain.map(|domain| domain.as_str().to_owned());
        Self { message: error.message, kind: error.r#type, stack: error.stack, domain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_values_replace_earlier_ones() {
        let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut changes =
            Changes { tags: vec![tag("a", "1"), tag("b", "1")], ..Changes::default() };
        changes.merge(Changes { tags: vec![tag("a", "2")], ..Changes::default() });
        assert_eq!(changes.tags, [tag("b", "1"), tag("a", "2")]);
        let fault = Fault::new("t", "m");
        changes.merge(Changes { error: Some(fault.clone()), ..Changes::default() });
        changes.merge(Changes::default());
        assert_eq!(changes.error, Some(fault));
    }
}
