//! From what is sent to what is searched.

mod attributes;
mod check;
mod git;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt;

use serde_json_borrow::{ObjectAsVec, Value};

use crate::time::date_time;

pub(crate) use attributes::{Attributes, Datum, visit};
pub use check::{MAX_AGE, check};
pub use tree::attributes;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A whole run.
    Pipeline,
    /// A group of jobs.
    Stage,
    /// A unit of work.
    Job,
    /// A command of a job.
    Step,
}

impl Level {
    /// The level of a name that is sent.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Pipeline, Self::Stage, Self::Job, Self::Step]
            .into_iter()
            .find(|level| level.name() == name)
    }

    /// The name as it is sent and searched.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Job => "job",
            Self::Step => "step",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A JSON object that borrows the text that it was read from.
pub type Object<'a> = ObjectAsVec<'a>;

/// One event as it was sent: the attributes of the request, of which `resource` is one.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// `env`, `provider_name`, `service` and `resource`.
    pub attributes: &'a Object<'a>,
    /// The pipeline, stage, job or step.
    pub resource: &'a Object<'a>,
    /// Its level.
    pub level: Level,
}

impl<'a> Sent<'a> {
    /// Takes apart the `attributes` of a request that the schema has been checked against.
    #[must_use]
    pub fn of(attributes: &'a Value<'a>) -> Option<Self> {
        let attributes = attributes.as_object()?;
        let resource = attributes.get("resource")?.as_object()?;
        let level = Level::of(resource.get("level")?.as_str()?)?;
        Some(Self { attributes, resource, level })
    }

    /// What tells the resource from others of its level.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        let name = if self.level == Level::Pipeline { "unique_id" } else { "id" };
        self.resource.get(name)?.as_str()
    }

    /// The id of the pipeline that it is, or that it is part of.
    #[must_use]
    pub fn pipeline_id(&self) -> Option<&'a str> {
        let name = if self.level == Level::Pipeline { "unique_id" } else { "pipeline_unique_id" };
        self.resource.get(name)?.as_str()
    }

    /// Whether it is not over yet.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.resource.get("status").and_then(Value::as_str) == Some("running")
    }

    /// The tags of the resource.
    pub fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let tags = self.resource.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// What it is ordered by: its end, or its start while it runs.
    #[must_use]
    pub fn timestamp(&self) -> Option<i64> {
        self.end().filter(|_| !self.is_running()).or_else(|| self.start())
    }

    /// When it began, in nanoseconds since 1970.
    #[must_use]
    pub fn start(&self) -> Option<i64> {
        self.moment("start")
    }

    /// When it was over; none while it runs.
    #[must_use]
    pub fn end(&self) -> Option<i64> {
        self.moment("end")
    }

    fn moment(&self, name: &str) -> Option<i64> {
        date_time(self.resource.get(name)?.as_str()?)
    }
}
