//! Sending: what goes out, one event or many, and what never does.

use datadog_ci_pipelines::models::{GitInfo, SendData, SendRequest};
use datadog_ci_pipelines::{Error, MAX_BATCH, PipelineEvent};
use serde_json::{Value, json};

use super::server::{API_KEY, APP_KEY, Answer, Server, TOKEN};
use super::{Outcome, config_problems, job, one_job, pointers};

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
async fn sending_without_the_api_key_says_which_key_to_set() -> Outcome {
    let server = Server::answers([]).await?;
    let client = server.client_builder().app_key(APP_KEY).build()?;
    let problems = config_problems(client.send(job("j-1")?).await)?;
    assert!(problems[0].contains("DD_API_KEY"), "{problems:?}");
    assert!(!problems[0].contains("DD_APP_KEY"), "{problems:?}");
    assert_eq!(server.asked().len(), 0);
    Ok(())
}

#[tokio::test]
async fn an_event_that_breaks_rules_is_not_sent_and_every_violation_is_named() -> Outcome {
    let server = Server::answers([]).await?;
    let mut job = job("j-1")?;
    job.end = "2026-07-14T09:00:00Z".parse()?;
    job.queue_time = Some(-1);
    job.tags = Some(vec!["team:docs".to_owned(), "no value".to_owned()]);
    job.metrics = Some(vec!["links:many".to_owned(), "links:3".to_owned()]);
    job.error = Some(serde_json::from_value(json!({"type": "x".repeat(101)}))?);
    let git = GitInfo::builder().repository_url("r").sha("1");
    job.git = Some(git.author_email("e").branch("main").tag("v1").build()?.into());

    let error = match server.client()?.send(job).await {
        Err(Error::Validation(error)) => error,
        other => return Err(format!("{other:?}").into()),
    };
    let mut found = pointers(&error);
    found.sort_unstable();
    let expected = [
        "/attributes/resource/end",
        "/attributes/resource/error/type",
        "/attributes/resource/git",
        "/attributes/resource/metrics/0",
        "/attributes/resource/queue_time",
        "/attributes/resource/tags/1",
    ];
    assert_eq!(found, expected, "{error}");
    assert_eq!(server.asked().len(), 0);
    Ok(())
}

#[tokio::test]
async fn an_empty_array_is_not_sent() -> Outcome {
    let server = Server::answers([]).await?;
    let none: Vec<SendData> = Vec::new();
    let request = SendRequest { data: Some(none.into()), ..SendRequest::default() };
    let result = server.client()?.create_pipeline_event(request).send().await;
    let error = match result {
        Err(Error::Validation(error)) => error,
        other => return Err(format!("{other:?}").into()),
    };
    assert_eq!(pointers(&error), ["/data"]);
    assert_eq!(server.asked().len(), 0);
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

/// Events with ids from `e-0` on.
fn events(count: usize) -> Result<Vec<PipelineEvent>, Box<dyn std::error::Error>> {
    let template = job("e-0")?;
    let event = |i| {
        let mut job = template.clone();
        job.id = format!("e-{i}");
        PipelineEvent::new(job)
    };
    Ok((0..count).map(event).collect())
}

/// How many events a request holds, and the ids of the first and the last.
fn batch(body: &Value) -> Option<(usize, &str, &str)> {
    fn id(event: &Value) -> Option<&str> {
        event.pointer("/attributes/resource/id")?.as_str()
    }
    let events = body["data"].as_array()?;
    Some((events.len(), id(events.first()?)?, id(events.last()?)?))
}

#[tokio::test]
async fn many_events_go_in_requests_of_a_thousand_in_their_order() -> Outcome {
    assert_eq!(MAX_BATCH, 1000);
    let server = Server::answers([(); 3].map(|()| Answer::accepted())).await?;
    let sent = server.client()?.send_all(events(2500)?).await?;
    assert_eq!(sent, 2500);

    let asked = server.asked();
    let bodies: Vec<Value> = asked.iter().map(|r| r.json()).collect::<Result<_, _>>()?;
    let batches: Vec<_> = bodies.iter().map(batch).collect();
    let expected = [
        Some((1000, "e-0", "e-999")),
        Some((1000, "e-1000", "e-1999")),
        Some((500, "e-2000", "e-2499")),
    ];
    assert_eq!(batches, expected);
    Ok(())
}

#[tokio::test]
async fn exactly_a_thousand_events_are_one_request() -> Outcome {
    let server = Server::answers([Answer::accepted()]).await?;
    let sent = server.client()?.send_all(events(1000)?).await?;
    assert_eq!((sent, server.asked().len()), (1000, 1));
    Ok(())
}

#[tokio::test]
async fn a_failure_on_the_way_says_how_many_events_were_accepted() -> Outcome {
    let refusal = json!({"errors": [{"status": "413", "title": "Too Large", "detail": "d"}]});
    let server = Server::answers([Answer::accepted(), Answer::json(413, refusal)]).await?;
    let result = server.client()?.send_all(events(2500)?).await;
    let error = result.err().ok_or("no error")?;
    assert_eq!((error.accepted, error.total), (1000, 2500));
    assert_eq!(error.error.status(), Some(413));
    let message = error.to_string();
    assert!(message.starts_with("1000 of 2500 events"), "{message}");
    // Nothing is sent behind a request that failed.
    assert_eq!(server.asked().len(), 2);
    Ok(())
}

#[tokio::test]
async fn one_invalid_event_keeps_all_of_them_from_being_sent() -> Outcome {
    let server = Server::answers([]).await?;
    let mut events = events(1200)?;
    for at in [3, 1100] {
        let mut job = job("bad")?;
        job.end = "2026-07-14T09:00:00Z".parse()?;
        events[at] = PipelineEvent::new(job);
    }
    let error = server.client()?.send_all(events).await;
    let error = error.err().ok_or("no error")?;
    assert_eq!((error.accepted, error.total), (0, 1200));
    let Error::Validation(found) = &error.error else {
        return Err(format!("{error:?}").into());
    };
    let expected = ["/3/attributes/resource/end", "/1100/attributes/resource/end"];
    assert_eq!(pointers(found), expected);
    assert_eq!(server.asked().len(), 0);
    Ok(())
}

#[tokio::test]
async fn no_events_are_no_request() -> Outcome {
    let server = Server::answers([]).await?;
    let none: [PipelineEvent; 0] = [];
    assert_eq!(server.client()?.send_all(none).await?, 0);
    assert_eq!(server.asked().len(), 0);
    Ok(())
}
