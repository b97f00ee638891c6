//! Sending: what goes out, byte by byte, and with which keys.

use datadog_ci_pipelines::PipelineEvent;
use serde_json::{Value, json};

use super::server::{API_KEY, APP_KEY, Answer, Server, TOKEN};
use super::{Outcome, job, one_job};

#[tokio::test]
async fn an_event_is_sent_as_the_description_says() -> Outcome {
    let server = Server::answers([Answer::accepted().header("x-request-id", "r-1")]).await?;
    let event = PipelineEvent::new(job("j-1")?).provider_name("my-ci").env("ci").service("ci-eu");
    let response = server.client()?.send(event).await?;
    assert_eq!(response.status(), 202);
    assert_eq!(response.request_id(), Some("r-1"));

    let asked = server.asked();
    let request = asked.first().ok_or("nothing was sent")?;
    assert_eq!(asked.len(), 1);
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/api/v2/ci/pipeline");
    assert_eq!(request.query, []);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));
    let agent = request.header("user-agent").unwrap_or_default();
    assert!(agent.starts_with("datadog-ci-pipelines/"), "{agent}");
    let expected = json!({
        "data": {
            "type": "cipipeline_resource_request",
            "attributes": {
                "provider_name": "my-ci",
                "env": "ci",
                "service": "ci-eu",
                "resource": {
                    "level": "job",
                    "id": "j-1",
                    "name": "check-links",
                    "pipeline_unique_id": "p-1",
                    "pipeline_name": "Release Handbook",
                    "start": "2026-07-14T09:05:03Z",
                    "end": "2026-07-14T09:10:31Z",
                    "status": "success",
                    "url": "https://ci.example/jobs/1",
                },
            },
        },
    });
    assert_eq!(request.json()?, expected);
    Ok(())
}

#[tokio::test]
async fn sending_takes_the_api_key_and_no_other() -> Outcome {
    let server = Server::answers([Answer::accepted(), Answer::accepted()]).await?;
    let keys = server.client_builder().api_key(API_KEY);
    keys.clone().build()?.send(job("j-1")?).await?;
    let all = keys.app_key(APP_KEY).access_token(TOKEN);
    all.build()?.send(job("j-2")?).await?;

    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    for request in asked.iter() {
        assert_eq!(request.header("dd-api-key"), Some(API_KEY));
        assert!(!request.headers.contains_key("dd-application-key"));
        assert!(!request.headers.contains_key("authorization"));
    }
    Ok(())
}

#[tokio::test]
async fn the_answer_to_a_request_put_together_by_hand_is_kept_whole() -> Outcome {
    let answer = json!({"data": null, "meta": {"note": "later"}});
    let server = Server::answers([Answer::json(202, &answer)]).await?;
    let response = server.client()?.create_pipeline_event(one_job()?);
    let response = response.send().await?;
    assert_eq!(response.decode::<Value>()?, answer);
    Ok(())
}

#[tokio::test]
async fn one_event_alone_is_no_array_and_several_are() -> Outcome {
    let server = Server::answers([Answer::accepted(), Answer::accepted()]).await?;
    let client = server.client()?;
    client.send(job("j-1")?).await?;
    client.send_all([job("j-1")?]).await.into_result()?;
    let asked = server.asked();
    let data = asked.iter().map(|request| Ok(request.json()?["data"].clone()));
    let data: Vec<Value> = data.collect::<Result<_, serde_json::Error>>()?;
    assert_eq!(data[1], json!([data[0]]));
    Ok(())
}

#[tokio::test]
async fn with_202_events_are_accepted_whatever_the_body_says() -> Outcome {
    for body in ["", "<html>", "{\"data\":", "\"accepted\"", "\u{0}"] {
        let answer = || Answer::json(202, body).header("x-request-id", "r-1");
        let server = Server::answers([answer(), answer()]).await?;
        let client = server.client()?;
        let answer = client.send(job("j-1")?).await?;
        assert_eq!((answer.status(), answer.request_id()), (202, Some("r-1")), "{body}");
        assert_eq!(client.send_all([job("j-1")?]).await.into_result()?, 1, "{body}");
    }
    // Any other success would be news, and is not taken for this one.
    let server = Server::answers([Answer::json(200, "<html>")]).await?;
    assert!(server.client()?.send(job("j-1")?).await.is_err());
    Ok(())
}
