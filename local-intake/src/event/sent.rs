//! Access to an event as it was sent.

use serde_json_borrow::{ObjectAsVec, Value};

use super::level::Level;
use crate::time::parse_date_time;

/// A JSON object that borrows from the parsed string.
pub(crate) type Object<'a> = ObjectAsVec<'a>;

/// An event as it was sent: the `attributes` of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SentEvent<'a> {
    /// `env`, `provider_name`, `service` and `resource`.
    pub(crate) attributes: &'a Object<'a>,
    /// The pipeline, stage, job or step.
    pub(crate) resource: &'a Object<'a>,
    pub(crate) level: Level,
    start: Option<i64>,
    end: Option<i64>,
}

impl<'a> SentEvent<'a> {
    /// Creates the view of `attributes` that were validated against the schema.
    pub(crate) fn new(attributes: &'a Value<'a>) -> Option<Self> {
        let attributes = attributes.as_object()?;
        let resource = attributes.get("resource")?.as_object()?;
        let level = Level::from_name(resource.get("level")?.as_str()?)?;
        let time = |name| parse_date_time(resource.get(name)?.as_str()?);
        Some(Self { attributes, resource, level, start: time("start"), end: time("end") })
    }

    /// Returns the id, which is unique per level.
    pub(crate) fn id(&self) -> Option<&'a str> {
        let name = if self.level == Level::Pipeline { "unique_id" } else { "id" };
        self.resource.get(name)?.as_str()
    }

    /// Returns the id of the pipeline that this event describes or belongs to.
    pub(crate) fn pipeline_id(&self) -> Option<&'a str> {
        let name = if self.level == Level::Pipeline { "unique_id" } else { "pipeline_unique_id" };
        self.resource.get(name)?.as_str()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.resource.get("status").and_then(Value::as_str) == Some("running")
    }

    /// Returns the tags of the resource.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let tags = self.resource.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns the timestamp that events are ordered by: the end, or the start while running.
    pub(crate) fn timestamp(&self) -> Option<i64> {
        self.end.filter(|_| !self.is_running()).or(self.start)
    }

    /// Returns the start in nanoseconds since 1970.
    pub(crate) fn start(&self) -> Option<i64> {
        self.start
    }

    /// Returns the end in nanoseconds since 1970.
    pub(crate) fn end(&self) -> Option<i64> {
        self.end
    }
}
