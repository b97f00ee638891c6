//! Server-sent events.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::timeout;

use super::html::visit;
use crate::support::{Server, execute, pipeline};

/// Longer than the stream waits before it sends a change.
const PATIENCE: Duration = Duration::from_secs(10);

async fn next(stream: &mut reqwest::Response) -> Option<String> {
    let chunk = timeout(PATIENCE, stream.chunk()).await.unwrap().unwrap();
    chunk.map(|chunk| String::from_utf8(chunk.to_vec()).unwrap())
}

#[tokio::test]
async fn a_change_is_sent_to_open_pages() {
    let server = Server::start().await;
    let request = server.bare(reqwest::Method::GET, "/_intake/changes");
    let mut stream = request.send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let first = next(&mut stream).await.unwrap();
    assert!(first.starts_with("data: ") && first.ends_with("\n\n"), "{first}");
    server.accept(&pipeline("1", json!({}))).await;
    let second = next(&mut stream).await.unwrap();
    assert_ne!(first, second);
    server.intake.reset().await.unwrap();
    assert_ne!(second, next(&mut stream).await.unwrap());

    // An open page does not delay the end of the intake.
    let started = Instant::now();
    server.intake.stop().await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn a_page_that_is_the_same_is_not_sent_again() {
    let server = Server::start().await;
    server.accept(&pipeline("1", json!({}))).await;
    let path = "/execution?id=1";
    let first = execute(visit(&server, path)).await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = || visit(&server, path).header("if-none-match", &tag);
    // Another run does not change it.
    server.accept(&pipeline("2", json!({ "name": "unrelated" }))).await;
    let same = execute(again()).await;
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    server.accept(&pipeline("1", json!({ "name": "other" }))).await;
    let changed = execute(again()).await;
    assert_eq!(changed.status, 200);
    assert!(changed.body.contains("other") && changed.header("etag") != Some(&tag));
}
