//! Hooks and tracing spans.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datadog_ci_pipelines::{Client, RetryPolicy};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, job, logs, page};

/// Returns responses with which the first call takes two attempts.
fn busy_then_accepted() -> [ScriptedResponse; 2] {
    let busy =
        ScriptedResponse::json(503, "{}").header("x-request-id", "r-1").header("retry-after", "0");
    [busy, ScriptedResponse::accepted().header("x-ratelimit-remaining", 7)]
}

#[tokio::test]
async fn hooks_receive_every_attempt_and_its_outcome() -> Outcome {
    let server = Server::responding(busy_then_accepted()).await?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (for_requests, for_responses) = (seen.clone(), seen.clone());
    let client = server
        .client_builder()
        .api_key(API_KEY)
        .retry(RetryPolicy::default())
        .on_request(move |attempt| {
            let body = attempt.body.map(String::from_utf8_lossy).unwrap_or_default();
            let has_body = body.contains("check-links") && !body.contains(API_KEY);
            let line = format!(
                "{} {} {} #{} {has_body}",
                attempt.operation, attempt.method, attempt.path, attempt.number
            );
            for_requests.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        })
        .on_response(move |attempt, outcome| {
            let response = outcome.result.ok();
            let line = format!(
                "#{} {:?} {:?} {:?} {:?} retry: {} slow: {}",
                attempt.number,
                response.map(|response| response.status),
                response.and_then(|response| response.request_id),
                response.map(|response| response.bytes),
                response.and_then(|response| response.rate_limit.remaining),
                outcome.next_attempt_in.is_some(),
                outcome.elapsed > Duration::from_secs(20),
            );
            for_responses.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        })
        .build()?;
    client.send(job("j-1")?).await?;
    // The server is gone.
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let for_error = seen.clone();
    let client = Client::builder().base_url(format!("http://{gone}")).api_key(API_KEY);
    let client = client.retry(RetryPolicy::none()).on_response(move |attempt, outcome| {
        let error = outcome.result.err().map(|error| error.is_connect());
        let line =
            format!("#{} {error:?} retry: {}", attempt.number, outcome.next_attempt_in.is_some());
        for_error.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    });
    assert!(client.build()?.send(job("j-1")?).await.is_err());

    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let request =
        |number| format!("CreateCIAppPipelineEvent POST /api/v2/ci/pipeline #{number} true");
    assert_eq!(
        *seen,
        [
            request(1),
            "#1 Some(503) Some(\"r-1\") Some(2) None retry: true slow: false".to_owned(),
            request(2),
            "#2 Some(202) None Some(13) Some(7) retry: false slow: false".to_owned(),
            "#1 Some(true) retry: false".to_owned(),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn calls_and_attempts_are_traced() -> Outcome {
    logs::begin();
    let responses =
        busy_then_accepted().into_iter().chain([ScriptedResponse::json(200, page(&[], None))]);
    let server = Server::responding(responses).await?;
    let builder = server.client_builder().retry(RetryPolicy::default());
    let client = builder.api_key(API_KEY).app_key(APP_KEY).build()?;
    client.send(job("j-1")?).await?;
    client.list_pipeline_events().query("@secret.search:term").send().await?;

    let ours = logs::ours()?;
    let ours: Vec<&Value> = ours
        .iter()
        .filter(|line| line["target"].as_str().is_some_and(|t| t.starts_with("specwright")))
        .collect();
    let closed = |name: &str| -> Vec<&Value> {
        let is_close =
            |line: &&&Value| line["fields"]["message"] == "close" && line["span"]["name"] == name;
        ours.iter().filter(is_close).map(|line| &line["span"]).collect()
    };
    let calls = closed("call");
    assert_eq!(calls.len(), 2, "{ours:#?}");
    assert_eq!(calls[0]["operation"], "CreateCIAppPipelineEvent");
    assert_eq!(calls[0]["method"], "POST");
    assert_eq!((&calls[0]["status"], &calls[0]["attempts"]), (&202.into(), &2.into()));
    assert_eq!((&calls[1]["status"], &calls[1]["attempts"]), (&200.into(), &1.into()));
    let attempts = closed("attempt");
    let facts: Vec<_> = attempts
        .iter()
        .map(|span| {
            let number = |name: &str| span[name].as_u64().unwrap_or(u64::MAX);
            (number("attempt"), number("status"), number("received_bytes"))
        })
        .collect();
    assert_eq!(facts[..2], [(1, 503, 2), (2, 202, 13)]);
    assert_eq!(attempts[0]["request_id"], "r-1");
    assert!(attempts[0]["sent_bytes"].as_u64() > Some(100) && attempts[0]["wait_ms"] == 0);
    let warned = ours.iter().filter(|line| line["level"] == "WARN").count();
    assert_eq!(warned, 1, "for the attempt that is retried");
    let all = format!("{ours:?}");
    for hidden in [API_KEY, APP_KEY, "check-links", "secret.search"] {
        assert!(!all.contains(hidden), "{hidden} is in {all}");
    }
    Ok(())
}
