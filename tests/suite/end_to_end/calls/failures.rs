//! Failures that the intake cannot cause: request ids, dates in `Retry-After`, redirects, responses
//! without end, and ports without a listener.

use std::time::{Duration, SystemTime};

use datadog_ci_pipelines::{Client, Error, ErrorBody, RetryPolicy, jiff};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

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

/// Listens without responding, or with the beginning of a response.
async fn breaking(response: &'static str) -> Result<std::net::SocketAddr, std::io::Error> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if response.is_empty() {
                std::mem::forget(stream);
                continue;
            }
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    Ok(address)
}

/// Returns the message of a failed listing.
async fn message(
    address: std::net::SocketAddr,
    retry: RetryPolicy,
) -> Result<String, Box<dyn std::error::Error>> {
    let builder = Client::builder().base_url(format!("http://{address}")).retry(retry);
    let client = builder.timeout(Duration::from_millis(1200)).api_key("a-key").app_key("a-key");
    let result = client.build()?.list_pipeline_events().send().await;
    Ok(result.err().ok_or("no error")?.to_string())
}

#[tokio::test]
async fn the_message_of_a_failure_is_one_line_with_its_reason() -> Outcome {
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let closed = socket.local_addr()?;
    let quick = RetryPolicy::default().max_attempts(2).initial_backoff(Duration::ZERO);
    let list = "ListCIAppPipelineEvents";
    let lost = "failed after 2 attempts: the connection ended before the response was complete: ";
    for (address, expected) in [
        (
            closed,
            format!(
                "{list} failed after 2 attempts: cannot connect to {closed}: Connection refused"
            ),
        ),
        (
            breaking("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await?,
            format!("{list} {lost}"),
        ),
        (breaking("HTTP/1.1 2").await?, format!("{list} {lost}")),
        (
            breaking("").await?,
            format!("{list} timed out after 2 attempts: no complete response within 1.2s"),
        ),
    ] {
        let message = message(address, quick.clone()).await?;
        assert!(message.starts_with(&expected), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn the_message_of_a_deadline_has_the_failure_before_it() -> Outcome {
    // The first attempt fails at once. The second one gets no response until the deadline.
    let server =
        Server::responding([ScriptedResponse::json(503, "{}"), ScriptedResponse::stalled("{")])
            .await?;
    let retry = RetryPolicy::default().initial_backoff(Duration::ZERO).max_attempts(2);
    let retry = retry.deadline(Duration::from_millis(600));
    let address = server.url().trim_start_matches("http://").parse()?;
    let shown = message(address, retry).await?;
    assert_eq!(
        shown,
        "ListCIAppPipelineEvents timed out after 2 attempts: no complete response before the \
         deadline of 600ms; the attempt before it failed: status 503"
    );
    // No time for another attempt.
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let retry = RetryPolicy::default().deadline(Duration::ZERO);
    let shown = message(socket.local_addr()?, retry).await?;
    assert!(shown.contains("Connection refused"), "{shown}");
    assert!(shown.ends_with("; the deadline of 0ns permits no more attempts"), "{shown}");
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
