//! Events as they are kept: merged, ordered by time and ready to be searched.

mod id;
mod intervals;
mod listing;
mod merge;
mod runs;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::{Map, Value};

use self::id::EventId;
use self::merge::Updates;
use self::runs::Runs;
use crate::event::{Level, Sent, attributes};
use crate::facts::{Fact, Facts, Symbol, Vocabulary};

pub use id::{after, cursor};
pub use listing::{Page, Place, Progress, Range};

/// All events of an intake.
#[derive(Debug, Default)]
pub struct Store {
    vocabulary: Vocabulary,
    events: Vec<Event>,
    known: HashMap<Key, u32, RandomState>,
    versions: Vec<Version>,
    /// Versions by timestamp, then event.
    order: BTreeSet<Place>,
    /// How many updates have come.
    updates: u64,
    runs: Runs,
}

/// What tells a run from others: ids are unique per level, and within their pipeline.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    level: Level,
    pipeline: Symbol,
    own: Symbol,
    start: i64,
}

/// A run, whatever has been sent of it.
#[derive(Debug)]
struct Event {
    level: Level,
    start: i64,
    /// Its first version and the one that holds.
    first: u32,
    current: u32,
    /// What it merges from; none as long as it was sent once.
    updates: Option<Box<Updates>>,
    history: Vec<Update>,
    execution_time: Option<i64>,
}

/// What was sent of a run at one time.
#[derive(Clone, Debug)]
pub struct Update {
    /// When it came, in nanoseconds since 1970.
    pub received: i64,
    /// The attributes of the request, as JSON.
    pub sent: Arc<str>,
}

/// An event to take in: the attributes of a request, as JSON that has been checked.
#[derive(Clone, Debug)]
pub struct Submission(Arc<str>);

impl Submission {
    /// The JSON of an event's attributes.
    #[must_use]
    pub fn of(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The JSON of the attributes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// An event as it was from one update to another. A listing that began before an event moved
/// finds it where it was.
#[derive(Debug)]
struct Version {
    event: u32,
    timestamp: i64,
    is_running: bool,
    /// The version before it.
    before: Option<u32>,
    /// The updates between which it holds.
    from: u64,
    until: u64,
    facts: Facts,
    /// Everything that was sent, merged, as JSON.
    sent: Arc<str>,
}

/// An event as it is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its name.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// What it is ordered by, in nanoseconds since 1970: its end, or its start while it runs.
    pub timestamp: i64,
    /// The tags that were sent.
    pub tags: Vec<String>,
    /// Everything that it is searched by.
    pub attributes: Map<String, Value>,
}

impl Store {
    /// Takes in the events of a request. `received` is now, in nanoseconds since 1970.
    pub fn insert(&mut self, events: &[Submission], received: i64) {
        for event in events {
            self.insert_one(event, received);
        }
        // Once for all jobs of a request, not once for each.
        for (event, time) in self.runs.changed() {
            self.set_execution_time(event, time);
        }
    }

    fn insert_one(&mut self, event: &Submission, received: i64) {
        let Ok(attributes) = serde_json::from_str(event.text()) else { return };
        let Some(sent) = Sent::of(&attributes) else { return };
        let (Some(start), Some(own), Some(pipeline)) =
            (sent.start(), sent.id(), sent.pipeline_id())
        else {
            return;
        };
        let (level, is_running) = (sent.level, sent.is_running());
        let pipeline = self.vocabulary.texts.intern(pipeline);
        let key = Key { level, pipeline, own: self.vocabulary.texts.intern(own), start };
        let update = Update { received, sent: Arc::clone(&event.0) };
        let number = match self.known.get(&key) {
            None => {
                let number = count(self.events.len());
                let mut version = self.version(sent, Arc::clone(&event.0));
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
                self.update(number, event.text(), is_running);
                self.events[number as usize].history.push(update);
                number
            }
        };
        let current = &self.versions[self.events[number as usize].current as usize];
        let interval = (!current.is_running).then_some((start, current.timestamp));
        self.runs.note(level, pipeline, number, interval);
    }

    /// Merges what came for an event that is known.
    fn update(&mut self, number: u32, text: &str, is_running: bool) {
        let event = &mut self.events[number as usize];
        let current = &self.versions[event.current as usize];
        let updates = event.updates.get_or_insert_with(|| {
            let mut updates = Updates::default();
            if let Some(first) = object(&current.sent) {
                updates.add(&first, current.is_running);
            }
            updates.into()
        });
        let Some(attributes) = object(text) else { return };
        let merged = json(&updates.add(&attributes, is_running));
        let Ok(attributes) = serde_json::from_str(&merged) else { return };
        let Some(sent) = Sent::of(&attributes) else { return };
        let (old, execution_time) = (event.current, event.execution_time);
        let mut version = self.version(sent, merged.as_str().into());
        version.event = number;
        if let Some(time) = execution_time {
            set_execution_time(&mut version.facts, time, &mut self.vocabulary);
        }
        version.before = Some(old);
        self.versions[old as usize].until = version.from;
        self.events[number as usize].current = self.add(version);
    }

    /// What a listing sees of an event, as of the next update.
    fn version(&mut self, sent: Sent<'_>, text: Arc<str>) -> Version {
        let facts = Facts::of(sent, &mut self.vocabulary);
        self.updates += 1;
        Version {
            event: 0,
            timestamp: sent.timestamp().unwrap_or_default(),
            is_running: sent.is_running(),
            before: None,
            from: self.updates,
            until: u64::MAX,
            facts,
            sent: text,
        }
    }

    fn add(&mut self, version: Version) -> u32 {
        let number = count(self.versions.len());
        self.order.insert(Place::of(&version, number));
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

    /// The names and texts of all events.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Every event, in the order in which they first came.
    pub fn iter(&self) -> impl Iterator<Item = Found> {
        self.events.iter().map(|event| self.found(&self.versions[event.current as usize]))
    }

    /// What was sent of an event, in the order in which it came; none if there is no such event.
    #[must_use]
    pub fn history(&self, id: &str) -> Option<&[Update]> {
        Some(&self.events.get(self.event_of(id)? as usize)?.history)
    }

    fn event_of(&self, id: &str) -> Option<u32> {
        let id = EventId::of(id)?;
        let event = self.events.get(id.number as usize)?;
        (event.start == id.start).then_some(id.number)
    }

    fn found(&self, version: &Version) -> Found {
        let event = &self.events[version.event as usize];
        let sent = serde_json::from_str(&version.sent).unwrap_or_default();
        let sent = Sent::of(&sent);
        let mut attributes = sent.map(attributes).unwrap_or_default();
        if let (Some(time), Some(Value::Object(ci))) =
            (event.execution_time, attributes.get_mut("ci"))
        {
            ci.insert("execution_time".to_owned(), time.into());
        }
        Found {
            id: EventId { start: event.start, number: version.event }.text(),
            level: event.level,
            timestamp: version.timestamp,
            tags: sent.iter().flat_map(Sent::tags).map(str::to_owned).collect(),
            attributes,
        }
    }
}

/// Sets the derived run time of a pipeline.
fn set_execution_time(facts: &mut Facts, time: i64, vocabulary: &mut Vocabulary) {
    let name = vocabulary.names.intern("@ci.execution_time");
    facts.set(name, Fact::Number(time as f64), vocabulary);
}

/// More than these do not fit into memory.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn json(object: &Map<String, Value>) -> String {
    // A map of JSON values always has a JSON form.
    serde_json::to_string(object).unwrap_or_default()
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}
