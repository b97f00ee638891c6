//! Properties that are not allowed: servers reject them with their locations.

use std::sync::Arc;

use generated_fixtures::additional_forbidden::models::MoveOfficesResponse;
use generated_fixtures::servers::additional_forbidden::{self, operations::*};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct Teams;

impl additional_forbidden::Api for Teams {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn set_strict(&self, _: SetStrict, _: Call) -> Result<Response<()>, Rejection> {
        Ok(().into())
    }

    async fn move_offices(
        &self,
        request: MoveOffices,
        _: Call,
    ) -> Result<Response<MoveOfficesResponse>, Rejection> {
        let mut response = MoveOfficesResponse::default();
        response.offices = Some(Box::new(request.body));
        Ok(response.into())
    }

    async fn send_form(&self, _: SendForm, _: Call) -> Result<Response<()>, Rejection> {
        Ok(().into())
    }
}

#[tokio::test]
async fn servers_reject_forbidden_properties_with_their_locations() -> Outcome {
    let router = additional_forbidden::router(Arc::new(Teams), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let form = "\ncontent-type: application/x-www-form-urlencoded";
    for (head, sent, problems) in [
        ("PUT /strict", r#"{"team":"x","new":1}"#, vec!["/new is not allowed"]),
        // All problems are reported at once, other ones too.
        (
            "POST /offices?at[new]=1",
            r#"{"direct":{"new":1},"each":[{"size":"a"}],"mapped":{"kind":"circle","side":1}}"#,
            vec![
                "at/new is not allowed",
                "/direct/new is not allowed",
                "/each/0/size must be an integer",
                "/mapped/side is not allowed",
            ],
        ),
        (&format!("POST /form HTTP/1.1{form}"), "team=x&new=1", vec!["/new is not allowed"]),
    ] {
        let head = if head.contains('\n') { head.to_owned() } else { format!("{head} HTTP/1.1") };
        let response = server.send(&head, sent).await?;
        assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
        for problem in problems {
            assert!(body(&response).contains(problem), "{problem}: {response}");
        }
    }
    let sent = r#"{"direct":{"team":"x"},"present":{"letter":"a","new":1}}"#;
    let response = server.send("POST /offices?at[team]=x HTTP/1.1", sent).await?;
    assert_eq!(body(&response), format!(r#"{{"offices":{sent}}}"#), "{response}");
    Ok(())
}
