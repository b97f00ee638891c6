//! Sending: every level and form.

use datadog_ci_pipelines::models::{
    FinishedPipeline, GitInfo, PipelineStatus, RunningJob, RunningPipeline, SendData,
    SendDataSingleOrArray, SendRequest, Stage, StageStatus, Step, StepStatus,
};
use datadog_ci_pipelines::{Error, PipelineEvent};
use serde_json::json;

use super::super::{Outcome, job, pointers};
use super::{start, statuses};

/// One event of every level, running where there is such a thing.
fn one_of_each() -> Result<Vec<PipelineEvent>, Box<dyn std::error::Error>> {
    let (start, end) = ("2026-07-14T09:05:03Z".parse()?, "2026-07-14T09:10:31Z".parse()?);
    let pipeline = FinishedPipeline::builder()
        .unique_id("p-1")
        .name("Release Handbook")
        .url("https://ci.example/runs/1")
        .start(start)
        .end(end)
        .status(PipelineStatus::Success)
        .partial_retry(false);
    let running_pipeline = RunningPipeline::builder()
        .unique_id("p-2")
        .name("Release Handbook")
        .url("https://ci.example/runs/2")
        .start(start)
        .partial_retry(false);
    let stage = Stage::builder()
        .id("s-1")
        .name("check")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start(start)
        .end(end)
        .status(StageStatus::Skipped);
    let running_job = RunningJob::builder()
        .id("j-2")
        .name("check-links")
        .pipeline_unique_id("p-2")
        .pipeline_name("Release Handbook")
        .start(start)
        .url("https://ci.example/jobs/2");
    let step = Step::builder()
        .id("t-1")
        .name("lychee")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start(start)
        .end(end)
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

/// What [`one_of_each`] holds.
const LEVELS: [(&str, &str); 6] = [
    ("pipeline", "success"),
    ("pipeline", "running"),
    ("stage", "skipped"),
    ("job", "success"),
    ("job", "running"),
    ("step", "error"),
];

/// The levels and statuses of what is kept.
fn kept(intake: &datadog_ci_intake::LocalIntake) -> Vec<(&'static str, String)> {
    let status = |event: &datadog_ci_intake::StoredEvent| {
        event.attributes["ci"]["status"].as_str().unwrap_or_default().to_owned()
    };
    intake.events().iter().map(|event| (event.level.name(), status(event))).collect()
}

#[tokio::test]
async fn every_level_is_taken_alone_and_in_an_array() -> Outcome {
    let expected: Vec<_> = LEVELS.map(|(level, status)| (level, status.to_owned())).into();
    let (intake, client) = start().await?;
    for event in one_of_each()? {
        assert_eq!(client.send(event).await?.status(), 202);
    }
    assert_eq!(kept(&intake), expected);
    assert_eq!(statuses(&intake), [Some(202); 6]);

    let (intake, client) = start().await?;
    let events = one_of_each()?.into_iter().map(SendData::from).collect();
    let data = Some(SendDataSingleOrArray::Array(events));
    let request = SendRequest { data, ..SendRequest::default() };
    let answer = client.create_pipeline_event(request).send().await?;
    assert_eq!(answer.decode::<serde_json::Value>()?, json!({"data": null}));
    assert_eq!(kept(&intake), expected);
    assert_eq!(statuses(&intake), [Some(202)]);
    Ok(())
}

#[tokio::test]
async fn a_run_that_is_sent_again_is_still_one_event() -> Outcome {
    let (intake, client) = start().await?;
    let over = job("j-1")?;
    let begun = RunningJob::builder()
        .id(&over.id)
        .name(&over.name)
        .pipeline_unique_id(&over.pipeline_unique_id)
        .pipeline_name(&over.pipeline_name)
        .start(over.start)
        .url(&over.url)
        .build()?;
    client.send(begun).await?;
    assert_eq!(kept(&intake), [("job", "running".to_owned())]);
    client.send(over.clone()).await?;
    client.send(over).await?;
    assert_eq!(kept(&intake), [("job", "success".to_owned())]);
    assert_eq!(intake.history(&intake.events()[0].id).len(), 3);
    Ok(())
}

#[tokio::test]
async fn an_event_that_breaks_rules_is_not_sent_and_every_violation_is_named() -> Outcome {
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
    let request = SendRequest { data: Some(none.into()), ..SendRequest::default() };
    let error = match client.create_pipeline_event(request).send().await {
        Err(Error::Validation(error)) => error,
        other => return Err(format!("{other:?}").into()),
    };
    assert_eq!(pointers(&error), ["/data"]);
    assert_eq!(intake.requests().len(), 0);
    Ok(())
}
