//! Responses sent before the request is read completely: they must arrive however much of the
//! request is still in flight.

use std::time::Duration;

use datadog_ci_intake::{Fault, RateLimit};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{SEND, Server, job};

/// More than the buffers of a connection hold.
const LARGE: usize = 8 << 20;

/// Sends a head and, after a response may have been sent, an invalid body. Returns the response.
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
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test]
async fn an_injected_rejection_arrives() {
    let server = Server::start().await;
    for status in [503, 429] {
        server.intake.queue_faults([Fault::Status { status, retry_after: None }]);
        assert_eq!(exchange(&server, "POST", SEND, LARGE).await.0, status);
    }
}

#[tokio::test]
async fn a_rejection_by_the_rate_limit_arrives() {
    let server = Server::start().await;
    server.intake.set_rate_limit(Some(RateLimit { limit: 0, period: 60, retry_after: false }));
    assert_eq!(exchange(&server, "POST", SEND, LARGE).await.0, 429);
}

#[tokio::test]
async fn a_response_of_the_control_interface_arrives() {
    let server = Server::start().await;
    // So many that the response does not fit into the buffers of a connection either.
    let jobs: Vec<Value> = (0..1000).map(|id| job(&id.to_string(), json!({}))).collect();
    let sent = server.post(SEND, &json!({ "data": jobs })).await;
    assert_eq!(sent.status, 202, "{}", sent.body);
    for _ in 0..20 {
        let (status, body) = exchange(&server, "GET", "/_intake/events", 200_000).await;
        assert_eq!(status, 200);
        let events: Value = serde_json::from_str(&unchunked(&body)).unwrap();
        assert_eq!(events["data"].as_array().map(Vec::len), Some(1000));
    }
}

/// Joins the chunks of a body.
fn unchunked(mut chunks: &str) -> String {
    let mut body = String::new();
    while let Some((length, rest)) = chunks.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        body.push_str(&rest[..length]);
        chunks = rest[length..].strip_prefix("\r\n").unwrap();
    }
    body
}

/// Sends a head with `Expect: 100-continue`. Returns the first response and its status.
async fn expect_continue(server: &Server, head: &str) -> (TcpStream, u16, String) {
    let address = server.intake.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!("{head}Host: {address}\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = vec![0; 4096];
    let length = stream.read(&mut response).await.unwrap();
    let response = String::from_utf8_lossy(&response[..length]).into_owned();
    (stream, response.split(' ').nth(1).unwrap().parse().unwrap(), response)
}

#[tokio::test]
async fn expect_continue_is_rejected_before_the_body_is_sent() {
    let server = Server::start().await;
    let send = format!("POST {SEND} HTTP/1.1\r\nDD-API-KEY: a\r\n");
    let status = async |head: &str| expect_continue(&server, head).await.1;
    let bare = format!("POST {SEND} HTTP/1.1\r\nContent-Length: 9\r\n");
    assert_eq!(status(&bare).await, 401);
    assert_eq!(status(&format!("{send}Content-Length: {LARGE}\r\n")).await, 413);
    let encoded = format!("{send}Content-Length: 9\r\nContent-Encoding: br\r\n");
    assert_eq!(status(&encoded).await, 415);
    assert_eq!(status("POST /nothing HTTP/1.1\r\nContent-Length: 9\r\n").await, 404);
    let control = format!(
        "POST /_intake/events HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {LARGE}\r\n"
    );
    assert_eq!(status(&control).await, 413);
    server.intake.fail_next(1, 503);
    assert_eq!(status(&format!("{send}Content-Length: 9\r\n")).await, 503);
}

#[tokio::test]
async fn expect_continue_gets_100_if_the_body_is_accepted() {
    let server = Server::start().await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    let head =
        format!("POST {SEND} HTTP/1.1\r\nDD-API-KEY: a\r\nContent-Length: {}\r\n", body.len());
    let (mut stream, status, interim) = expect_continue(&server, &head).await;
    assert_eq!((status, interim.as_str()), (100, "HTTP/1.1 100 Continue\r\n\r\n"));
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut response = vec![0; 4096];
    let length = stream.read(&mut response).await.unwrap();
    assert!(response[..length].starts_with(b"HTTP/1.1 202 "));
    assert_eq!(server.intake.event_count(), 1);
}
