//! Unusable directories, damaged files and full disks.

use std::fs;
use std::path::Path;
use std::process::Command;

use datadog_ci_intake::{IntakeError, LocalIntake, StoredEvent};
use fastrand::Rng;
use serde_json::json;

use crate::http::{self, SEND, post};
use crate::program::Program;

const FILE: &str = "events.redb";
/// The number of damaged copies of each file. All of 1500 were detected or harmless. The exception
/// is a single bit in the first page, documented in the module `journal`.
const CASES: usize = 60;

async fn open(directory: &Path) -> Result<LocalIntake, IntakeError> {
    LocalIntake::builder().data_dir(directory).start().await
}

/// Returns a body with this many events, each of about this many bytes.
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

/// Stores events in a directory, and returns them. The file is left as a kill, or a graceful
/// shutdown after it, leaves it.
async fn filled(directory: &Path, is_killed: bool) -> Vec<StoredEvent> {
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
async fn damage_is_harmless_or_reported() {
    for is_killed in [false, true] {
        let source = tempfile::tempdir().unwrap();
        let events = filled(source.path(), is_killed).await;
        let good = fs::read(source.path().join(FILE)).unwrap();
        let mut random = Rng::with_seed(if is_killed { 11 } else { 12 });
        let (mut harmless, mut reported) = (0, 0);
        for case in 0..CASES {
            let (damage, bytes) = damaged(&good, &mut random);
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join(FILE);
            fs::write(&path, bytes).unwrap();
            match open(directory.path()).await {
                Ok(intake) => {
                    assert_eq!(intake.events(), events, "case {case}: {damage}");
                    harmless += 1;
                }
                Err(error) => {
                    let error = error.to_string();
                    let parts = [path.to_str().unwrap(), "restore a copy"];
                    assert!(parts.iter().all(|part| error.contains(part)), "{damage}: {error}");
                    reported += 1;
                }
            }
        }
        assert!(harmless > 0 && reported > CASES / 4);
    }
}

/// Truncates a copy of a file, or changes some of its bytes. Returns the change and the copy.
fn damaged(good: &[u8], random: &mut Rng) -> (String, Vec<u8>) {
    let mut bytes = good.to_vec();
    // Most of the file is unused, so only its used bytes are changed.
    let used: Vec<usize> = (0..good.len()).filter(|at| good[*at] != 0).collect();
    let damage = match random.usize(..4) {
        0 => {
            bytes.truncate(random.usize(..good.len()));
            format!("truncated at {}", bytes.len())
        }
        1 => {
            let page = *random.choice(&used).unwrap() / 4096 * 4096;
            bytes[page..page + 4096].fill(0);
            format!("zeros from {page} on")
        }
        _ => {
            let positions: Vec<usize> =
                (0..1 + random.usize(..4)).map(|_| *random.choice(&used).unwrap()).collect();
            for position in &positions {
                bytes[*position] ^= 1 << random.usize(..8);
            }
            format!("bits at {positions:?}")
        }
    };
    (damage, bytes)
}

#[tokio::test]
async fn other_files_are_reported() {
    for content in ["", "not a database"] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE), content).unwrap();
        let error = open(directory.path()).await.unwrap_err().to_string();
        assert!(error.contains("cannot use the events in"), "{error}");
    }
}

#[tokio::test]
async fn an_incomplete_new_file_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("events.redb.new"), "half of").unwrap();
    assert!(open(directory.path()).await.unwrap().events().is_empty());
}

#[tokio::test]
async fn an_invalid_directory_is_reported() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("events");
    fs::write(&file, "a file").unwrap();
    for directory in [file.clone(), file.join("below")] {
        let error = open(&directory).await.unwrap_err().to_string();
        let expected = format!("cannot store events in the directory {}", directory.display());
        assert_eq!(error, expected);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_directory_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let opened = open(directory.path()).await;
    // The superuser can write to any directory.
    if let Err(error) = opened {
        let error = error.to_string();
        assert!(error.contains(directory.path().to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_directory_in_use_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let first = Program::durable(directory.path());
    let mut second = Command::new(env!("CARGO_BIN_EXE_datadog-ci-intake"));
    second.args(["--listen", "127.0.0.1:0", "--data"]).arg(directory.path());
    let error = Program::run(second).map(|program| program.address.clone()).unwrap_err();
    assert!(error.contains("error: cannot store events in the directory"), "{error}");
    assert!(error.contains(": another process uses it"), "{error}");
    assert_eq!(http::count(&first.address), 0);
}

/// Starts the program with a limit on the size of its files. A shell can set this limit without
/// unsafe code, and can make writes fail instead of ending the process.
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
fn a_full_disk_causes_503_and_smaller_requests_are_stored() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = limited(directory.path(), 2048);
    let send =
        |name: &str, events| post(&program.address, SEND, &body(name, events, 4900)).unwrap();
    assert_eq!(send("first", 1).status, 202);
    for attempt in ["large", "large", "larger"] {
        let response = send(attempt, 600);
        assert_eq!(response.status, 503, "{}", response.body_str());
        let reason = response.json()["errors"][0]["detail"].to_string();
        assert!(reason.contains("the events could not be stored"), "{reason}");
        assert_eq!(http::count(&program.address), 1, "none of its events is stored");
    }
    // Later requests that fit are accepted.
    assert_eq!(send("small", 1).status, 202);
    program.assert_healthy();
    program.kill();
    let program = Program::durable(directory.path());
    let ids = http::get(&program.address, "/_intake/events").unwrap().json();
    let id = |at: usize| ids["data"][at]["attributes"]["ci"]["job"]["id"].clone();
    assert_eq!([id(0), id(1), id(2)], [json!("first-0"), json!("small-0"), json!(null)]);
    let response = post(&program.address, SEND, &body("large", 600, 4900)).unwrap();
    assert_eq!(response.status, 202, "there is space again");
}
