//! Sending many events: in which requests they go, and what becomes of each.

use std::future::IntoFuture;
use std::time::Duration;

use datadog_ci_intake::{Fault, LocalIntake};
use datadog_ci_pipelines::models::CiError;
use datadog_ci_pipelines::{Error, MAX_BATCH, Outcome as Became, PipelineEvent, SendReport};

use super::super::{Outcome, job};
use super::{client_builder, start, statuses};

/// Longer than any test, in milliseconds.
const FOR_EVER: u64 = 3_600_000;

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

/// An event that was over before it began.
fn invalid() -> Result<PipelineEvent, Box<dyn std::error::Error>> {
    let mut job = job("invalid")?;
    job.end = "2026-07-14T09:00:00Z".parse()?;
    Ok(job.into())
}

/// An event that only the service can know to be too old.
fn too_old(id: &str) -> Result<PipelineEvent, Box<dyn std::error::Error>> {
    let mut job = job(id)?;
    job.start = "2026-07-10T09:00:00Z".parse()?;
    job.end = "2026-07-10T09:10:00Z".parse()?;
    Ok(job.into())
}

/// The ids of the jobs that are kept.
fn kept(intake: &LocalIntake) -> Vec<String> {
    let id = |event: &datadog_ci_intake::StoredEvent| {
        event.attributes["ci"]["job"]["id"].as_str().unwrap_or_default().to_owned()
    };
    intake.events().iter().map(id).collect()
}

/// Ids from `e-0` on.
fn ids(places: impl IntoIterator<Item = usize>) -> Vec<String> {
    places.into_iter().map(|i| format!("e-{i}")).collect()
}

fn places<'r>(events: impl Iterator<Item = (usize, &'r Error)>) -> Vec<usize> {
    events.map(|(place, _)| place).collect()
}

fn may_have_arrived(report: &SendReport) -> usize {
    let lost =
        |outcome: &&Became| matches!(outcome, Became::NotSent { may_have_arrived: true, .. });
    report.outcomes().iter().filter(lost).count()
}

#[tokio::test]
async fn many_events_go_in_requests_of_a_thousand_and_in_order_if_one_at_a_time() -> Outcome {
    assert_eq!(MAX_BATCH, 1000);
    let (intake, client) = start().await?;
    let report = client.send_all(events(2500)?).concurrency(1).await;
    assert!(report.is_complete());
    assert_eq!((report.accepted(), report.outcomes().len()), (2500, 2500));
    assert_eq!(statuses(&intake), [Some(202); 3]);
    assert_eq!(kept(&intake), ids(0..2500));
    assert_eq!(report.into_result()?, 2500);
    Ok(())
}

#[tokio::test]
async fn a_thousand_events_are_one_request_and_none_are_none() -> Outcome {
    let (intake, client) = start().await?;
    assert_eq!(client.send_all(events(1000)?).await.into_result()?, 1000);
    assert_eq!(statuses(&intake), [Some(202)]);
    assert_eq!(kept(&intake), ids(0..1000));
    assert_eq!(client.send_all(events(0)?).await.into_result()?, 0);
    assert_eq!(intake.requests().len(), 1);
    Ok(())
}

/// Waits until so many events have come.
async fn until(intake: &LocalIntake, count: usize) {
    let come = async {
        while intake.event_count() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(60), come).await;
    assert!(in_time.is_ok(), "{} of {count} have come", intake.event_count());
}

