//! The file with the state of a run.

use std::fs;
use std::path::PathBuf;

use crate::support::{World, run};

/// Returns the file that a script of its own chooses.
fn state(world: &World) -> PathBuf {
    world.directory.join("state.json")
}

fn with_state(world: &World, arguments: &[&str]) -> Vec<u8> {
    let output = run(world.program(arguments).env("CI_REPORT_STATE", state(world)), b"");
    assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
    output.stdout
}

#[test]
fn files_that_cannot_be_used_are_set_aside() {
    let world = World::new();
    with_state(&world, &["start", "pipeline", "p"]);
    with_state(&world, &["start", "job", "j"]);
    let whole = fs::read_to_string(state(&world)).unwrap();
    let future = whole.replace("\"version\": 1", "\"version\": 2");
    assert_ne!(future, whole);
    let cases = [&whole[..whole.len() / 2], "", &future];
    for (number, content) in cases.iter().enumerate() {
        fs::write(state(&world), content).unwrap();
        with_state(&world, &["finish"]);
        with_state(&world, &["start", "job", "after"]);
        with_state(&world, &["tag", "a:b"]);
        with_state(&world, &["finish"]);
        let status: serde_json::Value =
            serde_json::from_slice(&with_state(&world, &["status", "--json"])).unwrap();
        let unreadable = status["unreadable"].as_array().unwrap();
        assert_eq!(unreadable.len(), number + 1, "{status}");
    }
    let status = String::from_utf8(with_state(&world, &["status"])).unwrap();
    assert!(status.contains("written by a newer version (format 2)"), "{status}");
    let events = world.events();
    assert_eq!(
        events.iter().filter(|event| event.name() == "after" && event.has_tag("a:b")).count(),
        3
    );
}

#[test]
fn files_of_others_are_left_alone() {
    let world = World::new();
    fs::write(state(&world), "all: build\n").unwrap();
    with_state(&world, &["start", "job", "j"]);
    with_state(&world, &["finish"]);
    assert_eq!(fs::read_to_string(state(&world)).unwrap(), "all: build\n");
}

#[test]
fn the_file_is_readable_and_goes_with_the_run() {
    let world = World::new();
    with_state(&world, &["start", "pipeline", "nightly"]);
    let content = fs::read_to_string(state(&world)).unwrap();
    assert!(content.contains("\"name\": \"nightly\""), "{content}");
    with_state(&world, &["finish"]);
    assert!(!state(&world).exists());
}

#[test]
fn scripts_of_one_terminal_do_not_share_a_run() {
    let world = World::new();
    // The first script ends without finishing its run.
    world.script(
        "sh -c 'ci-report start pipeline first; true'; sh -c 'ci-report run -- true; true'",
    );
    let events = world.events();
    assert!(events.iter().all(|event| event.level() == "pipeline"), "{events:?}");
}

#[test]
fn background_shells_have_their_own_scopes() {
    let world = World::new();
    world.script(
        "ci-report start pipeline p
        one() { ci-report start job \"$1\"; ci-report run --step \"of $1\" -- sleep 0.05; ci-report finish; }
        for n in 1 2 3 4; do one \"$n\" & done; wait
        ci-report finish",
    );
    for n in 1..=4 {
        let job = world.event("job", &n.to_string());
        assert_eq!(job.status(), "success");
        let step = world.event("step", &format!("of {n}"));
        assert_eq!(step.attribute("ci.job.id"), job.attribute("ci.job.id"));
    }
}
