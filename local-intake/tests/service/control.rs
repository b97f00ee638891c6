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