#[tokio::test]
async fn so_many_requests_are_under_way_at_once_as_are_asked_for() -> Outcome {
    for concurrency in [0, 1, 2, 4] {
        let (intake, client) = start().await?;
        let at_once = concurrency.max(1);
        // All but one have no end, and all others go that way.
        intake.queue_faults(vec![Fault::Delay(FOR_EVER); at_once - 1]);
        let sending = client.send_all(events(6000)?).concurrency(concurrency).into_future();
        let sending = tokio::spawn(sending);
        until(&intake, 6000 - 1000 * (at_once - 1)).await;
        sending.abort();

        let (intake, client) = start().await?;
        intake.queue_faults(vec![Fault::Delay(FOR_EVER); at_once]);
        let sending = client.send_all(events(6000)?).concurrency(concurrency).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), sending).await.is_err());
        assert_eq!(intake.event_count(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_is_never_larger_than_five_mebibytes() -> Outcome {
    let (intake, client) = start().await?;
    let large = |i: usize| -> Result<PipelineEvent, Box<dyn std::error::Error>> {
        let mut job = job(&format!("e-{i}"))?;
        let stack = "x".repeat(60_000);
        job.error = Some(CiError::builder().stack(stack).build()?.into());
        Ok(job.into())
    };
    let events: Vec<_> = (0..200).map(large).collect::<Result<_, _>>()?;
    // 12 MB: halves of halves fit, and nothing larger is tried, or the intake would refuse it.
    assert_eq!(client.send_all(events).concurrency(1).await.into_result()?, 200);
    assert_eq!(statuses(&intake), [Some(202); 4]);
    assert_eq!(kept(&intake), ids(0..200));
    Ok(())
}

#[tokio::test]
async fn one_event_that_is_too_large_is_refused_alone() -> Outcome {
    let (intake, client) = start().await?;
    let mut huge = job("huge")?;
    huge.error = Some(CiError::builder().stack("x".repeat(6 << 20)).build()?.into());
    let mut events = events(4)?;
    events.insert(1, huge.into());
    let report = client.send_all(events).await;
    assert_eq!(places(report.refused()), [1]);
    let (_, error) = report.refused().next().ok_or("none is refused")?;
    assert_eq!(error.status(), Some(413));
    assert_eq!(report.accepted(), 4);
    assert_eq!(statuses(&intake).iter().filter(|status| **status == Some(413)).count(), 1);
    Ok(())
}

#[tokio::test]
async fn invalid_events_are_named_and_the_others_go() -> Outcome {
    let (intake, client) = start().await?;
    let mut events = events(1200)?;
    // One breaks a rule of the service, the other a constraint of the description.
    events[3] = invalid()?;
    let mut job = job("long")?;
    job.error = Some(serde_json::from_value(serde_json::json!({"type": "x".repeat(101)}))?);
    job.end = "2026-07-14T09:00:00Z".parse()?;
    events[1100] = PipelineEvent::new(job.clone());
    job.end = "2026-07-14T09:10:00Z".parse()?;
    events[1101] = PipelineEvent::new(job);
    let report = client.send_all(events).concurrency(1).await;
    assert_eq!(places(report.refused()), [3, 1100, 1101]);
    assert_eq!(
        report.outcomes()[3].reasons(),
        ["/attributes/resource/end must not be before `start`"]
    );
    assert_eq!(report.outcomes()[1100].reasons().len(), 2, "all of them, not the first");
    let reasons = report.outcomes()[1101].reasons();
    assert!(reasons[0].starts_with("/attributes/resource/error/type "), "{reasons:?}");
    assert_eq!(report.accepted(), 1197);
    assert_eq!(statuses(&intake), [Some(202); 2]);
    let rest = (0..1200).filter(|place| ![3, 1100, 1101].contains(place));
    assert_eq!(kept(&intake), ids(rest));
    let error = report.into_result().err().ok_or("no error")?;
    let message = error.to_string();
    assert!(
        message.starts_with("1197 of 1200 events were accepted; 3 were refused: event 3: /attr")
    );
    assert_eq!(error.report().accepted(), 1197);
    Ok(())
}

#[tokio::test]
async fn events_that_the_service_refuses_are_found_by_halving() -> Outcome {
    let (intake, client) = start().await?;
    let mut events = events(1000)?;
    for place in [0, 499, 777] {
        events[place] = too_old(&format!("old-{place}"))?;
    }
    let report = client.send_all(events).concurrency(1).await;
    assert_eq!(places(report.refused()), [0, 499, 777]);
    assert!(report.outcomes()[499].reasons()[0].contains("within the last 18 hours"));
    assert_eq!(report.accepted(), 997);
    let rest = (0..1000).filter(|place| ![0, 499, 777].contains(place));
    assert_eq!(kept(&intake), ids(rest), "in order, and each once");
    assert!(intake.requests().len() < 3 * 2 * 11, "{} requests", intake.requests().len());
    Ok(())
}

#[tokio::test]
async fn a_failure_ends_the_sending_and_what_was_not_sent_is_named() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::None, Fault::Status { status: 403, retry_after: None }]);
    let events = events(3500)?;
    let report = client.send_all(events.clone()).concurrency(1).await;
    assert_eq!(report.accepted(), 1000);
    assert_eq!(places(report.not_sent()), (1000..3500).collect::<Vec<_>>());
    assert_eq!(may_have_arrived(&report), 0, "the service has said no");
    assert_eq!(statuses(&intake), [Some(202), Some(403)], "nothing is begun behind a failure");
    let error = report.into_result().err().ok_or("no error")?;
    let message = error.to_string();
    assert!(message.contains("1000 of 3500 events were accepted; 2500 were not sent"), "{message}");
    assert!(message.contains("403"), "{message}");

    // What was said is enough to go on.
    let rest = error.report().not_sent().map(|(place, _)| events[place].clone());
    assert!(client.send_all(rest).concurrency(1).await.is_complete());
    assert_eq!(kept(&intake), ids(0..3500));
    Ok(())
}

#[tokio::test]
async fn what_is_under_way_when_another_request_fails_ends_as_usual() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Delay(200), Fault::Status { status: 401, retry_after: None }]);
    let report = client.send_all(events(2500)?).concurrency(2).await;
    assert_eq!((report.accepted(), report.not_sent().count()), (1000, 1500));
    assert_eq!(intake.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn what_got_no_answer_may_have_arrived() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Lose]);
    let report = client.send_all(events(1500)?).concurrency(1).await;
    assert_eq!((report.not_sent().count(), may_have_arrived(&report)), (1500, 1000));
    assert_eq!(kept(&intake).len(), 1000, "and has");
    let message = report.into_result().err().ok_or("no error")?.to_string();
    assert!(message.ends_with("; 1000 of these may have arrived all the same"), "{message}");

    let late = client_builder(&intake).timeout(Duration::from_millis(50)).api_key("k").build()?;
    intake.queue_faults([Fault::Delay(FOR_EVER)]);
    let report = late.send_all(events(3)?).await;
    assert!(matches!(report.not_sent().next(), Some((0, Error::Timeout(_)))));
    assert_eq!(may_have_arrived(&report), 3);

    let nobody = client_builder(&intake).base_url("http://127.0.0.1:9").api_key("k").build()?;
    assert_eq!(may_have_arrived(&nobody.send_all(events(3)?).await), 0);
    Ok(())
}

#[tokio::test]
async fn sending_that_is_given_up_can_be_begun_again() -> Outcome {
    let (intake, client) = start().await?;
    intake.queue_faults([Fault::Delay(FOR_EVER)]);
    let sending = client.send_all(events(3000)?).concurrency(2).into_future();
    let sending = tokio::spawn(sending);
    until(&intake, 2000).await;
    sending.abort();
    assert!(client.send_all(events(3000)?).await.is_complete());
    assert_eq!(intake.event_count(), 3000);
    Ok(())
}
