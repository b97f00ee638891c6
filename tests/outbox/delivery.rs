//! What is enqueued is delivered: in order, behind failures, and past what is refused.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use datadog_ci_intake::Fault;
use datadog_ci_pipelines::models::{FinishedJob, RunningJob};
use datadog_ci_pipelines::outbox::{Notice, OutboxError};

use super::{LONG, arrived, builder, client, files, ids, intake, job, leave, nobody};

/// The same job while it runs.
fn running(job: &FinishedJob) -> RunningJob {
    RunningJob::builder()
        .id(&job.id)
        .name(&job.name)
        .pipeline_unique_id(&job.pipeline_unique_id)
        .pipeline_name(&job.pipeline_name)
        .start(job.start)
        .url(&job.url)
        .build()
        .unwrap()
}

/// A job that only the service can know to be too old.
fn too_old(id: &str) -> FinishedJob {
    let mut job = job(id);
    job.start = "2026-07-10T09:00:00Z".parse().unwrap();
    job.end = "2026-07-10T09:10:00Z".parse().unwrap();
    job
}

#[tokio::test]
async fn what_is_enqueued_is_delivered_in_its_order() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    for id in ids("e", 0..30) {
        outbox.enqueue(running(&job(&id))).await.unwrap();
        outbox.enqueue(job(&id)).await.unwrap();
    }
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.refused, report.left), (60, 0, 0));
    assert!(report.error.is_none());
    assert_eq!(arrived(&intake), ids("e", 0..30));
    for event in intake.events() {
        let sent: Vec<_> = intake.history(&event.id).iter().map(|u| u.sent.clone()).collect();
        assert_eq!(sent.len(), 2);
        assert!(sent[0].contains("running") && sent[1].contains("success"), "{sent:?}");
    }
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), [""; 0], "what is empty goes away");
}

#[tokio::test]
async fn what_is_left_is_delivered_by_whoever_opens_the_directory_next() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    leave(directory.path(), "e", 2500).await;
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb"]);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.delivered, 2500);
    assert_eq!(arrived(&intake), ids("e", 0..2500));
}

#[tokio::test]
async fn what_was_given_and_not_waited_for_is_there_when_the_outbox_is_dropped() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(nobody()).open(directory.path()).await.unwrap();
    {
        let mut enqueued: Vec<_> =
            ids("e", 0..50).iter().map(|id| Box::pin(outbox.enqueue(job(id)))).collect();
        for enqueued in &mut enqueued {
            // It is begun, and given up at once.
            let none = tokio::time::timeout(Duration::ZERO, enqueued.as_mut()).await;
            drop(none);
        }
    }
    drop(outbox);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ids("e", 0..50));
}

#[tokio::test]
async fn an_event_that_is_not_valid_is_not_taken() {
    let directory = tempfile::tempdir().unwrap();
    let outbox = builder(nobody()).open(directory.path()).await.unwrap();
    let mut invalid = job("e");
    invalid.end = "2026-07-14T09:00:00Z".parse().unwrap();
    let error = outbox.enqueue(invalid).await.unwrap_err();
    assert!(matches!(error, OutboxError::Invalid(_)));
    assert!(error.to_string().contains("/attributes/resource/end must not be before"), "{error}");
    assert_eq!(outbox.flush(LONG).await.left, 0);
}

#[tokio::test]
async fn a_refused_event_is_put_aside_and_holds_up_no_other() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let told = Arc::new(Mutex::new(Vec::new()));
    let builder = {
        let told = Arc::clone(&told);
        builder(client(intake.url())).on_notice(move |notice: &Notice| {
            told.lock().unwrap().push(notice.to_string());
        })
    };
    let outbox = builder.clone().open(directory.path()).await.unwrap();
    for (number, id) in ids("e", 0..20).iter().enumerate() {
        let job = if number % 10 == 4 { too_old(id) } else { job(id) };
        outbox.enqueue(job).await.unwrap();
    }
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.refused, report.left), (18, 2, 0));
    assert_eq!(report.to_string(), "18 events were delivered, 2 refused, 0 are left");
    assert_eq!(arrived(&intake).len(), 18);
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("within the last 18 hours"), "{told:?}");

    // They are there in another process, too, until they are discarded.
    outbox.close().await.unwrap();
    let outbox = builder.open(directory.path()).await.unwrap();
    let refused = outbox.refused().await.unwrap();
    assert_eq!(refused.len(), 2);
    assert!(refused[1].json().contains("e-14") && refused[1].event().is_some());
    assert!(refused[1].reasons()[0].contains("within the last 18 hours"));
    outbox.discard(&refused[..1]).await.unwrap();
    assert_eq!(outbox.refused().await.unwrap(), refused[1..]);
    outbox.discard(&refused[1..]).await.unwrap();
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), [""; 0]);
}

#[tokio::test]
async fn refused_events_are_kept_up_to_a_bound() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    let all = ids("e", 0..1100);
    let enqueued: Vec<_> = all.iter().map(|id| outbox.enqueue(too_old(id))).collect();
    for enqueued in futures_util::future::join_all(enqueued).await {
        enqueued.unwrap();
    }
    assert_eq!(outbox.flush(LONG).await.refused, 1100);
    let refused = outbox.refused().await.unwrap();
    assert_eq!(refused.len(), 1000);
    assert!(refused[0].json().contains("\"e-100\""), "the oldest are forgotten");
}

#[tokio::test]
async fn a_flush_ends_at_its_deadline_and_says_what_is_left() {
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
    assert!(report.to_string().contains("5 are left: "), "{report}");
    // It goes on, and once the service is there everything is delivered.
    intake.reset().await.unwrap();
    intake.clock().set("2026-07-14T10:00:00Z".parse().unwrap());
    let report = outbox.flush(LONG).await;
    assert_eq!((report.delivered, report.left), (5, 0));
    assert!(report.error.is_none(), "{report}");
    assert_eq!(arrived(&intake), ids("e", 0..5));
}

#[tokio::test]
async fn a_flush_does_not_wait_for_the_end_of_a_long_wait() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let builder = builder(client(intake.url())).longest_wait(Duration::from_secs(3600));
    // As long as the service says: an hour.
    intake.queue_faults([Fault::Status { status: 429, retry_after: Some(3600) }]);
    let outbox = builder.open(directory.path()).await.unwrap();
    outbox.enqueue(job("e-0")).await.unwrap();
    while intake.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(outbox.flush(LONG).await.delivered, 1);
}

#[tokio::test]
async fn what_is_enqueued_after_a_close_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let outbox = builder(nobody()).open(directory.path()).await.unwrap();
    let clone = outbox.clone();
    outbox.close().await.unwrap();
    assert!(matches!(clone.enqueue(job("e")).await, Err(OutboxError::Closed)));
    assert!(matches!(clone.refused().await, Err(OutboxError::Closed)));
    assert_eq!(clone.flush(LONG).await.left, 0);
}
