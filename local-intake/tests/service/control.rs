//! What tests in other languages ask of the intake, `/_intake/…`, and what it says of requests
//! that it cannot carry out.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server, answer, gzip, job};

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
