//! Answers that come before their requests were read: they must arrive, however much of the
//! request is still under way.

use std::time::Duration;

use datadog_ci_intake::{Fault, RateLimit};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{SEND, Server, job};

/// More than a connection takes in before somebody reads it.
const LARGE: usize = 8 << 20;

/// Sends a head, then, when an answer could be under way, a body that is no JSON; and says what
/// came back.
async fn exchange(server: &Server, method: &str, path: &str, length: usize) -> (u16, String) {
    let address = server.intake.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nDD-API-KEY: a\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    stream.write_all(&vec![b'x'; length]).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test]
async fn a_refusal_that_was_asked_for_arrives() {
    let server = Server::start().await;
    for status in [503, 429] {
        server.intake.faults([Fault::Status { status, retry_after: None }]);
        assert_eq!(exchange(&server, "POST", SEND, LARGE).await.0, status);
    }
}

#[tokio::test]
async fn a_refusal_of_the_rate_limit_arrives() {
    let server = Server::start().await;
    server.intake.set_rate_limit(Some(RateLimit { limit: 0, period: 60, retry_after: false }));
    assert_eq!(exchange(&server, "POST", SEND, LARGE).await.0, 429);
}

#[tokio::test]
async fn an_answer_of_the_control_interface_arrives() {
    let server = Server::start().await;
    // So many that their answer does not fit into a connection at once either.
    let jobs: Vec<Value> = (0..1000).map(|id| job(&id.to_string(), json!({}))).collect();
    let sent = server.post(SEND, &json!({ "data": jobs })).await;
    assert_eq!(sent.status, 202, "{}", sent.text);
    for _ in 0..20 {
        let (status, body) = exchange(&server, "GET", "/_intake/events", 200_000).await;
        assert_eq!(status, 200);
        let events: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(events["data"].as_array().map(Vec::len), Some(1000));
    }
}
