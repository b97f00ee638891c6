//! Responses that the OpenAPI document does not allow.

use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::{DecodeError, ErrorBody};
use serde_json::json;

use crate::end_to_end::support::server::{ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, api_error, decode_error, job};

const HTML: &str = "<html><body><h1>Service Unavailable</h1></body></html>";

/// Returns the error of a listing with this response.
async fn listed(response: ScriptedResponse) -> Result<DecodeError, Box<dyn std::error::Error>> {
    let server = Server::responding([response]).await?;
    let result = server.client()?.list_pipeline_events().send().await;
    Ok(decode_error(result)?)
}

#[tokio::test]
async fn a_web_page_instead_of_json_is_in_the_error() -> Outcome {
    let response = ScriptedResponse::new(200, "text/html", HTML).header("x-request-id", "r-3");
    let error = listed(response).await?;
    assert_eq!(error.status, 200);
    assert_eq!(error.operation, "ListCIAppPipelineEvents");
    assert_eq!(error.pointer, "");
    assert_eq!(error.excerpt, HTML);
    assert_eq!(error.request_id.as_deref(), Some("r-3"));
    let message = error.to_string();
    for part in ["ListCIAppPipelineEvents", "200", HTML] {
        assert!(message.contains(part), "{message}");
    }
    // A proxy may respond like this to requests that send events as well.
    let server = Server::responding([ScriptedResponse::new(200, "text/html", HTML)]).await?;
    let error = decode_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.excerpt, HTML);
    Ok(())
}

