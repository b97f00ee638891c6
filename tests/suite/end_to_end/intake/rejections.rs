//! Rejected requests: every problem is reported with its position.

use datadog_ci_pipelines::models::{
    AggregationFunction, Compute, GitInfo, JobStatus, SendData, SendDataSingleOrArray, SendRequest,
    Sort,
};
use datadog_ci_pipelines::{ApiError, ErrorBody, PipelineEvent};

use super::{job_at, start};
use crate::end_to_end::support::{Outcome, api_error, job};

/// Returns the problems of an error of sending, each with its pointer.
fn details(error: &ApiError<ErrorBody>) -> Result<Vec<&str>, String> {
    let ErrorBody::HttpErrors(body) = &error.body else {
        return Err(format!("another body: {error:?}"));
    };
    let all = body.errors.as_deref().unwrap_or_default();
    for one in all {
        if one.status.as_deref() != Some(&*error.status.to_string()) || one.title.is_none() {
            return Err(format!("another status, or no title: {one:?}"));
        }
    }
    Ok(all.iter().map(|one| one.detail.as_deref().unwrap_or_default()).collect())
}

/// Returns the messages of an error of reading.
fn messages(error: &ApiError<ErrorBody>) -> Result<&[String], String> {
    match &error.body {
        ErrorBody::ApiErrors(body) => Ok(&body.errors),
        _ => Err(format!("another body: {error:?}")),
    }
}

/// Returns the pointers that the problems start with, sorted.
fn pointers<'a>(problems: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut pointers: Vec<_> =
        problems.into_iter().filter_map(|problem| Some(problem.split_once(' ')?.0)).collect();
    pointers.sort_unstable();
    pointers
}

/// Returns a request whose events the client does not validate.
fn unchecked(events: Vec<SendData>) -> SendRequest {
    let mut request = SendRequest::default();
    request.data = Some(SendDataSingleOrArray::Array(events));
    request
}

#[tokio::test]
async fn all_violations_of_all_events_are_reported_and_no_event_is_stored() -> Outcome {
    let (intake, client) = start().await?;
    let mut broken = job("j-2")?;
    broken.end = "2026-07-14T09:00:00Z".parse()?;
    broken.tags = Some(vec!["team:docs".to_owned(), "no value".to_owned()]);
    broken.metrics = Some(vec!["links:many".to_owned()]);
    broken.status = JobStatus::Unknown("sort of good".into());
    let mut tagged = job("j-3")?;
    let git = GitInfo::builder().repository_url("r").sha("1");
    tagged.git = Some(git.author_email("e").branch("main").tag("v1").build()?.into());
    let events = [job("j-1")?, broken, tagged].map(|job| PipelineEvent::new(job).into());

    let request = client.create_pipeline_event(unchecked(events.into()));
    let error = api_error(request.send().await)?;
    assert_eq!((error.status, error.operation), (400, "CreateCIAppPipelineEvent"));
    let expected = [
        "/data/1/attributes/resource/end",
        "/data/1/attributes/resource/metrics/0",
        "/data/1/attributes/resource/status",
        "/data/1/attributes/resource/tags/1",
        "/data/2/attributes/resource/git",
    ];
    assert_eq!(pointers(details(&error)?), expected, "{error}");
    // The message contains the pointers.
    assert!(error.to_string().contains(expected[0]), "{error}");
    assert_eq!(intake.events().len(), 0);
    Ok(())
}

#[tokio::test]
async fn client_and_intake_report_the_same_violations() -> Outcome {
    let (_intake, client) = start().await?;
    let mut broken = job("j-1")?;
    broken.end = "2026-07-14T09:00:00Z".parse()?;
    broken.tags = Some(vec!["no value".to_owned()]);
    let event = PipelineEvent::new(broken);
    let own = event.validate().err().ok_or("no violation")?;
    let request = client.create_pipeline_event(unchecked(vec![event.into()]));
    let error = api_error(request.send().await)?;
    let mut own: Vec<_> =
        own.violations().iter().map(|v| format!("/data/0{} {}", v.pointer, v.message)).collect();
    let mut reported = details(&error)?;
    own.sort_unstable();
    reported.sort_unstable();
    assert_eq!(reported, own);
    Ok(())
}

#[tokio::test]
async fn events_are_too_old_by_the_clock_of_the_intake() -> Outcome {
    let (intake, client) = start().await?;
    let old = job_at("old", "2026-07-14T09:30:00Z")?;
    intake.clock().set("2026-07-15T03:30:01Z".parse()?);
    let error = api_error(client.send(old.clone()).await)?;
    assert_eq!(pointers(details(&error)?), ["/data/attributes/resource/end"]);
    assert!(details(&error)?[0].contains("18 hours"), "{error}");
    intake.clock().set("2026-07-15T03:30:00Z".parse()?);
    client.send(old).await?;
    assert_eq!(intake.events().len(), 1);
    Ok(())
}

#[tokio::test]
async fn all_problems_of_a_search_are_reported_at_once() -> Outcome {
    let (_intake, client) = start().await?;
    let search = client
        .search_pipeline_events()
        .query("@ci.status:(error OR")
        .from("yesterday or so")
        .sort(Sort::Unknown("backwards".into()))
        .cursor("no cursor");
    let error = api_error(search.send().await)?;
    assert_eq!((error.status, error.operation), (400, "SearchCIAppPipelineEvents"));
    let messages = messages(&error)?;
    for part in ["filter.query", "filter.from", "sort", "cursor"] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:?}");
    }
    assert_eq!(messages.len(), 4, "{messages:?}");
    Ok(())
}

#[tokio::test]
async fn all_problems_of_an_aggregation_are_reported_at_once() -> Outcome {
    let (_intake, client) = start().await?;
    let aggregate = client
        .aggregate()
        .query("(")
        .compute(Compute::new(AggregationFunction::Unknown("guess".into()), "@duration"))
        .compute(Compute::count().every("now and then"));
    let error = api_error(aggregate.send().await)?;
    assert_eq!((error.status, error.operation), (400, "AggregateCIAppPipelineEvents"));
    let messages = messages(&error)?;
    for part in ["filter.query", "compute[0]", "compute[1]"] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:?}");
    }
    assert_eq!(messages.len(), 3, "{messages:?}");
    Ok(())
}
