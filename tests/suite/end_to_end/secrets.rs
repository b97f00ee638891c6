//! Credentials do not appear in any output, whatever the server returns.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::outbox::Outbox;
use datadog_ci_pipelines::{Client, Error, HttpOptions, Reporter, RetryPolicy};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server, TOKEN};
use crate::end_to_end::support::{Outcome, job, logs, page};

/// Fails if a string contains a credential.
fn assert_hides_credentials(shown: &str) {
    for key in [API_KEY, APP_KEY, TOKEN] {
        assert!(!shown.contains(key), "a credential is shown: {shown}");
    }
}

/// Returns the full output of an error and its causes.
fn all_of(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        shown += &format!(" {error} {error:?}");
        cause = error.source();
    }
    shown
}

/// Returns the full output of the error of a call.
fn error_of<T: Debug>(result: Result<T, Error>) -> Result<String, String> {
    match result {
        Ok(value) => Err(format!("no error but {value:?}")),
        Err(error) => Ok(all_of(&error)),
    }
}

/// Returns a client with all credentials.
fn client(server: &Server) -> Result<Client, Error> {
    let builder = server.client_builder().access_token(TOKEN);
    builder.api_key(API_KEY).app_key(APP_KEY).build()
}

#[tokio::test]
async fn a_client_and_its_requests_hide_credentials() -> Outcome {
    let server = Server::responding([ScriptedResponse::json(200, page(&["a"], None))]).await?;
    let builder = server.client_builder().access_token(TOKEN);
    let builder = builder.api_key(API_KEY).app_key(APP_KEY);
    assert_hides_credentials(&format!("{builder:?} {builder:#?}"));
    let client = builder.build()?;
    let shown = format!("{client:?} {client:#?}");
    assert_hides_credentials(&shown);
    // It shows which credentials are set, because a missing one is the most likely mistake.
    assert!(shown.contains("<redacted>") && shown.contains("appKeyAuth"));
    let list = client.list_pipeline_events();
    assert_hides_credentials(&format!("{list:?} {:?}", list.clone().stream()));
    let response = list.send().await?;
    assert_hides_credentials(&format!("{response:?} {response:#?}"));
    Ok(())
}

#[tokio::test]
async fn credentials_in_an_error_of_the_api_are_redacted() -> Outcome {
    let quote = format!("key {API_KEY} with {APP_KEY} or {TOKEN} is not allowed");
    let bodies = [
        json!({"errors": [{"status": "403", "title": quote, "detail": quote}]}).to_string(),
        json!({"errors": [quote]}).to_string(),
        format!("<html>{quote}</html>"),
    ];
    for body in bodies {
        for status in [403, 418] {
            for shown in errors(status, &body).await? {
                assert_hides_credentials(&shown);
                assert!(shown.contains("is not allowed"), "{shown}");
            }
        }
    }
    Ok(())
}

/// Returns the errors of sending and of reading if the server responds with this body.
async fn errors(status: u16, body: &str) -> Result<[String; 2], Box<dyn StdError>> {
    let response = || ScriptedResponse::json(status, body);
    let server = Server::responding([response(), response()]).await?;
    let client = client(&server)?;
    let sent = error_of(client.send(job("j-1")?).await)?;
    Ok([sent, error_of(client.list_pipeline_events().send().await)?])
}

/// Escapes all characters as JSON permits.
fn escaped(key: &str) -> String {
    key.bytes().map(|byte| format!("\\u{byte:04x}")).collect()
}

