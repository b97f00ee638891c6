//! Several processes with one directory, and the events of processes that have ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::child::Process;
use super::{
    LONG, arrived, builder, client, enqueue, files, ids, intake, job, leave, unreachable, wait_for,
};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_processes_deliver_every_event_once() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let start = |name| Process::start(directory.path(), intake.url(), name, Some(10));
    let processes = [start("a"), start("b")];
    let own = builder(client(intake.url())).open(directory.path()).await.unwrap();
    enqueue(&own, &ids("own", 0..100)).await;
    let lines: usize = processes.map(|process| process.end().len()).iter().sum();
    assert_eq!(lines, 2 * (1 + 16 * 10 + 1));
    // Events that they did not deliver are adopted.
    own.close().await.unwrap();
    let own = builder(client(intake.url())).open(directory.path()).await.unwrap();
    assert_eq!(own.flush(LONG).await.left, 0);
    own.close().await.unwrap();
    let arrived = arrived(&intake);
    assert_eq!((arrived.len(), arrived.iter().collect::<BTreeSet<_>>().len()), (420, 420));
    assert_eq!(files(directory.path(), ".redb"), [""; 0]);
}

#[tokio::test]
async fn each_outbox_uses_the_first_free_lane() {
    let directory = tempfile::tempdir().unwrap();
    let open = || builder(unreachable()).open(directory.path());
    let (first, second) = (open().await.unwrap(), open().await.unwrap());
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb", "lane-2.redb"]);
    first.close().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), ["lane-2.redb"]);
    let _third = open().await.unwrap();
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb", "lane-2.redb"]);
    second.close().await.unwrap();
}

#[tokio::test]
async fn lanes_of_ended_processes_are_adopted_periodically() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let builder = builder(client(intake.url())).adoption_interval(Duration::from_millis(10));
    let outbox = builder.open(directory.path()).await.unwrap();
    // It ends before the other outbox looks for lanes again.
    leave(directory.path(), "left", 30).await;
    wait_for(&intake, 30).await;
    assert_eq!(arrived(&intake), ids("left", 0..30), "in order");
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert_eq!(files(directory.path(), ".redb"), ["lane-1.redb"], "the adopted lane is removed");
}

#[tokio::test]
async fn a_lane_in_use_is_not_adopted() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let busy = builder(unreachable()).open(directory.path()).await.unwrap();
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
async fn adopting_waits_for_space() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let own = builder(unreachable()).max_events(10).open(directory.path()).await.unwrap();
    own.enqueue(job("own")).await.unwrap();
    leave(directory.path(), "left", 20).await;
    own.close().await.unwrap();
    // Its own lane has events and the other lane does not fit: its events follow.
    let builder = builder(client(intake.url())).max_events(10);
    let outbox =
        builder.adoption_interval(Duration::from_millis(10)).open(directory.path()).await.unwrap();
    wait_for(&intake, 21).await;
    assert_eq!(arrived(&intake)[..2], ["own", "left-0"]);
    outbox.close().await.unwrap();
}

/// Needs the right to start processes of other users.
#[cfg(target_os = "linux")]
#[test]
fn a_directory_of_another_user_is_refused_with_advice() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    let directory = tempfile::tempdir().unwrap();
    if directory.path().metadata().unwrap().uid() != 0 {
        return eprintln!("skipped: only root can start processes of other users");
    }
    std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o777)).unwrap();
    // Any user may run this copy. Another process writes it: a process that a test starts at the same
    // time would inherit the open file, and a program that is open for writing cannot be run.
    let program = directory.path().join("program");
    let copied =
        Command::new("cp").arg(env!("CARGO_BIN_EXE_outbox-process")).arg(&program).status();
    assert!(copied.unwrap().success());
    let outbox = directory.path().join("outbox");
    std::fs::create_dir(&outbox).unwrap();
    std::fs::set_permissions(&outbox, PermissionsExt::from_mode(0o777)).unwrap();
    let run = |user| {
        let mut command = Command::new(&program);
        command.arg(&outbox).args(["http://127.0.0.1:9", "e", "1"]).stdin(Stdio::null());
        let output = command.uid(user).gid(user).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(65_534).starts_with("open\n"));
    assert!(run(65_534).starts_with("open\n"), "the same user again");
    let refused = run(65_533);
    assert!(refused.starts_with("error: cannot use outbox file"), "{refused}");
    for part in
        ["lanes.lock", "Permission denied", "belongs to another user", "a directory per user"]
    {
        assert!(refused.contains(part), "{refused}");
    }
}
