//! Answers that the description does not allow.

use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::{DecodeError, ErrorBody};
use serde_json::json;

use super::server::{Answer, Server};
use super::{Outcome, api_error, decode_error, job};

const HTML: &str = "<html><body><h1>Service Unavailable</h1></body></html>";

/// The error that an answer to a listing is turned into.
async fn listed(answer: Answer) -> Result<DecodeError, Box<dyn std::error::Error>> {
    let server = Server::answers([answer]).await?;
    let result = server.client()?.list_pipeline_events().send().await;
    Ok(decode_error(result)?)
}

#[tokio::test]
async fn a_web_page_instead_of_json_is_shown() -> Outcome {
    let answer = Answer::new(200, "text/html", HTML).header("x-request-id", "r-3");
    let error = listed(answer).await?;
    assert_eq!(error.status, 200);
    assert_eq!(error.operation, "ListCIAppPipelineEvents");
    assert_eq!(error.pointer, "");
    assert_eq!(error.excerpt, HTML);
    assert_eq!(error.request_id.as_deref(), Some("r-3"));
    let message = error.to_string();
    for part in ["ListCIAppPipelineEvents", "200", HTML] {
        assert!(message.contains(part), "{message}");
    }
    // A proxy may say so to whoever sends, too.
    let server = Server::answers([Answer::new(200, "text/html", HTML)]).await?;
    let error = decode_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.excerpt, HTML);
    Ok(())
}

