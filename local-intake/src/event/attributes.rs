//! The attributes of an event: where each property that is sent is found again.

use serde_json_borrow::Value;

use super::git::Repository;
use super::{Level, Object, Sent};
use crate::time::date_time;

/// Takes the attributes of an event, one by one. Paths begin with `@`, as in a search.
pub(crate) trait Attributes {
    /// An attribute that has a meaning of its own.
    fn put(&mut self, path: &'static str, value: Datum<'_>);

    /// A value under a name of the sender's own: it never replaces what has a meaning. Such
    /// names are not taken apart: `a.b` may stand beside `a`. Several values of one name are
    /// a list.
    fn add(&mut self, name: &str, value: Datum<'_>);
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Datum<'a> {
    Text(&'a str),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    /// Several, as one list.
    Texts(&'a [String]),
    /// Anything that is not null.
    Json(&'a Value<'a>),
}

/// The properties of a level, and what they are searched by. No path occurs twice.
fn properties(level: Level) -> &'static [(&'static str, &'static str)] {
    match level {
        Level::Pipeline => &[
            ("unique_id", "@ci.pipeline.id"),
            ("name", "@ci.pipeline.name"),
            ("url", "@ci.pipeline.url"),
            ("status", "@ci.status"),
            ("is_manual", "@ci.is_manual"),
            ("pipeline_id", "@ci.pipeline.number"),
            ("previous_attempt", "@ci.pipeline.previous_attempt"),
        ],
        Level::Stage => &[
            ("pipeline_unique_id", "@ci.pipeline.id"),
            ("pipeline_name", "@ci.pipeline.name"),
            ("id", "@ci.stage.id"),
            ("name", "@ci.stage.name"),
            ("url", "@ci.stage.url"),
            ("status", "@ci.status"),
            ("dependencies", "@ci.dependencies"),
        ],
        Level::Job => &[
            ("pipeline_unique_id", "@ci.pipeline.id"),
            ("pipeline_name", "@ci.pipeline.name"),
            ("stage_id", "@ci.stage.id"),
            ("stage_name", "@ci.stage.name"),
            ("id", "@ci.job.id"),
            ("name", "@ci.job.name"),
            ("url", "@ci.job.url"),
            ("status", "@ci.status"),
            ("dependencies", "@ci.dependencies"),
        ],
        Level::Step => &[
            ("pipeline_unique_id", "@ci.pipeline.id"),
            ("pipeline_name", "@ci.pipeline.name"),
            ("stage_id", "@ci.stage.id"),
            ("stage_name", "@ci.stage.name"),
            ("job_id", "@ci.job.id"),
            ("job_name", "@ci.job.name"),
            ("id", "@ci.step.id"),
            ("name", "@ci.step.name"),
            ("url", "@ci.step.url"),
            ("status", "@ci.status"),
        ],
    }
}

/// What is within a property, and what it is searched by.
const INNER: &[(&str, &[(&str, &str)])] = &[
    (
        "git",
        &[
            ("repository_url", "@git.repository_url"),
            ("default_branch", "@git.default_branch"),
            ("sha", "@git.commit.sha"),
            ("message", "@git.commit.message"),
            ("author_name", "@git.commit.author.name"),
            ("author_email", "@git.commit.author.email"),
            ("author_time", "@git.commit.author.date"),
            ("committer_name", "@git.commit.committer.name"),
            ("committer_email", "@git.commit.committer.email"),
            ("commit_time", "@git.commit.committer.date"),
        ],
    ),
    (
        "node",
        &[
            ("name", "@ci.node.name"),
            ("hostname", "@ci.node.hostname"),
            ("labels", "@ci.node.labels"),
            ("workspace", "@ci.workspace_path"),
        ],
    ),
    (
        "error",
        &[
            ("message", "@error.message"),
            ("type", "@error.type"),
            ("stack", "@error.stack"),
            ("domain", "@error.domain"),
        ],
    ),
];

/// Hands over everything that an event is searched and grouped by.
pub(crate) fn visit(sent: Sent<'_>, attributes: &mut impl Attributes) {
    let resource = sent.resource;
    for (from, to) in properties(sent.level) {
        put(resource, from, to, attributes);
    }
    for (outer, rows) in INNER {
        if let Some(inner) = resource.get(outer).and_then(Value::as_object) {
            rows.iter().for_each(|(from, to)| put(inner, from, to, attributes));
        }
    }
    let text = |name: &str| sent.attributes.get(name).and_then(Value::as_str);
    attributes.put("@ci.provider.name", Datum::Text(text("provider_name").unwrap_or("custom")));
    for (from, to) in [("service", "@ci.provider.instance"), ("env", "@env")] {
        if let Some(value) = text(from) {
            attributes.put(to, Datum::Text(value));
        }
    }
    times(sent, attributes);
    if sent.level == Level::Pipeline {
        pipeline(resource, attributes);
    }
    if let Some(git) = resource.get("git").and_then(Value::as_object) {
        commit(git, attributes);
    }
    if let Some(parameters) = resource.get("parameters").and_then(Value::as_object) {
        let pair = |(name, value): (&str, &Value<'_>)| {
            format!("{name}:{}", value.as_str().unwrap_or_default())
        };
        let pairs: Vec<String> = parameters.iter().map(pair).collect();
        attributes.put("@ci.parameters", Datum::Texts(&pairs));
    }
    // What the sender names goes last: it never replaces what has a meaning of its own.
    for (name, value) in pairs(resource.get("metrics")) {
        if let Some(number) = value.trim().parse().ok().filter(|number: &f64| number.is_finite()) {
            attributes.add(name, Datum::Number(number));
        }
    }
    for (name, value) in pairs(resource.get("tags")) {
        attributes.add(name, Datum::Text(value));
    }
}

/// Hands over one property; what is null is not there.
fn put(object: &Object<'_>, from: &str, to: &'static str, attributes: &mut impl Attributes) {
    if let Some(value) = object.get(from).filter(|value| !value.is_null()) {
        attributes.put(to, Datum::Json(value));
    }
}

fn times(sent: Sent<'_>, attributes: &mut impl Attributes) {
    let Some(start) = sent.start() else { return };
    attributes.put("@start", Datum::Integer(start));
    if let Some(duration) = sent.end().and_then(|end| end.checked_sub(start)) {
        attributes.put("@duration", Datum::Integer(duration));
    }
    // Sent in milliseconds, searched in nanoseconds like every other duration.
    if let Some(wait) = sent.resource.get("queue_time").and_then(Value::as_i64) {
        attributes.put("@ci.queue_time", Datum::Integer(wait.saturating_mul(1_000_000)));
    }
}

fn pipeline(resource: &Object<'_>, attributes: &mut impl Attributes) {
    attributes.put("@_top_level", Datum::Integer(1));
    if resource.get("parent_pipeline").is_some_and(Value::is_object) {
        attributes.put("@ci.pipeline.downstream", Datum::Boolean(true));
    }
    let is = |name: &str| resource.get(name).and_then(Value::as_bool) == Some(true);
    let is_blocked = resource.get("status").and_then(Value::as_str) == Some("blocked");
    let parts: Vec<String> =
        [("retry", is("partial_retry")), ("paused", is_blocked), ("resumed", is("is_resumed"))]
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(part, _)| part.to_owned())
            .collect();
    match parts.as_slice() {
        [] => {}
        [only] => attributes.put("@ci.partial_pipeline", Datum::Text(only)),
        several => attributes.put("@ci.partial_pipeline", Datum::Texts(several)),
    }
}

fn commit(git: &Object<'_>, attributes: &mut impl Attributes) {
    let text = |name: &str| git.get(name).and_then(Value::as_str);
    // A commit has one of these; some senders leave the other empty.
    for (from, to) in [("branch", "@git.branch"), ("tag", "@git.tag")] {
        if let Some(name) = text(from).filter(|name| !name.is_empty()) {
            attributes.put(to, Datum::Text(name));
        }
    }
    if let Some(repository) = text("repository_url").and_then(Repository::of) {
        attributes.put("@git.repository.id", Datum::Text(&repository.id()));
        attributes.put("@git.repository.name", Datum::Text(repository.name));
        attributes.put("@git.repository.host", Datum::Text(repository.host));
        attributes.put("@git.repository.path", Datum::Text(&repository.path));
        attributes.put("@git.repository.scheme", Datum::Text(repository.scheme));
    }
    for (from, to) in [
        ("author_time", "@git.commit.author.date_timestamp"),
        ("commit_time", "@git.commit.committer.date_timestamp"),
    ] {
        if let Some(moment) = text(from).and_then(date_time) {
            attributes.put(to, Datum::Integer(moment.div_euclid(1_000_000)));
        }
    }
}

/// A list of `key:value`, taken apart.
fn pairs<'a>(list: Option<&'a Value<'a>>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let list = list.and_then(|list| list.as_array()).into_iter().flatten();
    list.filter_map(|pair| pair.as_str()?.split_once(':'))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
}
