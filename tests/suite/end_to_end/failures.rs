//! Errors as no intake gives them: with a request id or a date, answers that send elsewhere or
//! never end, and ports where nobody listens.

use std::time::{Duration, SystemTime};

use datadog_ci_pipelines::{Client, Error, ErrorBody, RetryPolicy, jiff};
use serde_json::json;
use tokio::net::TcpSocket;

use super::server::{API_KEY, APP_KEY, Answer, Server};
use super::{Outcome, api_error, job};

/// Long enough for a machine that is busy, short enough not to be waited for.
const SHORT: Duration = Duration::from_millis(60);

/// A client of an address where no server of ours is.
fn client_of(address: impl std::fmt::Display) -> Result<Client, Error> {
    let builder =
        Client::builder().base_url(format!("http://{address}")).retry(RetryPolicy::none());
    builder.api_key(API_KEY).app_key(APP_KEY).build()
}

#[tokio::test]
async fn an_error_tells_the_id_of_its_request() -> Outcome {
    let body = json!({"errors": [{"status": "400", "title": "Bad", "detail": "Malformed"}]});
    let answer = Answer::json(400, &body).header("x-request-id", "r-9");
    let server = Server::answers([answer]).await?;
    let error = api_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.request_id.as_deref(), Some("r-9"));
    assert_eq!(error.excerpt, body.to_string());
    assert!(error.to_string().contains("r-9"), "{error}");
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
async fn an_answer_that_begins_and_does_not_end_is_a_timeout() -> Outcome {
    let server = Server::answers([Answer::stalled(r#"{"data":["#)]).await?;
    let list = server.client()?.list_pipeline_events().timeout(SHORT);
    let result = list.send().await;
    assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
    Ok(())
}
