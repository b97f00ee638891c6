//! Operations that send: their requests and credentials.

use datadog_ci_pipelines::PipelineEvent;
use serde_json::{Value, json};

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server, TOKEN};
use crate::end_to_end::support::{Outcome, job, one_job};

#[tokio::test]
async fn an_event_is_sent_as_specified() -> Outcome {
    let server =
        Server::responding([ScriptedResponse::accepted().header("x-request-id", "r-1")]).await?;
    let event = PipelineEvent::new(job("j-1")?).provider_name("my-ci").env("ci").service("ci-eu");
    let response = server.client()?.send(event).await?;
    assert_eq!(response.status(), 202);
    assert_eq!(response.request_id(), Some("r-1"));

    let requests = server.requests();
    let request = requests.first().ok_or("nothing was sent")?;
    assert_eq!(requests.len(), 1);
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/api/v2/ci/pipeline");
    assert_eq!(request.query, []);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/vnd.api+json"));
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
async fn sending_uses_only_the_api_key() -> Outcome {
    let server =
        Server::responding([ScriptedResponse::accepted(), ScriptedResponse::accepted()]).await?;
    let keys = server.client_builder().api_key(API_KEY);
    keys.clone().build()?.send(job("j-1")?).await?;
    let all = keys.app_key(APP_KEY).access_token(TOKEN);
    all.build()?.send(job("j-2")?).await?;

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests.iter() {
        assert_eq!(request.header("dd-api-key"), Some(API_KEY));
        assert!(!request.headers.contains_key("dd-application-key"));
        assert!(!request.headers.contains_key("authorization"));
    }
    Ok(())
}

#[tokio::test]
async fn the_response_to_a_custom_request_is_complete() -> Outcome {
    let body = json!({"data": null, "meta": {"note": "later"}});
    let server = Server::responding([ScriptedResponse::json(202, &body)]).await?;
    let response = server.client()?.create_pipeline_event(one_job()?).send().await?;
    assert_eq!(response.deserialize_as::<Value>()?, body);
    Ok(())
}

#[tokio::test]
async fn one_event_is_sent_as_an_object_and_several_as_an_array() -> Outcome {
    let server =
        Server::responding([ScriptedResponse::accepted(), ScriptedResponse::accepted()]).await?;
    let client = server.client()?;
    client.send(job("j-1")?).await?;
    client.send_all([job("j-1")?]).await.into_result()?;
    let requests = server.requests();
    let data = requests.iter().map(|request| Ok(request.json()?["data"].clone()));
    let data: Vec<Value> = data.collect::<Result<_, serde_json::Error>>()?;
    assert_eq!(data[1], json!([data[0]]));
    Ok(())
}

#[tokio::test]
async fn events_are_accepted_with_202_and_any_body() -> Outcome {
    for body in ["", "<html>", "{\"data\":", "\"accepted\"", "\u{0}"] {
        let response = || ScriptedResponse::json(202, body).header("x-request-id", "r-1");
        let server = Server::responding([response(), response()]).await?;
        let client = server.client()?;
        let response = client.send(job("j-1")?).await?;
        assert_eq!((response.status(), response.request_id()), (202, Some("r-1")), "{body}");
        assert_eq!(client.send_all([job("j-1")?]).await.into_result()?, 1, "{body}");
    }
    // Any other success is undocumented and an error.
    let server = Server::responding([ScriptedResponse::json(200, "<html>")]).await?;
    assert!(server.client()?.send(job("j-1")?).await.is_err());
    Ok(())
}
