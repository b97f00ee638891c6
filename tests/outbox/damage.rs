//! Damaged files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use datadog_ci_pipelines::outbox::{Notice, Outbox, OutboxError};

use super::{LONG, arrived, builder, client, files, ids, intake, leave, unreachable};

/// How many damaged files are tested.
const CASES: usize = 30;

/// Returns the last position of a string in a file.
fn last_position(bytes: &[u8], string: &str) -> usize {
    let windows = bytes.windows(string.len());
    windows.into_iter().rposition(|window| window == string.as_bytes()).unwrap()
}

/// Changes a file with 100 jobs, and opens it. Returns the notices as well.
async fn open(
    directory: &Path,
    url: &str,
    change: impl FnOnce(&mut Vec<u8>),
) -> (Result<Outbox, OutboxError>, Arc<Mutex<Vec<Notice>>>) {
    leave(directory, "e", 100).await;
    let path = directory.join("lane-1.redb");
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
    let notices = Arc::new(Mutex::new(Vec::new()));
    let builder = {
        let notices = Arc::clone(&notices);
        builder(client(url)).on_notice(move |notice| notices.lock().unwrap().push(notice.clone()))
    };
    (builder.open(directory).await, notices)
}

#[tokio::test]
async fn a_flipped_bit_loses_one_event_and_is_reported() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let flip = |bytes: &mut Vec<u8>| {
        // Damages every copy of the event, because it is unknown which one is used.
        while let Some(at) = bytes.windows(6).rposition(|window| window == b"\"e-42\"") {
            bytes[at + 3] ^= 0x40;
        }
    };
    let (outbox, notices) = open(directory.path(), intake.url(), flip).await;
    let outbox = outbox.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    let expected = (0..100).filter(|number| *number != 42);
    assert_eq!(arrived(&intake), ids("e", expected));
    let notices = notices.lock().unwrap();
    let [Notice::Damaged { kept, events: Some(1) }] = &notices[..] else { panic!("{notices:?}") };
    assert!(kept.try_exists().unwrap());
    assert!(
        notices[0].to_string().contains("1 events are lost, the others will be sent"),
        "{}",
        notices[0]
    );
}

#[tokio::test]
async fn events_are_recovered_from_a_file_without_its_header() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let (outbox, notices) =
        open(directory.path(), intake.url(), |bytes| bytes[..4096].fill(0)).await;
    assert_eq!(outbox.unwrap().flush(LONG).await.left, 0);
    let mut arrived = arrived(&intake);
    arrived.sort();
    let mut expected = ids("e", 0..100);
    expected.sort();
    assert_eq!(arrived, expected);
    let notices = notices.lock().unwrap();
    assert!(matches!(&notices[..], [Notice::Damaged { events: None, .. }]), "{notices:?}");
}

#[tokio::test]
async fn events_are_recovered_from_a_truncated_file() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(last_position(bytes, "\"e-42\""));
    let (outbox, _) = open(directory.path(), intake.url(), cut).await;
    let outbox = outbox.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert!(arrived(&intake).len() > 10);
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), "damaged-1"), ["lane-1.damaged-1"]);
}

#[tokio::test]
async fn intact_events_of_a_damaged_file_arrive_or_the_error_names_the_file() {
    let source = tempfile::tempdir().unwrap();
    leave(source.path(), "e", 100).await;
    let good = fs::read(source.path().join("lane-1.redb")).unwrap();
    let copies = copies(&good);
    assert_eq!(copies.len(), 100);
    let mut random = fastrand::Rng::with_seed(3);
    let (mut opened, mut named) = (0, 0);
    for case in 0..CASES {
        let (what, bytes) = damaged(&good, &mut random);
        let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
        let path = directory.path().join("lane-1.redb");
        fs::write(&path, &bytes).unwrap();
        match builder(client(intake.url())).open(directory.path()).await {
            Ok(outbox) => {
                assert_eq!(outbox.flush(LONG).await.left, 0, "case {case}: {what}");
                let arrived = arrived(&intake);
                let mut lost = intact(&copies, &good, &bytes);
                lost.retain(|id| !arrived.contains(id));
                assert!(lost.is_empty(), "case {case}: {what}: {lost:?}");
                opened += 1;
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(path.to_str().unwrap()), "case {case}: {what}: {error}");
                let lost = intact(&copies, &good, &bytes);
                assert!(lost.is_empty(), "case {case}: {what}: {error}: {lost:?}");
                named += 1;
            }
        }
    }
    assert!(opened > CASES / 2, "{opened} opened, {named} named");
}

/// Returns the positions of the copies of each event in a file.
fn copies(good: &[u8]) -> BTreeMap<String, Vec<usize>> {
    let mut copies: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in (0..good.len()).filter(|at| good[*at..].starts_with(b"\"e-")) {
        let id = good[at + 1..].split(|byte| *byte == b'"').next().unwrap();
        copies.entry(String::from_utf8(id.to_vec()).unwrap()).or_default().push(at);
    }
    copies
}

/// Returns the events whose copies in a file are all unchanged, with the bytes around them.
fn intact(copies: &BTreeMap<String, Vec<usize>>, good: &[u8], bytes: &[u8]) -> Vec<String> {
    let is_unchanged = |at: &usize| bytes.get(at - 300..at + 500) == good.get(at - 300..at + 500);
    let intact = copies.iter().filter(|(_, positions)| positions.iter().all(is_unchanged));
    intact.map(|(id, _)| id.clone()).collect()
}

/// Truncates a file, or changes some bytes. Returns the kind of damage and the file.
fn damaged(good: &[u8], random: &mut fastrand::Rng) -> (String, Vec<u8>) {
    let mut bytes = good.to_vec();
    // Much of a file is unused, so only positions with data are damaged.
    let mut position = || loop {
        let position = random.usize(..good.len());
        if good[position] != 0 {
            return position;
        }
    };
    let what = match position() % 3 {
        0 => {
            bytes.truncate(position());
            format!("truncated at {}", bytes.len())
        }
        1 => {
            let page = position() / 4096 * 4096;
            bytes[page..page + 4096].fill(0);
            format!("zeroed page at {page}")
        }
        _ => {
            let positions = [position(), position(), position()];
            for at in positions {
                bytes[at] ^= 1 << (at % 8);
            }
            format!("flipped bits at {positions:?}")
        }
    };
    (what, bytes)
}

#[tokio::test]
async fn the_error_names_a_file_without_events_and_the_file_is_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lane-1.redb");
    for content in ["", "not a database in spite of its name"] {
        fs::write(&path, content).unwrap();
        let error = builder(unreachable()).open(directory.path()).await.unwrap_err().to_string();
        let expected = [path.to_str().unwrap(), "no event found", "move it away"];
        assert!(expected.iter().all(|part| error.contains(part)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[tokio::test]
async fn a_damaged_lane_of_another_process_does_not_prevent_opening() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    fs::write(directory.path().join("lane-7.redb"), "nothing of use").unwrap();
    let (outbox, notices) = open(directory.path(), intake.url(), |_| {}).await;
    assert_eq!(outbox.unwrap().flush(LONG).await.delivered, 100);
    let notices = notices.lock().unwrap();
    let [Notice::File(error)] = &notices[..] else { panic!("{notices:?}") };
    assert!(error.to_string().contains("lane-7.redb"), "{error}");
}

#[tokio::test]
async fn the_error_names_a_path_that_is_not_a_directory() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("events");
    fs::write(&file, "a file").unwrap();
    let error = builder(unreachable()).open(&file).await.unwrap_err();
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
}
