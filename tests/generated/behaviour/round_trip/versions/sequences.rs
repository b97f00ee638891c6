//! Bodies of several values: what a client sends arrives, and is sent back.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use generated_fixtures::openapi_3_2_sequences::models::{Event, Line};
use generated_fixtures::servers::openapi_3_2_sequences::operations as served;
use generated_fixtures::{openapi_3_2_sequences as sequences, servers};
use specwright_runtime::Blob;
use specwright_server::axum::BoxError;
use specwright_server::{
    Call, Credentials, EventStream, JsonLines, Limits, Operation, Rejection, Response,
    ServerSentEvent,
};

use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Sends back what it receives.
struct Echo;

fn lines<T: Send + 'static>(all: Vec<T>) -> Response<JsonLines<T>> {
    JsonLines::new(stream::iter(all).map(Ok)).into()
}

impl servers::openapi_3_2_sequences::Api for Echo {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn send_lines(
        &self,
        request: served::SendLines,
        _: Call,
    ) -> Result<Response<JsonLines<Line>>, Rejection> {
        Ok(lines(request.body))
    }

    async fn send_more_lines(
        &self,
        request: served::SendMoreLines,
        _: Call,
    ) -> Result<Response<JsonLines<i64>>, Rejection> {
        Ok(lines(request.body.unwrap_or_default()))
    }

    async fn send_records(
        &self,
        request: served::SendRecords,
        _: Call,
    ) -> Result<Response<JsonLines<Line>>, Rejection> {
        Ok(lines(request.body))
    }

    async fn send_events(
        &self,
        request: served::SendEvents,
        _: Call,
    ) -> Result<Response<EventStream<Line>>, Rejection> {
        let events = request.body.into_iter().map(|event| -> Result<_, BoxError> {
            let line: Line = serde_json::from_str(&event.data)?;
            let sent = ServerSentEvent::new(line);
            Ok(match event.event {
                Some(name) => sent.with_event(name),
                None => sent,
            })
        });
        Ok(EventStream::new(stream::iter(events.collect::<Vec<_>>())).into())
    }

    async fn send_parts(
        &self,
        request: served::SendParts,
        call: Call,
    ) -> Result<Response<()>, Rejection> {
        let parts = request.body;
        let media_type = call.parts.headers.get("content-type").and_then(|it| it.to_str().ok());
        assert!(media_type.is_some_and(|it| it.starts_with("multipart/mixed; boundary=")));
        assert_eq!(parts.optional.0, Some(line(1, "a")));
        assert_eq!(parts.optional.1.as_deref(), Some("x,y\r\n1,2"));
        let files: Vec<_> = parts.rest.iter().map(|file| file.as_bytes().cloned()).collect();
        assert_eq!(files, [Some(vec![0x89, 0, 1].into()), Some(b"2".to_vec().into())]);
        assert_eq!(parts.rest[0].media_type(), Some("image/png"));
        assert_eq!(parts.rest[1].media_type(), Some("image/gif"));
        Ok(().into())
    }

    async fn read_parts(
        &self,
        _: served::ReadParts,
        _: Call,
    ) -> Result<Response<JsonLines<Line>>, Rejection> {
        Ok(lines(vec![line(1, "--\r\n"), line(2, "é")]))
    }

    async fn send_strings(
        &self,
        request: served::SendStrings,
        _: Call,
    ) -> Result<Response<JsonLines<String>>, Rejection> {
        Ok(lines(request.body))
    }
}

#[expect(clippy::expect_used, reason = "a test helper: the value is complete")]
fn line(n: i64, at: &str) -> Line {
    Line::builder().n(n).at(at).build().expect("a complete line")
}

