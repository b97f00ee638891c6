//! Properties of events as columns.

use std::borrow::Cow;

use datadog_ci_pipelines::JsonView;
use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::models::Event;

use crate::drawing::{self, Align, nanoseconds, timestamp};

/// The names of columns that are not just attributes, and what they show.
const NAMED: &[(&str, Kind)] = &[
    ("time", Kind::Time),
    ("start", Kind::Start),
    ("level", Kind::Level),
    ("status", Kind::First(&["ci.status"])),
    ("duration", Kind::Duration("duration")),
    ("queue", Kind::Duration("ci.queue_time")),
    ("name", Kind::OfLevel("name")),
    ("id", Kind::OfLevel("id")),
    ("url", Kind::OfLevel("url")),
    ("pipeline", Kind::First(&["ci.pipeline.name"])),
    ("stage", Kind::First(&["ci.stage.name"])),
    ("job", Kind::First(&["ci.job.name"])),
    ("run", Kind::First(&["ci.pipeline.id"])),
    ("number", Kind::First(&["ci.pipeline.number"])),
    ("branch", Kind::First(&["git.branch", "git.tag"])),
    ("commit", Kind::First(&["git.commit.sha"])),
    ("message", Kind::First(&["git.commit.message"])),
    ("author", Kind::First(&["git.commit.author.name", "git.commit.author.email"])),
    ("provider", Kind::First(&["ci.provider.name"])),
    ("node", Kind::First(&["ci.node.name"])),
    ("error", Kind::First(&["error.message"])),
    ("tags", Kind::Tags),
];

/// A column of a table of events.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EventColumn {
    /// As the user wrote it.
    pub(super) name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// The end, or the start while it runs.
    Time,
    Start,
    Level,
    Tags,
    /// Nanoseconds.
    Duration(&'static str),
    /// A property of the pipeline, stage, job or step that the event is about.
    OfLevel(&'static str),
    /// The first of several attributes that is present.
    First(&'static [&'static str]),
    /// Any attribute.
    Attribute(String),
}

impl EventColumn {
    /// Reads the name of a column, or the path of an attribute with or without `@`.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if name.is_empty() {
            return Err(format!("expected an attribute such as ci.pipeline.name, or {}", names()));
        }
        let known = NAMED.iter().find(|(known, _)| *known == name);
        let kind = match known {
            Some((_, kind)) => kind.clone(),
            None => match name.strip_prefix('@').unwrap_or(name) {
                "duration" => Kind::Duration("duration"),
                "ci.queue_time" => Kind::Duration("ci.queue_time"),
                path if path == name && !path.contains(['.', '_']) => {
                    return Err(format!(
                        "no such column; write @{path} for an attribute, or one of {}",
                        names()
                    ));
                }
                path => Kind::Attribute(path.to_owned()),
            },
        };
        Ok(Self { name: name.to_owned(), kind })
    }

    /// Returns the facet with the same values, if there is one for events of all levels.
    pub(super) fn facet(&self) -> Option<String> {
        match &self.kind {
            Kind::Level => Some("ci_level".to_owned()),
            Kind::First(paths) => paths.first().map(|path| format!("@{path}")),
            _ => None,
        }
    }

    /// Returns the heading and the alignment.
    pub(super) fn head(&self) -> drawing::Column {
        let align = match self.kind {
            Kind::Duration(_) => Align::Right,
            _ => Align::Left,
        };
        drawing::Column { heading: self.name.clone(), align }
    }

    /// Returns the cell of an event. It is not escaped.
    pub(super) fn cell(&self, event: &Event) -> String {
        match &self.kind {
            Kind::Time => time(event).map(timestamp).unwrap_or_default(),
            Kind::Start => start(event).map(timestamp).unwrap_or_default(),
            Kind::Level => level(event).into_owned(),
            Kind::Tags => event.tags().join(" "),
            Kind::Duration(path) => {
                let number = event.get(path).and_then(JsonView::as_f64);
                number.map(nanoseconds).unwrap_or_default()
            }
            _ => self.value(event).map(input).unwrap_or_default(),
        }
    }

    /// Returns the value of an event as JSON.
    pub(super) fn json(&self, event: &Event) -> Cow<'static, str> {
        let string = |string: String| serde_json::Value::from(string).to_string();
        let value = match &self.kind {
            Kind::Time | Kind::Start => {
                let is_time = self.kind == Kind::Time;
                let found = if is_time { time(event) } else { start(event) };
                found.map(|found| string(found.to_string()))
            }
            Kind::Level => Some(string(level(event).into_owned())),
            Kind::Tags => Some(serde_json::Value::from(event.tags().to_vec()).to_string()),
            Kind::Duration(path) => event.get(path).map(|value| value.as_json().to_owned()),
            _ => self.value(event).map(|value| value.as_json().to_owned()),
        };
        value.map_or(Cow::Borrowed("null"), Cow::Owned)
    }

    fn value<'a>(&self, event: &'a Event) -> Option<JsonView<'a>> {
        let value = match &self.kind {
            Kind::First(paths) => paths.iter().find_map(|path| event.get(path)),
            Kind::OfLevel(property) => event.get(&format!("ci.{}.{property}", level(event))),
            Kind::Attribute(path) => event.get(path),
            _ => None,
        };
        value.filter(|value| !value.is_null())
    }
}

fn names() -> String {
    NAMED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Returns a string without quotes, and other values as JSON.
fn input(value: JsonView<'_>) -> String {
    value.as_str().map_or_else(|| value.as_json().to_owned(), Cow::into_owned)
}

fn level(event: &Event) -> Cow<'_, str> {
    let level = event.attributes.as_ref().and_then(|attributes| attributes.ci_level.as_ref());
    level.map_or(Cow::Borrowed(""), |level| Cow::Owned(level.to_string()))
}

fn start(event: &Event) -> Option<Timestamp> {
    Timestamp::from_nanosecond(event.get("start")?.as_i64()?.into()).ok()
}

fn time(event: &Event) -> Option<Timestamp> {
    let duration = event.get("duration").and_then(JsonView::as_i64).unwrap_or_default();
    let start = event.get("start")?.as_i64()?;
    Timestamp::from_nanosecond(i128::from(start) + i128::from(duration)).ok()
}