#[tokio::test]
async fn truncated_json_has_the_pointer_of_its_end() -> Outcome {
    let json = r#"{"data":[{"id":"a"},{"id":"b","attributes":{"tags":["x:y","#;
    let error = listed(ScriptedResponse::json(200, json)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.excerpt.ends_with(r#"{"tags":["x:y","#), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_empty_response_is_an_error_without_an_excerpt() -> Outcome {
    let error = listed(ScriptedResponse::json(200, "")).await?;
    assert_eq!((error.pointer.as_str(), error.excerpt.as_str()), ("", ""));
    Ok(())
}

#[tokio::test]
async fn invalid_utf_8_is_an_error() -> Outcome {
    let body = b"{\"data\":[{\"id\":\"\xff\xfe\"}]}".to_vec();
    let error = listed(ScriptedResponse::new(200, "application/json", body)).await?;
    assert!(error.message.contains("UTF-8"), "{error}");
    assert!(error.excerpt.contains(r#"{"data":[{"id":""#), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_nested_type_error_has_its_pointer() -> Outcome {
    let body = json!({"data": [
        {"id": "a", "attributes": {"tags": ["team:a"]}},
        {"id": "b", "attributes": {"tags": "team:b"}},
        {"id": "c"},
    ]});
    let error = listed(ScriptedResponse::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.message.contains("expected a sequence"), "{error}");
    assert!(error.message.contains("invalid type: string"), "{error}");
    // Line and column are of no use with only the excerpt.
    assert!(!error.message.contains("line"), "{error}");
    assert!(error.to_string().contains("/data/1/attributes/tags"));
    Ok(())
}

#[tokio::test]
async fn the_excerpt_is_limited_and_contains_the_error() -> Outcome {
    // Multi-byte characters on both sides, so byte offsets differ from character offsets.
    let padding = "é漢🦀".repeat(3000);
    let body = format!(
        "{{\"data\":[{{\"id\":\"{padding}\"}},\n{{\"attributes\":{{\"tags\":77}},\"id\":\"{padding}\"}}]}}"
    );
    let error = listed(ScriptedResponse::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.excerpt.chars().count() <= 240, "{}", error.excerpt);
    assert!(error.excerpt.contains("\"tags\":77"), "{}", error.excerpt);

    let body = "漢".repeat(5000);
    let error = listed(ScriptedResponse::json(200, body)).await?;
    assert!(error.excerpt.chars().count() <= 240, "{}", error.excerpt);
    Ok(())
}

#[tokio::test]
async fn the_excerpt_contains_the_error_after_redacted_credentials() -> Outcome {
    // Each redacted credential makes the excerpt shorter than the body.
    let echo = format!("\"{}\",", crate::end_to_end::support::server::API_KEY).repeat(40);
    let rest = "x".repeat(3000);
    let body = format!("{{\"echo\":[{echo}1],\"data\":[{{\"id\":5}}],\"rest\":\"{rest}\"}}");
    let error = listed(ScriptedResponse::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/0/id");
    assert!(error.excerpt.contains("\"id\":5"), "{}", error.excerpt);
    Ok(())
}

#[tokio::test]
async fn a_type_error_in_a_union_has_the_full_pointer() -> Outcome {
    let point = json!([{"time": "2023-06-29T09:40:00Z", "value": "many"}]);
    let bodies = [
        json!({"data": {"buckets": [{"computes": {"c0": point, "c1": 1}}]}}),
        // The last property of the object.
        json!({"data": {"buckets": [{"computes": {"c0": point}}]}}),
    ];
    for body in bodies {
        let server = Server::responding([ScriptedResponse::json(200, &body)]).await?;
        let client = server.client()?;
        let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
        let error = decode_error(aggregate.send().await)?;
        let pointer = "/data/buckets/0/computes/c0/0/value";
        assert_eq!(error.pointer, pointer, "{body}");
        assert!(error.message.starts_with("invalid type"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn attributes_that_are_not_an_object_have_their_pointer() -> Outcome {
    let bodies = [
        r#"{"data":[{"attributes":{"attributes":[1],"ci_level":"job"}}]}"#,
        r#"{"data":[{"attributes":{"ci_level":"job","attributes":[1]}}]}"#,
    ];
    for body in bodies {
        let error = listed(ScriptedResponse::json(200, body)).await?;
        assert_eq!(error.pointer, "/data/0/attributes/attributes", "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn an_undocumented_status_keeps_its_body() -> Outcome {
    let teapot = || ScriptedResponse::new(418, "text/plain", "short and stout");
    // A valid body does not make the status documented.
    let error = || ScriptedResponse::json(404, r#"{"errors":["Not found"]}"#);
    let server = Server::responding([teapot(), teapot(), error()]).await?;
    let client = server.client()?;
    let sent = api_error(client.send(job("j-1")?).await)?;
    let listed = api_error(client.list_pipeline_events().send().await)?;
    for error in [sent, listed] {
        assert_eq!(error.status, 418);
        assert_eq!(error.body, ErrorBody::Other("short and stout".to_owned()));
        assert_eq!(error.excerpt, "short and stout");
    }
    let error = api_error(client.list_pipeline_events().send().await)?;
    assert!(matches!(&error.body, ErrorBody::Other(body) if body.contains("Not found")));
    Ok(())
}

#[tokio::test]
async fn an_undocumented_error_body_is_kept() -> Outcome {
    // The statuses are documented. The bodies are from a proxy, empty, and from another operation.
    for body in [HTML, "", r#"{"errors":["as for reading"]}"#] {
        let server = Server::responding([ScriptedResponse::new(503, "text/html", body)]).await?;
        let error = api_error(server.client()?.send(job("j-1")?).await)?;
        assert_eq!(error.status, 503);
        assert_eq!(error.body, ErrorBody::Other(body.to_owned()));
        assert_eq!(error.excerpt, body);
    }
    let server =
        Server::responding([ScriptedResponse::json(403, r#"{"errors":"no list"}"#)]).await?;
    let error = api_error(server.client()?.list_pipeline_events().send().await)?;
    assert_eq!(error.body, ErrorBody::Other(r#"{"errors":"no list"}"#.to_owned()));
    Ok(())
}

#[tokio::test]
async fn a_long_error_has_a_limited_excerpt_and_the_full_body() -> Outcome {
    let body = "é漢🦀".repeat(3000);
    let server =
        Server::responding([ScriptedResponse::new(500, "text/plain", body.as_str())]).await?;
    let error = api_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.excerpt.chars().count(), 512);
    assert!(body.starts_with(&error.excerpt));
    assert_eq!(error.body, ErrorBody::Other(body));
    Ok(())
}