async fn start() -> Result<(Served, sequences::Client), Box<dyn std::error::Error>> {
    let router = servers::openapi_3_2_sequences::router(Arc::new(Echo), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = sequences::Client::builder().base_url(&server.url).build()?;
    Ok((server, client))
}

#[tokio::test]
async fn values_are_sent_in_both_directions() -> Outcome {
    let (_server, client) = start().await?;
    let all = vec![line(1, "a\nb\r\u{1e}"), line(-2, ""), line(3, "é")];
    let received = client.send_lines(all.clone()).send().await?.into_body();
    assert_eq!(received.try_collect::<Vec<_>>().await?, all);
    let received = client.send_records(all.clone()).send().await?.into_body();
    assert_eq!(received.try_collect::<Vec<_>>().await?, all);
    let received = client.send_lines([]).send().await?.into_body();
    assert!(received.try_collect::<Vec<_>>().await?.is_empty());
    // The caller chooses among the media types of the same list.
    let request = client.send_more_lines().body([1, 2]);
    let received = request.content_type_ndjson().send().await?.into_body();
    assert_eq!(received.try_collect::<Vec<_>>().await?, [1, 2]);
    let received = client.send_more_lines().body([3]).send().await?.into_body();
    assert_eq!(received.try_collect::<Vec<_>>().await?, [3]);
    Ok(())
}

#[tokio::test]
async fn events_are_sent_in_both_directions() -> Outcome {
    let (_server, client) = start().await?;
    let event = |name: Option<&str>, data: &str| {
        let mut event = Event::builder().data(data).retry(3).build().unwrap();
        event.event = name.map(str::to_owned);
        event
    };
    let sent = [event(Some("one"), "{\"n\":1,\n\"at\":\"a\"}"), event(None, "{\"n\":2}")];
    let received = client.send_events(sent).send().await?.into_body();
    let received: Vec<_> = received.try_collect().await?;
    assert_eq!(received[0].data, line(1, "a"));
    assert_eq!(received[0].event.as_deref(), Some("one"));
    assert_eq!(received[1].data.n, 2);
    let error = client.send_events([event(Some("a\nb"), "{}")]).send().await.err();
    assert!(error.ok_or("it was sent")?.to_string().contains("/0/event"));
    Ok(())
}

#[tokio::test]
async fn parts_are_sent_in_both_directions() -> Outcome {
    let (_server, client) = start().await?;
    let mut parts = specwright_runtime::Tuple {
        items: (),
        optional: (Some(line(1, "a")), Some("x,y\r\n1,2".to_owned())),
        rest: vec![Blob::new(vec![0x89, 0, 1])],
    };
    parts.rest.push(Blob::new(b"2".to_vec()).with_media_type("image/gif"));
    client.send_parts(parts).send().await?;
    let response = client.read_parts().send().await?;
    let received: Vec<_> = response.into_body().try_collect().await?;
    assert_eq!(received, [line(1, "--\r\n"), line(2, "é")]);
    let strings = vec!["1".to_owned(), String::new(), "a\r\nb".to_owned(), "null".to_owned()];
    let received = client.send_strings(strings.clone()).send().await?.into_body();
    assert_eq!(received.try_collect::<Vec<_>>().await?, strings);
    Ok(())
}

#[tokio::test]
async fn invalid_elements_are_reported_with_their_indexes() -> Outcome {
    let (server, _client) = start().await?;
    for (path, media_type, body, problem) in [
        ("lines", "application/jsonl", "{\"n\":1}\n{\"n\":", "/1"),
        ("lines", "application/jsonl", "{\"n\":1}\n{\"n\":\"x\"}\n", "/1/n"),
        ("lines", "application/jsonl", "{\"n\":1},{\"n\":2}\n", "/0"),
        ("records", "application/json-seq", "\u{1e}{}\n", "/0"),
        ("events", "text/event-stream", "event: a\n\n", "/0"),
        ("parts", "multipart/mixed; boundary=B", "--B\r\n\r\nx\r\n--B--", "/0"),
        ("strings", "multipart/mixed", "", "boundary"),
    ] {
        let head = format!("POST /{path} HTTP/1.1\ncontent-type: {media_type}");
        let response = server.send(&head, body).await?;
        assert!(response.contains("400 Bad Request"), "{path}: {response}");
        assert!(response.contains(problem), "{path}: {response}");
    }
    Ok(())
}
