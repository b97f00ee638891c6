//! A run as JSON.

use std::collections::HashMap;

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::EventLevel;
use serde_json::{Map, Value, json};

use crate::drawing::{CriticalJob, Found, Parents};

/// Returns the run with its parts in `children`, and its critical path.
pub(super) fn nested(
    run: &Found,
    parts: &[Found],
    path: &[CriticalJob<'_>],
    now: Timestamp,
) -> Value {
    let tree = Tree::new(parts, path);
    let mut document = tree.document(run, None);
    document.insert("children".to_owned(), tree.children(&tree.parents.of_run));
    let total: SignedDuration =
        path.iter().map(|part| part.job.start.duration_until(part.job.end(now))).sum();
    let path = path.iter().map(|CriticalJob { job, exclusive }| {
        json!({
            "id": job.id,
            "name": job.name,
            "duration_ns": nanoseconds(job.start.duration_until(job.end(now))),
            "exclusive_time_ns": nanoseconds(*exclusive),
        })
    });
    document.insert("critical_path".to_owned(), path.collect());
    document.insert("critical_path_ns".to_owned(), nanoseconds(total));
    Value::Object(document)
}

/// Returns the run and its parts in the order of the tree, each with the id of its parent.
pub(super) fn flat(
    run: &Found,
    parts: &[Found],
    path: &[CriticalJob<'_>],
    _now: Timestamp,
) -> Vec<Value> {
    let tree = Tree::new(parts, path);
    let mut documents = vec![Value::Object(tree.document(run, None))];
    let mut stack: Vec<(usize, &Found)> =
        tree.parents.of_run.iter().rev().map(|part| (*part, run)).collect();
    while let Some((part, parent)) = stack.pop() {
        let Some(event) = tree.parts.get(part) else { continue };
        documents.push(Value::Object(tree.document(event, Some(parent))));
        let own = tree.parents.of_part.get(part).into_iter().flatten();
        stack.extend(own.rev().map(|part| (*part, *event)));
    }
    documents
}

struct Tree<'a> {
    parts: Vec<&'a Found>,
    parents: Parents,
    exclusive: HashMap<&'a str, SignedDuration>,
}

impl<'a> Tree<'a> {
    fn new(parts: &'a [Found], path: &[CriticalJob<'a>]) -> Self {
        let parts: Vec<&Found> = parts.iter().collect();
        let parents = Parents::new(&parts);
        let exclusive = path.iter().map(|part| (part.job.id.as_str(), part.exclusive)).collect();
        Self { parts, parents, exclusive }
    }

    /// Recursive, but at most three levels deep.
    fn children(&self, parts: &[usize]) -> Value {
        let document = |part: &usize| {
            let mut document = self.document(self.parts.get(*part)?, None);
            let own = self.parents.of_part.get(*part)?;
            if !own.is_empty() {
                document.insert("children".to_owned(), self.children(own));
            }
            Some(Value::Object(document))
        };
        parts.iter().filter_map(document).collect()
    }

    fn document(&self, event: &Found, parent: Option<&Found>) -> Map<String, Value> {
        let end = event.duration.map(|_| event.end(event.start).to_string());
        let mut document = Map::new();
        let mut put = |name: &str, value: Value| {
            document.insert(name.to_owned(), value);
        };
        put("level", event.level.to_string().into());
        put("id", event.id.clone().into());
        put("name", event.name.clone().into());
        put("status", event.status.clone().into());
        put("start", event.start.to_string().into());
        put("end", end.into());
        put("duration_ns", event.duration.map_or(Value::Null, nanoseconds));
        put("queue_time_ns", nanoseconds(event.queue_time));
        put("error", event.error.clone().into());
        put("url", event.url.clone().into());
        if event.level == EventLevel::Job {
            let exclusive = self.exclusive.get(event.id.as_str());
            put("on_critical_path", exclusive.is_some().into());
            put("exclusive_time_ns", exclusive.copied().map_or(Value::Null, nanoseconds));
        }
        if let Some(parent) = parent {
            put("parent", parent.id.clone().into());
        }
        document
    }
}

fn nanoseconds(duration: SignedDuration) -> Value {
    // Events cannot be longer than a year.
    i64::try_from(duration.as_nanos()).map_or(Value::Null, Value::from)
}
