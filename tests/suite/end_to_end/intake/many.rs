//! Sending many events: the requests, and the outcome of each event.

use std::future::IntoFuture;
use std::time::Duration;

use datadog_ci_intake::{Fault, LocalIntake};
use datadog_ci_pipelines::models::{CiError, FinishedPipeline};
use datadog_ci_pipelines::{Error, MAX_BATCH, Outcome as EventOutcome, PipelineEvent, SendReport};

use super::{client_builder, start, statuses};
use crate::end_to_end::support::{Outcome, job};

/// Longer than any test, in milliseconds.
const FOREVER: u64 = 3_600_000;

/// Returns events with the ids `e-0`, `e-1`, ….
fn events(count: usize) -> Result<Vec<PipelineEvent>, Box<dyn std::error::Error>> {
    let template = job("e-0")?;
    let event = |i| {
        let mut job = template.clone();
        job.id = format!("e-{i}");
        PipelineEvent::new(job)
    };
    Ok((0..count).map(event).collect())
}

/// Returns an event that ends before it starts.
fn invalid() -> Result<PipelineEvent, Box<dyn std::error::Error>> {
    let mut job = job("invalid")?;
    job.end = "2026-07-14T09:00:00Z".parse()?;
    Ok(job.into())
}

/// Returns an event that only the service rejects, because it is too old.
fn too_old(id: &str) -> Result<PipelineEvent, Box<dyn std::error::Error>> {
    let mut job = job(id)?;
    job.start = "2026-07-10T09:00:00Z".parse()?;
    job.end = "2026-07-10T09:10:00Z".parse()?;
    Ok(job.into())
}

/// Returns the ids of the stored jobs.
fn stored(intake: &LocalIntake) -> Vec<String> {
    let id = |event: &datadog_ci_intake::StoredEvent| {
        event.attributes["ci"]["job"]["id"].as_str().unwrap_or_default().to_owned()
    };
    intake.events().iter().map(id).collect()
}

/// Returns the ids of these events.
fn ids(indices: impl IntoIterator<Item = usize>) -> Vec<String> {
    indices.into_iter().map(|i| format!("e-{i}")).collect()
}

fn indices<'r>(events: impl Iterator<Item = (usize, &'r Error)>) -> Vec<usize> {
    events.map(|(index, _)| index).collect()
}

fn may_have_arrived(report: &SendReport) -> usize {
    let lost = |outcome: &&EventOutcome| {
        matches!(outcome, EventOutcome::NotSent { may_have_arrived: true, .. })
    };
    report.outcomes().iter().filter(lost).count()
}

#[tokio::test]
async fn events_are_sent_in_batches_of_a_thousand_and_in_order_without_concurrency() -> Outcome {
    assert_eq!(MAX_BATCH, 1000);
    let (intake, client) = start().await?;
    let report = client.send_all(events(2500)?).concurrency(1).await;
    assert!(report.is_complete());
    assert_eq!((report.accepted(), report.outcomes().len()), (2500, 2500));
    assert_eq!(statuses(&intake), [Some(202); 3]);
    assert_eq!(stored(&intake), ids(0..2500));
    assert_eq!(report.into_result()?, 2500);
    Ok(())
}

#[tokio::test]
async fn a_thousand_events_are_one_request_and_no_events_are_no_request() -> Outcome {
    let (intake, client) = start().await?;
    assert_eq!(client.send_all(events(1000)?).await.into_result()?, 1000);
    assert_eq!(statuses(&intake), [Some(202)]);
    assert_eq!(stored(&intake), ids(0..1000));
    assert_eq!(client.send_all(events(0)?).await.into_result()?, 0);
    assert_eq!(intake.requests().len(), 1);
    Ok(())
}

/// Waits until `count` events have arrived.
async fn wait_for(intake: &LocalIntake, count: usize) {
    let arrived = async {
        while intake.event_count() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), arrived).await;
    assert!(in_time.is_ok(), "{} of {count} have arrived", intake.event_count());
}

