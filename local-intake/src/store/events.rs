//! Inserting and reading events.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::id::EventId;
use super::limits::Retention;
use super::runs::{Derived, Member, Names, Runs};
use super::stored::{Origin, Submission};
use super::updates::{History, Order, Position, Updates, Version, Versions};
use crate::common::{Chunks, Index};
use crate::event::facts::{Facts, Symbol, Vocabulary};
use crate::event::{Level, SentEvent};

/// All events of an intake.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(super) vocabulary: Vocabulary,
    /// The events by number. A removed one is `None` until all before it are removed, too.
    pub(super) events: Chunks<Option<Event>>,
    /// The numbers of the events, by their keys.
    pub(super) known: Index,
    pub(super) versions: Versions,
    pub(super) order: Order,
    /// How many updates were inserted.
    pub(super) updates: u64,
    pub(super) runs: Runs,
    pub(super) retention: Retention,
    /// The size of everything that was sent and is kept, in bytes.
    pub(super) bytes: u64,
    /// How often all events were deleted before.
    pub(super) epoch: u64,
}

/// The identity of a run: ids are unique per level and pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) level: Level,
    pub(super) pipeline: Symbol,
    pub(super) own: Symbol,
    pub(super) start: i64,
}

/// A run.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) key: Key,
    /// When its first update was received.
    pub(super) received: i64,
    /// The numbers of the first and the current version that are kept.
    pub(super) first: u32,
    pub(super) current: u32,
    /// The state of merging. `None` while there was only one update.
    updates: Option<Box<Updates>>,
    pub(super) history: History,
    /// What follows from other events of its run.
    pub(super) derived: Derived,
}

impl Store {
    /// Creates an empty store whose first event will have this number.
    pub(crate) fn new(retention: Retention, first: u32) -> Self {
        let events = Chunks::starting_at(first as usize);
        Self { events, retention, ..Self::default() }
    }

    /// Inserts events of a request. `origin` is that of the first of them.
    pub(crate) fn insert(&mut self, events: &[Submission], mut origin: Origin) {
        for event in events {
            self.insert_one(event, origin);
            origin.item += 1;
        }
        // Once per request, not once per job.
        self.update_execution_times();
    }

    fn insert_one(&mut self, event: &Submission, origin: Origin) {
        let json = event.json();
        let Ok(attributes) = serde_json::from_str(json) else { return };
        let Some(sent) = SentEvent::new(&attributes) else { return };
        let (Some(start), Some(own), Some(pipeline)) =
            (sent.start(), sent.id(), sent.pipeline_id())
        else {
            return;
        };
        let (level, is_running) = (sent.level, sent.is_running());
        let [pipeline, own] = [pipeline, own].map(|id| self.vocabulary.strings.intern(id));
        let key = Key { level, pipeline, own, start };
        let hash = self.known.hash(key);
        let is_key = |number| self.event(number).is_some_and(|event| event.key == key);
        let number = match self.known.find(hash, is_key) {
            None => {
                let number = u32::try_from(self.events.end()).unwrap_or(u32::MAX);
                let mut version = self.version(sent, Arc::clone(json));
                version.event = number;
                let current = self.add(version, pipeline);
                self.vocabulary.strings.retain(pipeline);
                self.vocabulary.strings.retain(own);
                self.events.push(Some(Event {
                    key,
                    received: origin.received,
                    first: current,
                    current,
                    updates: None,
                    history: History::default(),
                    derived: Derived::Unknown,
                }));
                self.known.insert(hash, number);
                number
            }
            Some(number) => {
                self.update(number, json, is_running);
                number
            }
        };
        self.remember(number, json, origin);
        if let Some(member) = self.member(number) {
            self.runs.add(pipeline, number, member);
        }
    }

    /// Returns what an event is to its run, if other events depend on it.
    fn member(&self, number: u32) -> Option<Member> {
        let event = self.event(number)?;
        let current = self.versions.get(event.current)?;
        match event.key.level {
            Level::Pipeline => Some(Member::Pipeline),
            Level::Stage => {
                let name = self.vocabulary.names.find("@ci.dependencies");
                let has_dependencies =
                    name.is_some_and(|name| current.facts.values(name).next().is_some());
                Some(Member::Stage { has_dependencies })
            }
            Level::Job => {
                let (start, end) = (event.key.start, current.timestamp);
                (!current.is_running).then_some(Member::FinishedJob { start, end })
            }
            Level::Step => None,
        }
    }

    /// Merges an update into an existing event.
    fn update(&mut self, number: u32, json: &str, is_running: bool) {
        let Some(event) = self.events.get_mut(number as usize).and_then(Option::as_mut) else {
            return;
        };
        let Some(current) = self.versions.get(event.current) else { return };
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
        let (old, pipeline) = (event.current, event.key.pipeline);
        // The values of a job are set again with those of its run.
        let is_pipeline = event.key.level == Level::Pipeline;
        let derived = if is_pipeline { event.derived } else { Derived::Unknown };
        event.derived = derived;
        let mut version = self.version(sent, merged.as_str().into());
        version.event = number;
        if derived != Derived::Unknown {
            let names = Names::new(&mut self.vocabulary);
            derived.set(&mut version.facts, names, &mut self.vocabulary);
        }
        (version.previous, version.is_merged) = (Some(old), true);
        let from = version.from;
        self.bytes += version.bytes();
        let current = self.add(version, pipeline);
        if let Some(old) = self.versions.get_mut(old) {
            (old.until, old.next) = (from, Some(current));
        }
        if let Some(event) = self.events.get_mut(number as usize).and_then(Option::as_mut) {
            event.current = current;
        }
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
            next: None,
            from: self.updates,
            until: u64::MAX,
            facts,
            sent: json,
            is_merged: false,
        }
    }

    fn add(&mut self, version: Version, pipeline: Symbol) -> u32 {
        let timestamp = version.timestamp;
        let event = version.event;
        let number = self.versions.add(version);
        self.order.insert(Position(timestamp, event, number), pipeline);
        number
    }

    /// Updates the execution times of the pipelines whose jobs changed.
    pub(super) fn update_execution_times(&mut self) {
        let changed = self.runs.changed();
        if changed.is_empty() {
            return;
        }
        let names = Names::new(&mut self.vocabulary);
        for (number, time) in changed {
            self.set_derived(number, time.map_or(Derived::Unknown, Derived::ExecutionTime), names);
        }
    }

    /// Sets a derived value of the current state of an event.
    pub(super) fn set_derived(&mut self, number: u32, value: Derived, names: Names) {
        let event = self.events.get_mut(number as usize).and_then(Option::as_mut);
        let Some(event) = event else { return };
        event.derived = value;
        if let Some(current) = self.versions.get_mut(event.current) {
            value.set(&mut current.facts, names, &mut self.vocabulary);
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

    pub(super) fn event(&self, number: u32) -> Option<&Event> {
        self.events.get(number as usize)?.as_ref()
    }

    /// Returns the id and the facts of the current state of an event.
    pub(super) fn current(&self, number: u32) -> Option<(Symbol, &Facts)> {
        let event = self.event(number)?;
        Some((event.key.own, &self.versions.get(event.current)?.facts))
    }

    /// Returns the number of the event with this id.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        let id = EventId::parse(id)?;
        (self.event(id.number)?.key.start == id.start).then_some(id.number)
    }
}

fn to_json(object: &Map<String, Value>) -> String {
    // Serializing JSON values cannot fail.
    serde_json::to_string(object).unwrap_or_default()
}

fn parse_object(json: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(json).ok()
}
