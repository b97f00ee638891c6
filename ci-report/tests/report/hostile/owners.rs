//! Directories of other users, and files that cannot be written.

use std::fs;
use std::os::unix::fs::chown;

use crate::support::{World, code, run};

#[test]
fn events_are_not_left_in_a_directory_of_another_user() {
    let world = World::new();
    world.script("ci-report start pipeline p");
    world.flush();
    // As with `sudo`, which keeps HOME. Only root can give a directory away.
    let waiting = world.directory.join(".local/state/ci-report/outbox/local/waiting");
    if chown(&waiting, Some(12_345), None).is_err() {
        return;
    }
    let output = run(&mut world.program(&["run", "--job", "j", "--", "true"]), b"");
    assert_eq!(code(&output), 0);
    assert_eq!(fs::read_dir(&waiting).unwrap().count(), 0);
    assert_eq!(world.event("job", "j").status(), "success");
}

#[test]
fn the_end_is_reported_even_if_the_state_cannot_be_changed() {
    let world = World::new();
    let state = world.directory.join("state.json");
    let program = |arguments: &[&str]| {
        let output = run(world.program(arguments).env("CI_REPORT_STATE", &state), b"");
        assert_eq!((code(&output), output.stderr.as_slice()), (0, &b""[..]), "{arguments:?}");
    };
    program(&["start", "pipeline", "p"]);
    program(&["start", "job", "j"]);
    let lock = world.directory.join("state.json.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    program(&["finish", "--status", "error"]);
    assert_eq!(world.event("job", "j").status(), "error");
}