#[tokio::test]
async fn the_number_of_concurrent_requests_is_configurable() -> Outcome {
    for concurrency in [0, 1, 2, 4] {
        let (intake, client) = start().await?;
        let at_once = concurrency.max(1);
        // All requests but one hang, and the others use the remaining slot.
        intake.queue_faults(vec![Fault::Delay(FOREVER); at_once - 1]);
        let sending = client.send_all(events(6000)?).concurrency(concurrency).into_future();
        let sending = tokio::spawn(sending);
        wait_for(&intake, 6000 - 1000 * (at_once - 1)).await;
        sending.abort();

        let (intake, client) = start().await?;
        intake.queue_faults(vec![Fault::Delay(FOREVER); at_once]);
        let sending = client.send_all(events(6000)?).concurrency(concurrency).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), sending).await.is_err());
        assert_eq!(intake.event_count(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_is_at_most_five_mebibytes() -> Outcome {
    let (intake, client) = start().await?;
    let large = |i: usize| -> Result<PipelineEvent, Box<dyn std::error::Error>> {
        let mut job = job(&format!("e-{i}"))?;
        let stack = "x".repeat(60_000);
        job.error = Some(CiError::builder().stack(stack).build()?.into());
        Ok(job.into())
    };
    let events: Vec<_> = (0..200).map(large).collect::<Result<_, _>>()?;
    // 12 MB in total. Quarters fit, and the intake would reject anything larger.
    assert_eq!(client.send_all(events).concurrency(1).await.into_result()?, 200);
    assert_eq!(statuses(&intake), [Some(202); 4]);
    assert_eq!(stored(&intake), ids(0..200));
    Ok(())
}

#[tokio::test]
async fn only_the_event_that_is_too_large_is_rejected() -> Outcome {
    let (intake, client) = start().await?;
    let mut huge = job("huge")?;
    huge.error = Some(CiError::builder().stack("x".repeat(6 << 20)).build()?.into());
    let mut events = events(4)?;
    events.insert(1, huge.into());
    let report = client.send_all(events).await;
    assert_eq!(indices(report.rejected()), [1]);
    let (_, error) = report.rejected().next().ok_or("none is rejected")?;
    assert_eq!(error.status(), Some(413));
    assert_eq!(report.accepted(), 4);
    assert_eq!(statuses(&intake).iter().filter(|status| **status == Some(413)).count(), 1);
    Ok(())
}

#[tokio::test]
async fn invalid_events_are_reported_and_the_others_are_sent() -> Outcome {
    let (intake, client) = start().await?;
    let mut events = events(1200)?;
    // One breaks a rule of the service, the others a constraint of the OpenAPI document.
    events[3] = invalid()?;
    let mut job = job("long")?;
    job.error = Some(serde_json::from_value(serde_json::json!({"type": "x".repeat(101)}))?);
    job.end = "2026-07-14T09:00:00Z".parse()?;
    events[1100] = PipelineEvent::new(job.clone());
    job.end = "2026-07-14T09:10:00Z".parse()?;
    events[1101] = PipelineEvent::new(job);
    let report = client.send_all(events).concurrency(1).await;
    assert_eq!(indices(report.rejected()), [3, 1100, 1101]);
    assert_eq!(
        report.outcomes()[3].reasons(),
        ["/attributes/resource/end must not be before `start`"]
    );
    assert_eq!(report.outcomes()[1100].reasons().len(), 2, "all violations");
    let reasons = report.outcomes()[1101].reasons();
    assert!(reasons[0].starts_with("/attributes/resource/error/type "), "{reasons:?}");
    assert_eq!(report.accepted(), 1197);
    assert_eq!(statuses(&intake), [Some(202); 2]);
    let rest = (0..1200).filter(|index| ![3, 1100, 1101].contains(index));
    assert_eq!(stored(&intake), ids(rest));
    let error = report.into_result().err().ok_or("no error")?;
    let message = error.to_string();
    assert!(message.starts_with("1197 of 1200 events accepted; 3 rejected: event 3: /attr"));
    assert_eq!(error.report().accepted(), 1197);
    Ok(())
}

/// Events without an id would replace each other.
#[tokio::test]
async fn empty_ids_and_names_and_incomplete_urls_are_not_sent() -> Outcome {
    let (intake, client) = start().await?;
    let mut unnamed = job("")?;
    unnamed.name = " ".to_owned();
    unnamed.pipeline_unique_id = String::new();
    unnamed.pipeline_name = String::new();
    unnamed.url = "ci.example/jobs/7".to_owned();
    let reasons = [
        "/attributes/resource/id must not be empty",
        "/attributes/resource/name must not be empty",
        "/attributes/resource/pipeline_unique_id must not be empty",
        "/attributes/resource/pipeline_name must not be empty",
        "/attributes/resource/url must be empty or a URL with a scheme",
    ];
    let Err(Error::Validation(error)) = client.send(unnamed.clone()).await else {
        return Err("it was sent".into());
    };
    let violations: Vec<_> = error.violations().iter().map(ToString::to_string).collect();
    assert_eq!(violations, reasons);
    let mut without_url = job("e-1")?;
    without_url.url = String::new();
    let report = client.send_all([unnamed, without_url]).await;
    assert_eq!((indices(report.rejected()), report.accepted()), (vec![0], 1));
    assert_eq!(report.outcomes()[0].reasons(), reasons);
    assert_eq!(intake.event_count(), 1);

    let run = FinishedPipeline::builder().unique_id("").name("").url("/run/1").partial_retry(false);
    let run = run.start("2026-07-14T09:00:00Z".parse()?).end("2026-07-14T09:10:00Z".parse()?);
    let error = PipelineEvent::new(run.status("success").build()?).validate().unwrap_err();
    let pointers: Vec<_> = error.violations().iter().map(|it| it.pointer.as_str()).collect();
    let own = ["unique_id", "name", "url"].map(|name| format!("/attributes/resource/{name}"));
    assert_eq!(pointers, own);
    Ok(())
}

#[tokio::test]
async fn rejected_events_are_found_by_bisection() -> Outcome {
    let (intake, client) = start().await?;
    let mut events = events(1000)?;
    for index in [0, 499, 777] {
        events[index] = too_old(&format!("old-{index}"))?;
    }
    let report = client.send_all(events).concurrency(1).await;
    assert_eq!(indices(report.rejected()), [0, 499, 777]);
    assert!(report.outcomes()[499].reasons()[0].contains("within the last 18 hours"));
    assert_eq!(report.accepted(), 997);
    let rest = (0..1000).filter(|index| ![0, 499, 777].contains(index));
    assert_eq!(stored(&intake), ids(rest), "in order and once");
    assert!(intake.requests().len() < 3 * 2 * 11, "{} requests", intake.requests().len());
    Ok(())
}

#[tokio::test]
async fn a_failure_ends_sending_and_unsent_events_are_reported() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::None, Fault::Status { status: 403, retry_after: None }]);
    let events = events(3500)?;
    let report = client.send_all(events.clone()).concurrency(1).await;
    assert_eq!(report.accepted(), 1000);
    assert_eq!(indices(report.not_sent()), (1000..3500).collect::<Vec<_>>());
    assert_eq!(may_have_arrived(&report), 0, "the service has rejected them");
    assert_eq!(statuses(&intake), [Some(202), Some(403)], "nothing is sent after a failure");
    let error = report.into_result().err().ok_or("no error")?;
    let message = error.to_string();
    assert!(message.contains("1000 of 3500 events accepted; 2500 not sent"), "{message}");
    assert!(message.contains("403"), "{message}");

    // The report is enough to continue.
    let rest = error.report().not_sent().map(|(index, _)| events[index].clone());
    assert!(client.send_all(rest).concurrency(1).await.is_complete());
    assert_eq!(stored(&intake), ids(0..3500));
    Ok(())
}

