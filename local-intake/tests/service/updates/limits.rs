//! The limits of events and pages.

use datadog_ci_intake::LocalIntake;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{LIST, SEARCH, SEND, Server, execute, job, pipeline, running, with};

/// Asserts that `valid` is accepted, and `invalid` is rejected with exactly this error.
async fn limit(valid: Value, invalid: Value, expected: &str) {
    let server = Server::start().await;
    let response = server.send(&invalid).await;
    assert_eq!((response.status, response.errors()), (400, vec![expected.to_owned()]));
    assert!(server.intake.events().is_empty());
    server.accept(&valid).await;
    let count = valid.as_array().map_or(1, Vec::len);
    assert_eq!(server.intake.events().len(), count);
}

#[tokio::test]
async fn events_must_have_ended_within_eighteen_hours() {
    let ended = |end: &str| job("1", json!({ "start": "2026-07-13T15:00:00Z", "end": end }));
    limit(
        ended("2026-07-13T16:00:00Z"),
        ended("2026-07-13T15:59:59.999Z"),
        "/data/attributes/resource/end must be within the last 18 hours, is 2026-07-13T15:59:59.999Z; the clock shows 2026-07-14T10:00:00Z",
    )
    .await;
}

#[tokio::test]
async fn ids_names_and_urls_may_be_empty() {
    let server = Server::start().await;
    let empty = json!({ "pipeline_unique_id": "", "pipeline_name": "", "name": "", "url": "" });
    server.accept(&job("", empty)).await;
    server.accept(&pipeline("", json!({ "name": "", "url": "no address" }))).await;
    assert_eq!(server.intake.event_count(), 2);
}

#[tokio::test]
async fn events_of_any_age_are_accepted_if_enabled() {
    let server = Server::with(LocalIntake::builder().accept_any_age(true)).await;
    let old = json!({ "start": "1999-12-31T23:00:00Z", "end": "1999-12-31T23:59:59Z" });
    server.accept(&job("1", old)).await;
    assert_eq!(
        server.get(LIST, &[("filter[from]", "0")]).await.json()["data"][0]["type"],
        "cipipeline"
    );
}

#[tokio::test]
async fn a_running_event_may_have_started_at_any_time() {
    let server = Server::start().await;
    server.accept(&running("pipeline", "1", json!({ "start": "2026-07-12T10:00:00Z" }))).await;
    assert_eq!(
        server.get(LIST, &[("filter[from]", "now-3d")]).await.json()["data"][0]["type"],
        "cipipeline"
    );
}

#[tokio::test]
async fn timestamps_outside_the_supported_range_are_rejected() {
    let location = "/data/attributes/resource";
    for (valid, invalid) in [
        ("1678-01-01T00:00:00Z", "1677-01-01T00:00:00Z"),
        ("2261-12-31T23:59:59Z", "2263-01-01T00:00:00Z"),
    ] {
        let start = |start: &str| running("job", "1", json!({ "start": start }));
        let expected = format!("{location}/start must be in the years 1678 to 2261, is {invalid}");
        limit(start(valid), start(invalid), &expected).await;
    }
    let end = |end: &str| job("1", json!({ "start": "2261-12-31T00:00:00Z", "end": end }));
    let expected =
        format!("{location}/end must be in the years 1678 to 2261, is 2262-05-01T00:00:00Z");
    limit(end("2261-12-31T00:01:00Z"), end("2262-05-01T00:00:00Z"), &expected).await;
}

#[tokio::test]
async fn a_run_lasts_at_most_a_year() {
    // Leap years have one day more.
    limit(
        job("1", json!({ "start": "2025-07-13T09:59:00Z" })),
        job("1", json!({ "start": "2025-07-13T09:58:59Z" })),
        "/data/attributes/resource/end must be at most one year after `start`",
    )
    .await;
}

#[tokio::test]
async fn the_end_must_not_be_before_the_start() {
    limit(
        job("1", json!({ "end": "2026-07-14T09:58:00Z" })),
        job("1", json!({ "end": "2026-07-14T09:57:59Z" })),
        "/data/attributes/resource/end must not be before `start`",
    )
    .await;
}

#[tokio::test]
async fn an_array_has_one_to_a_thousand_events() {
    let events =
        |count: usize| -> Value { (0..count).map(|i| job(&i.to_string(), json!({}))).collect() };
    limit(events(1000), events(1001), "/data must have at most 1000 entries, has 1001").await;
    limit(events(1), events(0), "/data must have at least 1 entries, has 0").await;
}

#[tokio::test]
async fn error_messages_and_types_have_a_maximum_length() {
    for (name, max) in [("message", 5000), ("type", 100)] {
        // The limit is in characters, not bytes.
        let error = |length| job("1", json!({ "error": { name: "é".repeat(length) } }));
        let location = format!("/data/attributes/resource/error/{name}");
        let expected = format!("{location} must have at most {max} characters, has {}", max + 1);
        limit(error(max), error(max + 1), &expected).await;
    }
}

