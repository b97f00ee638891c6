//! Events and updates in the public API.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::runs::Derived;
use crate::event::{Level, SentEvent, attributes};

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

/// Where an update comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    /// When it was received, in nanoseconds since 1970.
    pub(crate) received: i64,
    /// The number of its request in the journal.
    pub(crate) request: u64,
    /// Its position in the request.
    pub(crate) item: u32,
}

impl Origin {
    /// Creates the origin of a request that is not in a journal.
    pub(crate) fn received(received: i64) -> Self {
        Self { received, ..Self::default() }
    }

    /// Returns the origin of the event that follows this one after `count` events.
    pub(crate) fn after(self, count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self { item: self.item.saturating_add(count), ..self }
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

/// The state of an event, from which a [`StoredEvent`] is created without the store.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub(crate) id: String,
    pub(crate) level: Level,
    pub(crate) timestamp: i64,
    pub(super) derived: Derived,
    pub(crate) sent: Arc<str>,
}

impl Selected {
    pub(crate) fn to_event(&self) -> StoredEvent {
        let sent = serde_json::from_str(&self.sent).unwrap_or_default();
        let sent = SentEvent::new(&sent);
        let mut attributes = sent.map(attributes).unwrap_or_default();
        self.derived.add(&mut attributes);
        StoredEvent {
            id: self.id.clone(),
            level: self.level,
            timestamp: self.timestamp,
            tags: sent.iter().flat_map(SentEvent::tags).map(str::to_owned).collect(),
            attributes,
        }
    }
}
