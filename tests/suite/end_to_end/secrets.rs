//! Keys turn up in nothing that can be shown, whatever the server does.

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

use super::server::{API_KEY, APP_KEY, Answer, Server, TOKEN};
use super::{Outcome, job, logs, page};

/// Fails where a key stands in a text.
fn hides_keys(shown: &str) {
    for key in [API_KEY, APP_KEY, TOKEN] {
        assert!(!shown.contains(key), "a key is shown: {shown}");
    }
}

/// Everything that an error shows, its causes included.
fn all_of(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        shown += &format!(" {error} {error:?}");
        cause = error.source();
    }
    shown
}

/// Everything that the error of a call shows.
fn error_of<T: Debug>(result: Result<T, Error>) -> Result<String, String> {
    match result {
        Ok(value) => Err(format!("no error but {value:?}")),
        Err(error) => Ok(all_of(&error)),
    }
}

/// A client of a server that has every key.
fn client(server: &Server) -> Result<Client, Error> {
    let builder = server.client_builder().access_token(TOKEN);
    builder.api_key(API_KEY).app_key(APP_KEY).build()
}

#[tokio::test]
async fn a_client_and_all_that_is_made_of_it_hide_the_keys() -> Outcome {
    let server = Server::answers([Answer::json(200, page(&["a"], None))]).await?;
    let builder = server.client_builder().access_token(TOKEN);
    let builder = builder.api_key(API_KEY).app_key(APP_KEY);
    hides_keys(&format!("{builder:?} {builder:#?}"));
    let client = builder.build()?;
    let shown = format!("{client:?} {client:#?}");
    hides_keys(&shown);
    // That there are keys is shown: a forgotten one is the likeliest mistake.
    assert!(shown.contains("<redacted>") && shown.contains("appKeyAuth"));
    let list = client.list_pipeline_events();
    hides_keys(&format!("{list:?} {:?}", list.clone().stream()));
    let response = list.send().await?;
    hides_keys(&format!("{response:?} {response:#?}"));
    Ok(())
}

