//! Directories that cannot be used, files that are damaged, and disks that are full.

use std::fs;
use std::path::Path;
use std::process::Command;

use datadog_ci_intake::{IntakeError, LocalIntake};
use serde_json::json;

use crate::http::{self, SEND, post};
use crate::program::Program;
use crate::random::Random;

const FILE: &str = "events.redb";
/// Ways to damage a file, of each kind of file. None of 1500 went by without a word; of single
/// bits in the head of a file, one does (see the check of the file).
const CASES: usize = 60;

async fn open(directory: &Path) -> Result<LocalIntake, IntakeError> {
    LocalIntake::builder().data_dir(directory).start().await
}

/// A request with as many events, each of about as many bytes.
fn body(name: &str, events: usize, bytes: usize) -> Vec<u8> {
    let event = |number| {
        json!({ "type": "cipipeline_resource_request", "attributes": { "resource": {
            "level": "job", "id": format!("{name}-{number}"), "name": "build",
            "url": "http://ci/1", "pipeline_unique_id": name, "pipeline_name": "deploy",
            "start": "2026-07-14T10:00:00Z", "end": "2026-07-14T10:01:00Z", "status": "error",
            "error": { "message": "m".repeat(bytes) },
        } } })
    };
    json!({ "data": (0..events).map(event).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// Events in a directory: as they are once the program is killed, and as it leaves them.
async fn filled(directory: &Path, is_killed: bool) -> Vec<datadog_ci_intake::StoredEvent> {
    let mut program = Program::durable(directory);
    for request in 0..12 {
        let body = body(&request.to_string(), 1 + request * 3 % 20, 40 * request);
        assert_eq!(post(&program.address, SEND, &body).unwrap().status, 202);
    }
    program.kill();
    if is_killed {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(directory.join(FILE), copy.path().join(FILE)).unwrap();
        return open(copy.path()).await.unwrap().events();
    }
    let intake = open(directory).await.unwrap();
    let events = intake.events();
    intake.stop().await.unwrap();
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_whole_or_named() {
    for is_killed in [false, true] {
        let source = tempfile::tempdir().unwrap();
        let events = filled(source.path(), is_killed).await;
        let good = fs::read(source.path().join(FILE)).unwrap();
        let mut random = Random(if is_killed { 11 } else { 12 });
        let (mut whole, mut named) = (0, 0);
        for case in 0..CASES {
            let (what, bytes) = damaged(&good, &mut random);
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join(FILE);
            fs::write(&path, bytes).unwrap();
            match open(directory.path()).await {
                Ok(intake) => {
                    assert_eq!(intake.events(), events, "case {case}: {what}");
                    whole += 1;
                }
                Err(error) => {
                    let error = error.to_string();
                    let says = [path.to_str().unwrap(), "put back a copy"];
                    assert!(says.iter().all(|say| error.contains(say)), "{what}: {error}");
                    named += 1;
                }
            }
        }
        assert!(whole > 0 && named > CASES / 4);
    }
}

/// A file that is cut off, or in which some bytes are others.
fn damaged(good: &[u8], random: &mut Random) -> (String, Vec<u8>) {
    let mut bytes = good.to_vec();
    // Much of a file is free; its first page and what is used are worth more attention.
    let used: Vec<usize> = (0..good.len()).filter(|at| good[*at] != 0).collect();
    let what = match random.below(4) {
        0 => {
            bytes.truncate(random.below(good.len()));
            format!("cut off at {}", bytes.len())
        }
        1 => {
            let page = random.of(&used) / 4096 * 4096;
            bytes[page..page + 4096].fill(0);
            format!("nothing from {page} on")
        }
        _ => {
            let places: Vec<usize> = (0..1 + random.below(4)).map(|_| random.of(&used)).collect();
            for place in &places {
                bytes[*place] ^= 1 << random.below(8);
            }
            format!("bits at {places:?}")
        }
    };
    (what, bytes)
}

#[tokio::test]
async fn what_is_no_file_of_events_is_named() {
    for content in ["", "not a database, whatever its name says"] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE), content).unwrap();
        let error = open(directory.path()).await.unwrap_err().to_string();
        assert!(error.contains("events.redb cannot be used"), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_was_begun_and_not_finished_is_begun_again() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("events.redb.new"), "half of").unwrap();
    assert!(open(directory.path()).await.unwrap().events().is_empty());
}

#[tokio::test]
async fn a_directory_that_cannot_be_one_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("events");
    fs::write(&file, "a file").unwrap();
    for directory in [file.clone(), file.join("below")] {
        let error = open(&directory).await.unwrap_err().to_string();
        let says = format!("the directory {} cannot be used", directory.display());
        assert!(error.contains(&says), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let opened = open(directory.path()).await;
    // The superuser may write everywhere.
    if let Err(error) = opened {
        let error = error.to_string();
        assert!(error.contains(directory.path().to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_second_process_is_told_that_there_is_a_first() {
    let directory = tempfile::tempdir().unwrap();
    let first = Program::durable(directory.path());
    let mut second = Command::new(env!("CARGO_BIN_EXE_datadog-ci-intake"));
    second.args(["--listen", "127.0.0.1:0", "--data"]).arg(directory.path());
    let said = Program::run(second).map(|program| program.address.clone()).unwrap_err();
    assert!(said.contains("error: the directory"), "{said}");
    assert!(said.contains("another process uses it"), "{said}");
    assert_eq!(http::count(&first.address), 0);
}

/// The program with files of no more than some KiB. A shell can set this limit without code
/// that is unsafe, and lets writes fail instead of ending the process.
#[cfg(target_os = "linux")]
fn limited(directory: &Path, kibibytes: usize) -> Program {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kibibytes * 2);
    command.args(["-c", &script, env!("CARGO_BIN_EXE_datadog-ci-intake")]);
    command.args(["--any-age", "--listen", "127.0.0.1:0", "--data"]).arg(directory);
    Program::run(command).unwrap_or_else(|log| panic!("the program did not start: {log}"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_answered_with_503_and_what_fits_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = limited(directory.path(), 2048);
    let send =
        |name: &str, events| post(&program.address, SEND, &body(name, events, 4900)).unwrap();
    assert_eq!(send("first", 1).status, 202);
    for attempt in ["large", "large", "larger"] {
        let answer = send(attempt, 600);
        assert_eq!(answer.status, 503, "{}", answer.text());
        let reason = answer.json()["errors"][0]["detail"].to_string();
        assert!(reason.contains("the events could not be kept"), "{reason}");
        assert_eq!(http::count(&program.address), 1, "nothing of it is there");
    }
    // It is not stopped for good: what fits is taken again.
    assert_eq!(send("small", 1).status, 202);
    program.assert_sound();
    program.kill();
    let program = Program::durable(directory.path());
    let ids = http::get(&program.address, "/_intake/events").unwrap().json();
    let id = |at: usize| ids["data"][at]["attributes"]["ci"]["job"]["id"].clone();
    assert_eq!([id(0), id(1), id(2)], [json!("first-0"), json!("small-0"), json!(null)]);
    let answer = post(&program.address, SEND, &body("large", 600, 4900)).unwrap();
    assert_eq!(answer.status, 202, "there is room again");
}
