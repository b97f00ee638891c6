//! Full outboxes and full disks.

use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Waker};

use datadog_ci_pipelines::outbox::{OutboxError, WhenFull};

use super::child::Process;
use super::{LONG, arrived, builder, client, enqueue, files, ids, intake, job, unreachable};

#[tokio::test]
async fn a_full_outbox_rejects_new_events() {
    let directory = tempfile::tempdir().unwrap();
    let outbox = builder(unreachable()).max_events(3).open(directory.path()).await.unwrap();
    for id in ids("e", 0..3) {
        outbox.enqueue(job(&id)).await.unwrap();
    }
    let error = outbox.enqueue(job("e-3")).await.unwrap_err();
    assert!(matches!(error, OutboxError::Full { events: 3, .. }));
    assert!(error.to_string().contains("outbox full: 3 events with "), "{error}");
    outbox.close().await.unwrap();
    // The number of bytes is limited as well.
    let outbox = builder(unreachable()).max_bytes(3000).open(directory.path()).await.unwrap();
    let error = outbox.enqueue(job(&"x".repeat(2000))).await.unwrap_err();
    assert!(matches!(error, OutboxError::Full { events: 3, bytes } if bytes > 500), "{error}");
    let error = outbox.enqueue(job(&"x".repeat(3000))).await.unwrap_err();
    assert!(matches!(error, OutboxError::TooLarge { bytes: 3000.. }), "{error}");
}

#[tokio::test]
async fn a_full_outbox_drops_the_oldest_events_if_configured() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let full = builder(unreachable()).max_events(3).when_full(WhenFull::DropOldest);
    let outbox = full.open(directory.path()).await.unwrap();
    for id in ids("e", 0..10) {
        outbox.enqueue(job(&id)).await.unwrap();
    }
    let report = outbox.flush(std::time::Duration::ZERO).await;
    assert_eq!((report.dropped, report.left), (7, 3));
    outbox.close().await.unwrap();
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ids("e", 7..10));
}

#[tokio::test]
async fn a_full_outbox_waits_for_space_if_configured() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let full = || builder(unreachable()).max_events(2).when_full(WhenFull::Wait);
    let outbox = full().open(directory.path()).await.unwrap();
    for id in ids("e", 0..2) {
        outbox.enqueue(job(&id)).await.unwrap();
    }
    {
        let mut third = pin!(outbox.enqueue(job("lost")));
        assert!(third.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let report = outbox.flush(std::time::Duration::from_millis(50)).await;
        assert_eq!(report.left, 3);
        assert!(third.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        outbox.clone().close().await.unwrap();
        assert!(matches!(third.await, Err(OutboxError::Closed)));
    }
    drop(outbox);
    // An event that can never fit is rejected at once.
    let small = builder(unreachable()).max_bytes(100).when_full(WhenFull::Wait);
    let outbox = small.open(directory.path().join("small")).await.unwrap();
    assert!(matches!(outbox.enqueue(job("e")).await, Err(OutboxError::TooLarge { .. })));
    // While events are delivered, there is space again.
    let outbox = builder(client(intake.url())).max_events(2).when_full(WhenFull::Wait);
    let outbox = outbox.open(directory.path()).await.unwrap();
    enqueue(&outbox, &ids("e", 2..60)).await;
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ids("e", 0..60));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_reported_and_events_that_fit_are_kept() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let down = "http://127.0.0.1:9";
    // Some of these fit into the limit, but not all.
    let name = format!("limited-{}", "x".repeat(4000));
    let lines = Process::start_limited(directory.path(), down, &name, 30, 1200).end();
    let is_error = |line: &&String| line.starts_with("error");
    let errors: Vec<_> = lines.iter().filter(is_error).collect();
    let kept: Vec<_> = lines.iter().filter(|line| line.starts_with("limited")).collect();
    assert!(!errors.is_empty() && kept.len() > 10, "{} kept, {errors:?}", kept.len());
    let file = directory.path().join("lane-1.redb");
    for error in errors {
        let expected = [file.to_str().unwrap(), "the disk is writable", "are kept"];
        assert!(expected.iter().all(|part| error.contains(part)), "{error}");
    }
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    let arrived = arrived(&intake);
    let lost: Vec<_> = kept.iter().filter(|id| !arrived.contains(id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb"]);
}
