//! Events and updates in the public API.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::event::Level;

/// One update of a run, as it was sent.
#[derive(Clone, Debug)]
pub struct Update {
    /// When it was received, in nanoseconds since 1970.
    pub received: i64,
    /// The attributes of the request, as JSON.
    pub sent: Arc<str>,
}

/// An event to insert: the validated attributes of a request, as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Submission(Arc<str>);

impl Submission {
    pub(crate) fn new(json: impl Into<Arc<str>>) -> Self {
        Self(json.into())
    }

    pub(crate) fn json(&self) -> &Arc<str> {
        &self.0
    }
}

/// An event, merged from its updates.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// The id that responses contain.
    pub id: String,
    /// The level.
    pub level: Level,
    /// The end, or the start while the run is in progress, in nanoseconds since 1970.
    /// Events are ordered by it.
    pub timestamp: i64,
    /// The tags as they were sent.
    pub tags: Vec<String>,
    /// All searchable attributes.
    pub attributes: Map<String, Value>,
}