#[tokio::test]
async fn an_error_of_the_api_that_quotes_the_keys_is_shown_without_them() -> Outcome {
    let quote = format!("key {API_KEY} with {APP_KEY} or {TOKEN} is not allowed");
    let bodies = [
        json!({"errors": [{"status": "403", "title": quote, "detail": quote}]}).to_string(),
        json!({"errors": [quote]}).to_string(),
        format!("<html>{quote}</html>"),
    ];
    for body in bodies {
        for status in [403, 418] {
            let answer = || Answer::json(status, &body);
            let server = Server::answers([answer(), answer()]).await?;
            let client = client(&server)?;
            let sent = error_of(client.send(job("j-1")?).await)?;
            let read = error_of(client.list_pipeline_events().send().await)?;
            for shown in [sent, read] {
                hides_keys(&shown);
                assert!(shown.contains("is not allowed"), "{shown}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_shown_without_the_keys_in_it() -> Outcome {
    let bodies = [
        format!("<html>{API_KEY} {APP_KEY} {TOKEN}</html>"),
        format!(r#"{{"data":[{{"id":"{APP_KEY}","tags":"{TOKEN}"}},{{"id":"{API_KEY}""#),
    ];
    for body in bodies {
        let server = Server::answers([Answer::json(200, body)]).await?;
        let result = client(&server)?.list_pipeline_events().send().await;
        assert!(matches!(result, Err(Error::Decode(_))), "{result:?}");
        hides_keys(&error_of(result)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_itself_what_cannot_be_read_is_not_shown() -> Outcome {
    // The message of a wrong type quotes the value.
    let answers = [json!({"data": API_KEY}), json!({"data": [{"attributes": {"tags": APP_KEY}}]})];
    for body in answers {
        let server = Server::answers([Answer::json(200, body)]).await?;
        let result = client(&server)?.list_pipeline_events().send().await;
        hides_keys(&error_of(result)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_on_the_way_to_what_cannot_be_read_is_not_shown() -> Outcome {
    let body = json!({"data": {"buckets": [
        {"computes": {API_KEY: [{"value": "many"}], "zz": 1}},
    ]}});
    let server = Server::answers([Answer::json(200, body)]).await?;
    let client = client(&server)?;
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    hides_keys(&error_of(aggregate.send().await)?);
    Ok(())
}

#[tokio::test]
async fn a_call_that_does_not_get_through_hides_the_keys() -> Outcome {
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    for address in [socket.local_addr()?, silent.local_addr()?] {
        let client = Client::builder()
            .base_url(format!("http://{address}"))
            .timeout(Duration::from_millis(40))
            .retry(RetryPolicy::default().attempts(2).first_wait(Duration::ZERO))
            .api_key(API_KEY)
            .app_key(APP_KEY)
            .build()?;
        hides_keys(&error_of(client.list_pipeline_events().send().await)?);
        hides_keys(&error_of(client.send(job("j-1")?).await)?);
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_that_is_refused_hides_the_keys() -> Outcome {
    let quote = json!({"errors": [{"detail": format!("{API_KEY} is not allowed")}]});
    let server = Server::answers([Answer::json(403, quote)]).await?;
    let result = client(&server)?.send_all([job("j-1")?]).await.into_result();
    let error = result.err().ok_or("no error")?;
    hides_keys(&format!("{error} {error:?} {error:#?}"));
    Ok(())
}

/// A server that refuses everything and quotes every key.
async fn quoting(answers: usize) -> Result<Server, Box<dyn StdError>> {
    let quote =
        json!({"errors": [{"detail": format!("{API_KEY} {APP_KEY} {TOKEN}: not allowed")}]});
    Server::answers((0..answers).map(|_| Answer::json(400, &quote))).await
}

#[tokio::test]
async fn what_became_of_many_events_hides_the_keys() -> Outcome {
    let server = quoting(3).await?;
    let report = client(&server)?.send_all([job("j-1")?, job("j-2")?]).await;
    assert_eq!(report.refused().count(), 2);
    hides_keys(&format!("{report:?} {report:#?}"));
    for outcome in report.outcomes() {
        hides_keys(&format!("{outcome:?} {:?}", outcome.reasons()));
    }
    Ok(())
}

#[tokio::test]
async fn an_outbox_and_its_files_hide_the_keys() -> Outcome {
    let server = quoting(1).await?;
    let directory = tempfile::tempdir()?;
    let builder = Outbox::builder(client(&server)?);
    hides_keys(&format!("{builder:?}"));
    let outbox = builder.open(directory.path()).await?;
    outbox.enqueue(job("j-1")?).await?;
    let report = outbox.flush(Duration::from_secs(60)).await;
    assert_eq!((report.refused, report.left), (1, 0));
    let refused = outbox.refused().await?;
    hides_keys(&format!("{outbox:?} {report} {report:?} {refused:?}"));
    assert!(refused[0].reasons()[0].contains("not allowed"), "{refused:?}");
    outbox.close().await?;
    for file in std::fs::read_dir(directory.path())? {
        hides_keys(&String::from_utf8_lossy(&std::fs::read(file?.path())?));
    }
    Ok(())
}

#[tokio::test]
async fn a_reporter_hides_the_keys() -> Outcome {
    let server = quoting(9).await?;
    let problems = Arc::new(Mutex::new(String::new()));
    let told = problems.clone();
    let reporter = Reporter::new(client(&server)?).on_problem(move |problem| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        *told += &format!("{problem} {problem:?}");
    });
    let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    hides_keys(&format!("{reporter:?} {run:?}"));
    let report = run.success().await;
    assert!(!report.is_complete());
    hides_keys(&format!("{report} {report:?}"));
    let told = problems.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(told.contains("not allowed"), "{told}");
    hides_keys(&told);
    Ok(())
}

#[tokio::test]
async fn panics_and_other_clients_hide_the_keys() -> Outcome {
    let server = quoting(1).await?;
    let client = client(&server)?;
    let result = client.send(job("j-1")?).await;
    let unwrap = AssertUnwindSafe(move || drop(result.expect("accepted")));
    let panicked = std::panic::catch_unwind(unwrap);
    let payload = panicked.err().ok_or("no panic")?;
    let message = payload.downcast::<String>().map_err(|_| "a panic without words")?;
    assert!(message.contains("not allowed"), "{message}");
    hides_keys(&message);

    let options = HttpOptions::new().proxy(format!("http://{API_KEY}:{APP_KEY}@127.0.0.1:9"));
    hides_keys(&format!("{options:?}"));
    let builder = Client::builder().api_key(API_KEY).app_key(APP_KEY).access_token(TOKEN);
    let builder =
        builder.base_url("http://intake.invalid").retry(RetryPolicy::none()).http(options);
    hides_keys(&format!("{builder:?}"));
    let proxied = builder.build()?;
    hides_keys(&format!("{proxied:?} {}", error_of(proxied.send(job("j-1")?).await)?));
    let blocking = datadog_ci_pipelines::blocking::Client::new(client)?;
    hides_keys(&format!("{blocking:?} {:?}", blocking.list_pipeline_events()));
    Ok(())
}

#[tokio::test]
async fn a_request_that_is_not_sent_hides_the_keys() -> Outcome {
    let server = Server::answers([]).await?;
    let client = client(&server)?;
    let too_long = client.list_pipeline_events().limit(1001).send().await;
    hides_keys(&error_of(too_long)?);
    let keyless = server.client_builder().app_key(APP_KEY).build()?;
    hides_keys(&error_of(keyless.send(job("j-1")?).await)?);
    Ok(())
}

#[tokio::test]
async fn no_log_at_any_level_shows_a_key() -> Outcome {
    logs::begin();
    let refused = json!({"errors": [{"detail": format!("{API_KEY} {APP_KEY} {TOKEN}")}]});
    let answers = [Answer::json(503, &refused), Answer::json(403, &refused), Answer::accepted()];
    let server = Server::answers(answers).await?;
    let policy = RetryPolicy::default().attempts(2).first_wait(Duration::ZERO);
    let http = HttpOptions::new().no_proxy();
    let builder = server.client_builder().access_token(TOKEN).retry(policy.clone()).http(http);
    let client = builder.api_key(API_KEY).app_key(APP_KEY).build()?;
    hides_keys(&error_of(client.list_pipeline_events().send().await)?);
    client.send(job("j-1")?).await?;
    drop(server);
    drop(client.send(job("j-1")?).await);

    let found = logs::found();
    assert_eq!(found.key, None);
    assert_eq!(found.from, logs::SOURCES.into());
    Ok(())
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_without_being_shown() -> Outcome {
    for (before, after) in [("", "\n"), ("", "\r\n"), (" ", ""), ("", "\0"), ("é\u{1}", "")] {
        let key = |key| Some(format!("{before}{key}{after}"));
        let by_hand = Client::builder().api_key(key(API_KEY).unwrap_or_default());
        let by_env = Client::builder().env_from(|name| match name {
            "DD_API_KEY" => key(API_KEY),
            "DD_APP_KEY" => key(APP_KEY),
            _ => None,
        });
        hides_keys(&format!("{by_hand:?} {by_env:?}"));
        hides_keys(&error_of(by_hand.build())?);
        let shown = error_of(by_env.build())?;
        hides_keys(&shown);
        for name in ["DD_API_KEY", "DD_APP_KEY"] {
            assert!(shown.contains(name), "{shown}");
        }
    }
    Ok(())
}
