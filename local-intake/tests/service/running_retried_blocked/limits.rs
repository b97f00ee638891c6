//! What the service takes at most.

use datadog_ci_intake::LocalIntake;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{LIST, SEARCH, SEND, Server, answer, job, pipeline, running, with};

/// What just fits is accepted, and what does not is refused with this alone.
async fn limit(fits: Value, breaks: Value, expected: &str) {
    let server = Server::start().await;
    let answer = server.send(&breaks).await;
    assert_eq!((answer.status, answer.errors()), (400, vec![expected.to_owned()]));
    assert!(server.intake.events().is_empty());
    server.accept(&fits).await;
    let count = fits.as_array().map_or(1, Vec::len);
    assert_eq!(server.intake.events().len(), count);
}

#[tokio::test]
async fn eighteen_hours_in_the_past() {
    let ended = |end: &str| job("1", json!({ "start": "2026-07-13T15:00:00Z", "end": end }));
    limit(
        ended("2026-07-13T16:00:00Z"),
        ended("2026-07-13T15:59:59.999Z"),
        "/data/attributes/resource/end must be within the last 18 hours, is 2026-07-13T15:59:59.999Z; it is 2026-07-14T10:00:00Z",
    )
    .await;
}

#[tokio::test]
async fn events_of_any_age_where_that_is_wanted() {
    let server = Server::of(LocalIntake::builder().accept_any_age(true)).await;
    let old = json!({ "start": "1999-12-31T23:00:00Z", "end": "1999-12-31T23:59:59Z" });
    server.accept(&job("1", old)).await;
    assert_eq!(
        server.get(LIST, &[("filter[from]", "0")]).await.json()["data"][0]["type"],
        "cipipeline"
    );
}

#[tokio::test]
async fn a_running_event_may_have_begun_at_any_time() {
    let server = Server::start().await;
    server.accept(&running("pipeline", "1", json!({ "start": "2026-07-12T10:00:00Z" }))).await;
    assert_eq!(
        server.get(LIST, &[("filter[from]", "now-3d")]).await.json()["data"][0]["type"],
        "cipipeline"
    );
}

#[tokio::test]
async fn moments_are_those_that_can_be_kept() {
    // What is accepted is never lost.
    let place = "/data/attributes/resource";
    for (fits, breaks) in [
        ("1678-01-01T00:00:00Z", "1677-01-01T00:00:00Z"),
        ("2261-12-31T23:59:59Z", "2263-01-01T00:00:00Z"),
    ] {
        let start = |start: &str| running("job", "1", json!({ "start": start }));
        let expected =
            format!("{place}/start must lie in the years from 1678 to 2261, is {breaks}");
        limit(start(fits), start(breaks), &expected).await;
    }
    let end = |end: &str| job("1", json!({ "start": "2261-12-31T00:00:00Z", "end": end }));
    let expected =
        format!("{place}/end must lie in the years from 1678 to 2261, is 2262-05-01T00:00:00Z");
    limit(end("2261-12-31T00:01:00Z"), end("2262-05-01T00:00:00Z"), &expected).await;
}

#[tokio::test]
async fn one_year_from_start_to_end() {
    // A leap year at most.
    limit(
        job("1", json!({ "start": "2025-07-13T09:59:00Z" })),
        job("1", json!({ "start": "2025-07-13T09:58:59Z" })),
        "/data/attributes/resource/end must be at most one year after `start`",
    )
    .await;
}

#[tokio::test]
async fn an_end_is_not_before_its_start() {
    limit(
        job("1", json!({ "end": "2026-07-14T09:58:00Z" })),
        job("1", json!({ "end": "2026-07-14T09:57:59Z" })),
        "/data/attributes/resource/end must not be before `start`",
    )
    .await;
}

#[tokio::test]
async fn a_thousand_events_in_an_array() {
    let events =
        |count: usize| -> Value { (0..count).map(|i| job(&i.to_string(), json!({}))).collect() };
    limit(events(1000), events(1001), "/data must have at most 1000 entries, has 1001").await;
    limit(events(1), events(0), "/data must have at least 1 entries, has 0").await;
}

#[tokio::test]
async fn characters_of_an_error() {
    for (name, most) in [("message", 5000), ("type", 100)] {
        // Characters, not bytes.
        let error = |length| job("1", json!({ "error": { name: "é".repeat(length) } }));
        let place = format!("/data/attributes/resource/error/{name}");
        let expected = format!("{place} must have at most {most} characters, has {}", most + 1);
        limit(error(most), error(most + 1), &expected).await;
    }
}

#[tokio::test]
async fn queue_time_is_not_negative() {
    limit(
        pipeline("1", json!({ "queue_time": 0 })),
        pipeline("1", json!({ "queue_time": -1 })),
        "/data/attributes/resource/queue_time must be at least 0, is -1",
    )
    .await;
}

#[tokio::test]
async fn a_hundred_tags_and_metrics_of_three_hundred_characters() {
    for (name, value) in [("tags", "é"), ("metrics", "1")] {
        let many = |count: usize| {
            let list: Value = (0..count).map(|i| format!("k{i}:1")).collect();
            job("1", json!({ name: list }))
        };
        let place = format!("/data/attributes/resource/{name}");
        let expected = format!("{place} must have at most 100 entries, has 101");
        limit(many(100), many(101), &expected).await;
        let long =
            |length: usize| job("1", json!({ name: [format!("k:{}", value.repeat(length - 2))] }));
        let expected = format!("{place}/0 must have at most 300 characters, has 301");
        limit(long(300), long(301), &expected).await;
    }
}

#[tokio::test]
async fn tags_and_metrics_have_keys_and_metrics_numbers() {
    for (name, fits, breaks, message) in [
        ("tags", "team:docs", "docs", "must be `key:value`"),
        ("tags", "a:b:c", ":docs", "must be `key:value`"),
        ("metrics", "size:-1.5", "size:big", "must be `key:value` with a number as value"),
        ("metrics", "size: 1", "size:inf", "must be `key:value` with a number as value"),
    ] {
        let event = |value: &str| job("1", json!({ name: [value] }));
        let expected = format!("/data/attributes/resource/{name}/0 {message}");
        limit(event(fits), event(breaks), &expected).await;
    }
}

#[tokio::test]
async fn a_commit_has_a_branch_or_a_tag() {
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
async fn a_page_has_ten_events_unless_asked_otherwise_and_a_thousand_at_most() {
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
        for (answer, place) in [(get, "page[limit]"), (post, "/page/limit")] {
            let expected = match limit {
                "1001" => format!("{place} must be at most 1000, is 1001"),
                _ => format!("{place} must be at least 1, is {limit}"),
            };
            assert_eq!(answer.errors(), [expected]);
        }
    }
}

#[tokio::test]
async fn a_body_of_five_mebibytes() {
    let server = Server::start().await;
    let body = |length: usize| {
        let text = json!({ "data": job("1", json!({})) }).to_string();
        text.clone() + &" ".repeat(length - text.len())
    };
    let send = |length| {
        let request = server.request(Method::POST, SEND).header("content-type", "application/json");
        answer(request.body(body(length)))
    };
    let refused = send(5 * 1024 * 1024 + 1).await;
    assert_eq!(refused.status, 413);
    assert_eq!(
        refused.text,
        r#"{"errors":[{"detail":"the body is larger than 5242880 bytes","status":"413","title":"Payload Too Large"}]}"#,
    );
    assert!(server.intake.events().is_empty());
    assert_eq!(send(5 * 1024 * 1024).await.status, 202);
}
