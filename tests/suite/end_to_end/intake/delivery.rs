//! Sending events of every level, alone and in arrays.

use datadog_ci_pipelines::Timestamp;
use datadog_ci_pipelines::models::{
    FinishedPipeline, GitInfo, PipelineStatus, RunningJob, RunningPipeline, SendData,
    SendDataSingleOrArray, SendRequest, Stage, StageStatus, Step, StepStatus,
};
use datadog_ci_pipelines::{Error, PipelineEvent};
use serde_json::json;

use super::{start, statuses};
use crate::end_to_end::support::{Outcome, job, pointers};

/// Returns one event of every level, and a running one of those that can be running.
fn one_of_each() -> Result<Vec<PipelineEvent>, Box<dyn std::error::Error>> {
    let (start, end): (Timestamp, Timestamp) =
        ("2026-07-14T09:05:03Z".parse()?, "2026-07-14T09:10:31Z".parse()?);
    let pipeline = FinishedPipeline::builder()
        .unique_id("p-1")
        .name("Release Handbook")
        .url("https://ci.example/runs/1")
        .start(start.clone())
        .end(end.clone())
        .status(PipelineStatus::Success)
        .partial_retry(false);
    let running_pipeline = RunningPipeline::builder()
        .unique_id("p-2")
        .name("Release Handbook")
        .url("https://ci.example/runs/2")
        .start(start.clone())
        .partial_retry(false);
    let stage = Stage::builder()
        .id("s-1")
        .name("check")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start(start.clone())
        .end(end.clone())
        .status(StageStatus::Skipped);
    let running_job = RunningJob::builder()
        .id("j-2")
        .name("check-links")
        .pipeline_unique_id("p-2")
        .pipeline_name("Release Handbook")
        .start(start.clone())
        .url("https://ci.example/jobs/2");
    let step = Step::builder()
        .id("t-1")
        .name("lychee")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start(start.clone())
        .end(end.clone())
        .status(StepStatus::Error);
    Ok(vec![
        pipeline.build()?.into(),
        running_pipeline.build()?.into(),
        stage.build()?.into(),
        job("j-1")?.into(),
        running_job.build()?.into(),
        step.build()?.into(),
    ])
}

/// The levels and statuses of [`one_of_each`].
const LEVELS: [(&str, &str); 6] = [
    ("pipeline", "success"),
    ("pipeline", "running"),
    ("stage", "skipped"),
    ("job", "success"),
    ("job", "running"),
    ("step", "error"),
];

/// Returns the levels and statuses of the stored events.
fn stored(intake: &datadog_ci_intake::LocalIntake) -> Vec<(&'static str, String)> {
    let status = |event: &datadog_ci_intake::StoredEvent| {
        event.attributes["ci"]["status"].as_str().unwrap_or_default().to_owned()
    };
    intake.events().iter().map(|event| (event.level.name(), status(event))).collect()
}

#[tokio::test]
async fn every_level_is_accepted_alone_and_in_an_array() -> Outcome {
    let expected: Vec<_> = LEVELS.map(|(level, status)| (level, status.to_owned())).into();
    let (intake, client) = start().await?;
    for event in one_of_each()? {
        assert_eq!(client.send(event).await?.status(), 202);
    }
    assert_eq!(stored(&intake), expected);
    assert_eq!(statuses(&intake), [Some(202); 6]);

    let (intake, client) = start().await?;
    let events = one_of_each()?.into_iter().map(SendData::from).collect();
    let mut request = SendRequest::default();
    request.data = Some(SendDataSingleOrArray::Array(events));
    let response = client.create_pipeline_event(request).send().await?;
    assert_eq!(response.deserialize_as::<serde_json::Value>()?, json!({"data": null}));
    assert_eq!(stored(&intake), expected);
    assert_eq!(statuses(&intake), [Some(202)]);
    Ok(())
}

#[tokio::test]
async fn a_run_that_is_sent_again_replaces_its_event() -> Outcome {
    let (intake, client) = start().await?;
    let finished = job("j-1")?;
    let running = RunningJob::builder()
        .id(&finished.id)
        .name(&finished.name)
        .pipeline_unique_id(&finished.pipeline_unique_id)
        .pipeline_name(&finished.pipeline_name)
        .start(finished.start.clone())
        .url(&finished.url)
        .build()?;
    client.send(running).await?;
    assert_eq!(stored(&intake), [("job", "running".to_owned())]);
    client.send(finished.clone()).await?;
    client.send(finished).await?;
    assert_eq!(stored(&intake), [("job", "success".to_owned())]);
    assert_eq!(intake.history(&intake.events()[0].id).len(), 3);
    Ok(())
}

#[tokio::test]
async fn an_invalid_event_is_not_sent_and_all_violations_are_reported() -> Outcome {
    let (intake, client) = start().await?;
    let mut job = job("j-1")?;
    job.end = "2026-07-14T09:00:00Z".parse()?;
    job.queue_time = Some(-1);
    job.tags = Some(vec!["team:docs".to_owned(), "no value".to_owned()]);
    job.metrics = Some(vec!["links:many".to_owned(), "links:3".to_owned()]);
    job.error = Some(serde_json::from_value(json!({"type": "x".repeat(101)}))?);
    let git = GitInfo::builder().repository_url("r").sha("1");
    job.git = Some(git.author_email("e").branch("main").tag("v1").build()?.into());

    let error = match client.send(job).await {
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
    assert_eq!(intake.requests().len(), 0);
    Ok(())
}

#[tokio::test]
async fn an_empty_array_is_not_sent() -> Outcome {
    let (intake, client) = start().await?;
    let none: Vec<SendData> = Vec::new();
    let mut request = SendRequest::default();
    request.data = Some(none.into());
    let error = match client.create_pipeline_event(request).send().await {
        Err(Error::Validation(error)) => error,
        other => return Err(format!("{other:?}").into()),
    };
    assert_eq!(pointers(&error), ["/data"]);
    assert_eq!(intake.requests().len(), 0);
    Ok(())
}
