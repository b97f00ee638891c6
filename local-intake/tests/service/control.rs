//! What tests in other languages ask of the intake, `/_intake/…`, and what it says of requests
//! that it cannot carry out.

use datadog_ci_intake::RateLimit;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, LIST, NOW, Server, answer, gzip, job};

async fn asked(server: &Server, method: Method, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    answer(server.bare(method, path).body(body.into())).await
}

/// Holds a refusal against its form: JSON, and all that is wrong as texts.
fn refused(answer: &Answer, status: u16, expected: &[&str]) {
    assert_eq!(
        (answer.status, answer.errors()),
        (status, expected.iter().map(ToString::to_string).collect())
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn bodies_may_be_packed_like_those_of_the_api() {
    let server = Server::start().await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    let packed = |body: Vec<u8>| {
        let request = server.bare(Method::POST, "/_intake/events");
        answer(request.header("content-encoding", "gzip").body(body))
    };
    let seeded = packed(gzip(body.as_bytes())).await;
    assert_eq!((seeded.status, seeded.json()), (200, json!({ "events": 1 })));
    let expected = "the body is not what its content encoding says, or is cut off";
    refused(&packed(body.into_bytes()).await, 400, &[expected]);
    assert_eq!(server.intake.event_count(), 1);
}

#[tokio::test]
async fn bodies_are_as_large_as_those_of_the_api() {
    let server = Server::start().await;
    let large = asked(&server, Method::POST, "/_intake/events", vec![b' '; 6 << 20]).await;
    refused(&large, 413, &["the body is larger than 5242880 bytes"]);
}

#[tokio::test]
async fn every_problem_of_events_is_told_with_its_place() {
    let server = Server::start().await;
    let at = "/data/1/attributes/resource";
    let bad = json!({ "name": 7, "tags": ["bad"], "queue_time": -1 });
    let body = json!({ "data": [job("0", json!({})), job("1", bad)] }).to_string();
    let answer = asked(&server, Method::POST, "/_intake/events", body).await;
    let name = format!("{at}/name must be a string, not integer `7`");
    let queue_time = format!("{at}/queue_time must be at least 0, is -1");
    let tags = format!("{at}/tags/0 must be `key:value`");
    refused(&answer, 400, &[&name, &queue_time, &tags]);

    let many: Vec<Value> =
        (0..300).map(|i| job(&i.to_string(), json!({ "tags": ["bad"] }))).collect();
    let body = json!({ "data": many }).to_string();
    let errors = asked(&server, Method::POST, "/_intake/events", body).await.errors();
    assert_eq!((errors.len(), errors[101].as_str()), (102, "and 199 more problems"));
    assert_eq!(server.intake.event_count(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_as_json() {
    let server = Server::start().await;
    let post = |path, body: &'static [u8]| asked(&server, Method::POST, path, body);
    let no_text = "the body is not UTF-8 from byte 1 on";
    refused(&post("/_intake/events", b"\"\xFF\"").await, 400, &[no_text]);
    let hint = "GET /_intake says what there is";
    refused(&post("/_intake/faults", b"\"\xFF\"").await, 400, &[no_text, hint]);
    let faults = br#"["none", {"status": {"status": 200}}, {"delay": -1}, {"status": {}}]"#;
    let expected = [
        "/2/delay must be a natural number of 64 bits, not integer `-1`",
        "/3/status/status is required",
        "/1/status/status must be from 400 to 599, is 200",
        hint,
    ];
    refused(&post("/_intake/faults", faults).await, 400, &expected);
    refused(&post("/_intake/nothing", b"").await, 404, &["there is no such operation", hint]);
    let history = asked(&server, Method::GET, "/_intake/events/%FF/history", "").await;
    refused(&history, 404, &["there is no such event"]);
}

#[tokio::test]
async fn the_clock_is_set_in_one_way_at_a_time() {
    let server = Server::start().await;
    let put = |body: &'static str| asked(&server, Method::PUT, "/_intake/clock", body);
    let hint = "GET /_intake says what there is";
    let either = "give either `now` or `advance_milliseconds`";
    let both = r#"{"now": "2026-07-14T11:00:00Z", "advance_milliseconds": 1}"#;
    for body in [both, "{}", r#"{"now": null}"#] {
        refused(&put(body).await, 400, &[either, hint]);
    }
    for (body, expected) in [
        (
            r#"{"advance_milliseconds": "1"}"#,
            "/advance_milliseconds must be an integer of 64 bits, not string \"1\"",
        ),
        (r#"{"now": 5}"#, "/now must be a timestamp string, not integer `5`"),
        (
            r#"{"advance": 1}"#,
            "/advance is not a known property, expected `now` or `advance_milliseconds`",
        ),
    ] {
        refused(&put(body).await, 400, &[expected, hint]);
    }
    assert_eq!(server.intake.clock().now(), NOW.parse().unwrap());

    for (body, now) in [
        (r#"{"advance_milliseconds": 60000}"#, "2026-07-14T10:01:00Z"),
        (r#"{"now": "2000-01-01T00:00:00Z"}"#, "2000-01-01T00:00:00Z"),
    ] {
        assert_eq!(put(body).await.status, 200);
        let clock = asked(&server, Method::GET, "/_intake/clock", "").await;
        assert_eq!(clock.json(), json!({ "now": now }));
    }
    assert_eq!(put("null").await.status, 200);
    assert!(server.intake.clock().now() > "2020-01-01T00:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_rate_limit_has_a_period() {
    let server = Server::start().await;
    let put = |body: &'static str| asked(&server, Method::PUT, "/_intake/rate-limit", body);
    let hint = "GET /_intake says what there is";
    let answer = put(r#"{"limit": 5, "period": 0}"#).await;
    refused(&answer, 400, &["/period must be at least 1, is 0", hint]);
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-limit"), None);
    assert_eq!(put(r#"{"limit": 5, "period": 60}"#).await.status, 200);
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-period"), Some("60"));
    assert_eq!(put("null").await.status, 200);
    // In process there is nobody to tell.
    server.intake.set_rate_limit(Some(RateLimit { limit: 5, period: 0, retry_after: false }));
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-period"), Some("1"));
}