#[tokio::test]
async fn json_that_breaks_off_is_placed_where_it_does() -> Outcome {
    let text = r#"{"data":[{"id":"a"},{"id":"b","attributes":{"tags":["x:y","#;
    let error = listed(Answer::json(200, text)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.excerpt.ends_with(r#"{"tags":["x:y","#), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_answer_of_nothing_is_an_error_without_an_excerpt() -> Outcome {
    let error = listed(Answer::json(200, "")).await?;
    assert_eq!((error.pointer.as_str(), error.excerpt.as_str()), ("", ""));
    Ok(())
}

#[tokio::test]
async fn bytes_that_are_no_text_are_an_error() -> Outcome {
    let body = b"{\"data\":[{\"id\":\"\xff\xfe\"}]}".to_vec();
    let error = listed(Answer::new(200, "application/json", body)).await?;
    assert!(error.message.contains("UTF-8"), "{error}");
    assert!(error.excerpt.contains(r#"{"data":[{"id":""#), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_type_deep_inside_is_named_by_its_place() -> Outcome {
    let body = json!({"data": [
        {"id": "a", "attributes": {"tags": ["team:a"]}},
        {"id": "b", "attributes": {"tags": "team:b"}},
        {"id": "c"},
    ]});
    let error = listed(Answer::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.message.contains("expected a sequence"), "{error}");
    assert!(error.message.contains("invalid type: string"), "{error}");
    // Line and column mean little to someone who has only the excerpt.
    assert!(!error.message.contains("line"), "{error}");
    assert!(error.to_string().contains("/data/1/attributes/tags"));
    Ok(())
}

#[tokio::test]
async fn the_excerpt_is_bounded_and_holds_the_place() -> Outcome {
    // Characters of several bytes on both sides, so that no byte offset is a character offset.
    let padding = "é漢🦀".repeat(3000);
    let body = format!(
        "{{\"data\":[{{\"id\":\"{padding}\"}},\n{{\"attributes\":{{\"tags\":77}},\"id\":\"{padding}\"}}]}}"
    );
    let error = listed(Answer::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/1/attributes/tags");
    assert!(error.excerpt.chars().count() <= 240, "{}", error.excerpt);
    assert!(error.excerpt.contains("\"tags\":77"), "{}", error.excerpt);

    let body = "漢".repeat(5000);
    let error = listed(Answer::json(200, body)).await?;
    assert!(error.excerpt.chars().count() <= 240, "{}", error.excerpt);
    Ok(())
}

#[tokio::test]
async fn the_excerpt_holds_the_place_behind_keys_that_are_left_out() -> Outcome {
    // Each key that is left out makes what is shown shorter than what came.
    let echo = format!("\"{}\",", super::server::API_KEY).repeat(40);
    let behind = "x".repeat(3000);
    let body = format!("{{\"echo\":[{echo}1],\"data\":[{{\"id\":5}}],\"behind\":\"{behind}\"}}");
    let error = listed(Answer::json(200, body)).await?;
    assert_eq!(error.pointer, "/data/0/id");
    assert!(error.excerpt.contains("\"id\":5"), "{}", error.excerpt);
    Ok(())
}

#[tokio::test]
async fn a_wrong_type_inside_a_union_is_named_from_the_top() -> Outcome {
    let point = json!([{"time": "2023-06-29T09:40:00Z", "value": "many"}]);
    let bodies = [
        json!({"data": {"buckets": [{"computes": {"c0": point, "c1": 1}}]}}),
        // The last property of its object.
        json!({"data": {"buckets": [{"computes": {"c0": point}}]}}),
    ];
    for body in bodies {
        let server = Server::answers([Answer::json(200, &body)]).await?;
        let client = server.client()?;
        let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
        let error = decode_error(aggregate.send().await)?;
        let place = "/data/buckets/0/computes/c0/0/value";
        assert_eq!(error.pointer, place, "{body}");
        assert!(error.message.starts_with("invalid type"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn attributes_that_are_no_object_are_named_by_their_place() -> Outcome {
    let bodies = [
        r#"{"data":[{"attributes":{"attributes":[1],"ci_level":"job"}}]}"#,
        r#"{"data":[{"attributes":{"ci_level":"job","attributes":[1]}}]}"#,
    ];
    for body in bodies {
        let error = listed(Answer::json(200, body)).await?;
        assert_eq!(error.pointer, "/data/0/attributes/attributes", "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn a_status_that_the_description_does_not_have_keeps_its_text() -> Outcome {
    let teapot = || Answer::new(418, "text/plain", "short and stout");
    // A body of the right form does not make a status one of the description's.
    let error = || Answer::json(404, r#"{"errors":["Not found"]}"#);
    let server = Server::answers([teapot(), teapot(), error()]).await?;
    let client = server.client()?;
    let sent = api_error(client.send(job("j-1")?).await)?;
    let listed = api_error(client.list_pipeline_events().send().await)?;
    for error in [sent, listed] {
        assert_eq!(error.status, 418);
        assert_eq!(error.body, ErrorBody::Other("short and stout".to_owned()));
        assert_eq!(error.excerpt, "short and stout");
    }
    let error = api_error(client.list_pipeline_events().send().await)?;
    assert!(matches!(&error.body, ErrorBody::Other(text) if text.contains("Not found")));
    Ok(())
}

#[tokio::test]
async fn an_error_with_a_body_that_the_description_does_not_have_keeps_its_text() -> Outcome {
    // The statuses are described; the bodies are a proxy's, nothing, and another operation's.
    for body in [HTML, "", r#"{"errors":["as for reading"]}"#] {
        let server = Server::answers([Answer::new(503, "text/html", body)]).await?;
        let error = api_error(server.client()?.send(job("j-1")?).await)?;
        assert_eq!(error.status, 503);
        assert_eq!(error.body, ErrorBody::Other(body.to_owned()));
        assert_eq!(error.excerpt, body);
    }
    let server = Server::answers([Answer::json(403, r#"{"errors":"no list"}"#)]).await?;
    let error = api_error(server.client()?.list_pipeline_events().send().await)?;
    assert_eq!(error.body, ErrorBody::Other(r#"{"errors":"no list"}"#.to_owned()));
    Ok(())
}

#[tokio::test]
async fn the_excerpt_of_a_long_error_is_bounded_and_its_body_is_whole() -> Outcome {
    let body = "é漢🦀".repeat(3000);
    let server = Server::answers([Answer::new(500, "text/plain", body.as_str())]).await?;
    let error = api_error(server.client()?.send(job("j-1")?).await)?;
    assert_eq!(error.excerpt.chars().count(), 512);
    assert!(body.starts_with(&error.excerpt));
    assert_eq!(error.body, ErrorBody::Other(body));
    Ok(())
}