#[tokio::test]
async fn requests_in_flight_complete_when_another_request_fails() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Delay(200), Fault::Status { status: 401, retry_after: None }]);
    let report = client.send_all(events(2500)?).concurrency(2).await;
    assert_eq!((report.accepted(), report.not_sent().count()), (1000, 1500));
    assert_eq!(intake.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn events_without_a_response_may_have_arrived() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Lose]);
    let report = client.send_all(events(1500)?).concurrency(1).await;
    assert_eq!((report.not_sent().count(), may_have_arrived(&report)), (1500, 1000));
    assert_eq!(stored(&intake).len(), 1000, "they have arrived");
    let message = report.into_result().err().ok_or("no error")?.to_string();
    assert!(message.ends_with("; 1000 of these may have arrived"), "{message}");

    let late = client_builder(&intake).timeout(Duration::from_millis(50)).api_key("k").build()?;
    intake.queue_faults([Fault::Delay(FOREVER)]);
    let report = late.send_all(events(3)?).await;
    assert!(matches!(report.not_sent().next(), Some((0, Error::Timeout(_)))));
    assert_eq!(may_have_arrived(&report), 3);

    let unreachable =
        client_builder(&intake).base_url("http://127.0.0.1:9").api_key("k").build()?;
    assert_eq!(may_have_arrived(&unreachable.send_all(events(3)?).await), 0);
    Ok(())
}

#[tokio::test]
async fn cancelled_sending_can_be_repeated() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Delay(FOREVER)]);
    let sending = client.send_all(events(3000)?).concurrency(2).into_future();
    let sending = tokio::spawn(sending);
    wait_for(&intake, 2000).await;
    sending.abort();
    assert!(client.send_all(events(3000)?).await.is_complete());
    assert_eq!(intake.event_count(), 3000);
    Ok(())
}
