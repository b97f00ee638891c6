//! Servers that keep a client busy: endless events and values, reconnects, empty pages.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use generated_fixtures::{paging_empty, responses_bytes, responses_streams};
use serde_json::json;
use specwright_runtime::{Error, HttpOptions, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::recording::Server;
use crate::support::script::{Script, head, more, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A server that sends the same response on every connection, and its last part without end.
struct Hostile {
    url: String,
    connections: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
}

impl Hostile {
    async fn start(media: &str, start: &str, repeated: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (connections, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counters = (Arc::clone(&connections), Arc::clone(&sent));
        let start =
            format!("HTTP/1.1 200 x\r\nconnection: close\r\ncontent-type: {media}\r\n\r\n{start}");
        let repeated = repeated.repeat(64 * 1024 / repeated.len().max(1));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counters.0.fetch_add(1, Ordering::Relaxed);
                let (start, repeated, sent) = (start.clone(), repeated.clone(), counters.1.clone());
                tokio::spawn(async move {
                    let _length = stream.read(&mut [0; 4096]).await?;
                    stream.write_all(start.as_bytes()).await?;
                    while !repeated.is_empty() {
                        stream.write_all(repeated.as_bytes()).await?;
                        sent.fetch_add(repeated.len(), Ordering::Relaxed);
                    }
                    stream.shutdown().await
                });
            }
        });
        Ok(Self { url, connections, sent })
    }

    fn streams(&self) -> Result<responses_streams::Client, Error<responses_streams::ErrorBody>> {
        let quick = RetryPolicy::default().initial_backoff(Duration::ZERO);
        responses_streams::Client::builder().base_url(&self.url).retry(quick).build()
    }
}

const EVENTS: &str = "text/event-stream";

#[tokio::test]
async fn an_endless_event_or_value_ends_at_its_limit() -> Outcome {
    for start in ["data: ", "data: x\ndata: ", ": ", "id: ", "event: ", ""] {
        let server = Hostile::start(EVENTS, start, "x").await?;
        let error = server.streams()?.watch_feed().send().await?.try_next().await;
        let Err(Error::Decode(error)) = error else { return Err(format!("{error:?}").into()) };
        assert_eq!(error.message, "is longer than 16777216 bytes");
        assert!(server.sent.load(Ordering::Relaxed) < 64 << 20, "it is read after the limit");
    }
    // Many lines of one event.
    let server = Hostile::start(EVENTS, "", "data: x\n").await?;
    let error = server.streams()?.watch_feed().send().await?.try_next().await;
    assert!(matches!(error, Err(Error::Decode(_))), "{error:?}");

    let server = Hostile::start("application/x-ndjson", "", "[").await?;
    let error = server.streams()?.get_rows().send().await?.try_next().await;
    let Err(Error::Decode(error)) = error else { return Err(format!("{error:?}").into()) };
    assert_eq!(error.message, "is longer than 16777216 bytes");
    Ok(())
}

#[tokio::test]
async fn a_long_id_is_not_copied_for_every_event() -> Outcome {
    // 8 MiB each for 20,000 events would be 160 GiB.
    let id = "i".repeat(8 << 20);
    let events = format!("id: {id}\ndata: {{\"text\":\"a\"}}\n\n{}", "data\n\n".repeat(20_000));
    let script = vec![head(200, "content-type: text/event-stream"), more(&events)];
    let server = Script::start([script]).await?;
    let client = responses_streams::Client::builder().base_url(&server.url).build()?;
    let mut events = client.watch_feed().send().await?;
    let first = events.try_next().await?.ok_or("no event")?;
    assert_eq!(first.id.as_ref().map(String::len), Some(8 << 20));
    Ok(())
}

