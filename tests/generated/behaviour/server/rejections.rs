//! Rejected requests: their bodies have the documented media type, or the default format of the server
//! if none is documented.

use std::sync::Arc;

use generated_fixtures::names_components::models::*;
use generated_fixtures::servers::names_components::{self, operations::*};
use specwright_server::{
    Call, Credentials, Limits, Operation, Rejection, RejectionBody, Response, ValidationError,
};

use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct Albums;

impl names_components::Api for Albums {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn describe(&self, rejection: &Rejection) -> RejectionBody {
        RejectionBody::new("text/plain", format!("rejected: {rejection}"))
    }

    fn unauthorized(&self, _: &Rejection) -> Result<Unauthorized, ValidationError> {
        Ok(Unauthorized::default())
    }

    fn forbidden_response(
        &self,
        rejection: &Rejection,
    ) -> Result<ForbiddenResponse, ValidationError> {
        ForbiddenResponse::builder().reason(rejection.to_string()).build()
    }

    fn problem(&self, rejection: &Rejection) -> Result<Problem, ValidationError> {
        Problem::builder().title(rejection.to_string()).build()
    }

    async fn list_albums(
        &self,
        _: ListAlbums,
        _: Call,
    ) -> Result<Response<Vec<PageItem>>, ListAlbumsError> {
        Ok(Vec::new().into())
    }

    async fn put_album(&self, request: PutAlbum, _: Call) -> Result<Response<()>, PutAlbumError> {
        match request.body {
            PutAlbumBody::Json(Album { name: Some(status), .. }) => {
                Err(Rejection::new(status.parse().unwrap_or(500), "so it is").into())
            }
            _ => Ok(().into()),
        }
    }

    async fn search(&self, _: Search, _: Call) -> Result<Response<SearchOutput>, SearchError> {
        Ok(SearchOutput::Accepted.into())
    }
}

#[tokio::test]
async fn rejections_have_the_documented_media_types() -> Outcome {
    let router = names_components::router(Arc::new(Albums), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    for (status, media_type, expected) in [
        (401, "application/json", "{}"),
        (404, "application/problem+json", r#"{"title":"404: so it is"}"#),
        (409, "application/problem+json", r#"{"title":"409: so it is"}"#),
        (418, "application/json", r#"{"title":"418: so it is"}"#),
    ] {
        let head = "PUT /albums HTTP/1.1\ncontent-type: application/json";
        let response = server.send(head, &format!(r#"{{"name":"{status}"}}"#)).await?;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
        assert!(response.contains(&format!("content-type: {media_type}\n")), "{response}");
        assert_eq!(body(&response), expected);
    }
    Ok(())
}

#[tokio::test]
async fn undocumented_rejections_have_the_default_format() -> Outcome {
    let router = names_components::router(Arc::new(Albums), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let response = server.send("GET /nowhere HTTP/1.1", "").await?;
    assert!(response.contains("content-type: text/plain\n"), "{response}");
    assert_eq!(body(&response), "rejected: 404: no route matches this path");
    let response = server.send("POST /albums HTTP/1.1", "").await?;
    assert!(response.contains("allow: GET, PUT\n"), "{response}");
    assert_eq!(body(&response), "rejected: 405: this path does not support POST");
    Ok(())
}
