//! Streams, bytes and headers between the generated server and client of a document, also with
//! a test double and the blocking client.

use std::io::Read;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use generated_fixtures::responses_streams::models::{CreateChatBody, Piece, Problem, Reply};
use generated_fixtures::responses_streams::operations::CreateChat;
use generated_fixtures::servers::responses_bytes::operations as files;
use generated_fixtures::servers::responses_media_types::operations as reports;
use generated_fixtures::servers::responses_streams::operations as served;
use generated_fixtures::{responses_bytes, responses_media_types, responses_streams, servers};
use specwright_runtime::{self as runtime, RetryPolicy};
use specwright_server::axum::BoxError;
use specwright_server::{
    Blob, Call, Credentials, EventStream, JsonLines, Limits, Operation, Rejection, Response,
    ServerSentEvent, ValidationError,
};
use tokio::runtime::Runtime;

use crate::support::json::read;
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn piece(text: &str) -> Piece {
    let mut piece: Piece = read(r#"{"text":""}"#);
    piece.text = text.to_owned();
    piece
}

fn wanted(call: &Call) -> &str {
    call.parts.headers.get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns the prompt in every format.
struct Chat;

impl servers::responses_streams::Api for Chat {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn problem(&self, rejection: &Rejection) -> Result<Problem, ValidationError> {
        Problem::builder().why(rejection.to_string()).build()
    }

    async fn create_chat(
        &self,
        request: served::CreateChat,
        call: Call,
    ) -> Result<Response<served::CreateChatResponse>, served::CreateChatError> {
        let prompt = request.body.prompt.unwrap_or_default();
        assert_eq!(request.body.stream == Some(true), wanted(&call) == "text/event-stream");
        if request.body.stream != Some(true) {
            let mut reply = Reply::default();
            reply.texts = Some(vec![prompt]);
            return Ok(served::CreateChatResponse::Json(reply).into());
        }
        let words: Vec<_> = prompt.split(' ').map(piece).collect();
        let events = words.into_iter().enumerate().map(|(i, piece)| {
            Ok(ServerSentEvent::new(piece).with_id(i.to_string()).with_event("word"))
        });
        Ok(served::CreateChatResponse::Events(EventStream::new(stream::iter(events))).into())
    }

    async fn watch_feed(
        &self,
        _: served::WatchFeed,
        _: Call,
    ) -> Result<Response<EventStream<Piece>>, served::WatchFeedError> {
        let events = [Ok(ServerSentEvent::new(piece("a"))), Err("it broke".into())];
        Ok(EventStream::new(stream::iter(events)).into())
    }

    async fn watch_signals(
        &self,
        _: served::WatchSignals,
        _: Call,
    ) -> Result<Response<EventStream<Piece>>, Rejection> {
        Ok(EventStream::new(stream::iter([Ok(ServerSentEvent::new(piece("signal")))])).into())
    }

    async fn watch_ticks(
        &self,
        _: served::WatchTicks,
        _: Call,
    ) -> Result<Response<EventStream<String>>, Rejection> {
        let ticks =
            ["one\ntwo", "", " three"].map(|tick| Ok(ServerSentEvent::new(tick.to_owned())));
        Ok(EventStream::new(stream::iter(ticks)).into())
    }

    async fn get_rows(
        &self,
        _: served::GetRows,
        _: Call,
    ) -> Result<Response<JsonLines<Piece>>, Rejection> {
        Ok(JsonLines::new(stream::iter(["a\nb", "c"].map(|text| Ok(piece(text))))).into())
    }

    async fn get_records(
        &self,
        _: served::GetRecords,
        _: Call,
    ) -> Result<Response<JsonLines<i64>>, Rejection> {
        Ok(JsonLines::new(stream::iter([1, 2, 3]).map(Ok)).into())
    }
}

async fn chat() -> Result<Served, std::io::Error> {
    let router = servers::responses_streams::router(Arc::new(Chat), Limits::default());
    Served::start(router, Limits::default()).await
}

fn body(prompt: &str) -> CreateChatBody {
    let mut body = CreateChatBody::default();
    body.prompt = Some(prompt.to_owned());
    body
}

#[tokio::test]
async fn streams_of_a_server_are_decoded_by_the_client() -> Outcome {
    let server = chat().await?;
    let builder = responses_streams::Client::builder().base_url(&server.url);
    let client = builder.retry(RetryPolicy::none()).build()?;
    let reply = client.create_chat(body("a b")).send().await?.into_body();
    assert_eq!(reply.texts.as_deref(), Some(&["a b".to_owned()][..]));
    let events = client.create_chat(body("a b")).stream().await?.into_body();
    let events: Vec<_> = events.try_collect().await?;
    assert_eq!(events[1].text, "b");
    assert_eq!((events[1].id.as_deref(), events[1].event.as_deref()), (Some("1"), Some("word")));

    // An error in the server must not look like the end of the stream.
    let feed =
        async { client.watch_feed().send().await?.into_body().try_collect::<Vec<_>>().await };
    assert!(feed.await.is_err());
    let signals = client.watch_signals().send().await?.into_body();
    let signals: Vec<_> = signals.map_ok(|event| event.data.text).try_collect().await?;
    assert_eq!(signals, ["signal"]);
    let ticks = client.watch_ticks().send().await?.into_body();
    let ticks: Vec<_> = ticks.map_ok(|event| event.data).try_collect().await?;
    assert_eq!(ticks, ["one\ntwo", "", " three"]);
    let rows = client.get_rows().send().await?.into_body();
    let rows: Vec<_> = rows.map_ok(|row| row.text).try_collect().await?;
    assert_eq!(rows, ["a\nb", "c"]);
    let records: Vec<_> = client.get_records().send().await?.into_body().try_collect().await?;
    assert_eq!(records, [1, 2, 3]);
    Ok(())
}

struct Reports;

impl servers::responses_media_types::Api for Reports {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn problem(
        &self,
        rejection: &Rejection,
    ) -> Result<responses_media_types::models::Problem, ValidationError> {
        responses_media_types::models::Problem::builder().text(rejection.to_string()).build()
    }

    fn report(
        &self,
        _: &Rejection,
    ) -> Result<responses_media_types::models::Report, ValidationError> {
        Ok(report("rejected"))
    }

    async fn get_report(
        &self,
        _: reports::GetReport,
        call: Call,
    ) -> Result<Response<reports::GetReportOutput>, reports::GetReportError> {
        let headers = reports::GetReportHeaders {
            x_total: Some(2),
            x_tags: Some(vec!["a".to_owned(), "b".to_owned()]),
            last_modified_at: "2026-01-02T03:04:05Z".parse().ok(),
            x_grade: None,
        };
        let body = match wanted(&call) {
            "application/json" => reports::GetReportOutput::OkJson(report("a")),
            _ => reports::GetReportOutput::OkCsv("a,b".to_owned()),
        };
        Ok(Response::new(body).with_headers(headers))
    }

    async fn get_page(&self, _: reports::GetPage, _: Call) -> Result<Response<String>, Rejection> {
        Ok("<p>".to_owned().into())
    }

    async fn get_thing(
        &self,
        _: reports::GetThing,
        _: Call,
    ) -> Result<Response<reports::GetThingOutput>, Rejection> {
        Ok(reports::GetThingOutput::VndThingV2Json(report("x")).into())
    }

    async fn get_either(
        &self,
        _: reports::GetEither,
        _: Call,
    ) -> Result<Response<reports::GetEitherOutput>, reports::GetEitherError> {
        Ok(reports::GetEitherOutput::Text("either".to_owned()).into())
    }

    async fn get_only(
        &self,
        _: reports::GetOnly,
        _: Call,
    ) -> Result<Response<responses_media_types::models::Report>, reports::GetOnlyError> {
        Ok(report("only").into())
    }
}

fn report(row: &str) -> responses_media_types::models::Report {
    read(&format!(r#"{{"rows":["{row}"]}}"#))
}

#[tokio::test]
async fn media_types_and_headers_of_a_server_are_received_by_the_client() -> Outcome {
    let router = servers::responses_media_types::router(Arc::new(Reports), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = responses_media_types::Client::builder().base_url(&server.url).build()?;
    let response = client.get_report().accept_csv().send().await?;
    assert_eq!(response.headers().get_str("content-type"), Some("text/csv; charset=utf-8"));
    let headers = responses_media_types::operations::GetReportHeaders::from(response.headers());
    assert_eq!((headers.x_total, headers.x_grade), (Some(2), None));
    assert_eq!(headers.x_tags.ok_or("they came")?, ["a", "b"]);
    assert!(headers.last_modified_at.is_some());
    assert_eq!(response.into_body().into_ok_csv().as_deref(), Some("a,b"));
    let json = client.get_report().accept_json().send().await?.into_body();
    assert_eq!(json.into_ok_json(), Some(report("a")));
    assert_eq!(*client.get_page().send().await?, "<p>");
    let thing = client.get_thing().send().await?;
    assert_eq!(thing.headers().get_str("content-type"), Some("application/vnd.thing.v2+json"));
    let either = client.get_either().send().await?.into_body();
    assert_eq!(either.into_text().as_deref(), Some("either"));
    assert_eq!(*client.get_only().send().await?, report("only"));
    Ok(())
}

struct Files;

impl servers::responses_bytes::Api for Files {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn get_file_error(&self, rejection: &Rejection) -> Result<String, ValidationError> {
        Ok(rejection.to_string())
    }

    async fn get_file(
        &self,
        _: files::GetFile,
        _: Call,
    ) -> Result<Response<Blob>, files::GetFileError> {
        let chunks = (0..100).map(|i| Ok::<_, BoxError>(vec![i; 1000]));
        Ok(Blob::from_stream(stream::iter(chunks)).with_media_type("application/pdf").into())
    }

    async fn get_archive(
        &self,
        request: files::GetArchive,
        _: Call,
    ) -> Result<Response<files::GetArchiveOutput>, Rejection> {
        Ok(match request.accept.as_deref() {
            None => files::GetArchiveOutput::OkZip("PK".into()),
            Some(_) => files::GetArchiveOutput::OkJson(vec!["a".to_owned()]),
        }
        .into())
    }
}

fn start(runtime: &Runtime, router: specwright_server::axum::Router) -> std::io::Result<Served> {
    runtime.block_on(Served::start(router, Limits::default()))
}

#[test]
fn the_blocking_client_reads_bytes_and_streams() -> Outcome {
    let runtime = Runtime::new()?;
    let router = servers::responses_bytes::router(Arc::new(Files), Limits::default());
    let server = start(&runtime, router)?;
    let client = responses_bytes::Client::builder().base_url(&server.url).build()?;
    let client = responses_bytes::blocking::Client::new(client)?;
    let file = client.get_file().send()?;
    assert_eq!(file.media_type(), Some("application/pdf"));
    assert_eq!(file.into_body().bytes::<responses_bytes::ErrorBody>()?.len(), 100_000);
    let (mut found, mut file) = (Vec::new(), client.get_file().send()?.into_body());
    file.read_to_end(&mut found)?;
    assert_eq!((found.len(), found[99_999]), (100_000, 99));

    let server = runtime.block_on(chat())?;
    let builder = responses_streams::Client::builder().base_url(&server.url);
    let client = builder.retry(RetryPolicy::none()).build()?;
    let client = responses_streams::blocking::Client::new(client)?;
    let events = client.create_chat(body("a b c")).stream()?.into_body();
    let texts: Vec<_> = events
        .map(|event| Ok::<_, responses_streams::Error>(event?.data.text))
        .collect::<Result<_, _>>()?;
    assert_eq!(texts, ["a", "b", "c"]);
    assert_eq!(client.get_rows().send()?.into_body().count(), 2);
    assert_eq!(client.create_chat(body("a")).send()?.texts.as_ref().map(Vec::len), Some(1));
    Ok(())
}

/// A test double.
struct TestDouble;

impl responses_streams::Operations for TestDouble {
    async fn create_chat_stream(
        &self,
        request: CreateChat,
    ) -> Result<
        runtime::Response<runtime::EventStream<Piece, responses_streams::Error>>,
        responses_streams::Error,
    > {
        let prompt = request.body.prompt.unwrap_or_default();
        let events = [Ok(ServerSentEvent::new(piece(&prompt)))];
        Ok(runtime::Response::new(runtime::EventStream::new(stream::iter(events))))
    }
}

impl responses_bytes::Operations for TestDouble {
    async fn get_file(
        &self,
        _: responses_bytes::operations::GetFile,
    ) -> Result<runtime::Response<runtime::Download>, responses_bytes::Error> {
        Ok(runtime::Response::new(runtime::Download::from("bytes")))
    }
}

#[tokio::test]
async fn a_test_double_returns_streams_and_bytes() -> Outcome {
    let client = responses_streams::Client::from_test_double(TestDouble);
    let mut events = client.create_chat(body("hello")).stream().await?;
    assert_eq!(events.try_next().await?.map(|event| event.data.text).as_deref(), Some("hello"));
    assert!(client.create_chat(body("hello")).send().await.is_err(), "it has only the stream");
    let client = responses_bytes::Client::from_test_double(TestDouble);
    assert_eq!(&client.get_file().send().await?.bytes().await?[..], b"bytes");
    Ok(())
}