#[tokio::test]
async fn escaped_credentials_are_redacted_after_decoding() -> Outcome {
    let keys = [API_KEY, APP_KEY, TOKEN].map(escaped).join(" ");
    let bodies = [
        format!(r#"{{"errors":[{{"title":"{keys} is not allowed","detail":"{keys}"}}]}}"#),
        format!(r#"{{"errors":["{keys} is not allowed"]}}"#),
        format!(r#"{{"errors":[],"{keys}":"is not allowed"}}"#),
        format!("not JSON: {keys} is not allowed"),
    ];
    for body in bodies {
        for status in [400, 403, 418] {
            for shown in errors(status, &body).await? {
                assert_hides_credentials(&shown);
                assert!(!shown.contains("u0030"), "an escaped credential is shown: {shown}");
                assert!(shown.contains("is not allowed"), "{shown}");
            }
        }
        // As the response to a request that expects something else.
        let server = Server::responding([ScriptedResponse::json(200, format!("[{body}"))]).await?;
        let shown = error_of(client(&server)?.list_pipeline_events().send().await)?;
        assert_hides_credentials(&shown);
        assert!(!shown.contains("u0030"), "an escaped credential is shown: {shown}");
    }
    Ok(())
}

#[tokio::test]
async fn credentials_in_response_headers_are_redacted() -> Outcome {
    let response = |status, body| {
        let response = ScriptedResponse::json(status, body);
        response.header("x-request-id", API_KEY).header("x-ratelimit-name", APP_KEY)
    };
    let server = Server::responding([
        response(200, page(&["a"], None)),
        response(403, json!({})),
        response(200, json!([])),
    ])
    .await?;
    let client = client(&server)?;
    let listed = client.list_pipeline_events().send().await?;
    assert_hides_credentials(&format!("{listed:?} {:?}", listed.request_id()));
    for _ in 0..2 {
        assert_hides_credentials(&error_of(client.list_pipeline_events().send().await)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_short_credential_changes_no_string() -> Outcome {
    let body = json!({"errors": [{"detail": "a <redacted> key and an invalid access"}]});
    let server = Server::responding([ScriptedResponse::json(403, body)]).await?;
    let builder = server.client_builder().api_key("a").app_key("redacted");
    let error = error_of(builder.build()?.send(job("j-1")?).await)?;
    assert!(error.contains("a <redacted> key and an invalid access"), "{error}");
    Ok(())
}

#[tokio::test]
async fn credentials_in_an_invalid_response_are_redacted() -> Outcome {
    let bodies = [
        format!("<html>{API_KEY} {APP_KEY} {TOKEN}</html>"),
        format!(r#"{{"data":[{{"id":"{APP_KEY}","tags":"{TOKEN}"}},{{"id":"{API_KEY}""#),
    ];
    for body in bodies {
        let server = Server::responding([ScriptedResponse::json(200, body)]).await?;
        let result = client(&server)?.list_pipeline_events().send().await;
        assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
        assert_hides_credentials(&error_of(result)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_credential_as_the_invalid_value_is_redacted() -> Outcome {
    // The message of a type error quotes the value.
    let responses =
        [json!({"data": API_KEY}), json!({"data": [{"attributes": {"tags": APP_KEY}}]})];
    for body in responses {
        let server = Server::responding([ScriptedResponse::json(200, body)]).await?;
        let result = client(&server)?.list_pipeline_events().send().await;
        assert_hides_credentials(&error_of(result)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_credential_in_the_pointer_is_redacted() -> Outcome {
    let body = json!({"data": {"buckets": [
        {"computes": {API_KEY: [{"value": "many"}], "zz": 1}},
    ]}});
    let server = Server::responding([ScriptedResponse::json(200, body)]).await?;
    let client = client(&server)?;
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    assert_hides_credentials(&error_of(aggregate.send().await)?);
    Ok(())
}

#[tokio::test]
async fn transport_errors_hide_credentials() -> Outcome {
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    for address in [socket.local_addr()?, silent.local_addr()?] {
        let client = Client::builder()
            .base_url(format!("http://{address}"))
            .timeout(Duration::from_millis(40))
            .retry(RetryPolicy::default().max_attempts(2).initial_backoff(Duration::ZERO))
            .api_key(API_KEY)
            .app_key(APP_KEY)
            .build()?;
        assert_hides_credentials(&error_of(client.list_pipeline_events().send().await)?);
        assert_hides_credentials(&error_of(client.send(job("j-1")?).await)?);
    }
    Ok(())
}

#[tokio::test]
async fn errors_of_batches_hide_credentials() -> Outcome {
    let quote = json!({"errors": [{"detail": format!("{API_KEY} is not allowed")}]});
    let server = Server::responding([ScriptedResponse::json(403, quote)]).await?;
    let result = client(&server)?.send_all([job("j-1")?]).await.into_result();
    let error = result.err().ok_or("no error")?;
    assert_hides_credentials(&format!("{error} {error:?} {error:#?}"));
    Ok(())
}

/// Starts a server that rejects everything and quotes all credentials.
async fn quoting(responses: usize) -> Result<Server, Box<dyn StdError>> {
    let quote =
        json!({"errors": [{"detail": format!("{API_KEY} {APP_KEY} {TOKEN}: not allowed")}]});
    Server::responding((0..responses).map(|_| ScriptedResponse::json(400, &quote))).await
}

#[tokio::test]
async fn outcomes_of_many_events_hide_credentials() -> Outcome {
    let server = quoting(3).await?;
    let report = client(&server)?.send_all([job("j-1")?, job("j-2")?]).await;
    assert_eq!(report.rejected().count(), 2);
    assert_hides_credentials(&format!("{report:?} {report:#?}"));
    for outcome in report.outcomes() {
        assert_hides_credentials(&format!("{outcome:?} {:?}", outcome.reasons()));
    }
    Ok(())
}

#[tokio::test]
async fn an_outbox_and_its_files_hide_credentials() -> Outcome {
    let server = quoting(1).await?;
    let directory = tempfile::tempdir()?;
    let builder = Outbox::builder(client(&server)?);
    assert_hides_credentials(&format!("{builder:?}"));
    let outbox = builder.open(directory.path()).await?;
    outbox.enqueue(job("j-1")?).await?;
    let report = outbox.flush(Duration::from_secs(60)).await;
    assert_eq!((report.rejected, report.left), (1, 0));
    let refused = outbox.rejected().await?;
    assert_hides_credentials(&format!("{outbox:?} {report} {report:?} {refused:?}"));
    assert!(refused[0].reasons()[0].contains("not allowed"), "{refused:?}");
    outbox.close().await?;
    for file in std::fs::read_dir(directory.path())? {
        assert_hides_credentials(&String::from_utf8_lossy(&std::fs::read(file?.path())?));
    }
    Ok(())
}

#[tokio::test]
async fn a_reporter_hides_credentials() -> Outcome {
    let server = quoting(9).await?;
    let problems = Arc::new(Mutex::new(String::new()));
    let output = problems.clone();
    let reporter = Reporter::new(client(&server)?).on_problem(move |problem| {
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        *output += &format!("{problem} {problem:?}");
    });
    let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    assert_hides_credentials(&format!("{reporter:?} {run:?}"));
    let report = run.success().await;
    assert!(!report.is_complete());
    assert_hides_credentials(&format!("{report} {report:?}"));
    let output = problems.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(output.contains("not allowed"), "{output}");
    assert_hides_credentials(&output);
    Ok(())
}

#[tokio::test]
async fn panics_and_the_blocking_client_hide_credentials() -> Outcome {
    let server = quoting(1).await?;
    let client = client(&server)?;
    let result = client.send(job("j-1")?).await;
    let unwrap = AssertUnwindSafe(move || drop(result.expect("accepted")));
    let panicked = std::panic::catch_unwind(unwrap);
    let payload = panicked.err().ok_or("no panic")?;
    let message = payload.downcast::<String>().map_err(|_| "a panic without a message")?;
    assert!(message.contains("not allowed"), "{message}");
    assert_hides_credentials(&message);

    let options = HttpOptions::new().proxy(format!("http://{API_KEY}:{APP_KEY}@127.0.0.1:9"));
    assert_hides_credentials(&format!("{options:?}"));
    let builder = Client::builder().api_key(API_KEY).app_key(APP_KEY).access_token(TOKEN);
    let builder =
        builder.base_url("http://intake.invalid").retry(RetryPolicy::none()).http(options);
    assert_hides_credentials(&format!("{builder:?}"));
    let proxied = builder.build()?;
    assert_hides_credentials(&format!(
        "{proxied:?} {}",
        error_of(proxied.send(job("j-1")?).await)?
    ));
    let blocking = datadog_ci_pipelines::blocking::Client::new(client)?;
    assert_hides_credentials(&format!("{blocking:?} {:?}", blocking.list_pipeline_events()));
    Ok(())
}

#[tokio::test]
async fn errors_of_unsent_requests_hide_credentials() -> Outcome {
    let server = Server::responding([]).await?;
    let client = client(&server)?;
    let too_long = client.list_pipeline_events().limit(1001).send().await;
    assert_hides_credentials(&error_of(too_long)?);
    let keyless = server.client_builder().app_key(APP_KEY).build()?;
    assert_hides_credentials(&error_of(keyless.send(job("j-1")?).await)?);
    Ok(())
}

#[tokio::test]
async fn logs_of_all_levels_hide_credentials() -> Outcome {
    logs::begin();
    let refused = json!({"errors": [{"detail": format!("{API_KEY} {APP_KEY} {TOKEN}")}]});
    let responses = [
        ScriptedResponse::json(503, &refused),
        ScriptedResponse::json(403, &refused),
        ScriptedResponse::accepted(),
    ];
    let server = Server::responding(responses).await?;
    let policy = RetryPolicy::default().max_attempts(2).initial_backoff(Duration::ZERO);
    let http = HttpOptions::new().no_proxy();
    let builder = server.client_builder().access_token(TOKEN).retry(policy.clone()).http(http);
    let client = builder.api_key(API_KEY).app_key(APP_KEY).build()?;
    assert_hides_credentials(&error_of(client.list_pipeline_events().send().await)?);
    client.send(job("j-1")?).await?;
    drop(server);
    assert!(client.send(job("j-1")?).await.is_err());

    let found = logs::found();
    assert_eq!(found.credential, None);
    assert_eq!(found.from, logs::SOURCES.into());
    Ok(())
}

#[test]
fn credentials_that_are_invalid_in_headers_are_rejected_without_being_shown() -> Outcome {
    for (before, after) in [("", "\n"), ("", "\r\n"), (" ", ""), ("", "\0"), ("é\u{1}", "")] {
        let key = |key| Some(format!("{before}{key}{after}"));
        let by_builder = Client::builder().api_key(key(API_KEY).unwrap_or_default());
        let by_env = Client::builder().env_from(|name| match name {
            "DD_API_KEY" => key(API_KEY),
            "DD_APP_KEY" => key(APP_KEY),
            _ => None,
        });
        assert_hides_credentials(&format!("{by_builder:?} {by_env:?}"));
        assert_hides_credentials(&error_of(by_builder.build())?);
        let shown = error_of(by_env.build())?;
        assert_hides_credentials(&shown);
        for name in ["DD_API_KEY", "DD_APP_KEY"] {
            assert!(shown.contains(name), "{shown}");
        }
    }
    Ok(())
}
