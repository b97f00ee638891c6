//! Files that are not as they were written.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use datadog_ci_pipelines::outbox::{Notice, Outbox, OutboxError};

use super::{LONG, arrived, builder, client, files, ids, intake, leave, nobody};

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
