//! The attributes of an event: where each property that is sent is found again.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::git::Repository;
use super::{Level, Sent};
use crate::time::date_time;

/// Properties of every level, and what they are searched by. A `_` is the level's own name.
const PROPERTIES: &[(&str, &str)] = &[
    ("name", "ci._.name"),
    ("id", "ci._.id"),
    ("url", "ci._.url"),
    ("unique_id", "ci.pipeline.id"),
    ("pipeline_unique_id", "ci.pipeline.id"),
    ("pipeline_name", "ci.pipeline.name"),
    ("stage_id", "ci.stage.id"),
    ("stage_name", "ci.stage.name"),
    ("job_id", "ci.job.id"),
    ("job_name", "ci.job.name"),
    ("status", "ci.status"),
    ("is_manual", "ci.is_manual"),
    ("dependencies", "ci.dependencies"),
    ("pipeline_id", "ci.pipeline.number"),
    ("previous_attempt", "ci.pipeline.previous_attempt"),
    ("git.repository_url", "git.repository_url"),
    ("git.branch", "git.branch"),
    ("git.tag", "git.tag"),
    ("git.default_branch", "git.default_branch"),
    ("git.sha", "git.commit.sha"),
    ("git.message", "git.commit.message"),
    ("git.author_name", "git.commit.author.name"),
    ("git.author_email", "git.commit.author.email"),
    ("git.author_time", "git.commit.author.date"),
    ("git.committer_name", "git.commit.committer.name"),
    ("git.committer_email", "git.commit.committer.email"),
    ("git.commit_time", "git.commit.committer.date"),
    ("node.name", "ci.node.name"),
    ("node.hostname", "ci.node.hostname"),
    ("node.labels", "ci.node.labels"),
    ("node.workspace", "ci.workspace_path"),
    ("error.message", "error.message"),
    ("error.type", "error.type"),
    ("error.stack", "error.stack"),
    ("error.domain", "error.domain"),
];

/// Everything that an event is searched and grouped by, as one object.
#[must_use]
pub fn attributes(sent: Sent<'_>) -> Map<String, Value> {
    let mut attributes = Attributes::default();
    for (from, to) in PROPERTIES {
        if let Some(value) = property(sent.resource, from) {
            attributes.put(&to.replace("._.", &format!(".{}.", sent.level)), value.clone());
        }
    }
    let text = |name: &str| sent.attributes.get(name).filter(|value| value.is_string()).cloned();
    attributes.put("ci.provider.name", text("provider_name").unwrap_or_else(|| json!("custom")));
    for (from, to) in [("service", "ci.provider.instance"), ("env", "env")] {
        if let Some(value) = text(from) {
            attributes.put(to, value);
        }
    }
    times(sent, &mut attributes);
    if sent.level == Level::Pipeline {
        pipeline(sent, &mut attributes);
    }
    derived_git(sent, &mut attributes);
    if let Some(Value::Object(parameters)) = sent.resource.get("parameters") {
        let pair = |(name, value): (&String, &Value)| {
            Value::String(format!("{name}:{}", value.as_str().unwrap_or_default()))
        };
        attributes.put("ci.parameters", parameters.iter().map(pair).collect());
    }
    // What the sender names goes last: it never replaces what has a meaning of its own.
    for (name, value) in pairs(sent.resource.get("metrics")) {
        if let Ok(number) = value.trim().parse::<f64>() {
            attributes.add(name, json!(number));
        }
    }
    for (name, value) in pairs(sent.resource.get("tags")) {
        attributes.add(name, json!(value));
    }
    attributes.found
}

fn times(sent: Sent<'_>, attributes: &mut Attributes) {
    let Some(start) = sent.start() else { return };
    attributes.put("start", json!(start));
    if let Some(duration) = sent.end().and_then(|end| end.checked_sub(start)) {
        attributes.put("duration", json!(duration));
    }
    // Sent in milliseconds, searched in nanoseconds like every other duration.
    if let Some(wait) = sent.resource.get("queue_time").and_then(Value::as_i64) {
        attributes.put("ci.queue_time", json!(wait.saturating_mul(1_000_000)));
    }
}

fn pipeline(sent: Sent<'_>, attributes: &mut Attributes) {
    attributes.put("_top_level", json!(1));
    if sent.resource.get("parent_pipeline").is_some_and(Value::is_object) {
        attributes.put("ci.pipeline.downstream", json!(true));
    }
    let is = |name: &str| sent.resource.get(name) == Some(&Value::Bool(true));
    let is_blocked = sent.resource.get("status").and_then(Value::as_str) == Some("blocked");
    let parts: Vec<&str> =
        [("retry", is("partial_retry")), ("paused", is_blocked), ("resumed", is("is_resumed"))]
            .into_iter()
            .filter_map(|(part, is)| is.then_some(part))
            .collect();
    match parts.as_slice() {
        [] => {}
        [only] => attributes.put("ci.partial_pipeline", json!(only)),
        several => attributes.put("ci.partial_pipeline", json!(several)),
    }
}

