//! A client and a server of one document with every field of OpenAPI 3.2 call each other.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{TryStreamExt, stream};
use generated_fixtures::openapi_3_2_fields::models::{
    Any, Cat, Dog, File, GetFileXTrace, QueryFileAll, SaveFileBody, SaveFileBodyMeta,
};
use generated_fixtures::openapi_3_2_fields::operations::GetFileHeaders;
use generated_fixtures::openapi_3_2_fields::webhooks::Webhook;
use generated_fixtures::openapi_3_2_fields::{Client, ErrorBody, ErrorHeaders};
use generated_fixtures::servers::openapi_3_2_fields as server;
use server::operations as served;
use specwright_runtime::{Blob, Error, RetryPolicy, Tuple};
use specwright_server::{
    Call, Credentials, EventStream, JsonLines, Limits, Operation, Rejection, Response,
    ServerSentEvent, ValidationError,
};

use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records requests: the method and target, and what was read.
#[derive(Default)]
struct Recorder(Mutex<Vec<(String, String)>>);

impl Recorder {
    fn record(&self, request: &impl std::fmt::Debug, call: &Call) {
        let line = format!("{} {}", call.parts.method, call.parts.uri);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((line, format!("{request:?}")));
    }

    fn take(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the only request.
    fn take_one(&self) -> (String, String) {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

/// Operations that only record their request.
macro_rules! recorded {
    ($($method:ident: $request:ident),* $(,)?) => {$(
        async fn $method(
            &self,
            request: served::$request,
            call: Call,
        ) -> Result<Response<()>, Rejection> {
            self.record(&request, &call);
            Ok(().into())
        }
    )*};
}

impl server::Api for Recorder {
    /// Accepts requests with the expected credentials of all schemes of a requirement.
    fn authorize(
        &self,
        operation: &'static Operation,
        credentials: &Credentials,
    ) -> Result<(), Rejection> {
        let is_known = |scheme: &&str| credentials.get(scheme) == Some(&format!("{scheme}-1"));
        match operation.security.iter().any(|schemes| schemes.iter().all(is_known)) {
            true => Ok(()),
            false => Err(Rejection::new(401, operation.id)),
        }
    }

    fn any(&self, rejection: &Rejection) -> Result<Any, ValidationError> {
        cat(rejection.status).map(Any::Cat)
    }

    async fn get_file(
        &self,
        request: served::GetFile,
        call: Call,
    ) -> Result<Response<File>, served::GetFileError> {
        self.record(&request, &call);
        if request.path == ["missing"] {
            return Err(Rejection::new(404, "missing").header("X-Why", "never was").into());
        }
        let headers = served::GetFileHeaders { x_total: Some(2), x_tag: Some("x y".to_owned()) };
        Ok(Response::new(file("a", Some(1))).with_headers(headers))
    }

    async fn query_file(
        &self,
        request: served::QueryFile,
        call: Call,
    ) -> Result<Response<EventStream<File>>, Rejection> {
        self.record(&request, &call);
        let files = request.body.unwrap_or_default().into_iter();
        let events = files.map(|file| Ok(ServerSentEvent::new(file).with_event("file")));
        Ok(EventStream::new(stream::iter(events)).into())
    }

    async fn send_parts(
        &self,
        request: served::SendParts,
        call: Call,
    ) -> Result<Response<JsonLines<File>>, Rejection> {
        let Some(parts) = request.body else { return Err(Rejection::new(400, "no parts")) };
        let media_types: Vec<_> = parts.rest.iter().map(|part| part.media_type()).collect();
        self.record(&(&parts.optional.0, media_types), &call);
        let sizes = parts.rest.iter().map(|part| part.as_bytes().map_or(0, |it| it.len() as i64));
        let files: Vec<_> = sizes.map(|size| Ok(file("part", Some(size)))).collect();
        Ok(JsonLines::new(stream::iter(files)).into())
    }

    recorded! {
        save_file: SaveFile,
        post_file: PostFile,
        delete_file: DeleteFile,
        options_of_file: OptionsOfFile,
        head_of_file: HeadOfFile,
        patch_file: PatchFile,
        trace_file: TraceFile,
        link_file: LinkFile,
        get_shared: GetShared,
    }
}

#[expect(clippy::unwrap_used, reason = "a test helper: all required properties are set")]
fn file(name: &str, size: Option<i64>) -> File {
    let mut file = File::builder().name(name).build().unwrap();
    file.size = size;
    file
}

/// Returns the body of a problem with a status.
fn cat(status: u16) -> Result<Cat, ValidationError> {
    Cat::builder().kind(status.to_string()).meow(true).build()
}

/// Starts a server, and returns a client of it with the credentials of one scheme.
async fn start() -> Result<(Arc<Recorder>, Served, Client), Box<dyn std::error::Error>> {
    let recorder = Arc::new(Recorder::default());
    let router = server::router(recorder.clone(), Limits::default());
    let running = Served::start(router, Limits::default()).await?;
    let client = Client::builder().base_url(&running.url).basic("basic-1").key("key-1");
    let client = client.retry(RetryPolicy::none()).build()?;
    Ok((recorder, running, client))
}

#[tokio::test]
#[expect(deprecated, reason = "the operation is deprecated in the document")]
async fn parameters_headers_and_media_types_of_components_round_trip() -> Outcome {
    let (recorder, _server, client) = start().await?;
    let trace = GetFileXTrace::builder().a("1 2").build()?;
    let request = client.get_file(["a b", "c:d"], [1, 2]).flag(true).x_trace(trace.clone());
    let response = request.session(["s", "t=u"]).limit(3).send().await?;
    let sent = served::GetFile {
        path: vec!["a b".to_owned(), "c:d".to_owned()],
        ids: vec![1, 2],
        flag: Some(true),
        x_trace: Some(trace),
        session: Some(vec!["s".to_owned(), "t=u".to_owned()]),
        limit: Some(3),
    };
    let line = "GET /files/.a%20b.c:d?ids=1%7C2&flag=true&limit=3";
    assert_eq!(recorder.take_one(), (line.to_owned(), format!("{sent:?}")));
    let headers = GetFileHeaders::from(response.headers());
    assert_eq!((headers.x_total, headers.x_tag.as_deref()), (Some(2), Some("x y")));
    assert_eq!(response.into_body(), file("a", Some(1)));

    let failed = client.get_file(["missing"], [1]).send().await;
    let Err(Error::Api(error)) = failed else { return Err("it was found".into()) };
    assert_eq!((error.status, &error.body), (404, &ErrorBody::Any(Any::Cat(cat(404)?))));
    assert_eq!(ErrorHeaders::from(&error.headers).x_why.as_deref(), Some("never was"));
    let dog: Any = serde_json::from_str(r#"{"kind":"d","bark":true}"#)?;
    assert_eq!(dog, Any::Dog(Dog::builder().bark(true).build()?));
    Ok(())
}

#[tokio::test]
async fn every_method_reaches_its_operation() -> Outcome {
    let (recorder, _server, client) = start().await?;
    client.post_file(["x"]).send().await?;
    client.delete_file(["x"]).send().await?;
    client.options_of_file(["x"]).send().await?;
    client.head_of_file(["x"]).send().await?;
    client.patch_file(["x"]).send().await?;
    client.trace_file(["x"]).send().await?;
    client.link_file(["x"]).send().await?;
    client.get_shared().send().await?;
    let lines: Vec<String> = recorder.take().into_iter().map(|(line, _)| line).collect();
    let expected = [
        "POST /files/.x",
        "DELETE /files/.x",
        "OPTIONS /files/.x",
        "HEAD /files/.x",
        "PATCH /files/.x",
        "TRACE /files/.x",
        "LINK /files/.x",
        "GET /shared",
    ];
    assert_eq!(lines, expected);
    Ok(())
}

#[tokio::test]
async fn whole_queries_lines_and_events_round_trip() -> Outcome {
    let (recorder, _server, client) = start().await?;
    let all = QueryFileAll::builder().a("1&2").b(["x", "y"]).build()?;
    let files = vec![file("a", Some(1)), file("b\nc", None)];
    let request = client.query_file(["x"]).all(all.clone()).body(files.clone());
    let events: Vec<_> = request.send().await?.into_body().try_collect().await?;
    let sent =
        served::QueryFile { path: vec!["x".to_owned()], all: Some(all), body: Some(files.clone()) };
    let line = "QUERY /files/.x?a=1%262&b=x%20y";
    assert_eq!(recorder.take_one(), (line.to_owned(), format!("{sent:?}")));
    assert!(events.iter().all(|event| event.event.as_deref() == Some("file")), "{events:?}");
    let received: Vec<_> = events.into_iter().map(|event| event.data).collect();
    assert_eq!(received, files);
    Ok(())
}

#[tokio::test]
async fn forms_and_parts_round_trip() -> Outcome {
    let (recorder, _server, client) = start().await?;
    let meta = SaveFileBodyMeta::builder().a("m").build()?;
    let body = SaveFileBody::builder().name("# n").tags(["a", "b c"]).meta(meta).build()?;
    client.save_file(["x"], body.clone()).send().await?;
    let sent = served::SaveFile { path: vec!["x".to_owned()], body };
    assert_eq!(recorder.take_one(), ("PUT /files/.x".to_owned(), format!("{sent:?}")));

    let png = Blob::new(vec![0x89, 0, 1]);
    let gif = Blob::new("2").with_media_type("image/gif");
    let parts = Tuple { items: (), optional: (Some("x,y".to_owned()),), rest: vec![png, gif] };
    let received = client.send_parts().body(parts).send().await?.into_body();
    let received: Vec<_> = received.try_collect().await?;
    assert_eq!(received, [file("part", Some(3)), file("part", Some(1))]);
    let seen = r#"(Some("x,y"), [Some("image/png"), Some("image/gif")])"#;
    assert_eq!(recorder.take_one(), ("POST /parts".to_owned(), seen.to_owned()));
    Ok(())
}

#[tokio::test]
#[expect(deprecated, reason = "the scheme is deprecated in the document")]
async fn credentials_of_each_scheme_are_accepted() -> Outcome {
    let (_recorder, server, _client) = start().await?;
    let builder = || Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    for (builder, status) in [
        (builder().key("key-1"), None),
        (builder().device("device-1"), None),
        (builder().key("other"), Some(401)),
    ] {
        let result = builder.build()?.get_shared().send().await;
        assert_eq!(result.err().and_then(|error| error.status()), status);
    }
    // This operation has a requirement of its own.
    let client = builder().basic("key-1").build()?;
    let error = client.get_file(["x"], [1]).send().await.err().ok_or("it was accepted")?;
    assert_eq!(error.status(), Some(401), "{error}");
    Ok(())
}

#[test]
fn webhooks_and_callbacks_are_decoded() -> Outcome {
    let read = |name: &str, body: &str| Webhook::read(name, body.as_bytes());
    let changed = Webhook::Changed(Box::new(file("a", None)));
    assert_eq!(read("changed", r#"{"name":"a"}"#)?, changed);
    assert_eq!(read("saved", "3")?, Webhook::Saved(3));
    assert_eq!(read("done", "")?, Webhook::Done);
    Ok(())
}
