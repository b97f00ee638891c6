//! Errors of the API, and calls that do not get through at all.

use std::time::{Duration, SystemTime};

use datadog_ci_pipelines::models::{AggregateRequest, ApiErrors};
use datadog_ci_pipelines::{Client, Error, ErrorBody, jiff};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use super::server::{API_KEY, APP_KEY, Answer, Server};
use super::{Outcome, api_error, job, one_job, page};

/// Long enough for a machine that is busy, short enough not to be waited for.
const SHORT: Duration = Duration::from_millis(60);

/// A client of an address where no server of ours is.
fn client_of(address: impl std::fmt::Display) -> Result<Client, Error> {
    let builder = Client::builder().base_url(format!("http://{address}"));
    builder.api_key(API_KEY).app_key(APP_KEY).build()
}

#[tokio::test]
async fn a_refusal_to_take_events_is_decoded() -> Outcome {
    // Every status that the description has for sending.
    for status in [400, 401, 403, 408, 413, 429, 500, 503] {
        let body = json!({"errors": [
            {"status": status.to_string(), "title": "Refused", "detail": "Malformed payload"},
        ]});
        let answer = Answer::json(status, &body).header("x-request-id", "r-9");
        let server = Server::answers([answer]).await?;
        let error = api_error(server.client()?.send(job("j-1")?).await)?;
        assert_eq!(error.status, status);
        assert_eq!(error.operation, "CreateCIAppPipelineEvent");
        assert_eq!(error.request_id.as_deref(), Some("r-9"));
        let ErrorBody::HttpErrors(errors) = &error.body else {
            panic!("{status}: {error:?}");
        };
        let problem = &errors.errors.as_deref().unwrap_or_default()[0];
        assert_eq!(problem.detail.as_deref(), Some("Malformed payload"));
        assert_eq!(problem.status.as_deref(), Some(&*status.to_string()));
        assert_eq!(error.excerpt, body.to_string());
        // Whoever reads only the message learns the reason too.
        let message = error.to_string();
        for part in [&status.to_string(), "Malformed payload", "r-9"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(server.asked().len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_refusal_to_read_is_decoded() -> Outcome {
    for status in [400, 403, 429] {
        let answer = || Answer::json(status, json!({"errors": ["invalid cursor", "and more"]}));
        let server = Server::answers([answer(), answer(), answer()]).await?;
        let client = server.client()?;
        let expected = ErrorBody::ApiErrors(
            ApiErrors::builder().errors(["invalid cursor", "and more"]).build()?,
        );
        let errors = [
            api_error(client.list_pipeline_events().send().await)?,
            api_error(client.search_pipeline_events().send().await)?,
            api_error({
                let aggregate = AggregateRequest::default();
                client.aggregate_pipeline_events(aggregate).send().await
            })?,
        ];
        for error in errors {
            assert_eq!(error.status, status);
            assert_eq!(error.body, expected);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_full_rate_limit_tells_when_to_come_back() -> Outcome {
    let answer = Answer::json(429, json!({"errors": ["Too many requests"]}))
        .header("x-ratelimit-limit", 300)
        .header("x-ratelimit-period", 3600)
        .header("x-ratelimit-remaining", 0)
        .header("x-ratelimit-reset", 42)
        .header("x-ratelimit-name", "ci_app_search")
        .header("retry-after", 43);
    let server = Server::answers([answer]).await?;
    let error = api_error(server.client()?.list_pipeline_events().send().await)?;
    let limit = &error.rate_limit;
    assert_eq!((limit.limit, limit.remaining), (Some(300), Some(0)));
    assert_eq!(limit.period, Some(Duration::from_secs(3600)));
    assert_eq!(limit.reset, Some(Duration::from_secs(42)));
    assert_eq!(limit.name.as_deref(), Some("ci_app_search"));
    assert_eq!(limit.retry_after, Some(Duration::from_secs(43)));
    Ok(())
}

#[tokio::test]
async fn a_date_to_come_back_at_is_read_as_the_time_until_then() -> Outcome {
    let now = jiff::Timestamp::try_from(SystemTime::now())?;
    let then = now.checked_add(jiff::SignedDuration::from_mins(5))?;
    let date = then.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let refused = || Answer::json(503, json!({"errors": []}));
    let server = Server::answers([
        refused().header("retry-after", date),
        refused().header("retry-after", "soon"),
    ])
    .await?;
    let client = server.client()?;
    let error = api_error(client.send(job("j-1")?).await)?;
    let wait = error.rate_limit.retry_after.ok_or("no time")?;
    let range = Duration::from_secs(240)..=Duration::from_secs(300);
    assert!(range.contains(&wait), "{wait:?}");
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!(error.rate_limit.retry_after, None);
    Ok(())
}

#[tokio::test]
async fn an_answer_that_sends_elsewhere_is_not_followed() -> Outcome {
    let elsewhere = Server::answers([]).await?;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/api/v2/ci/pipeline", elsewhere.url());
        let answer = || Answer::new(status, "text/html", "moved").header("location", &location);
        let server = Server::answers([answer(), answer()]).await?;
        let client = server.client()?;
        let error = api_error(client.send(job("j-1")?).await)?;
        assert_eq!(error.status, status);
        assert_eq!(error.body, ErrorBody::Other("moved".to_owned()));
        let error = api_error(client.list_pipeline_events().send().await)?;
        assert_eq!(error.status, status);
    }
    // The keys would have gone along.
    assert_eq!(elsewhere.asked().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer_is_a_transport_error() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = client_of(listener.local_addr()?)?;
    tokio::spawn(async move {
        let (connection, _) = listener.accept().await?;
        // The request has begun to arrive, so this is no failure to connect.
        connection.readable().await
    });
    let result = client.send(job("j-1")?).await;
    let Err(Error::Transport(error)) = result else {
        return Err(format!("{result:?}").into());
    };
    assert!(!error.is_connect());
    assert_eq!(error.operation(), "CreateCIAppPipelineEvent");
    let message = error.to_string();
    assert!(message.contains("CreateCIAppPipelineEvent"), "{message}");
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_a_transport_error() -> Outcome {
    let server = Server::answers([Answer::cut_off(r#"{"data":["#)]).await?;
    let result = server.client()?.list_pipeline_events().send().await;
    assert!(matches!(result, Err(Error::Transport(_))), "{result:?}");
    Ok(())
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_failure_to_connect() -> Outcome {
    // Bound and never listening: the port stays taken, so nobody else can answer on it.
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let client = client_of(socket.local_addr()?)?;
    let result = client.list_pipeline_events().send().await;
    let Err(Error::Transport(error)) = &result else {
        return Err(format!("{result:?}").into());
    };
    assert!(error.is_connect(), "{error:?}");
    let error = result.as_ref().err().ok_or("no error")?;
    assert_eq!((error.status(), error.request_id()), (None, None));
    assert!(std::error::Error::source(error).is_some());
    Ok(())
}

#[tokio::test]
async fn no_answer_in_time_is_a_timeout_by_the_limit_of_the_client() -> Outcome {
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let builder = Client::builder().base_url(format!("http://{}", silent.local_addr()?));
    let client = builder.api_key(API_KEY).timeout(SHORT).build()?;
    let result = client.send(job("j-1")?).await;
    let Err(Error::Timeout(error)) = &result else {
        return Err(format!("{result:?}").into());
    };
    assert_eq!(error.operation(), "CreateCIAppPipelineEvent");
    assert!(!error.is_connect());
    Ok(())
}

#[tokio::test]
async fn no_answer_in_time_is_a_timeout_by_the_limit_of_the_request() -> Outcome {
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let client = client_of(silent.local_addr()?)?;
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    let results = [
        client.create_pipeline_event(one_job()?).timeout(SHORT).send().await.err(),
        client.list_pipeline_events().timeout(SHORT).send().await.err(),
        client.search_pipeline_events().timeout(SHORT).send().await.err(),
        aggregate.timeout(SHORT).send().await.err(),
    ];
    for result in results {
        assert!(matches!(result, Some(Error::Timeout(_))), "{result:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_limit_of_a_request_replaces_that_of_the_client() -> Outcome {
    let server = Server::answers([Answer::json(200, page(&["a"], None))]).await?;
    let builder = server.client_builder().timeout(Duration::ZERO);
    let client = builder.api_key(API_KEY).app_key(APP_KEY).build()?;
    let list = client.list_pipeline_events().timeout(Duration::from_secs(30));
    list.send().await?;
    Ok(())
}

#[tokio::test]
async fn an_answer_that_begins_and_does_not_end_is_a_timeout() -> Outcome {
    let server = Server::answers([Answer::stalled(r#"{"data":["#)]).await?;
    let list = server.client()?.list_pipeline_events().timeout(SHORT);
    let result = list.send().await;
    assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
    Ok(())
}