fn derived_git(sent: Sent<'_>, attributes: &mut Attributes) {
    let text = |path: &str| property(sent.resource, path).and_then(Value::as_str);
    if let Some(repository) = text("git.repository_url").and_then(Repository::of) {
        attributes.put("git.repository.id", json!(repository.id()));
        attributes.put("git.repository.name", json!(repository.name));
        attributes.put("git.repository.host", json!(repository.host));
        attributes.put("git.repository.path", json!(repository.path));
        attributes.put("git.repository.scheme", json!(repository.scheme));
    }
    for (from, to) in [
        ("git.author_time", "git.commit.author.date_timestamp"),
        ("git.commit_time", "git.commit.committer.date_timestamp"),
    ] {
        if let Some(moment) = text(from).and_then(date_time) {
            attributes.put(to, json!(moment.div_euclid(1_000_000)));
        }
    }
}

/// The value at a path of the resource; what is null is not there.
fn property<'a>(resource: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let value = match path.split_once('.') {
        None => resource.get(path),
        Some((outer, inner)) => resource.get(outer)?.as_object()?.get(inner),
    };
    value.filter(|value| !value.is_null())
}

/// A list of `key:value`, taken apart.
fn pairs(list: Option<&Value>) -> impl Iterator<Item = (&str, &str)> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|pair| pair.as_str()?.split_once(':'))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
}

/// The attributes as far as they are known, and which of them bear names of the sender's own.
#[derive(Default)]
struct Attributes {
    found: Map<String, Value>,
    own: BTreeSet<String>,
}

impl Attributes {
    /// Sets the value at a path of names joined by dots.
    fn put(&mut self, path: &str, value: Value) {
        let mut at = &mut self.found;
        let mut rest = path;
        while let Some((outer, inner)) = rest.split_once('.') {
            let below = at.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(below) = below else { return };
            (at, rest) = (below, inner);
        }
        at.insert(rest.to_owned(), value);
    }

