//! Random events are stored and found as they were sent.

use std::borrow::Cow;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{
    CiError, Event, EventLevel, GitInfo, HostInfo, Job, Parameters, Pipeline, Resource,
    SendAttributes, SendData, Sort,
};
use datadog_ci_pipelines::{Client, JsonView};
use futures_util::TryStreamExt;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::end_to_end::support::Outcome;
use crate::round_trip::valid::{self, FIRST};

/// The expected attributes of a run of any level.
#[derive(Debug)]
struct Expected<'a> {
    level: EventLevel,
    /// Strings by their paths.
    strings: Vec<(&'static str, &'a str)>,
    start: Timestamp,
    end: Option<Timestamp>,
    tags: &'a [String],
    metrics: &'a [String],
    queue_time: Option<i64>,
    git: Option<&'a GitInfo>,
    error: Option<&'a CiError>,
    node: Option<&'a HostInfo>,
    parameters: Option<&'a Parameters>,
}

macro_rules! expected {
    ($run:ident, $level:ident, $end:expr, $wait:expr, [$(($path:literal, $string:expr)),*]) => {
        Expected {
            level: EventLevel::$level,
            strings: vec![("ci.status", $run.status.as_str()), $(($path, $string.as_str())),*],
            start: $run.start.to_jiff().unwrap(),
            end: $end,
            tags: $run.tags.as_deref().unwrap_or_default(),
            metrics: $run.metrics.as_deref().unwrap_or_default(),
            queue_time: $wait,
            git: $run.git.as_deref(),
            error: $run.error.as_deref(),
            node: $run.node.as_deref(),
            parameters: $run.parameters.as_ref(),
        }
    };
}

fn expected(resource: &Resource) -> Option<Expected<'_>> {
    Some(match resource {
        Resource::Pipeline(Pipeline::Finished(run)) => {
            expected!(
                run,
                Pipeline,
                run.end.to_jiff(),
                run.queue_time,
                [
                    ("ci.pipeline.id", run.unique_id),
                    ("ci.pipeline.name", run.name),
                    ("ci.pipeline.url", run.url)
                ]
            )
        }
        Resource::Pipeline(Pipeline::Running(run)) => {
            expected!(
                run,
                Pipeline,
                None,
                run.queue_time,
                [
                    ("ci.pipeline.id", run.unique_id),
                    ("ci.pipeline.name", run.name),
                    ("ci.pipeline.url", run.url)
                ]
            )
        }
        Resource::Stage(run) => expected!(
            run,
            Stage,
            run.end.to_jiff(),
            run.queue_time,
            [
                ("ci.stage.id", run.id),
                ("ci.stage.name", run.name),
                ("ci.pipeline.id", run.pipeline_unique_id),
                ("ci.pipeline.name", run.pipeline_name)
            ]
        ),
        Resource::Job(Job::Finished(run)) => expected!(
            run,
            Job,
            run.end.to_jiff(),
            run.queue_time,
            [
                ("ci.job.id", run.id),
                ("ci.job.name", run.name),
                ("ci.job.url", run.url),
                ("ci.pipeline.id", run.pipeline_unique_id),
                ("ci.pipeline.name", run.pipeline_name)
            ]
        ),
        Resource::Job(Job::Running(run)) => expected!(
            run,
            Job,
            None,
            run.queue_time,
            [
                ("ci.job.id", run.id),
                ("ci.job.name", run.name),
                ("ci.job.url", run.url),
                ("ci.pipeline.id", run.pipeline_unique_id),
                ("ci.pipeline.name", run.pipeline_name)
            ]
        ),
        Resource::Step(run) => expected!(
            run,
            Step,
            run.end.to_jiff(),
            None,
            [
                ("ci.step.id", run.id),
                ("ci.step.name", run.name),
                ("ci.pipeline.id", run.pipeline_unique_id),
                ("ci.pipeline.name", run.pipeline_name)
            ]
        ),
        _ => return None,
    })
}

fn strings<'a>(value: JsonView<'a>) -> Vec<Cow<'a, str>> {
    value.elements().filter_map(JsonView::as_str).collect()
}

/// The tags that each event of a response has, before those that were sent.
const SOURCE: [&str; 2] = ["source:apm", "source:apm"];

