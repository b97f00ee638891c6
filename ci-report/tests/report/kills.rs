//! Processes that are killed at any time.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::support::{World, unreachable, until, wait};

const ROUNDS: u64 = 20;

const SCRIPT: &str = "ci-report start pipeline \"nightly $1\"
    n=0; while [ $n -lt 4 ]; do n=$((n+1))
        ci-report run --job \"job $1 $n\" -- sh -c 'ci-report run -- sleep 0.02; ci-report tag a:b; ci-report run -- true'
    done
    ci-report finish";

/// Returns the ids of the events in a directory, with the status.
fn recorded(directory: &Path) -> BTreeSet<String> {
    let waiting = directory.join(".local/state/ci-report/outbox/local/waiting");
    let files = fs::read_dir(waiting).into_iter().flatten().flatten();
    // Others are prepared, but not recorded: their scopes were still open.
    let paths = files.map(|file| file.path());
    let recorded = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let contents = recorded.filter_map(|path| fs::read_to_string(path).ok());
    contents.filter_map(|content| key(&content)).collect()
}

fn key(json: &str) -> Option<String> {
    let event: serde_json::Value = serde_json::from_str(json).ok()?;
    let resource = event.pointer("/attributes/resource").or(event.pointer("/resource"))?;
    let id = resource["unique_id"].as_str().or(resource["id"].as_str())?;
    Some(format!("{} {id} {}", resource["level"], resource["status"]))
}

#[test]
fn every_recorded_event_arrives_once() {
    let world = World::new();
    let mut random = fastrand::Rng::with_seed(7);
    let mut expected = BTreeSet::new();
    for round in 0..ROUNDS {
        // Up, down or flapping.
        let mut command = world.command("sh");
        match round % 3 {
            0 => &mut command,
            1 => command.env("DD_URL", unreachable()),
            _ => {
                world.intake.drop_next(random.usize(1..4));
                world.intake.fail_next(random.usize(0..3), 503);
                &mut command
            }
        };
        let mut child = command
            .args(["-c", SCRIPT, "sh", &round.to_string()])
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.u64(5..500)));
        let group = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let _ = kill_process_group(group, Signal::KILL);
        wait(&mut child);
        until("nothing is left running", || kill_process_group(group, Signal::KILL).is_err());
        expected.extend(recorded(&world.directory));
        if round % 5 == 4 {
            world.flush();
        }
    }
    world.flush();
    assert_eq!(recorded(&world.directory), BTreeSet::new());
    let events = world.intake.events();
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids.len(), events.len());
    let mut arrived = BTreeSet::new();
    for event in &events {
        let history = world.intake.history(&event.id);
        arrived.extend(history.iter().filter_map(|update| key(&update.sent)));
    }
    assert!(expected.len() > 20, "{}", expected.len());
    let lost: Vec<_> = expected.difference(&arrived).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // No two events have the same id.
    let resources: BTreeSet<_> =
        arrived.iter().map(|key| key.rsplit_once(' ').unwrap().0).collect();
    assert_eq!(resources.len(), events.len());
}
