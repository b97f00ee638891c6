//! Other executions of the same pipeline for the same commit.

use datadog_ci_pipelines::models::{QueryPageOptions, SearchRequest};

use super::run::{Run, all_time, search};
use crate::event::Level;
use crate::http::pages::frame::Address;
use crate::http::pages::pipelines::quoted;
use crate::http::pages::show::{Status, Time, duration};
use crate::http::pages::source::{Event, Source};

/// The maximum number of attempts.
const MAX: usize = 50;

/// The attempts, the oldest first. A partial retry follows the attempt that it retries.
pub(super) struct Attempts {
    pub(super) shown: Vec<Attempt>,
    /// A search for all of them, if there are more.
    pub(super) all: Option<String>,
}

/// An execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) link: String,
    pub(super) status: Status,
    pub(super) duration: String,
    pub(super) time: Time,
    pub(super) kind: String,
    /// Whether it follows the attempt that it retries.
    pub(super) is_nested: bool,
    /// Whether it is the one that the page shows.
    pub(super) is_this: bool,
}

impl Attempts {
    pub(super) fn find(source: &Source<'_>, run: &Run) -> Result<Self, Vec<String>> {
        let none = Self { shown: Vec::new(), all: None };
        let (Some(name), Some(sha)) =
            (run.string("ci.pipeline.name"), run.string("git.commit.sha"))
        else {
            return Ok(none);
        };
        let query = format!("@ci.pipeline.name:{} @git.commit.sha:{}", quoted(name), quoted(sha));
        let mut page = QueryPageOptions::default();
        page.limit = i32::try_from(MAX).ok();
        let mut request = SearchRequest::default();
        request.filter = Some(all_time(&format!("ci_level:pipeline {query}")));
        request.page = Some(page);
        let found = source.search(request)?.events;
        let all = (found.len() == MAX).then(|| search(Level::Pipeline, &query));
        let shown = ordered(&found, &run.id, run.now);
        // A run is not another attempt of itself.
        let is_other = shown.iter().any(|attempt| !attempt.is_this);
        Ok(if is_other { Self { shown, all } } else { none })
    }
}

/// Returns attempts in order.
fn ordered(found: &[Event], this: &str, now: i64) -> Vec<Attempt> {
    let id = |event: &Event| event.string("ci.pipeline.id").unwrap_or_default().to_owned();
    let mut events: Vec<&Event> = found.iter().collect();
    events.sort_by_key(|event| (event.integer("start"), id(event)));
    let mut attempts: Vec<Attempt> = Vec::new();
    for event in events {
        let id = id(event);
        let retried = event.string("ci.pipeline.previous_attempt.id");
        let parent = retried.and_then(|it| attempts.iter().position(|other| other.id == it));
        let attempt = Attempt {
            link: Address::new("/execution", None).with("id", &id).link(),
            status: Status::new(event.string("ci.status")),
            duration: event.duration(now).map(|it| duration(it as f64)).unwrap_or_default(),
            time: Time(event.integer("start").unwrap_or(event.0.timestamp)),
            kind: kinds(event).join(", "),
            is_nested: parent.is_some() && is_partial(event),
            is_this: id == this,
            id,
        };
        let position = parent.filter(|_| attempt.is_nested).map(|parent| {
            let nested = attempts.iter().skip(parent + 1).take_while(|it| it.is_nested).count();
            parent + 1 + nested
        });
        attempts.insert(position.unwrap_or(attempts.len()), attempt);
    }
    attempts
}

fn is_partial(event: &Event) -> bool {
    event.attribute("ci.partial_pipeline").is_some()
}

/// Returns what is special about a run, such as `manual`.
pub(super) fn kinds(event: &Event) -> Vec<String> {
    let mut kinds = Vec::new();
    let is = |path: &str| event.attribute(path).and_then(serde_json::Value::as_bool) == Some(true);
    for part in event.column("@ci.partial_pipeline") {
        kinds.push(if part == "retry" { "partial retry".to_owned() } else { part });
    }
    if is("ci.is_manual") {
        kinds.push("manual".to_owned());
    }
    if is("ci.pipeline.downstream") {
        kinds.push("downstream".to_owned());
    }
    kinds
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ordered;
    use crate::event::Level;
    use crate::http::pages::source::Event;
    use crate::store::StoredEvent;

    fn run(id: &str, start: i64, previous: Option<&str>, partial: Option<&str>) -> Event {
        let attributes = json!({
            "start": start, "duration": 1_000_000_000,
            "ci": {
                "status": "error", "partial_pipeline": partial,
                "pipeline": { "id": id, "previous_attempt": previous.map(|id| json!({ "id": id })) },
            },
        });
        let mut attributes = attributes.as_object().cloned().unwrap_or_default();
        if let (None, Some(Value::Object(ci))) = (partial, attributes.get_mut("ci")) {
            ci.remove("partial_pipeline");
        }
        Event(StoredEvent {
            id: id.to_owned(),
            level: Level::Pipeline,
            timestamp: start,
            tags: Vec::new(),
            attributes,
        })
    }

    #[test]
    fn partial_retries_follow_what_they_retry() {
        let found = [
            run("retry of 1, again", 40, Some("1"), Some("retry")),
            run("3", 35, Some("2"), None),
            run("retry of 1", 30, Some("1"), Some("retry")),
            run("retry of a missing one", 25, Some("0"), Some("retry")),
            run("2", 20, Some("1"), None),
            run("1", 10, None, None),
        ];
        let attempts = ordered(&found, "2", 0);
        let shown: Vec<_> = attempts
            .iter()
            .map(|it| (it.id.as_str(), it.is_nested, it.is_this, it.kind.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("1", false, false, ""),
                ("retry of 1", true, false, "partial retry"),
                ("retry of 1, again", true, false, "partial retry"),
                ("2", false, true, ""),
                ("retry of a missing one", false, false, "partial retry"),
                ("3", false, false, ""),
            ]
        );
        assert_eq!(attempts.first().map(|it| it.duration.as_str()), Some("1.0 s"));
    }
}
