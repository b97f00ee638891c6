//! Secrets between a client and a server: sent as they are, but shown by neither.

use std::sync::{Arc, Mutex};

use generated_fixtures::secrets::models::*;
use generated_fixtures::secrets::{Client, operations};
use generated_fixtures::servers::secrets::{self, operations::*};
use serde_json::json;
use specwright_runtime::{Blob, Error};
use specwright_server::{
    Call, Credentials, Limits, Operation, Rejection, Response, ValidationError,
};

use crate::support::recording;
use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Keeps what it would log.
#[derive(Default)]
struct Vault(Mutex<Vec<String>>);

impl Vault {
    fn log(&self, shown: String) {
        if let Ok(mut lines) = self.0.lock() {
            lines.push(shown);
        }
    }
}

impl secrets::Api for Vault {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn created(&self, rejection: &Rejection) -> Result<Created, ValidationError> {
        Created::builder().id(0).key(rejection.to_string()).build()
    }

    async fn put_account(
        &self,
        request: PutAccount,
        call: Call,
    ) -> Result<Response<Created>, PutAccountError> {
        self.log(format!("{request:?} {call:?}"));
        assert_eq!(request.token.expose(), "s3 token/");
        assert_eq!(request.pin.as_deref(), Some(&4321));
        assert_eq!(request.x_session.as_deref().map(String::as_str), Some("s3session"));
        assert_eq!(request.trace.as_deref().map(String::as_str), Some("s3trace"));
        let keys = request.keys.unwrap_or_default();
        let created = Created::builder().id(7).key(keys[0].clone()).build();
        let created = created.map_err(|error| Rejection::new(500, error.to_string()))?;
        let headers = PutAccountHeaders { x_next: Some("s3next".into()), x_keys: Some(keys) };
        let response = Response::new(created).with_headers(headers.clone());
        self.log(format!("{response:?} {headers:?}"));
        Ok(response)
    }

    async fn log_in(&self, request: LogIn, _: Call) -> Result<Response<()>, Rejection> {
        self.log(format!("{request:?}"));
        assert_eq!(request.body.password.expose(), "s3 & more");
        Ok(().into())
    }

    async fn upload(&self, request: Upload, _: Call) -> Result<Response<()>, Rejection> {
        self.log(format!("{request:?}"));
        assert_eq!(request.body.passphrase, Some("s3pass".into()));
        Ok(().into())
    }
}

fn assert_hidden(shown: &str) {
    assert!(!shown.contains("s3") && !shown.contains("4321"), "{shown}");
}

#[tokio::test]
async fn secrets_arrive_and_are_not_shown() -> Outcome {
    let vault = Arc::new(Vault::default());
    let router = secrets::router(Arc::clone(&vault), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let shown = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&shown);
    let on_request = move |attempt: &specwright_runtime::Attempt<'_>| {
        if let Ok(mut lines) = hook.lock() {
            lines.push(format!("{attempt:?}"));
        }
    };
    let client = Client::builder().base_url(&server.url).on_request(on_request).build()?;
    let account = Account::builder().name("a").password("s3password").build()?;
    let call = client.put_account("s3 token/", account);
    let call = call.pin(4321).keys(["s3key", "s3other"]).x_session("s3session").trace("s3trace");
    assert_hidden(&format!("{call:?}"));
    let created = call.send().await?;
    assert_eq!(created.key.expose(), "s3key");
    let headers = operations::PutAccountHeaders::from(created.headers());
    assert_eq!(headers.x_next.as_deref().map(String::as_str), Some("s3next"));
    assert_eq!(headers.x_keys.as_ref().map(Vec::len), Some(2));
    assert_hidden(&format!("{created:?} {headers:?}"));
    let form = LogInBody::builder().user("u").password("s3 & more").build()?;
    let call = client.log_in(form);
    assert_hidden(&format!("{call:?}"));
    call.send().await?;
    let data = Blob::new("s3data");
    let upload = client.upload(UploadBody::builder().passphrase("s3pass").data(data).build()?);
    assert_hidden(&format!("{upload:?}"));
    upload.send().await?;
    let lines = vault.0.lock().map_err(|_| "a poisoned lock")?.join("\n");
    assert_hidden(&lines);
    assert_eq!(lines.lines().count(), 4);
    let shown = shown.lock().map_err(|_| "a poisoned lock")?.join("\n");
    assert_hidden(&shown);
    assert!(shown.contains("/accounts/<redacted>"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn rejections_do_not_quote_secrets() -> Outcome {
    let router = secrets::router(Arc::new(Vault::default()), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let head = "PUT /accounts/t?pin=s3pin&keys=s3 HTTP/1.1\ncontent-type: application/json\n\
                x-session: s3";
    let sent = r#"{"name": 5, "password": 4321, "old_password": [4321], "pin": "s3pin",
        "hints": {"pet": 4321}, "digest": "s3!", "card": {"number": 4321}, "owner": {"name": 4321}}"#;
    let response = server.send(head, sent).await?;
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    assert_hidden(body(&response));
    for problem in [
        "pin must be an integer",
        "keys/0 must have at least 3 characters",
        "/name must be a string, not integer `5`",
        "/password must be a string;",
        "/card/number must be a string;",
        "/owner/name must be a string\"",
    ] {
        assert!(response.contains(problem), "{problem}: {response}");
    }
    Ok(())
}

#[tokio::test]
async fn errors_of_responses_do_not_quote_secrets() -> Outcome {
    let server = recording::Server::start([
        (200, json!({ "id": "s3id", "key": "s3key" })),
        (200, json!({ "id": 1, "key": 4321 })),
        (200, json!({ "id": 1, "secret": "s3key" })),
        (422, json!({ "id": 1, "key": "s3key" })),
    ])
    .await?;
    let client = Client::builder().base_url(&server.url).build()?;
    let account = Account::builder().name("a").password("s3password").build()?;
    let mut shown = Vec::new();
    for _ in 0..4 {
        let call = client.put_account("token", account.clone());
        let Err(error) = call.send().await else { return Err("a response".into()) };
        if let Error::Api(error) = &error {
            assert!(error.excerpt.is_empty());
        }
        shown.push(format!("{error} {error:?}"));
    }
    assert_hidden(&shown.join("\n"));
    assert!(shown[0].contains(" at /id: invalid value, expected i64"), "{}", shown[0]);
    assert!(shown[1].contains(" at /key: invalid value, expected a string"), "{}", shown[1]);
    assert!(shown[2].contains("missing property `key`"), "{}", shown[2]);
    let invalid = client.put_account("token", account).pin(321).x_session("s3").send().await;
    let Err(error) = invalid else { return Err("an invalid request".into()) };
    assert_eq!(
        error.to_string(),
        "invalid request: /pin must be at least 1000; \
         /X-Session must have at least 4 characters, has 2"
    );
    Ok(())
}
