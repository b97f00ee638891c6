//! Inserting and reading events.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::{Map, Value};

use super::id::EventId;
use super::merge::Updates;
use super::runs::Runs;
use super::stored::{StoredEvent, Submission, Update};
use super::version::{Position, Version};
use crate::event::facts::{Fact, Facts, Symbol, Vocabulary};
use crate::event::{Level, SentEvent, attributes};

/// All events of an intake.
#[derive(Debug, Default)]
pub(crate) struct Store {
    vocabulary: Vocabulary,
    pub(super) events: Vec<Event>,
    known: HashMap<Key, u32, RandomState>,
    pub(super) versions: Vec<Version>,
    /// Versions by timestamp, then event.
    pub(super) order: BTreeSet<Position>,
    /// How many updates were inserted.
    pub(super) updates: u64,
    runs: Runs,
}

/// The identity of a run: ids are unique per level and pipeline.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    level: Level,
    pipeline: Symbol,
    own: Symbol,
    start: i64,
}

/// A run.
#[derive(Debug)]
pub(super) struct Event {
    level: Level,
    start: i64,
    /// The numbers of the first and the current version.
    pub(super) first: u32,
    pub(super) current: u32,
    /// The state of merging. `None` while there was only one update.
    updates: Option<Box<Updates>>,
    history: Vec<Update>,
    execution_time: Option<i64>,
}

impl Store {
    /// Inserts the events of a request that was received at this time, in nanoseconds since 1970.
    pub(crate) fn insert(&mut self, events: &[Submission], received: i64) {
        for event in events {
            self.insert_one(event, received);
        }
        // Once per request, not once per job.
        for (event, time) in self.runs.changed() {
            self.set_execution_time(event, time);
        }
    }

    fn insert_one(&mut self, event: &Submission, received: i64) {
        let json = event.json();
        let Ok(attributes) = serde_json::from_str(json) else { return };
        let Some(sent) = SentEvent::new(&attributes) else { return };
        let (Some(start), Some(own), Some(pipeline)) =
            (sent.start(), sent.id(), sent.pipeline_id())
        else {
            return;
        };
        let (level, is_running) = (sent.level, sent.is_running());
        let pipeline = self.vocabulary.strings.intern(pipeline);
        let key = Key { level, pipeline, own: self.vocabulary.strings.intern(own), start };
        let update = Update { received, sent: Arc::clone(json) };
        let number = match self.known.get(&key) {
            None => {
                let number = to_u32(self.events.len());
                let mut version = self.version(sent, Arc::clone(json));
                version.event = number;
                let current = self.add(version);
                self.events.push(Event {
                    level,
                    start,
                    first: current,
                    current,
                    updates: None,
                    history: vec![update],
                    execution_time: None,
                });
                self.known.insert(key, number);
                number
            }
            Some(number) => {
                let number = *number;
                self.update(number, json, is_running);
                self.events[number as usize].history.push(update);
                number
            }
        };
        let current = &self.versions[self.events[number as usize].current as usize];
        let interval = (!current.is_running).then_some((start, current.timestamp));
        self.runs.add(level, pipeline, number, interval);
    }

    /// Merges an update into an existing event.
    fn update(&mut self, number: u32, json: &str, is_running: bool) {
        let event = &mut self.events[number as usize];
        let current = &self.versions[event.current as usize];
        let updates = event.updates.get_or_insert_with(|| {
            let mut updates = Updates::default();
            if let Some(first) = parse_object(&current.sent) {
                updates.add(&first, current.is_running);
            }
            updates.into()
        });
        let Some(attributes) = parse_object(json) else { return };
        let merged = to_json(&updates.add(&attributes, is_running));
        let Ok(attributes) = serde_json::from_str(&merged) else { return };
        let Some(sent) = SentEvent::new(&attributes) else { return };
        let (old, execution_time) = (event.current, event.execution_time);
        let mut version = self.version(sent, merged.as_str().into());
        version.event = number;
        if let Some(time) = execution_time {
            set_execution_time(&mut version.facts, time, &mut self.vocabulary);
        }
        version.previous = Some(old);
        self.versions[old as usize].until = version.from;
        self.events[number as usize].current = self.add(version);
    }

    /// Creates the version that the next update results in.
    fn version(&mut self, sent: SentEvent<'_>, json: Arc<str>) -> Version {
        let facts = Facts::from_event(sent, &mut self.vocabulary);
        self.updates += 1;
        Version {
            event: 0,
            timestamp: sent.timestamp().unwrap_or_default(),
            is_running: sent.is_running(),
            previous: None,
            from: self.updates,
            until: u64::MAX,
            facts,
            sent: json,
        }
    }

    fn add(&mut self, version: Version) -> u32 {
        let number = to_u32(self.versions.len());
        self.order.insert(Position::new(&version, number));
        self.versions.push(version);
        number
    }

    fn set_execution_time(&mut self, event: u32, time: i64) {
        if let Some(event) = self.events.get_mut(event as usize) {
            event.execution_time = Some(time);
            let current = &mut self.versions[event.current as usize];
            set_execution_time(&mut current.facts, time, &mut self.vocabulary);
        }
    }

    /// Returns the names and strings of all events.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Returns the number of events.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// Returns all events in the order of their first update.
    pub(crate) fn iter(&self) -> impl Iterator<Item = StoredEvent> {
        self.events.iter().map(|event| self.event(&self.versions[event.current as usize]))
    }

    /// Returns the updates of an event in the order they were received.
    pub(crate) fn history(&self, id: &str) -> Option<&[Update]> {
        Some(&self.events.get(self.number(id)? as usize)?.history)
    }

    /// Returns the number of the event with this id.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        let id = EventId::parse(id)?;
        let event = self.events.get(id.number as usize)?;
        (event.start == id.start).then_some(id.number)
    }

    /// Returns the event in the state of a version.
    pub(super) fn event(&self, version: &Version) -> StoredEvent {
        let event = &self.events[version.event as usize];
        let sent = serde_json::from_str(&version.sent).unwrap_or_default();
        let sent = SentEvent::new(&sent);
        let mut attributes = sent.map(attributes).unwrap_or_default();
        if let (Some(time), Some(Value::Object(ci))) =
            (event.execution_time, attributes.get_mut("ci"))
        {
            ci.insert("execution_time".to_owned(), time.into());
        }
        StoredEvent {
            id: EventId { start: event.start, number: version.event }.encode(),
            level: event.level,
            timestamp: version.timestamp,
            tags: sent.iter().flat_map(SentEvent::tags).map(str::to_owned).collect(),
            attributes,
        }
    }
}

/// Sets the derived execution time of a pipeline.
fn set_execution_time(facts: &mut Facts, time: i64, vocabulary: &mut Vocabulary) {
    let name = vocabulary.names.intern("@ci.execution_time");
    facts.set(name, Fact::Number(time as f64), vocabulary);
}

/// Converts a length, which is far below the limit: more events do not fit into memory.
fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn to_json(object: &Map<String, Value>) -> String {
    // Serializing JSON values cannot fail.
    serde_json::to_string(object).unwrap_or_default()
}

fn parse_object(json: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(json).ok()
}
