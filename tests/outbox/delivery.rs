//! Delivery: order, retries after failures, rejected events, flushing and closing.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use datadog_ci_intake::{Fault, LocalIntake};
use datadog_ci_pipelines::models::{FinishedJob, RunningJob};
use datadog_ci_pipelines::outbox::{Notice, OutboxError};

use super::{LONG, arrived, builder, client, files, ids, intake, job, leave, unreachable};

/// Returns the same job in the state running.
fn running(job: &FinishedJob) -> RunningJob {
    RunningJob::builder()
        .id(&job.id)
        .name(&job.name)
        .pipeline_unique_id(&job.pipeline_unique_id)
        .pipeline_name(&job.pipeline_name)
        .start(job.start.clone())
        .url(&job.url)
        .build()
        .unwrap()
}

/// Returns a job that only the service rejects, because it is too old.
fn too_old(id: &str) -> FinishedJob {
    let mut job = job(id);
    job.start = "2026-07-10T09:00:00Z".parse().unwrap();
    job.end = "2026-07-10T09:10:00Z".parse().unwrap();
    job
}

#[tokio::test]
async fn events_are_delivered_in_order() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    for id in ids("e", 0..30) {
        outbox.enqueue(running(&job(&id))).await.unwrap();
        outbox.enqueue(job(&id)).await.unwrap();
    }
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.rejected, report.left), (60, 0, 0));
    assert!(report.error.is_none());
    assert_eq!(arrived(&intake), ids("e", 0..30));
    for event in intake.events() {
        let sent: Vec<_> = intake.history(&event.id).iter().map(|u| u.sent.clone()).collect();
        assert_eq!(sent.len(), 2);
        assert!(sent[0].contains("running") && sent[1].contains("success"), "{sent:?}");
    }
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), [""; 0], "empty lanes are removed");
}

#[tokio::test]
async fn the_next_outbox_delivers_the_remaining_events() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    leave(directory.path(), "e", 2500).await;
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb"]);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.delivered, 2500);
    assert_eq!(arrived(&intake), ids("e", 0..2500));
}

#[tokio::test]
async fn events_of_cancelled_enqueue_calls_are_kept() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(unreachable()).open(directory.path()).await.unwrap();
    {
        let mut enqueued: Vec<_> =
            ids("e", 0..50).iter().map(|id| Box::pin(outbox.enqueue(job(id)))).collect();
        for enqueued in &mut enqueued {
            // Polls it once and cancels it.
            let timed_out = tokio::time::timeout(Duration::ZERO, enqueued.as_mut()).await;
            drop(timed_out);
        }
    }
    drop(outbox);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ids("e", 0..50));
}

#[tokio::test]
async fn an_invalid_event_is_not_enqueued() {
    let directory = tempfile::tempdir().unwrap();
    let outbox = builder(unreachable()).open(directory.path()).await.unwrap();
    let mut invalid = job("e");
    invalid.end = "2026-07-14T09:00:00Z".parse().unwrap();
    let error = outbox.enqueue(invalid).await.unwrap_err();
    assert!(matches!(error, OutboxError::Invalid(_)));
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("/attributes/resource/end must not be before"), "{cause}");
    assert_eq!(outbox.flush(LONG).await.left, 0);
}

#[tokio::test]
async fn a_rejected_event_is_kept_apart_and_does_not_block_others() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let notices = Arc::new(Mutex::new(Vec::new()));
    let builder = {
        let notices = Arc::clone(&notices);
        builder(client(intake.url())).on_notice(move |notice: &Notice| {
            notices.lock().unwrap().push(notice.to_string());
        })
    };
    let outbox = builder.clone().open(directory.path()).await.unwrap();
    for (number, id) in ids("e", 0..20).iter().enumerate() {
        let job = if number % 10 == 4 { too_old(id) } else { job(id) };
        outbox.enqueue(job).await.unwrap();
    }
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.rejected, report.left), (18, 2, 0));
    let shown = report.to_string();
    assert!(shown.starts_with("18 events delivered, 2 rejected (the latest: "), "{shown}");
    assert!(shown.contains("18 hours") && shown.ends_with("), 0 left"), "{shown}");
    assert_eq!(arrived(&intake).len(), 18);
    let notices = notices.lock().unwrap().clone();
    assert_eq!(notices.len(), 2);
    assert!(notices[0].contains("within the last 18 hours"), "{notices:?}");

    // They stay until they are discarded, for other processes as well.
    outbox.close().await.unwrap();
    let outbox = builder.open(directory.path()).await.unwrap();
    let refused = outbox.rejected().await.unwrap();
    assert_eq!(refused.len(), 2);
    assert!(refused[1].json().contains("e-14") && refused[1].event().is_some());
    assert!(refused[1].reasons()[0].contains("within the last 18 hours"));
    outbox.discard(&refused[..1]).await.unwrap();
    assert_eq!(outbox.rejected().await.unwrap(), refused[1..]);
    outbox.discard(&refused[1..]).await.unwrap();
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), [""; 0]);
}

