//! Event streams and JSON lines: how a client decodes and resumes them.

use std::time::Duration;

use futures_util::TryStreamExt;
use generated_fixtures::responses_streams::models::CreateChatBody;
use generated_fixtures::responses_streams::{Client, ErrorBody};
use specwright_runtime::{Error, HttpOptions, RetryPolicy};

use crate::support::script::{Script, Step, cut, head, more, wait, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const EVENTS: &str = "text/event-stream; charset=utf-8";

async fn start(scripts: Vec<Vec<Step>>) -> Result<(Script, Client), Box<dyn std::error::Error>> {
    let quick = RetryPolicy::default().initial_backoff(Duration::ZERO);
    start_with(scripts, quick, HttpOptions::new()).await
}

async fn start_with(
    scripts: Vec<Vec<Step>>,
    retry: RetryPolicy,
    http: HttpOptions,
) -> Result<(Script, Client), Box<dyn std::error::Error>> {
    let server = Script::start(scripts).await?;
    let client = Client::builder().base_url(&server.url).retry(retry).http(http).build()?;
    Ok((server, client))
}

fn body() -> CreateChatBody {
    CreateChatBody::default()
}

#[tokio::test]
async fn an_operation_returns_a_value_or_a_stream() -> Outcome {
    let events = "event: piece\nid: 1\ndata: {\"text\":\ndata: \"a\"}\n\n: still there\n\n\
                data: {\"text\":\"b\"}\n\ndata: [DONE]\n\ndata: {\"text\":\"never\"}\n\n";
    let (server, client) = start(vec![
        whole(200, "application/json", r#"{"texts":["ab"]}"#),
        whole(200, EVENTS, events),
        whole(200, "application/json", r#"{"texts":["ab"]}"#),
        whole(400, "application/json", r#"{"why":"bad"}"#),
    ])
    .await?;
    let reply = client.create_chat(body()).send().await?;
    assert_eq!(reply.texts.as_deref(), Some(&["ab".to_owned()][..]));
    let mut events = client.create_chat(body()).stream().await?;
    let first = events.try_next().await?.ok_or("there is an event")?;
    assert_eq!((first.text.as_str(), first.event.as_deref()), ("a", Some("piece")));
    assert_eq!(first.id.as_deref(), Some("1"));
    let rest: Vec<_> = events.into_body().map_ok(|event| event.data.text).try_collect().await?;
    assert_eq!(rest, ["b"]);

    let Err(Error::Decode(error)) = client.create_chat(body()).stream().await else {
        return Err("this is not a stream".into());
    };
    assert_eq!(
        error.message,
        "unexpected media type `application/json`; expected a stream of events"
    );
    let Err(Error::Api(error)) = client.create_chat(body()).stream().await else {
        return Err("it is not rejected".into());
    };
    assert!(matches!(error.body, ErrorBody::Problem(_)), "{error:?}");
    let seen = server.seen();
    assert!(seen[0].contains("accept: application/json\r\n"), "{}", seen[0]);
    assert!(seen[1].contains("accept: text/event-stream\r\n"), "{}", seen[1]);
    Ok(())
}

#[tokio::test]
async fn an_invalid_event_is_an_error_and_the_stream_continues() -> Outcome {
    let events = "data: {\"text\":\"a\"}\n\nid: 7\nevent: other\ndata: {\"text\":1}\n\n\
                data: not JSON\n\ndata: {\"text\":\"b\"}";
    let (_server, client) = start(vec![whole(200, EVENTS, events)]).await?;
    let mut events = client.watch_feed().send().await?;
    assert_eq!(events.try_next().await?.map(|event| event.data.text).as_deref(), Some("a"));
    for (part, pointer) in [("event 2 `other` (id `7`)", "/text"), ("event 3 (id `7`)", "")] {
        let Some(Err(Error::Decode(error))) = events.next().await else {
            return Err("it cannot be read".into());
        };
        assert_eq!((error.part.as_str(), error.pointer.as_str()), (part, pointer));
        let message = error.to_string();
        assert!(message.contains("(status 200) in event "), "{message}");
    }
    assert_eq!(events.try_next().await?.map(|event| event.data.text).as_deref(), Some("b"));
    assert_eq!(events.try_next().await?, None);
    Ok(())
}

#[tokio::test]
async fn a_truncated_stream_resumes_after_its_last_id() -> Outcome {
    let (server, client) = start(vec![
        cut(EVENTS, "retry: 20\n\n"),
        cut(EVENTS, "id: é1\ndata: {\"text\":\"a\"}\n\nid: é2\ndata: {\"te"),
        vec![head(503, "")],
        cut(EVENTS, "data: {\"text\":\"b\"}\n\n"),
        whole(200, EVENTS, "id: 2\ndata: {\"text\":\"c\"}\n\n"),
    ])
    .await?;
    let events = client.watch_feed().send().await?.into_body();
    let texts: Vec<_> = events.map_ok(|event| event.data.text).try_collect().await?;
    assert_eq!(texts, ["a", "b", "c"]);
    let asked: Vec<_> = server.seen().iter().map(|head| head.contains("last-event-id: ")).collect();
    assert_eq!(asked, [false, false, true, true, true]);
    // Incomplete events are requested again.
    assert!(!server.seen().iter().any(|head| head.contains("é2")));
    Ok(())
}

#[tokio::test]
async fn a_stream_resumes_only_without_duplicates() -> Outcome {
    let one = "data: {\"text\":\"a\"}\n\n";
    let (server, client) = start(vec![
        cut(EVENTS, one),
        cut(EVENTS, ""),
        whole(200, EVENTS, one),
        whole(200, EVENTS, one),
        vec![head(204, "")],
        cut(EVENTS, ""),
        whole(400, "application/json", r#"{"why":"enough"}"#),
    ])
    .await?;
    // Without an id, the event would be received twice.
    let mut events = client.watch_feed().send().await?;
    assert!(events.try_next().await?.is_some());
    let error = events.try_next().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert!(events.next().await.is_none());
    // A call that is not safe to repeat is not repeated.
    let mut events = client.create_chat(body()).stream().await?;
    assert!(matches!(events.try_next().await, Err(Error::Transport(_))));
    // A feed reconnects until the server ends it.
    let events = client.watch_feed().send().await?.into_body().reconnect_on_end();
    assert_eq!(events.try_collect::<Vec<_>>().await?.len(), 2);
    assert_eq!(server.seen().len(), 5);
    // An error response while resuming is typed.
    let mut events = client.watch_feed().send().await?;
    let Err(Error::Api(error)) = events.try_next().await else { return Err("rejected".into()) };
    assert!(matches!(error.body, ErrorBody::Problem(_)), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn attempts_to_resume_are_limited_by_the_policy() -> Outcome {
    let cuts = vec![cut(EVENTS, ""); 5];
    let quick = RetryPolicy::default().initial_backoff(Duration::ZERO);
    let (server, client) = start_with(cuts, quick.max_attempts(3), HttpOptions::new()).await?;
    let mut events = client.watch_feed().send().await?;
    assert!(matches!(events.try_next().await, Err(Error::Transport(_))));
    assert_eq!(server.seen().len(), 3);
    // The delay that the server requests is too long.
    let late = vec![cut(EVENTS, "retry: 99999999\n\n"); 2];
    let (server, client) = start(late).await?;
    let mut events = client.watch_feed().send().await?;
    assert!(matches!(events.try_next().await, Err(Error::Transport(_))));
    assert_eq!(server.seen().len(), 1);
    Ok(())
}

#[tokio::test]
async fn pauses_are_limited_and_the_duration_of_a_stream_is_not() -> Outcome {
    let event = |id: &str| more(&format!("id: {id}\ndata: {{\"text\":\"{id}\"}}\n\n"));
    let begin = || head(200, "content-type: text/event-stream");
    let slow = vec![begin(), event("a"), wait(300), event("b"), wait(300), event("c")];
    let stuck = vec![begin(), event("a"), wait(2000)];
    let http = HttpOptions::new().read_timeout(Duration::from_millis(1200));
    let policy = RetryPolicy::default().max_attempts(1);
    let (_server, client) = start_with(vec![slow, stuck], policy, http).await?;
    let events = client.watch_feed().timeout(Duration::from_millis(250)).send().await?;
    assert_eq!(events.into_body().try_collect::<Vec<_>>().await?.len(), 3);
    let mut events = client.watch_feed().send().await?;
    assert!(events.try_next().await?.is_some());
    let error = events.try_next().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn the_size_of_an_event_is_limited() -> Outcome {
    let long = "x".repeat(200);
    let events = format!("data: {{\"text\":\"a\"}}\n\ndata: {{\"text\":\"{long}\"}}\n\n");
    let (_server, client) = start(vec![whole(200, EVENTS, events)]).await?;
    let mut events = client.watch_feed().send().await?.into_body().max_event_size(100);
    assert!(events.try_next().await?.is_some());
    let Err(Error::Decode(error)) = events.try_next().await else { return Err("long".into()) };
    assert_eq!(
        (error.part.as_str(), error.message.as_str()),
        ("event 2", "is longer than 100 bytes")
    );
    assert!(events.next().await.is_none());
    Ok(())
}

#[tokio::test]
async fn json_lines_are_decoded_one_by_one() -> Outcome {
    let rows = "{\"text\":\"a\"}\r\n\n{\"text\":2}\n{\"text\":\"c\"}";
    let (server, client) = start(vec![
        whole(200, "application/x-ndjson", rows),
        whole(200, "application/json-seq", "\u{1E}1\n\u{1E}[\n\u{1E}3\n"),
        cut("application/x-ndjson", "{\"text\":\"a\"}\n{\"te"),
        whole(200, EVENTS, "data: [DONE]\n\ndata: b\n\n"),
    ])
    .await?;
    let mut values = client.get_rows().send().await?;
    assert_eq!(values.try_next().await?.map(|row| row.text).as_deref(), Some("a"));
    let Some(Err(Error::Decode(error))) = values.next().await else {
        return Err("no decoding error".into());
    };
    assert_eq!((error.part.as_str(), error.pointer.as_str()), ("value 2", "/text"));
    assert_eq!(values.try_next().await?.map(|row| row.text).as_deref(), Some("c"));
    assert!(values.next().await.is_none());

    let mut values = client.get_records().send().await?;
    assert_eq!(values.try_next().await?, Some(1));
    assert!(matches!(values.next().await, Some(Err(Error::Decode(_)))));
    assert_eq!(values.try_next().await?, Some(3));

    let mut values = client.get_rows().send().await?;
    assert!(values.try_next().await?.is_some());
    assert!(matches!(values.next().await, Some(Err(Error::Transport(_)))));
    assert!(values.next().await.is_none());

    // A string is never treated as a sentinel.
    let ticks = client.watch_ticks().send().await?.into_body();
    let ticks: Vec<_> = ticks.map_ok(|event| event.data).try_collect().await?;
    assert_eq!(ticks, ["[DONE]", "b"]);
    assert!(server.seen()[0].contains("accept: application/x-ndjson\r\n"));
    Ok(())
}
