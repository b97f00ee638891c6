//! Responses that a handler chooses: every described error and success arrives at the client as it
//! is described.

use std::sync::Arc;

use generated_fixtures::responses_chosen::models::{
    Conflict, DeleteThingError, Mistake, Problem, Thing,
};
use generated_fixtures::responses_chosen::{Client, ErrorBody, ErrorHeaders};
use generated_fixtures::servers::responses_chosen::{self, operations::*};
use specwright_runtime::RetryPolicy;
use specwright_server::{
    Call, Credentials, Limits, Operation, Rejection, Response, ValidationError,
};

use crate::support::json::read;
use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// An error of the application, with its conversion.
enum Failure {
    Removed,
    Broken,
}

impl From<Failure> for MoveThingError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Removed => Self::Gone("removed".to_owned()),
            Failure::Broken => Rejection::new(503, "broken").header("x-reason", "rust").into(),
        }
    }
}

/// Responds with what the id requests.
struct Things;

impl responses_chosen::Api for Things {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn problem(&self, rejection: &Rejection) -> Result<Problem, ValidationError> {
        Problem::builder().title(rejection.to_string()).build()
    }

    fn conflict(&self, rejection: &Rejection) -> Result<Conflict, ValidationError> {
        // A body that cannot be built is replaced by problem details.
        let _ = rejection;
        Conflict::builder().build()
    }

    fn mistake(&self, rejection: &Rejection) -> Result<Mistake, ValidationError> {
        Mistake::builder().code(i64::from(rejection.status)).build()
    }

    fn move_thing_error(&self, rejection: &Rejection) -> Result<Vec<String>, ValidationError> {
        Ok(vec![rejection.to_string()])
    }

    fn delete_thing_error(&self, _: &Rejection) -> Result<DeleteThingError, ValidationError> {
        DeleteThingError::builder().id("").build()
    }

    async fn move_thing(
        &self,
        request: MoveThing,
        _: Call,
    ) -> Result<Response<()>, MoveThingError> {
        let code = |code: i64| Mistake::builder().code(code);
        Err(match request.id.as_str() {
            "400" => MoveThingError::BadRequest(Problem::builder().title("wrong").build()?),
            "404" => MoveThingError::NotFound,
            "409" => {
                let conflict = Conflict::builder().winner("b").since("today").build()?;
                let headers = MoveThingConflictHeaders { x_version: Some(7) };
                MoveThingError::Conflict(conflict, headers)
            }
            "410" => Err(Failure::Removed)?,
            "429" => {
                let headers = MoveThingTooManyRequestsHeaders { retry_after: Some(3) };
                MoveThingError::TooManyRequests(headers)
            }
            "418" => MoveThingError::client_error(418, code(18).build()?)?,
            // This status has a response of its own, so that it is a mistake of the handler.
            "wrong" => MoveThingError::client_error(409, code(9).build()?)?,
            "507" => MoveThingError::other(507, vec!["full".to_owned()])?,
            "200" => MoveThingError::other(200, Vec::new())?,
            "503" => Err(Failure::Broken)?,
            "invalid" => Err(Problem::builder().build().map(|_| Failure::Broken)?)?,
            "rejected" => Rejection::new(400, "not so").into(),
            "conflict" => Rejection::new(409, "so far").into(),
            _ => return Ok(().into()),
        })
    }

    async fn put_thing(
        &self,
        request: PutThing,
        _: Call,
    ) -> Result<Response<PutThingOutput>, Rejection> {
        let thing: Thing = Thing::builder().name(request.id.as_str()).build()?;
        let headers = PutThingHeaders { location: Some("/things/1".to_owned()) };
        Ok(match request.id.as_str() {
            "200" => PutThingOutput::Ok(thing).into(),
            "201" => Response::new(PutThingOutput::Created(thing)).with_headers(headers),
            "203" => PutThingOutput::success(203, thing)?.into(),
            _ => PutThingOutput::success(201, thing)?.into(),
        })
    }

