//! Failures that the intake cannot cause: request ids, dates in `Retry-After`, redirects, responses
//! without end, and ports without a listener.

use std::time::{Duration, SystemTime};

use datadog_ci_pipelines::{Client, Error, ErrorBody, RetryPolicy, jiff};
use serde_json::json;
use tokio::net::TcpSocket;

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, api_error, job};

/// Long enough for a busy machine, and short enough for a test.
const SHORT: Duration = Duration::from_millis(60);

/// Returns a client of an address without a scripted server.
fn client_of(address: impl std::fmt::Display) -> Result<Client, Error> {
    let builder =
        Client::builder().base_url(format!("http://{address}")).retry(RetryPolicy::none());
    builder.api_key(API_KEY).app_key(APP_KEY).build()
}

#[tokio::test]
async fn an_error_has_the_request_id() -> Outcome {
    let body = json!({"errors": [{"status": "400", "title": "Bad", "detail": "Malformed"}]});
    let response = ScriptedResponse::json(400, &body).header("x-request-id", "r-9");
    let server = Server::responding([response]).await?;
    let error = api_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.request_id.as_deref(), Some("r-9"));
    assert_eq!(error.excerpt, body.to_string());
    assert!(error.to_string().contains("r-9"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_date_in_retry_after_is_converted_to_a_duration() -> Outcome {
    let now = jiff::Timestamp::try_from(SystemTime::now())?;
    let then = now.checked_add(jiff::SignedDuration::from_mins(5))?;
    let date = then.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let refused = || ScriptedResponse::json(503, json!({"errors": []}));
    let server = Server::responding([
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
async fn redirects_are_not_followed() -> Outcome {
    let elsewhere = Server::responding([]).await?;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/api/v2/ci/pipeline", elsewhere.url());
        let response =
            || ScriptedResponse::new(status, "text/html", "moved").header("location", &location);
        let server = Server::responding([response(), response()]).await?;
        let client = server.client()?;
        let error = api_error(client.send(job("j-1")?).await)?;
        assert_eq!(error.status, status);
        assert_eq!(error.body, ErrorBody::Other("moved".to_owned()));
        let error = api_error(client.list_pipeline_events().send().await)?;
        assert_eq!(error.status, status);
    }
    // The credentials would have been sent to the other server.
    assert_eq!(elsewhere.requests().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_port_without_a_listener_is_a_connection_error() -> Outcome {
    // The port is bound but not listening, so no other process can use it.
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
async fn a_response_without_end_is_a_timeout() -> Outcome {
    let server = Server::responding([ScriptedResponse::stalled(r#"{"data":["#)]).await?;
    let list = server.client()?.list_pipeline_events().timeout(SHORT);
    let result = list.send().await;
    assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
    Ok(())
}
