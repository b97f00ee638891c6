//! Helpers: checking the attributes of one event.

use serde_json::{Value, json};

use crate::support::{Server, at, job, step, with_attributes};

/// Sends an event together with one that shares no values with it. The first event must have these
/// attributes, be the only match of the first queries, and not match the others.
pub(super) async fn row(
    event: Value,
    attributes: &[(&str, Value)],
    matching: &[&str],
    others: &[&str],
) {
    let server = Server::start().await;
    let other = json!({
        "name": "other", "pipeline_name": "other", "status": "error",
        "pipeline_unique_id": "other", "start": "2026-07-14T09:51:03Z",
    });
    let other = with_attributes(step("other", other), json!({ "provider_name": "other" }));
    server.accept(&json!([other, event])).await;
    let level = event.pointer("/attributes/resource/level").and_then(Value::as_str).unwrap();
    let all = server.search("-@ci.step.name:other").await;
    let [event] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(event["attributes"]["ci_level"], level);
    for (path, expected) in attributes {
        assert_eq!(at(event, path), expected, "{path} of {event:#}");
    }
    for query in matching {
        let events = server.search(query).await;
        assert_eq!(events.iter().collect::<Vec<_>>(), [event], "{query}");
    }
    for query in others {
        assert!(!server.search(query).await.contains(event), "{query} matches {event:#}");
    }
}

/// Returns a job with a commit.
pub(super) fn committed(more: Value) -> Value {
    let git = json!({
        "repository_url": "https://github.com/DataDog/repo.git", "sha": "abc",
        "author_email": "ada@git.example",
    });
    job("1", json!({ "git": crate::support::with(git, more) }))
}