    async fn delete_thing(
        &self,
        request: DeleteThing,
        _: Call,
    ) -> Result<Response<DeleteThingOutput>, DeleteThingErrorResponse> {
        match request.id.as_str() {
            "202" => Ok(DeleteThingOutput::Accepted.into()),
            "204" => Ok(DeleteThingOutput::NoContent.into()),
            _ => Err(DeleteThingErrorResponse::NotFound(read(r#"{"id":"x"}"#))),
        }
    }
}

async fn things() -> Result<(Served, Client), Box<dyn std::error::Error>> {
    let router = responses_chosen::router(Arc::new(Things), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let builder = Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    let client = builder.build()?;
    Ok((server, client))
}

#[tokio::test]
async fn described_errors_have_their_status_media_type_headers_and_body() -> Outcome {
    let (server, _) = things().await?;
    for (id, status, media_type, header, expected) in [
        ("400", 400, "application/problem+json", "", r#"{"title":"wrong"}"#),
        ("404", 404, "", "", ""),
        (
            "409",
            409,
            "application/vnd.conflict+json",
            "x-version: 7",
            r#"{"winner":"b","since":"today"}"#,
        ),
        ("410", 410, "text/plain", "", "removed"),
        ("429", 429, "", "retry-after: 3", ""),
        ("418", 418, "application/json", "", r#"{"code":18}"#),
        ("507", 507, "application/json", "", r#"["full"]"#),
        ("rejected", 400, "application/problem+json", "", r#"{"title":"400: not so"}"#),
        ("503", 503, "application/json", "x-reason: rust", r#"["503: broken"]"#),
    ] {
        let head = format!("POST /things/{id}/move HTTP/1.1");
        let response = server.send(&head, "").await?;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
        match media_type {
            "" => assert!(!response.contains("content-type"), "{response}"),
            media_type => {
                assert!(response.contains(&format!("content-type: {media_type}\n")), "{response}");
            }
        }
        assert!(response.contains(header), "{response}");
        assert_eq!(body(&response), expected, "{id}");
    }
    Ok(())
}

#[tokio::test]
async fn mistakes_of_handlers_are_internal_errors() -> Outcome {
    let (server, _) = things().await?;
    for (id, reason) in [
        ("wrong", "the status 409 has a response of its own"),
        ("200", "the status of this response is 300 to 599, not 200"),
        ("invalid", "the response cannot be built"),
    ] {
        let response = server.send(&format!("POST /things/{id}/move HTTP/1.1"), "").await?;
        assert!(response.starts_with("HTTP/1.1 500 "), "{response}");
        assert!(body(&response).contains(reason), "{response}");
    }
    let response = server.send("POST /things/conflict/move HTTP/1.1", "").await?;
    assert!(response.starts_with("HTTP/1.1 409 "), "{response}");
    assert!(response.contains("content-type: application/problem+json\n"), "{response}");
    let expected = r#"{"title":"Conflict","status":409,"detail":"so far"}"#;
    assert_eq!(body(&response), expected);
    let response = server.send("PUT /things/x HTTP/1.1", "").await?;
    assert!(response.starts_with("HTTP/1.1 500 "), "{response}");
    Ok(())
}

#[tokio::test]
async fn the_client_decodes_described_errors() -> Outcome {
    let (_server, client) = things().await?;
    let text = |text: &str| ErrorBody::Other(text.to_owned());
    for (id, expected) in [
        ("400", ErrorBody::Problem(read(r#"{"title":"wrong"}"#))),
        ("404", text("")),
        ("409", ErrorBody::Conflict(read(r#"{"winner":"b","since":"today"}"#))),
        ("410", text("removed")),
        ("429", text("")),
        ("418", ErrorBody::Mistake(read(r#"{"code":18}"#))),
        ("507", ErrorBody::MoveThingError(vec!["full".to_owned()])),
        ("rejected", ErrorBody::Problem(read(r#"{"title":"400: not so"}"#))),
    ] {
        let Err(error) = client.move_thing(id).send().await else {
            return Err(format!("{id} is not an error").into());
        };
        assert_eq!(error.body(), Some(&expected), "{id}");
        let headers = error.api().map(|error| ErrorHeaders::from(&error.headers));
        let headers = headers.ok_or("no response")?;
        assert_eq!(headers.x_version, (id == "409").then_some(7));
        assert_eq!(headers.retry_after, (id == "429").then_some(3));
    }
    Ok(())
}

#[tokio::test]
async fn a_handler_chooses_among_successes() -> Outcome {
    let (_server, client) = things().await?;
    for (id, location) in [(200, None), (201, Some("/things/1")), (203, None)] {
        let response = client.put_thing(id.to_string()).send().await?;
        assert_eq!(response.status(), id);
        assert_eq!(response.headers().get_str("location"), location);
        assert_eq!(response.name, id.to_string());
    }
    assert_eq!(client.delete_thing("202").send().await?.status(), 202);
    assert_eq!(client.delete_thing("204").send().await?.status(), 204);
    let error = client.delete_thing("x").send().await.err().ok_or("it is a success")?;
    assert_eq!(error.body(), Some(&ErrorBody::DeleteThingError(read(r#"{"id":"x"}"#))));
    Ok(())
}

#[test]
fn errors_show_their_status() {
    let errors: [MoveThingError; 3] = [
        MoveThingError::NotFound,
        MoveThingError::other(507, Vec::new()).unwrap_or_else(Into::into),
        Rejection::new(403, "no").into(),
    ];
    assert_eq!(errors.each_ref().map(MoveThingError::status), [404, 507, 403]);
    assert_eq!(errors.map(|error| error.to_string()), ["status 404", "status 507", "403: no"]);
}