#[tokio::test]
async fn queue_time_must_not_be_negative() {
    limit(
        pipeline("1", json!({ "queue_time": 0 })),
        pipeline("1", json!({ "queue_time": -1 })),
        "/data/attributes/resource/queue_time must be at least 0, is -1",
    )
    .await;
}

#[tokio::test]
async fn tags_and_metrics_have_a_maximum_number_and_length() {
    for (name, value) in [("tags", "é"), ("metrics", "1")] {
        let many = |count: usize| {
            let list: Value = (0..count).map(|i| format!("k{i}:1")).collect();
            job("1", json!({ name: list }))
        };
        let location = format!("/data/attributes/resource/{name}");
        let expected = format!("{location} must have at most 100 entries, has 101");
        limit(many(100), many(101), &expected).await;
        let long =
            |length: usize| job("1", json!({ name: [format!("k:{}", value.repeat(length - 2))] }));
        let expected = format!("{location}/0 must have at most 300 characters, has 301");
        limit(long(300), long(301), &expected).await;
    }
}

#[tokio::test]
async fn tags_and_metrics_are_pairs_and_metrics_are_numbers() {
    for (name, valid, invalid, message) in [
        ("tags", "team:docs", "docs", "must be `key:value`"),
        ("tags", "a:b:c", ":docs", "must be `key:value`"),
        ("metrics", "size:-1.5", "size:big", "must be `key:value` with a number as value"),
        ("metrics", "size: 1", "size:inf", "must be `key:value` with a number as value"),
    ] {
        let event = |value: &str| job("1", json!({ name: [value] }));
        let expected = format!("/data/attributes/resource/{name}/0 {message}");
        limit(event(valid), event(invalid), &expected).await;
    }
}

#[tokio::test]
async fn a_commit_has_either_a_branch_or_a_tag() {
    let commit = |more| {
        let git =
            json!({ "repository_url": "u", "sha": "s", "author_email": "e", "branch": "main" });
        job("1", json!({ "git": with(git, more) }))
    };
    limit(
        commit(json!({})),
        commit(json!({ "tag": "v1" })),
        "/data/attributes/resource/git must have `branch` or `tag`, not both",
    )
    .await;
}

#[tokio::test]
async fn a_page_has_ten_events_by_default_and_at_most_a_thousand() {
    let server = Server::start().await;
    let events: Value = (0..1000).map(|i| job(&i.to_string(), json!({}))).collect();
    server.accept(&events).await;
    server.accept(&job("one more", json!({}))).await;
    for (limit, expected) in [(None, 10), (Some(1), 1), (Some(1000), 1000)] {
        let limit = limit.map(|limit: i32| limit.to_string());
        let parameter = limit.as_ref().map(|limit| ("page[limit]", limit.as_str()));
        let page = server.get(LIST, parameter.as_slice()).await.json();
        assert_eq!(page["data"].as_array().unwrap().len(), expected);
        let page =
            limit.map_or(json!({}), |limit| json!({ "limit": limit.parse::<i32>().unwrap() }));
        let page = server.post(SEARCH, &json!({ "page": page })).await.json();
        assert_eq!(page["data"].as_array().unwrap().len(), expected);
    }
    for limit in ["1001", "0", "-1"] {
        let get = server.get(LIST, &[("page[limit]", limit)]).await;
        let body = json!({ "page": { "limit": limit.parse::<i32>().unwrap() } });
        let post = server.post(SEARCH, &body).await;
        assert_eq!([get.status, post.status], [400; 2], "{limit}");
        for (response, name) in [(get, "page[limit]"), (post, "/page/limit")] {
            let expected = match limit {
                "1001" => format!("{name} must be at most 1000, is 1001"),
                _ => format!("{name} must be at least 1, is {limit}"),
            };
            assert_eq!(response.errors(), [expected]);
        }
    }
}

#[tokio::test]
async fn a_body_has_at_most_five_mebibytes() {
    let server = Server::start().await;
    let body = |length: usize| {
        let json = json!({ "data": job("1", json!({})) }).to_string();
        json.clone() + &" ".repeat(length - json.len())
    };
    let send = |length| {
        let request = server.request(Method::POST, SEND).header("content-type", "application/json");
        execute(request.body(body(length)))
    };
    let rejected = send(5 * 1024 * 1024 + 1).await;
    assert_eq!(rejected.status, 413);
    assert_eq!(
        rejected.body,
        r#"{"errors":[{"detail":"the body is larger than 5242880 bytes","status":"413","title":"Payload Too Large"}]}"#,
    );
    assert!(server.intake.events().is_empty());
    assert_eq!(send(5 * 1024 * 1024).await.status, 202);
}
