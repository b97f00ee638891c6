//! Asking the API, in this process, with the requests of the API.

use std::cell::RefCell;
use std::collections::HashMap;

use datadog_ci_pipelines::models::{AggregateRequest, SearchRequest};
use serde_json::Value;

use crate::aggregate::Bucket;
use crate::common::{Granted, Work};
use crate::event::Level;
use crate::operations::{Facet, FacetRequest, Intake, ListRequest, Pipelines};
use crate::store::{Selected, StoredEvent, Update};

/// The API as a page uses it.
pub(super) struct Source<'a> {
    intake: &'a Intake,
    work: &'a Work,
    /// The memory of the responses.
    memory: RefCell<Vec<Granted>>,
}

/// The results of several requests, and facets.
pub(super) struct Counted<const N: usize> {
    /// The buckets of each request.
    pub(super) buckets: [Vec<Bucket>; N],
    pub(super) facets: Vec<Facet>,
    /// The number of events whose facets were counted.
    pub(super) events: u64,
}

/// A page of events.
pub(super) struct Found {
    pub(super) events: Vec<Event>,
    /// The cursor of the next page.
    pub(super) next: Option<String>,
}

/// An event with its attributes.
pub(super) struct Event(pub(super) StoredEvent);

impl<'a> Source<'a> {
    pub(super) fn new(intake: &'a Intake, work: &'a Work) -> Self {
        Self { intake, work, memory: RefCell::default() }
    }

    /// Returns the memory of the responses, which counts until the page has been rendered.
    pub(super) fn into_memory(self) -> Vec<Granted> {
        self.memory.into_inner()
    }

    /// Returns the current time in nanoseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.intake.clock.nanoseconds()
    }

    /// Aggregates events for several requests, in one pass.
    pub(super) fn aggregate<const N: usize>(
        &self,
        requests: [AggregateRequest; N],
    ) -> Result<[Vec<Bucket>; N], Vec<String>> {
        Ok(self.aggregate_with(requests, None)?.buckets)
    }

    /// Counts also the events of each value of some facets, in the same pass.
    pub(super) fn aggregate_with<const N: usize>(
        &self,
        requests: [AggregateRequest; N],
        facets: Option<&FacetRequest<'_>>,
    ) -> Result<Counted<N>, Vec<String>> {
        let aggregated = self.intake.aggregate_all(&requests, facets, self.work)?;
        self.memory.borrow_mut().push(aggregated.memory);
        let mut buckets = aggregated.buckets.into_iter();
        let buckets = std::array::from_fn(|_| buckets.next().unwrap_or_default());
        Ok(Counted { buckets, facets: aggregated.facets, events: aggregated.events })
    }

    /// Returns the events of pipelines by `@ci.pipeline.id`: the newest of each id.
    pub(super) fn pipelines(&self, ids: &[&str]) -> Result<HashMap<String, Event>, Vec<String>> {
        let Pipelines { found, memory } = self.intake.pipelines(ids, self.work)?;
        self.memory.borrow_mut().push(memory);
        let event = |(id, found): (String, Selected)| (id, Event(found.to_event()));
        Ok(found.into_iter().map(event).collect())
    }

    /// Searches events.
    pub(super) fn search(&self, request: SearchRequest) -> Result<Found, Vec<String>> {
        let (_, found) = self.intake.find(&ListRequest::from(request), self.work)?;
        self.memory.borrow_mut().push(found.memory);
        let events = found.events.iter().map(|event| Event(event.to_event()));
        Ok(Found { events: events.collect(), next: found.next })
    }

    /// Returns an event by its id.
    pub(super) fn event(&self, id: &str) -> Option<Event> {
        self.intake.store().event(id).as_ref().map(Selected::to_event).map(Event)
    }

    /// Returns the last updates of an event, in the order they were received.
    pub(super) fn history(&self, id: &str) -> Vec<Update> {
        self.intake.store().history(id).unwrap_or_default()
    }
}

impl Event {
    /// Returns the level.
    pub(super) fn level(&self) -> Level {
        self.0.level
    }

    /// Returns an attribute by its path, such as `ci.pipeline.name`. Custom attributes may have dots in
    /// their names.
    pub(super) fn attribute(&self, path: &str) -> Option<&Value> {
        let attributes = &self.0.attributes;
        if let Some(value) = attributes.get(path) {
            return Some(value);
        }
        let (first, rest) = path.split_once('.')?;
        let mut value = attributes.get(first)?;
        for name in rest.split('.') {
            value = value.get(name)?;
        }
        Some(value)
    }

    /// Returns an attribute that is a string.
    pub(super) fn string(&self, path: &str) -> Option<&str> {
        self.attribute(path).and_then(Value::as_str).filter(|string| !string.is_empty())
    }

    /// Returns an attribute that is an integer, such as a duration in nanoseconds.
    pub(super) fn integer(&self, path: &str) -> Option<i64> {
        self.attribute(path).and_then(Value::as_i64)
    }

    /// Returns whether it is running.
    pub(super) fn is_running(&self) -> bool {
        self.string("ci.status") == Some("running")
    }

    /// Returns the duration in nanoseconds: until now if it is running.
    pub(super) fn duration(&self, now: i64) -> Option<i64> {
        let running = || now.checked_sub(self.integer("start")?).filter(|_| self.is_running());
        self.integer("duration").or_else(running)
    }

    /// Returns the values of a column: an attribute with `@`, or a tag.
    pub(super) fn column(&self, name: &str) -> Vec<String> {
        match name.strip_prefix('@') {
            Some(path) => match self.attribute(path) {
                Some(Value::Array(items)) => items.iter().map(shown).collect(),
                Some(value) => vec![shown(value)],
                None => Vec::new(),
            },
            None => {
                let tags = self.0.tags.iter().filter_map(|tag| tag.split_once(':'));
                tags.filter(|(other, _)| *other == name).map(|(_, it)| it.to_owned()).collect()
            }
        }
    }
}

/// Returns a value as it is shown: a string without quotation marks.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
