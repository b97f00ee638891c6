//! Properties that are not allowed: clients accept them in responses and do not send them.

use generated_fixtures::additional_forbidden::Client;
use generated_fixtures::additional_forbidden::models::{Offices, Strict};
use serde_json::json;

use crate::support::json::written;
use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn responses_keep_properties_that_are_not_allowed() -> Outcome {
    let sent = json!({
        "new": [1],
        "offices": {"direct": {"team": "x", "new": 1}, "tagged": {"type": "added", "new": 2}},
    });
    let server = Server::start([(200, sent.clone())]).await?;
    let client = Client::builder().base_url(&server.url).build()?;
    let moved = client.move_offices(Offices::default()).send().await?.into_body();
    assert_eq!(written(&moved), sent);
    let direct = moved.offices.and_then(|offices| offices.direct);
    let new = direct.and_then(|direct| direct.additional_properties.get("new").cloned());
    assert_eq!(new.map(|new| new.to_string()), Some("1".to_owned()));
    Ok(())
}

#[tokio::test]
async fn requests_with_properties_that_are_not_allowed_are_not_sent() -> Outcome {
    let server = Server::start([]).await?;
    let client = Client::builder().base_url(&server.url).build()?;
    let mut strict = Strict::default();
    strict.additional_properties.insert("new", "1".parse()?);
    let error = client.set_strict(strict).send().await.expect_err("a violation");
    assert!(error.to_string().contains("/new is not allowed"), "{error}");
    assert_eq!(server.seen(), [""; 0]);
    Ok(())
}
