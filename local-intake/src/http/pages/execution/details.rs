//! Everything about one event.

use serde_json::{Map, Value};

use super::failures::ErrorView;
use super::run::{Run, name, search};
use crate::event::Level;
use crate::http::pages::pipelines::quoted;
use crate::http::pages::show::{Status, Time, duration, shortened, web_url};
use crate::http::pages::source::{Event, Source};

/// The maximum length of a name in characters.
const MAX_NAME: usize = 300;
/// The maximum length of a value that is shown at once, and the length of what is shown of it.
const MAX_VALUE: usize = 600;
const MAX_START: usize = 120;
/// The maximum length of a value that a search is offered for.
const MAX_SEARCHED: usize = 200;
/// The maximum size in bytes of the updates that are shown. The control interface returns all.
const MAX_SENT: usize = 256 * 1024;

/// An event with everything that is known about it.
pub(super) struct Details {
    pub(super) name: String,
    pub(super) level: &'static str,
    pub(super) status: Status,
    pub(super) url: Option<String>,
    pub(super) error: Option<ErrorView>,
    pub(super) groups: Vec<Group>,
    pub(super) updates: Vec<Sent>,
    /// The number of updates that are too large to be shown.
    pub(super) omitted: usize,
    pub(super) history_link: String,
    pub(super) json: String,
    pub(super) close_link: String,
}

/// Attributes of one kind.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute: name, value, and a search for events that have it.
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) link: Option<String>,
}

impl Attribute {
    /// Returns the start of a value that is too long to be shown at once.
    pub(super) fn start(&self) -> Option<String> {
        (self.value.len() > MAX_VALUE).then(|| shortened(&self.value, MAX_START))
    }
}

/// An update as it was sent.
pub(super) struct Sent {
    pub(super) number: usize,
    pub(super) received: Time,
    pub(super) status: Status,
    pub(super) json: String,
}

impl Details {
    pub(super) fn new(source: &Source<'_>, run: &Run, event: &Event) -> Self {
        let level = event.level().name();
        let url = event.string(&format!("ci.{level}.url")).and_then(web_url);
        let history = source.history(&event.0.id);
        let mut size = 0;
        let updates = history.iter().enumerate().rev().take_while(|(i, update)| {
            size += update.sent.len();
            size <= MAX_SENT || i + 1 == history.len()
        });
        let updates: Vec<Sent> = updates.map(|(i, it)| Sent::new(i + 1, it)).collect();
        let close_link = run.link("");
        Self {
            name: shortened(name(event), MAX_NAME),
            level,
            status: Status::new(event.string("ci.status")),
            url: url.map(str::to_owned),
            error: ErrorView::new(event, usize::MAX),
            groups: groups(event),
            omitted: history.len() - updates.len(),
            updates,
            history_link: format!("/_intake/events/{}/history", event.0.id),
            json: pretty(&Value::Object(event.0.attributes.clone())),
            close_link: close_link.trim_end_matches("#r-").to_owned(),
        }
    }
}

impl Sent {
    fn new(number: usize, update: &crate::store::Update) -> Self {
        let sent: Value = serde_json::from_str(&update.sent).unwrap_or_default();
        let status = sent.pointer("/resource/status").and_then(Value::as_str);
        Self {
            number,
            received: Time(update.received),
            status: Status::new(status),
            json: pretty(&sent),
        }
    }
}