/// Checks that an event has everything that was sent.
fn check_found(event: &Event, attributes: &SendAttributes) -> Result<(), TestCaseError> {
    let run = expected(&attributes.resource).ok_or_else(|| TestCaseError::fail("no run"))?;
    let level = event.attributes.as_ref().and_then(|attributes| attributes.ci_level.as_ref());
    prop_assert_eq!(level, Some(&run.level));
    prop_assert_eq!(event.tags().strip_prefix(&SOURCE.map(str::to_owned)), Some(run.tags));

    let provider = attributes.provider_name.as_deref().unwrap_or("custom");
    let service = attributes.service.as_deref();
    let mut rows: Vec<(&str, Option<&str>)> = vec![
        ("ci.provider.name", Some(provider)),
        ("ci.provider.instance", service),
        ("env", attributes.env.as_deref()),
    ];
    rows.extend(run.strings.iter().map(|(path, string)| (*path, Some(*string))));
    if let Some(git) = run.git {
        rows.extend([
            ("git.repository_url", Some(&*git.repository_url)),
            ("git.commit.sha", Some(&*git.sha)),
            ("git.commit.author.email", Some(&*git.author_email)),
            ("git.commit.author.date", git.author_time.as_deref()),
            ("git.commit.message", git.message.as_deref()),
            // Empty names are treated as absent.
            ("git.branch", git.branch.as_deref().filter(|name| !name.is_empty())),
            ("git.tag", git.tag.as_deref().filter(|name| !name.is_empty())),
            ("git.default_branch", git.default_branch.as_deref()),
        ]);
    }
    if let Some(error) = run.error {
        rows.extend([
            ("error.message", error.message.as_deref()),
            ("error.type", error.r#type.as_deref()),
            ("error.stack", error.stack.as_deref()),
            ("error.domain", error.domain.as_ref().map(|domain| domain.as_str())),
        ]);
    }
    if let Some(node) = run.node {
        rows.extend([
            ("ci.node.name", node.name.as_deref()),
            ("ci.node.hostname", node.hostname.as_deref()),
            ("ci.workspace_path", node.workspace.as_deref()),
        ]);
        let labels = event.get("ci.node.labels").map(strings);
        prop_assert_eq!(labels.unwrap_or_default(), node.labels.clone().unwrap_or_default());
    }
    for (path, expected) in rows {
        let found = event.get(path).and_then(|value| value.as_str());
        prop_assert_eq!(found.as_deref(), expected, "{}", path);
    }

    let number = |path| event.get(path).and_then(JsonView::as_i64).map(i128::from);
    prop_assert_eq!(number("start"), Some(run.start.as_nanosecond()));
    let duration = run.end.map(|end| end.duration_since(run.start).as_nanos());
    prop_assert_eq!(number("duration"), duration);
    let wait = run.queue_time.map(|wait| i128::from(wait) * 1_000_000);
    prop_assert_eq!(number("ci.queue_time"), wait);
    for metric in run.metrics {
        let (name, value) = metric.split_once(':').unwrap_or_default();
        let found = event.get(name).and_then(JsonView::as_f64);
        prop_assert_eq!(found, value.parse().ok(), "{}", metric);
    }
    if let Some(parameters) = run.parameters {
        let pairs: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        prop_assert_eq!(event.get("ci.parameters").map(strings).unwrap_or_default(), pairs);
    }
    Ok(())
}

/// Sends events, and checks the stored events and the result of a search.
async fn check_round_trip(
    intake: &LocalIntake,
    client: &Client,
    events: &[SendData],
) -> Result<(), TestCaseError> {
    fn failed(error: impl std::fmt::Display) -> TestCaseError {
        TestCaseError::fail(error.to_string())
    }
    client.send_all(events.iter().cloned()).await.into_result().map_err(failed)?;
    let stored = intake.events();
    prop_assert_eq!(stored.len(), events.len());
    let search = client.search_pipeline_events().from("now-7d").sort(Sort::TimestampAscending);
    let found: Vec<Event> = search.limit(2).stream().try_collect().await.map_err(failed)?;
    prop_assert_eq!(found.len(), events.len());
    // Events are stored in the order of sending, and found in the order of time.
    for (stored, event) in stored.iter().zip(events) {
        let sent = event.attributes.as_deref().ok_or_else(|| failed("an event without a run"))?;
        let history = intake.history(&stored.id);
        prop_assert_eq!(history.len(), 1);
        let back: SendAttributes = serde_json::from_str(&history[0].sent).map_err(failed)?;
        prop_assert_eq!(&back, sent);
        let found = found.iter().find(|event| event.id.as_deref() == Some(&stored.id));
        check_found(found.ok_or_else(|| failed("an event is not found"))?, sent)?;
    }
    let time = |event: &Event| stored.iter().find(|k| event.id.as_deref() == Some(&k.id));
    let times: Vec<_> = found.iter().filter_map(time).map(|stored| stored.timestamp).collect();
    prop_assert!(times.is_sorted(), "{:?}", times);
    Ok(())
}

#[test]
fn events_are_stored_and_found_as_they_were_sent() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Running events are found for three days, and this intake accepts finished ones of any age.
    let intake = runtime.block_on(LocalIntake::builder().accept_any_age(true).start())?;
    let client = intake.client();
    let now = Timestamp::from_second(FIRST)? + SignedDuration::from_hours(60);
    let mut runner = TestRunner::new(crate::round_trip::cases(60));
    runner.run(&valid::events(), |events| {
        runtime.block_on(async {
            intake.reset().await.map_err(|error| TestCaseError::fail(error.to_string()))?;
            intake.clock().set(now);
            check_round_trip(&intake, &client, &events).await
        })
    })?;
    Ok(())
}
