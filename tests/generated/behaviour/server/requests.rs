//! Requests that servers accept and reject, and their responses.

use std::sync::Arc;
use std::time::Duration;

use generated_fixtures::servers::{
    constraints_request, responses_per_status, security_api_keys, server_names,
};
use generated_fixtures::{responses_per_status::models::*, server_names::models};
use specwright_server::axum::Router;
use specwright_server::{
    Call, Credentials, Disconnect, Limits, Operation, Rejection, Response, ValidationError, serve,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct Index;

impl constraints_request::Api for Index {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn search_index(
        &self,
        request: constraints_request::operations::SearchIndex,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        Ok(Response::new(()).header("x-seen", format!("{request:?}").replace('"', "'")))
    }
}

fn index(limits: Limits) -> Router {
    constraints_request::router(Arc::new(Index), limits)
}

#[tokio::test]
async fn all_problems_of_a_request_are_reported_at_once() -> Outcome {
    let server = Served::start(index(Limits::default()), Limits::default()).await?;
    let head = "POST /search/A1?page[limit]=0&words=&words=a&page%5Blimit%5D=x&else=1 HTTP/1.1";
    let response = server.send(head, r#"{"query":7}"#).await?;
    assert!(response.starts_with("HTTP/1.1 400 Bad Request\n"), "{response}");
    assert!(response.contains("content-type: application/problem+json\n"), "{response}");
    assert_eq!(
        body(&response),
        concat!(
            r#"{"title":"Bad Request","status":400,"detail":"page[limit] must not be given more than "#,
            r#"once; index must match the pattern `^[a-z]+$`; words/0 must have at least 1 "#,
            r#"characters, has 0; /query must be a string, not integer `7`"}"#
        )
    );
    let head = "POST /search/a?page[limit]=7 HTTP/1.1";
    let response = server.send(head, r#"{"query":"far too long for it"}"#).await?;
    assert!(
        body(&response).contains("/query must have at most 10 characters, has 19"),
        "{response}"
    );
    let response = server.send("POST /search/a?page[limit]=x HTTP/1.1", "").await?;
    let expected = r#""detail":"page[limit] must be an integer of 32 bits, not string \"x\"""#;
    assert!(body(&response).contains(expected), "{response}");
    Ok(())
}

#[tokio::test]
async fn valid_requests_are_typed() -> Outcome {
    let server = Served::start(index(Limits::default()), Limits::default()).await?;
    let response = server.send("POST /search/a%62?words=x&words=y HTTP/1.1", "").await?;
    assert!(response.starts_with("HTTP/1.1 204 No Content\n"), "{response}");
    let seen = "SearchIndex { index: 'ab', page_limit: None, words: Some(['x', 'y']), body: None }";
    assert!(response.contains(seen), "{response}");
    Ok(())
}

#[tokio::test]
async fn bodies_are_limited() -> Outcome {
    let limits = Limits { body: 100, ..Limits::default() };
    let server = Served::start(index(limits.clone()), limits).await?;
    let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(200));
    let status = async |head: &str, body: &str| {
        let response = server.send(&format!("POST /search/a HTTP/1.1{head}"), body).await;
        response.map(|response| response.get(9..12).unwrap_or_default().to_owned())
    };
    assert_eq!(status("", &long).await?, "413");
    assert_eq!(status("\ncontent-type: text/plain", "{}").await?, "415");
    assert_eq!(status("\ncontent-encoding: br", "{}").await?, "415");
    assert_eq!(status("\ncontent-encoding: gzip", "{}").await?, "400");
    assert_eq!(status("\ncontent-type: application/json", "{}").await?, "204");
    assert_eq!(status("", "{\"x\":\"\\ud800\"}").await?, "400");
    Ok(())
}

struct Names;

impl server_names::Api2 for Names {
    fn authorize2(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn a2(&self, rejection: &Rejection) -> Result<models::A, ValidationError> {
        let problems =
            rejection.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(";");
        models::A::builder().x(problems).build()
    }

    fn operation(&self, _: &Rejection) -> Result<models::Operation, ValidationError> {
        models::Operation::builder().x("gone wrong").build()
    }

    async fn authorize(
        &self,
        request: server_names::operations::Authorize,
        _: Call,
    ) -> Result<Response<models::Api>, server_names::operations::AuthorizeError> {
        let sum = format!("{}+{}", request.a, request.b);
        let mut api = models::Api::default();
        api.x = Some(sum);
        Ok(Response::new(api).header("content-type", "application/vnd.api+json"))
    }

    async fn into(
        &self,
        request: server_names::operations::Into2,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        Ok(Response::new(()).header("x-name", request.name))
    }

    async fn a(
        &self,
        _: server_names::operations::A2,
        _: Call,
    ) -> Result<Response<server_names::operations::A2Output>, server_names::operations::A2Error>
    {
        Err(Rejection::new(404, "not here").header("x-why", "never was").into())
    }
}

#[tokio::test]
async fn requests_are_routed_by_path_and_method() -> Outcome {
    let router = server_names::router(Arc::new(Names), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let response = server.send("GET /names/x-y-3.json HTTP/1.1", "").await?;
    // `a` is the shortest match, and `b` is then not a number.
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    assert_eq!(body(&response), r#"{"x":"b must be an integer of 64 bits, not string \"y-3\""}"#);
    let response = server.send("GET /names/x-3.json?value=1 HTTP/1.1", "").await?;
    assert!(response.contains("content-type: application/vnd.api+json"), "{response}");
    assert_eq!(body(&response), r#"{"x":"x+3"}"#);
    let response = server.send("GET /names/some%20%C3%A9 HTTP/1.1", "").await?;
    assert!(response.contains("204 No Content\nx-name: some é"), "{response}");
    let response = server.send("DELETE /names/some HTTP/1.1", "").await?;
    assert!(response.contains("404 Not Found\nx-why: never was"), "{response}");
    assert_eq!(body(&response), r#"{"x":"gone wrong"}"#);
    let response = server.send("PUT /names/some HTTP/1.1", "").await?;
    assert!(response.contains("405 Method Not Allowed\nallow: DELETE, GET"), "{response}");
    let response = server.send("GET /nowhere HTTP/1.1", "").await?;
    assert!(response.contains("404"), "{response}");
    assert_eq!(
        body(&response),
        r#"{"title":"Not Found","status":404,"detail":"no route matches this path"}"#
    );
    Ok(())
}

struct Doors;

impl security_api_keys::Api for Doors {
    fn authorize(
        &self,
        operation: &'static Operation,
        keys: &Credentials,
    ) -> Result<(), Rejection> {
        let is_right = |scheme: &str| keys.get(scheme) == Some("right");
        if operation.is_satisfied_by(is_right) {
            return Ok(());
        }
        Err(Rejection::new(403, operation.schemes().join(" and ")))
    }

    async fn get_a(
        &self,
        _: security_api_keys::operations::GetA,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        Ok(().into())
    }

    async fn get_b(
        &self,
        _: security_api_keys::operations::GetB,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        Ok(().into())
    }
}

#[tokio::test]
async fn credentials_are_checked_as_documented() -> Outcome {
    let router = security_api_keys::router(Arc::new(Doors), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let response = server.send("GET /a?app_key=right HTTP/1.1\nx-api-key: wrong", "").await?;
    assert_eq!(
        body(&response),
        r#"{"title":"Forbidden","status":403,"detail":"apiKey and app-key"}"#
    );
    let response = server.send("GET /a?app_key=right HTTP/1.1\nx-api-key: right", "").await?;
    assert!(response.contains("204"), "{response}");
    assert!(server.send("GET /b HTTP/1.1", "").await?.contains("204"));
    Ok(())
}

/// Responds with what the header `x-result` requests.
struct Results;

impl responses_per_status::Api for Results {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn not_found(&self, _: &Rejection) -> Result<NotFound, ValidationError> {
        NotFound::builder().what("it").build()
    }

    fn problem(&self, _: &Rejection) -> Result<Problem, ValidationError> {
        Problem::builder().message("bad").build()
    }

    fn get_result_error(&self, rejection: &Rejection) -> Result<Vec<String>, ValidationError> {
        Ok(rejection.problems.iter().map(ToString::to_string).collect())
    }

    async fn get_result(
        &self,
        _: responses_per_status::operations::GetResult,
        call: Call,
    ) -> Result<
        Response<responses_per_status::operations::GetResultOutput>,
        responses_per_status::operations::GetResultError,
    > {
        use responses_per_status::operations::GetResultOutput::{Accepted, NoContent, Ok as Usual};
        let wanted = call.parts.headers.get("x-result").and_then(|value| value.to_str().ok());
        match wanted.and_then(|wanted| wanted.parse().ok()) {
            Some(200) => Ok(Usual("yes".to_owned()).into()),
            Some(202) => Ok(Accepted(7).into()),
            Some(204) => Ok(NoContent.into()),
            status => Err(Rejection::new(status.unwrap_or(500), "no").into()),
        }
    }
}

#[tokio::test]
async fn every_status_has_its_documented_body() -> Outcome {
    let router = responses_per_status::router(Arc::new(Results), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    for (status, expected) in [
        (200, r#""yes""#),
        (202, "7"),
        (204, ""),
        (404, r#"{"what":"it"}"#),
        (409, r#"{"message":"bad"}"#),
        (418, r#"{"message":"bad"}"#),
        (500, r#"["no"]"#),
    ] {
        let response =
            server.send(&format!("GET /result HTTP/1.1\nx-result: {status}"), "").await?;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
        assert_eq!(body(&response), expected, "{status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_connection_can_be_closed_without_a_response() -> Outcome {
    let router = responses_per_status::router(Arc::new(Results), Limits::default());
    let hang_up = |mut response: specwright_server::axum::response::Response| async {
        response.extensions_mut().insert(Disconnect);
        response
    };
    let router = router.layer(specwright_server::axum::middleware::map_response(hang_up));
    let server = Served::start(router, Limits::default()).await?;
    assert_eq!(server.send("GET /result HTTP/1.1\nx-result: 200", "").await?, "");
    Ok(())
}

#[tokio::test]
async fn a_request_without_a_complete_head_times_out() -> Outcome {
    let limits = Limits { header_timeout: Duration::from_millis(200), ..Limits::default() };
    let server = Served::start(index(limits.clone()), limits).await?;
    let mut stream = TcpStream::connect(server.address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost").await?;
    let mut response = Vec::new();
    let ended = stream.read_to_end(&mut response);
    tokio::time::timeout(Duration::from_secs(5), ended).await??;
    Ok(())
}

#[tokio::test]
async fn requests_in_flight_are_completed_before_the_server_ends() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let slow = async |_: axum::extract::Request| {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "done"
    };
    let router = Router::new().fallback(slow);
    let running = tokio::spawn(serve(listener, router, Limits::default(), async move {
        let _ = stopped.await;
    }));
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let _ = stop.send(());
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    assert!(response.ends_with("done"), "{response}");
    running.await??;
    assert!(TcpStream::connect(address).await.is_err());
    Ok(())
}