    /// Adds a value under a name of the sender's own, unless the name has a meaning already.
    /// Such names are not taken apart: `a.b` may stand beside `a`. Several values of one name
    /// are a list.
    fn add(&mut self, name: &str, value: Value) {
        if !self.own.contains(name) {
            if !self.is_taken(name) {
                self.found.insert(name.to_owned(), value);
                self.own.insert(name.to_owned());
            }
            return;
        }
        match self.found.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {}
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        let mut at = Some(&self.found);
        name.split('.').all(|part| {
            let next = at.and_then(|at| at.get(part));
            at = next.and_then(Value::as_object);
            next.is_some()
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Sent, attributes};

    /// The attributes of a resource, sent with what every one needs and these.
    fn of(level: &str, more: Value) -> Value {
        let mut resource = json!({
            "level": level, "name": "own", "url": "https://ci.example/1", "status": "success",
            "start": "2024-08-22T11:36:29-07:00", "end": "2024-08-22T11:36:31.5-07:00",
        });
        if let (Value::Object(resource), Value::Object(more)) = (&mut resource, more) {
            resource.extend(more);
        }
        let sent = json!({"service": "ci-1", "env": "test", "resource": resource});
        Value::Object(attributes(Sent::of(sent.as_object().unwrap()).unwrap()))
    }

    fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
        value.pointer(&format!("/{}", path.replace('.', "/"))).unwrap_or(&Value::Null)
    }

    fn expect(event: &Value, rows: &[(&str, Value)]) {
        for (path, expected) in rows {
            assert_eq!(at(event, path), expected, "{path} of {event:#}");
        }
    }

    #[test]
    fn names_ids_and_addresses_of_every_level() {
        let within = json!({"id": "7", "pipeline_unique_id": "p", "pipeline_name": "deploy"});
        expect(
            &of("pipeline", json!({"unique_id": "p"})),
            &[
                ("ci.pipeline.name", json!("own")),
                ("ci.pipeline.id", json!("p")),
                ("ci.pipeline.url", json!("https://ci.example/1")),
                ("ci.status", json!("success")),
                ("_top_level", json!(1)),
            ],
        );
        for level in ["stage", "job", "step"] {
            expect(
                &of(level, within.clone()),
                &[
                    ("ci.pipeline.name", json!("deploy")),
                    ("ci.pipeline.id", json!("p")),
                    (&format!("ci.{level}.name"), json!("own")),
                    (&format!("ci.{level}.id"), json!("7")),
                    ("_top_level", Value::Null),
                    ("ci.partial_pipeline", Value::Null),
                ],
            );
        }
        expect(
            &of("step", json!({"job_id": "j", "stage_name": "s"})),
            &[("ci.job.id", json!("j")), ("ci.stage.name", json!("s"))],
        );
    }

    #[test]
    fn provider_service_and_env() {
        expect(
            &of("job", json!({})),
            &[
                ("ci.provider.name", json!("custom")),
                ("ci.provider.instance", json!("ci-1")),
                ("env", json!("test")),
            ],
        );
    }

    #[test]
    fn start_duration_and_queue_time_are_nanoseconds() {
        expect(
            &of("job", json!({"queue_time": 1004})),
            &[
                ("start", json!(1_724_351_789_000_000_000_i64)),
                ("duration", json!(2_500_000_000_i64)),
                ("ci.queue_time", json!(1_004_000_000)),
            ],
        );
        let running = of("job", json!({"end": null, "status": "running"}));
        expect(&running, &[("duration", Value::Null), ("ci.status", json!("running"))]);
    }

    #[test]
    fn partial_pipelines_and_downstream_ones() {
        let part = |more| at(&of("pipeline", more), "ci.partial_pipeline").clone();
        assert_eq!(part(json!({"partial_retry": false})), Value::Null);
        assert_eq!(part(json!({"partial_retry": true})), json!("retry"));
        assert_eq!(part(json!({"status": "blocked"})), json!("paused"));
        assert_eq!(part(json!({"is_resumed": true})), json!("resumed"));
        assert_eq!(
            part(json!({"is_resumed": true, "status": "blocked"})),
            json!(["paused", "resumed"])
        );
        expect(
            &of("pipeline", json!({"parent_pipeline": {"id": "x"}, "is_manual": true})),
            &[("ci.pipeline.downstream", json!(true)), ("ci.is_manual", json!(true))],
        );
    }

    #[test]
    fn git_and_what_follows_from_it() {
        let git = json!({"git": {
            "repository_url": "https://github.com/DataDog/repo.git", "sha": "abc", "message": "m",
            "author_name": "a", "author_email": "a@b", "author_time": "2024-08-22T18:36:29.5Z",
            "committer_name": "c", "committer_email": "c@b", "commit_time": "yesterday",
            "branch": "main", "tag": null, "default_branch": "dev",
        }});
        expect(
            &of("pipeline", git),
            &[
                ("git.repository_url", json!("https://github.com/DataDog/repo.git")),
                ("git.repository.id", json!("github.com/DataDog/repo")),
                ("git.repository.name", json!("DataDog/repo")),
                ("git.repository.host", json!("github.com")),
                ("git.repository.path", json!("/DataDog/repo.git")),
                ("git.repository.scheme", json!("https")),
                ("git.commit.sha", json!("abc")),
                ("git.commit.message", json!("m")),
                ("git.commit.author.name", json!("a")),
                ("git.commit.author.email", json!("a@b")),
                ("git.commit.author.date", json!("2024-08-22T18:36:29.5Z")),
                ("git.commit.author.date_timestamp", json!(1_724_351_789_500_i64)),
                ("git.commit.committer.name", json!("c")),
                ("git.commit.committer.email", json!("c@b")),
                ("git.commit.committer.date", json!("yesterday")),
                ("git.commit.committer.date_timestamp", Value::Null),
                ("git.branch", json!("main")),
                ("git.tag", Value::Null),
                ("git.default_branch", json!("dev")),
            ],
        );
    }

    #[test]
    fn node_parameters_and_error() {
        let more = json!({
            "node": {"name": "n", "workspace": "/w", "labels": ["a", "b"]},
            "parameters": {"K": "V", "L": ""},
            "error": {"message": "m", "type": "t", "stack": "s", "domain": "user"},
        });
        expect(
            &of("job", more),
            &[
                ("ci.node.name", json!("n")),
                ("ci.workspace_path", json!("/w")),
                ("ci.node.labels", json!(["a", "b"])),
                ("ci.parameters", json!(["K:V", "L:"])),
                ("error.message", json!("m")),
                ("error.type", json!("t")),
                ("error.stack", json!("s")),
                ("error.domain", json!("user")),
            ],
        );
    }

    #[test]
    fn tags_and_metrics_are_attributes_and_replace_none() {
        let event = of(
            "job",
            json!({
                "tags": ["team:a", "team:b", "env:mine", "ci.status:mine", "ci:mine", "x.y:z", "bare"],
                "metrics": ["lines:3", "ratio:0.5", "bad:many", "team:1"],
            }),
        );
        expect(
            &event,
            &[
                ("team", json!([1.0, "a", "b"])),
                ("env", json!("test")),
                ("ci.status", json!("success")),
                ("lines", json!(3.0)),
                ("ratio", json!(0.5)),
                ("bad", Value::Null),
                ("bare", Value::Null),
            ],
        );
        assert_eq!(event["x.y"], "z");
        assert!(event["ci"].is_object());
    }
}