#[tokio::test]
async fn the_number_of_kept_rejected_events_is_limited() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    let all = ids("e", 0..1100);
    let enqueued: Vec<_> = all.iter().map(|id| outbox.enqueue(too_old(id))).collect();
    for enqueued in futures_util::future::join_all(enqueued).await {
        enqueued.unwrap();
    }
    assert_eq!(outbox.flush(LONG).await.rejected, 1100);
    let refused = outbox.rejected().await.unwrap();
    assert_eq!(refused.len(), 1000);
    assert!(refused[0].json().contains("\"e-100\""), "the oldest are removed");
}

#[tokio::test]
async fn a_flush_ends_at_its_deadline_and_reports_what_is_left() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    intake.queue_faults(vec![Fault::Status { status: 503, retry_after: None }; 100_000]);
    for id in ids("e", 0..5) {
        outbox.enqueue(job(&id)).await.unwrap();
    }
    let began = Instant::now();
    let report = outbox.flush(Duration::from_millis(200)).await;
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert!(began.elapsed() < LONG / 2);
    assert_eq!((report.delivered, report.left), (0, 5));
    assert_eq!(report.error.as_ref().and_then(|error| error.status()), Some(503));
    assert!(report.to_string().contains("5 left: "), "{report}");
    // Once the service is available, everything is delivered.
    intake.reset().await.unwrap();
    intake.clock().set("2026-07-14T10:00:00Z".parse().unwrap());
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.left), (5, 0));
    assert!(report.error.is_none(), "{report}");
    assert_eq!(arrived(&intake), ids("e", 0..5));
}

#[tokio::test]
async fn a_flush_ends_a_long_back_off() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let builder = builder(client(intake.url())).max_backoff(Duration::from_secs(3600));
    // `Retry-After` is one hour.
    intake.queue_faults([Fault::Status { status: 429, retry_after: Some(3600) }]);
    let outbox = builder.open(directory.path()).await.unwrap();
    outbox.enqueue(job("e-0")).await.unwrap();
    while intake.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(outbox.flush(LONG).await.delivered, 1);
}

#[tokio::test]
async fn enqueuing_after_close_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let outbox = builder(unreachable()).open(directory.path()).await.unwrap();
    let clone = outbox.clone();
    outbox.close().await.unwrap();
    assert!(matches!(clone.enqueue(job("e")).await, Err(OutboxError::Closed)));
    assert!(matches!(clone.rejected().await, Err(OutboxError::Closed)));
    assert_eq!(clone.flush(LONG).await.left, 0);
}

/// The retries of the client take longer than the flush.
#[tokio::test]
async fn a_flush_reports_the_attempt_that_failed_last() {
    let directory = tempfile::tempdir().unwrap();
    let patient = datadog_ci_pipelines::Client::builder().base_url("http://127.0.0.1:9");
    let outbox =
        datadog_ci_pipelines::outbox::Outbox::builder(patient.api_key("k").build().unwrap())
            .open(directory.path())
            .await
            .unwrap();
    outbox.enqueue(job("e-1")).await.unwrap();
    let report = outbox.flush(Duration::from_millis(400)).await;
    assert_eq!((report.delivered, report.left), (0, 1));
    assert!(report.error.is_none(), "the client has not given up: {:?}", report.error);
    let shown = report.to_string();
    assert!(
        shown.contains("1 left: ") && shown.contains("cannot connect to 127.0.0.1:9"),
        "{shown}"
    );
    assert!(!shown.contains('\n'), "{shown}");
    outbox.close().await.unwrap();
}

/// It need not wait for what will not change by itself.
#[tokio::test]
async fn a_flush_ends_at_once_if_nothing_can_be_delivered() {
    let intake = LocalIntake::builder().api_key("right").start().await.unwrap();
    let at = |url: String| datadog_ci_pipelines::Client::builder().base_url(url);
    let wrong_path = format!("{}/wrong", intake.url());
    for (client, reason) in [
        (at(intake.url().to_owned()).api_key("other"), "DD_SITE"),
        (at(intake.url().to_owned()), "no credentials configured"),
        (at(wrong_path).api_key("right"), "DD_URL"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let outbox = builder(client.build().unwrap()).open(directory.path()).await.unwrap();
        outbox.enqueue(job("e-1")).await.unwrap();
        let began = Instant::now();
        let report = outbox.flush(LONG).await;
        assert!(began.elapsed() < LONG / 4, "{:?}", began.elapsed());
        assert_eq!((report.delivered, report.rejected, report.left), (0, 0, 1));
        let shown = report.to_string();
        assert!(shown.contains("1 left: ") && shown.contains(reason), "{shown}");
        outbox.close().await.unwrap();
        // It is still there for a process that is configured correctly.
        assert_eq!(files(directory.path(), ".redb").len(), 1);
    }
}
