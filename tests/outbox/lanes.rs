//! Several processes with one directory, and what those leave behind that have ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::process::Process;
use super::{
    LONG, arrived, builder, client, enqueue, files, ids, intake, job, leave, nobody, until,
};

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_at_once_deliver_everything_once() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let start = |name| Process::start(directory.path(), intake.url(), name, Some(10));
    let processes = [start("a"), start("b")];
    let own = builder(client(intake.url())).open(directory.path()).await.unwrap();
    enqueue(&own, &ids("own", 0..100)).await;
    let said: usize = processes.map(|process| process.end().len()).iter().sum();
    assert_eq!(said, 2 * (1 + 16 * 10 + 1));
    // What they had no time for is left to be taken over.
    own.close().await.unwrap();
    let own = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(own.flush(LONG).await.left, 0);
    own.close().await.unwrap();
    let arrived = arrived(&intake);
    assert_eq!((arrived.len(), arrived.iter().collect::<BTreeSet<_>>().len()), (420, 420));
    assert_eq!(files(directory.path(), ".redb"), [""; 0]);
}

#[tokio::test]
async fn each_has_a_lane_of_its_own_and_the_first_that_is_free() {
    let directory = tempfile::tempdir().unwrap();
    let open = || builder(nobody()).open(directory.path());
    let (first, second) = (open().await.unwrap(), open().await.unwrap());
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb", "lane-2.redb"]);
    first.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), ["lane-2.redb"]);
    let _third = open().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb", "lane-2.redb"]);
    second.close().await.unwrap();
}

#[tokio::test]
async fn what_others_leave_behind_is_taken_over_from_time_to_time() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let builder = builder(client(intake.url())).adoption_interval(Duration::from_millis(10));
    let outbox = builder.open(directory.path()).await.unwrap();
    // It has ended before the other looks again.
    leave(directory.path(), "left", 30).await;
    until(&intake, 30).await;
    assert_eq!(arrived(&intake), ids("left", 0..30), "in their order");
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb"], "its lane is gone");
}

#[tokio::test]
async fn what_is_in_use_is_not_taken_over() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let busy = builder(nobody()).open(directory.path()).await.unwrap();
    busy.enqueue(job("busy")).await.unwrap();
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    outbox.enqueue(job("own")).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ["own"]);
    busy.close().await.unwrap();
    outbox.close().await.unwrap();
    let outbox = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(arrived(&intake), ["own", "busy"]);
}

#[tokio::test]
async fn what_is_taken_over_waits_for_room() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let own = builder(nobody()).max_events(10).open(directory.path()).await.unwrap();
    own.enqueue(job("own")).await.unwrap();
    leave(directory.path(), "left", 20).await;
    own.close().await.unwrap();
    // Its own lane is not empty and the other does not fit: it is taken over behind it.
    let builder = builder(client(intake.url())).max_events(10);
    let outbox =
        builder.adoption_interval(Duration::from_millis(10)).open(directory.path()).await.unwrap();
    until(&intake, 21).await;
    assert_eq!(arrived(&intake)[..2], ["own", "left-0"]);
    outbox.close().await.unwrap();
}
