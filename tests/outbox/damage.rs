//! Files that are not as they were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use datadog_ci_pipelines::outbox::{Notice, Outbox, OutboxError};

use super::{LONG, Random, arrived, builder, client, files, ids, intake, leave, nobody};

/// Ways to damage a file.
const CASES: usize = 30;

/// Where something stands in a file, the last time it does.
fn place(bytes: &[u8], text: &str) -> usize {
    let windows = bytes.windows(text.len());
    windows.into_iter().rposition(|window| window == text.as_bytes()).unwrap()
}

/// Changes a file with 100 jobs, and opens it.
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
    let told = Arc::new(Mutex::new(Vec::new()));
    let builder = {
        let told = Arc::clone(&told);
        builder(client(url)).on_notice(move |notice| told.lock().unwrap().push(notice.clone()))
    };
    (builder.open(directory).await, told)
}

#[tokio::test]
async fn a_flipped_bit_costs_one_event_and_is_said() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let flip = |bytes: &mut Vec<u8>| {
        // Every copy of it that is in the file: older ones are no longer used.
        while let Some(at) = bytes.windows(6).rposition(|window| window == b"\"e-42\"") {
            bytes[at + 3] ^= 0x40;
        }
    };
    let (outbox, told) = open(directory.path(), intake.url(), flip).await;
    let outbox = outbox.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    let expected = (0..100).filter(|number| *number != 42);
    assert_eq!(arrived(&intake), ids("e", expected));
    let told = told.lock().unwrap();
    let [Notice::Damaged { kept, events: Some(1) }] = &told[..] else { panic!("{told:?}") };
    assert!(kept.try_exists().unwrap());
    assert!(told[0].to_string().contains("1 are lost, the others go out"), "{}", told[0]);
}

#[tokio::test]
async fn a_file_of_which_the_head_is_gone_still_gives_its_events() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let (outbox, told) = open(directory.path(), intake.url(), |bytes| bytes[..4096].fill(0)).await;
    assert_eq!(outbox.unwrap().flush(LONG).await.left, 0);
    let mut arrived = arrived(&intake);
    arrived.sort();
    let mut expected = ids("e", 0..100);
    expected.sort();
    assert_eq!(arrived, expected);
    let told = told.lock().unwrap();
    assert!(matches!(&told[..], [Notice::Damaged { events: None, .. }]), "{told:?}");
}

#[tokio::test]
async fn a_file_that_is_cut_off_gives_what_is_there() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(place(bytes, "\"e-42\""));
    let (outbox, _) = open(directory.path(), intake.url(), cut).await;
    let outbox = outbox.unwrap();
    assert_eq!(outbox.flush(LONG).await.left, 0);
    assert!(arrived(&intake).len() > 10);
    outbox.close().await.unwrap();
    assert_eq!(files(directory.path(), "damaged-1"), ["lane-1.damaged-1"]);
}

#[tokio::test]
async fn whatever_is_damaged_the_events_that_are_whole_arrive_or_the_file_is_named() {
    let source = tempfile::tempdir().unwrap();
    leave(source.path(), "e", 100).await;
    let good = fs::read(source.path().join("lane-1.redb")).unwrap();
    let copies = copies(&good);
    assert_eq!(copies.len(), 100);
    let mut random = Random(3);
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
                let mut lost = whole(&copies, &good, &bytes);
                lost.retain(|id| !arrived.contains(id));
                assert!(lost.is_empty(), "case {case}: {what}: {lost:?}");
                opened += 1;
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(path.to_str().unwrap()), "case {case}: {what}: {error}");
                let lost = whole(&copies, &good, &bytes);
                assert!(lost.is_empty(), "case {case}: {what}: {error}: {lost:?}");
                named += 1;
            }
        }
    }
    assert!(opened > CASES / 2, "{opened} opened, {named} named");
}

/// Where the copies of each event are in a file.
fn copies(good: &[u8]) -> BTreeMap<String, Vec<usize>> {
    let mut copies: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in (0..good.len()).filter(|at| good[*at..].starts_with(b"\"e-")) {
        let id = good[at + 1..].split(|byte| *byte == b'"').next().unwrap();
        copies.entry(String::from_utf8(id.to_vec()).unwrap()).or_default().push(at);
    }
    copies
}

/// The events of which every copy in a file is as it was, with what stands around it.
fn whole(copies: &BTreeMap<String, Vec<usize>>, good: &[u8], bytes: &[u8]) -> Vec<String> {
    let is_whole = |at: &usize| bytes.get(at - 300..at + 500) == good.get(at - 300..at + 500);
    let whole = copies.iter().filter(|(_, places)| places.iter().all(is_whole));
    whole.map(|(id, _)| id.clone()).collect()
}

/// A file that is cut off, or in which some bytes are others.
fn damaged(good: &[u8], random: &mut Random) -> (String, Vec<u8>) {
    let mut bytes = good.to_vec();
    // Much of a file is free; what is used is worth more attention.
    let mut place = || loop {
        let place = random.below(good.len() as u64) as usize;
        if good[place] != 0 {
            return place;
        }
    };
    let what = match place() % 3 {
        0 => {
            bytes.truncate(place());
            format!("cut off at {}", bytes.len())
        }
        1 => {
            let page = place() / 4096 * 4096;
            bytes[page..page + 4096].fill(0);
            format!("nothing from {page} on")
        }
        _ => {
            let places = [place(), place(), place()];
            for at in places {
                bytes[at] ^= 1 << (at % 8);
            }
            format!("bits at {places:?}")
        }
    };
    (what, bytes)
}

#[tokio::test]
async fn a_file_without_events_is_named_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lane-1.redb");
    for content in ["", "not a database, whatever its name says"] {
        fs::write(&path, content).unwrap();
        let error = builder(nobody()).open(directory.path()).await.unwrap_err().to_string();
        let says = [path.to_str().unwrap(), "no event was found in it", "move it away"];
        assert!(says.iter().all(|say| error.contains(say)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[tokio::test]
async fn a_damaged_lane_of_another_process_is_no_reason_not_to_begin() {
    let (directory, intake) = (tempfile::tempdir().unwrap(), intake().await);
    fs::write(directory.path().join("lane-7.redb"), "nothing of use").unwrap();
    let (outbox, told) = open(directory.path(), intake.url(), |_| {}).await;
    assert_eq!(outbox.unwrap().flush(LONG).await.delivered, 100);
    let told = told.lock().unwrap();
    let [Notice::File(error)] = &told[..] else { panic!("{told:?}") };
    assert!(error.to_string().contains("lane-7.redb"), "{error}");
}

#[tokio::test]
async fn a_directory_that_cannot_be_one_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("events");
    fs::write(&file, "a file").unwrap();
    let error = builder(nobody()).open(&file).await.unwrap_err();
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
}
