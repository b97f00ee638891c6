//! Attributes: which property of a sent event becomes which attribute.

use serde_json_borrow::Value;

use super::level::Level;
use super::repository::Repository;
use super::sent::{Object, SentEvent};
use crate::time::parse_date_time;

/// Receives the attributes of an event one by one. Paths start with `@`, as in queries.
pub(crate) trait AttributeVisitor {
    /// Receives a standard attribute.
    fn standard(&mut self, path: &'static str, value: AttributeValue<'_>);

    /// Receives a custom attribute, from a tag or a metric. It never replaces a standard one.
    ///
    /// Custom names are not split at dots: `a.b` and `a` may coexist. Several values for one name
    /// form a list.
    fn custom(&mut self, name: &str, value: AttributeValue<'_>);
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AttributeValue<'a> {
    String(&'a str),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Strings(&'a [String]),
    /// Any value except null.
    Json(&'a Value<'a>),
}

/// Returns the properties of a level and their attributes. No path occurs twice.
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

/// The properties of nested objects and their attributes.
const NESTED: &[(&str, &[(&str, &str)])] = &[
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

/// Returns the attributes that the store derives from other events of the run.
fn derived(level: Level) -> &'static [&'static str] {
    match level {
        Level::Pipeline => &["ci.execution_time"],
        Level::Job => &["ci.on_critical_path", "ci.critical_path.exclusive_time"],
        Level::Stage | Level::Step => &[],
    }
}

/// Visits everything that an event is searched and grouped by, except what the store derives from
/// other events of the run.
pub(crate) fn visit(sent: SentEvent<'_>, visitor: &mut impl AttributeVisitor) {
    let resource = sent.resource;
    for (from, to) in properties(sent.level) {
        put(resource, from, to, visitor);
    }
    for (outer, rows) in NESTED {
        if let Some(inner) = resource.get(outer).and_then(Value::as_object) {
            rows.iter().for_each(|(from, to)| put(inner, from, to, visitor));
        }
    }
    let string = |name: &str| sent.attributes.get(name).and_then(Value::as_str);
    visitor.standard(
        "@ci.provider.name",
        AttributeValue::String(string("provider_name").unwrap_or("custom")),
    );
    for (from, to) in [("service", "@ci.provider.instance"), ("env", "@env")] {
        if let Some(value) = string(from) {
            visitor.standard(to, AttributeValue::String(value));
        }
    }
    times(sent, visitor);
    if sent.level == Level::Pipeline {
        pipeline(resource, visitor);
    }
    if let Some(git) = resource.get("git").and_then(Value::as_object) {
        commit(git, visitor);
    }
    if let Some(parameters) = resource.get("parameters").and_then(Value::as_object) {
        let pair = |(name, value): (&str, &Value<'_>)| {
            format!("{name}:{}", value.as_str().unwrap_or_default())
        };
        let pairs: Vec<String> = parameters.iter().map(pair).collect();
        visitor.standard("@ci.parameters", AttributeValue::Strings(&pairs));
    }
    // Custom attributes come last, because they never replace standard ones.
    let derived = derived(sent.level);
    let pairs = |name| pairs(resource.get(name)).filter(|(name, _)| !derived.contains(name));
    for (name, value) in pairs("metrics") {
        if let Some(number) = value.trim().parse().ok().filter(|number: &f64| number.is_finite()) {
            visitor.custom(name, AttributeValue::Number(number));
        }
    }
    for (name, value) in pairs("tags") {
        visitor.custom(name, AttributeValue::String(value));
    }
}

/// Visits one property unless it is absent or null.
fn put(object: &Object<'_>, from: &str, to: &'static str, visitor: &mut impl AttributeVisitor) {
    let Some(value) = object.get(from).filter(|value| !value.is_null()) else { return };
    let value = match integer(to, value) {
        Some(integer) => AttributeValue::Integer(integer),
        None => AttributeValue::Json(value),
    };
    visitor.standard(to, value);
}

/// Returns the number of a pipeline, which is sent as a string, if it is the usual notation of an
/// integer.
fn integer(attribute: &str, value: &Value<'_>) -> Option<i64> {
    let string = value.as_str().filter(|_| attribute == "@ci.pipeline.number")?;
    string.parse().ok().filter(|integer: &i64| integer.to_string() == string)
}

fn times(sent: SentEvent<'_>, visitor: &mut impl AttributeVisitor) {
    let Some(start) = sent.start() else { return };
    visitor.standard("@start", AttributeValue::Integer(start));
    if let Some(duration) = sent.end().and_then(|end| end.checked_sub(start)) {
        visitor.standard("@duration", AttributeValue::Integer(duration));
    }
    // Sent in milliseconds, kept in nanoseconds like all other durations.
    if let Some(wait) = sent.resource.get("queue_time").and_then(Value::as_i64) {
        visitor.standard("@ci.queue_time", AttributeValue::Integer(wait.saturating_mul(1_000_000)));
    }
}

fn pipeline(resource: &Object<'_>, visitor: &mut impl AttributeVisitor) {
    visitor.standard("@_top_level", AttributeValue::Integer(1));
    if resource.get("parent_pipeline").is_some_and(Value::is_object) {
        visitor.standard("@ci.pipeline.downstream", AttributeValue::Boolean(true));
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
        [only] => visitor.standard("@ci.partial_pipeline", AttributeValue::String(only)),
        several => visitor.standard("@ci.partial_pipeline", AttributeValue::Strings(several)),
    }
}

fn commit(git: &Object<'_>, visitor: &mut impl AttributeVisitor) {
    let string = |name: &str| git.get(name).and_then(Value::as_str);
    // A commit has a branch or a tag; some senders set the other one to an empty string.
    for (from, to) in [("branch", "@git.branch"), ("tag", "@git.tag")] {
        if let Some(name) = string(from).filter(|name| !name.is_empty()) {
            visitor.standard(to, AttributeValue::String(name));
        }
    }
    if let Some(repository) = string("repository_url").and_then(Repository::from_url) {
        visitor.standard("@git.repository.id", AttributeValue::String(&repository.id()));
        visitor.standard("@git.repository.name", AttributeValue::String(repository.name));
        visitor.standard("@git.repository.host", AttributeValue::String(repository.host));
        visitor.standard("@git.repository.path", AttributeValue::String(&repository.path));
        visitor.standard("@git.repository.scheme", AttributeValue::String(repository.scheme));
    }
    for (from, to) in [
        ("author_time", "@git.commit.author.date_timestamp"),
        ("commit_time", "@git.commit.committer.date_timestamp"),
    ] {
        if let Some(timestamp) = string(from).and_then(parse_date_time) {
            visitor.standard(to, AttributeValue::Integer(timestamp.div_euclid(1_000_000)));
        }
    }
}

/// Splits the elements of a list at their first colon. Elements without a name or value are
/// skipped.
fn pairs<'a>(list: Option<&'a Value<'a>>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let list = list.and_then(|list| list.as_array()).into_iter().flatten();
    list.filter_map(|pair| pair.as_str()?.split_once(':'))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
}