#[tokio::test]
async fn a_server_cannot_ask_for_reconnects_without_pauses() -> Outcome {
    // Each connection has an event, so every reconnect succeeds.
    let server = Hostile::start(EVENTS, "retry: 0\nid: 1\ndata: {\"text\":\"a\"}\n\n", "").await?;
    let mut events = server.streams()?.watch_feed().send().await?.into_body().reconnect_on_end();
    let start = Instant::now();
    for _ in 0..5 {
        events.try_next().await?.ok_or("it goes on")?;
    }
    assert!(start.elapsed() >= Duration::from_millis(400), "{:?}", start.elapsed());
    assert_eq!(server.connections.load(Ordering::Relaxed), 5);

    // Without events, the pauses grow: 100, 200, 400, 800 ms.
    let server = Hostile::start(EVENTS, "retry: 0\n\n", "").await?;
    let mut events = server.streams()?.watch_feed().send().await?.into_body().reconnect_on_end();
    let waited = tokio::time::timeout(Duration::from_millis(1400), events.try_next()).await;
    assert!(waited.is_err(), "{waited:?}");
    let connections = server.connections.load(Ordering::Relaxed);
    assert!((3..=4).contains(&connections), "{connections}");
    Ok(())
}

#[tokio::test]
async fn a_download_in_memory_is_limited() -> Outcome {
    let client = |url: &str| {
        let http = HttpOptions::new().max_response_size(1000);
        responses_bytes::Client::builder().base_url(url).http(http).build()
    };
    let server = Hostile::start("image/png", "", "x").await?;
    let file = client(&server.url)?.get_file().send().await?;
    let error = file.bytes().await.err().ok_or("no error")?.to_string();
    for part in ["GetFile", "1000 bytes", "max_response_size"] {
        assert!(error.to_lowercase().contains(&part.to_lowercase()), "{error}");
    }
    // Chunk by chunk it is not, and a limit of its own replaces that of the client.
    let mut file = client(&server.url)?.get_file().send().await?;
    let mut size = 0;
    while size < 1 << 20 {
        size += file.try_next().await?.ok_or("it goes on")?.len();
    }
    let whole = || whole(200, "image/png", [7; 2000]);
    let server = Script::start([whole(), whole()]).await?;
    let file = client(&server.url)?.get_file().send().await?.into_body();
    assert_eq!(file.max_size(2000).bytes().await?.len(), 2000);
    let file = client(&server.url)?.get_file().send().await?.into_body();
    assert!(file.max_size(1999).bytes().await.is_err());
    Ok(())
}

#[tokio::test]
async fn empty_pages_end_a_listing() -> Outcome {
    let page =
        |items: &[&str], next: usize| (200, json!({"data": items, "next": format!("c{next}")}));
    let pages = || [page(&["a"], 1), page(&[], 2), page(&["b"], 3), (200, json!({"data": []}))];
    let server = Server::start(pages()).await?;
    let client = paging_empty::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_until_empty().stream().try_collect().await?;
    assert_eq!((all.join(" "), server.seen().len()), ("a".to_owned(), 2));

    let server = Server::start(pages()).await?;
    let client = paging_empty::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_over_empty().stream().try_collect().await?;
    assert_eq!((all.join(" "), server.seen().len()), ("a b".to_owned(), 4));
    Ok(())
}

#[tokio::test]
async fn empty_pages_without_end_are_an_error() -> Outcome {
    // Absent, empty, and in an object that is required.
    let absent = |i: usize| json!({"next": format!("c{i}")});
    let required = |i: usize| json!({"found": {"data": []}, "next": format!("c{i}")});
    let server = Server::start((0..200).map(|i| (200, absent(i)))).await?;
    let client = paging_empty::Client::builder().base_url(&server.url).build()?;
    let mut pages = client.list_over_empty().pages();
    let mut fetched = 0;
    let error = loop {
        match pages.next().await.ok_or("no error")? {
            Ok(_) => fetched += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((fetched, server.seen().len()), (101, 101));
    let message = error.to_string();
    for part in ["listOverEmpty", "more than 100 empty pages", "max_empty_pages"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(pages.next().await.is_none());

    let server = Server::start((0..9).map(|i| (200, required(i)))).await?;
    let client = paging_empty::Client::builder().base_url(&server.url).build()?;
    let mut items = client.list_required().stream().max_empty_pages(2);
    assert!(matches!(items.try_next().await, Err(Error::Decode(_))));
    assert_eq!(server.seen().len(), 3);
    Ok(())
}
