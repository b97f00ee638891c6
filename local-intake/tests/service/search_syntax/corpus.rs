//! Helpers: the events that queries are tested with.

use serde_json::{Value, json};

use crate::support::{Server, job, pipeline, running, step, with_attributes};

/// Starts an intake with five events.
pub(super) async fn corpus() -> Server {
    let server = Server::start().await;
    let git = json!({
        "repository_url": "https://git.example/docs.git", "sha": "abc",
        "author_email": "ada@git.example", "message": "Fix the broken links, all of them",
        "branch": "feature/a*b",
    });
    server
        .accept(&json!([
            with_attributes(
                job(
                    "one",
                    json!({
                        "name": "check links", "git": git, "tags": ["team:docs", "team:web"],
                        "metrics": ["size:5", "ratio:0.5"], "queue_time": 2,
                        "node": { "labels": ["linux", "large"] },
                    })
                ),
                json!({ "env": "test", "service": "ci-1" }),
            ),
            with_attributes(
                job(
                    "two",
                    json!({
                        "name": "Check Spelling", "status": "error", "end": "2026-07-14T09:58:20Z",
                        "tags": ["team:ops", "note:a b", "odd:(x)"], "metrics": ["size:50"],
                        "error": { "message": "links: 3 broken", "domain": "user" },
                        "node": { "labels": ["large"] },
                    })
                ),
                json!({ "env": "prod", "service": "ci-2" }),
            ),
            running("job", "three", json!({ "name": "deploy" })),
            pipeline(
                "four",
                json!({
                    "name": "Docs: nightly?", "start": "2026-07-06T09:59:00Z", "is_manual": true,
                    "metrics": ["size:-5"], "parameters": { "a": "x\"y\\z" },
                })
            ),
            step("five", json!({ "name": "links", "status": "error", "job_name": "check-links" })),
        ]))
        .await;
    server
}

/// The ids of the events, and where they are.
const NAMES: [(&str, &str); 5] = [
    ("one", "/attributes/attributes/ci/job/id"),
    ("two", "/attributes/attributes/ci/job/id"),
    ("three", "/attributes/attributes/ci/job/id"),
    ("four", "/attributes/attributes/ci/pipeline/id"),
    ("five", "/attributes/attributes/ci/step/id"),
];

/// Asserts that each query matches exactly these events.
pub(super) async fn table(rows: &[(&str, &[&str])]) {
    let server = corpus().await;
    for (query, expected) in rows {
        let events = server.search(query).await;
        let is_match = |(name, path): &(&str, &str)| {
            events.iter().any(|event| event.pointer(path) == Some(&Value::from(*name)))
        };
        let names = NAMES.iter().filter(|name| is_match(name)).map(|(name, _)| *name);
        assert_eq!(names.collect::<Vec<_>>(), *expected, "{query}");
        assert_eq!(events.len(), expected.len(), "{query}");
    }
}

pub(super) const ALL: &[&str] = &["one", "two", "three", "four", "five"];
pub(super) const NONE: &[&str] = &[];