fn pretty(value: &Value) -> String {
    // Encoding a value cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Returns the attributes and tags by kind.
fn groups(event: &Event) -> Vec<Group> {
    let mut groups = ["Run", "Git", "Node", "Parameters", "Tags", "Metrics"]
        .map(|title| Group { title, attributes: Vec::new() });
    let [run, git, node, parameters, tags, metrics] = &mut groups;
    for (path, value) in flat(&event.0.attributes) {
        let group = match path.as_str() {
            "_top_level" => continue,
            _ if value.as_array().is_some_and(Vec::is_empty) => continue,
            path if path.starts_with("error.") => continue,
            "ci.parameters" => {
                let pairs = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                let pairs = pairs.map(|pair| pair.split_once(':').unwrap_or((pair, "")));
                parameters.attributes.extend(pairs.map(|(name, value)| Attribute {
                    name: name.to_owned(),
                    value: value.to_owned(),
                    link: None,
                }));
                continue;
            }
            path if path.starts_with("git.") => &mut *git,
            path if path.starts_with("ci.node.") || path == "ci.workspace_path" => &mut *node,
            path if path.starts_with("ci.") => &mut *run,
            "start" | "duration" | "env" => &mut *run,
            _ if value.is_number() => &mut *metrics,
            // Tags are listed as they were sent.
            _ => continue,
        };
        group.attributes.push(Attribute::new(event.level(), &path, value));
    }
    // The order of a map depends on a feature of serde_json, which other packages may select.
    for group in [run, git, node, metrics] {
        group.attributes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    tags.attributes.extend(event.0.tags.iter().map(|tag| Attribute::of_tag(event.level(), tag)));
    groups.into_iter().filter(|group| !group.attributes.is_empty()).collect()
}

impl Attribute {
    fn new(level: Level, path: &str, value: &Value) -> Self {
        let is_time = path.ends_with("_time") || path == "duration";
        let shown = match value {
            Value::String(string) => string.clone(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            Value::Number(number) if is_time => {
                format!("{} ({number})", duration(number.as_f64().unwrap_or(f64::NAN)))
            }
            Value::Number(number) if path == "start" => {
                format!("{} UTC ({number})", Time(number.as_i64().unwrap_or_default()).utc())
            }
            // Numbers of metrics have no fraction if it is zero.
            Value::Number(number) if !number.is_i64() => {
                number.as_f64().unwrap_or(f64::NAN).to_string()
            }
            other => other.to_string(),
        };
        let searched = match value {
            Value::String(string) => Some(quoted(string)),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let searched = searched.filter(|it| it.len() <= MAX_SEARCHED && !it.contains('\n'));
        let name = format!("@{path}");
        let is_name = name.chars().all(|it| it.is_alphanumeric() || "@._-/".contains(it));
        let link = searched.filter(|_| is_name).map(|it| search(level, &format!("{name}:{it}")));
        Self { name, value: shown, link }
    }

    fn of_tag(level: Level, tag: &str) -> Self {
        let (name, value) = tag.split_once(':').unwrap_or((tag, ""));
        let is_name = !name.is_empty()
            && name.chars().all(|it| it.is_alphanumeric() || "._-/".contains(it))
            && !value.is_empty();
        let link = is_name.then(|| search(level, &format!("{name}:{}", quoted(value))));
        Self { name: name.to_owned(), value: value.to_owned(), link }
    }
}

/// Returns all values that are not objects, with their paths.
fn flat(attributes: &Map<String, Value>) -> Vec<(String, &Value)> {
    let mut flat = Vec::new();
    // The depth of standard attributes is limited, so this does not recurse into anything deeper.
    let mut open: Vec<(String, &Value)> =
        attributes.iter().rev().map(|(name, value)| (name.clone(), value)).collect();
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(object) if !object.is_empty() => {
                let inner = object.iter().rev();
                open.extend(inner.map(|(name, value)| (format!("{path}.{name}"), value)));
            }
            _ => flat.push((path, value)),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::groups;
    use crate::event::Level;
    use crate::http::pages::source::Event;
    use crate::store::StoredEvent;

    #[test]
    fn attributes_are_grouped_and_searchable() {
        let attributes = json!({
            "start": 0, "duration": 61_000_000_000_i64, "team": "x", "rate": 0.5, "_top_level": 1,
            "ci": {
                "parameters": ["a:b:c"], "node": { "labels": ["x", "y"] },
                "job": { "name": "run \"it\"" },
            },
            "git": { "commit": { "message": "a\nb" } },
            "error": { "message": "not here" },
        });
        let event = Event(StoredEvent {
            id: String::new(),
            level: Level::Job,
            timestamp: 0,
            tags: vec!["team:x".to_owned(), "alone".to_owned()],
            attributes: attributes.as_object().cloned().unwrap_or_default(),
        });
        let mut shown = Vec::new();
        for group in groups(&event) {
            for it in group.attributes {
                shown.push(format!(
                    "{} {}={} {}",
                    group.title,
                    it.name,
                    it.value,
                    it.link.is_some()
                ));
            }
        }
        assert_eq!(
            shown,
            [
                "Run @ci.job.name=run \"it\" true",
                "Run @duration=1 min 1 s (61000000000) true",
                "Run @start=1970-01-01 00:00:00 UTC (0) true",
                "Git @git.commit.message=a\nb false",
                "Node @ci.node.labels=x, y false",
                "Parameters a=b:c false",
                "Tags team=x true",
                "Tags alone= false",
                "Metrics @rate=0.5 true",
            ]
        );
    }
}
