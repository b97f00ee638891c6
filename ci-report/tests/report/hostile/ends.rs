//! A process that is killed while it ends scopes loses no end.

use std::fs::{self, File, OpenOptions};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{World, code, run, wait};

/// SIGKILL.
const KILLED: Option<i32> = Some(9);

fn program(world: &World, arguments: &[&str]) -> Command {
    let mut command = world.program(arguments);
    command.env("CI_REPORT_STATE", world.directory.join("state.json"));
    command
}

fn succeed(world: &World, arguments: &[&str]) {
    let output = run(&mut program(world, arguments), b"");
    assert_eq!((code(&output), output.stderr.as_slice()), (0, &b""[..]), "{arguments:?}");
}

/// Returns the names of the open scopes.
fn open(world: &World) -> Vec<String> {
    let content = fs::read(world.directory.join("state.json")).unwrap_or_default();
    let content: Value = serde_json::from_slice(&content).unwrap_or_default();
    let scopes = content["scopes"].as_array().into_iter().flatten();
    scopes.map(|scope| scope["name"].as_str().unwrap().to_owned()).collect()
}

/// Returns the names of the scopes whose ends wait for delivery.
fn ended(world: &World) -> Vec<String> {
    let waiting = world.directory.join(".local/state/ci-report/outbox/local/waiting");
    let paths = fs::read_dir(waiting).into_iter().flatten().map(|file| file.unwrap().path());
    let events = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let events = events.map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap());
    let resources = events.map(|event: Value| event["attributes"]["resource"].clone());
    let ended = resources.filter(|resource| resource["status"] != "running");
    let mut names: Vec<String> =
        ended.map(|resource| resource["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Starts a pipeline, a stage and a job.
fn start(world: &World) {
    succeed(world, &["start", "pipeline", "p"]);
    succeed(world, &["start", "stage", "outer"]);
    succeed(world, &["start", "job", "inner"]);
    world.flush();
}

#[cfg(debug_assertions)]
#[test]
fn a_kill_at_any_step_of_finish_loses_no_end() {
    for (step, is_open, is_recorded) in [
        ("selected", true, false),
        ("prepared", true, false),
        ("locked", true, false),
        ("published", true, true),
        ("removed", false, true),
    ] {
        let world = World::new();
        start(&world);
        let mut killed = program(&world, &["finish", "stage", "outer", "--status", "error"]);
        let killed = run(killed.env("CI_REPORT_KILL", step), b"");
        assert_eq!(killed.status.signal(), KILLED, "{step}");
        let all = ["inner".to_owned(), "outer".to_owned()];
        assert_eq!(ended(&world), if is_recorded { &all[..] } else { &[] }, "{step}");
        let left: &[&str] = if is_open { &["p", "outer", "inner"] } else { &["p"] };
        assert_eq!(open(&world), left, "{step}");
        // A later one ends what is open, or has nothing to do.
        succeed(&world, &["finish", "stage", "outer", "--status", "error"]);
        assert_eq!(open(&world), ["p"], "{step}");
        // Both have the same id.
        assert_eq!(world.event("stage", "outer").status(), "error", "{step}");
        assert_eq!(world.event("job", "inner").status(), "error", "{step}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_kill_at_any_step_of_run_loses_no_end_of_what_was_left_open() {
    for step in ["selected", "prepared", "locked", "published", "removed"] {
        let world = World::new();
        let script = "sh -c 'ci-report start job left; exit 3'";
        let mut killed = program(&world, &["run", "--pipeline", "p", "--", "sh", "-c", script]);
        killed.env("CI_REPORT_KILL", step);
        let killed = run(&mut killed, b"");
        assert_eq!(killed.status.signal(), KILLED, "{step}");
        let is_open = open(&world) == ["left"];
        let is_recorded = ended(&world).contains(&"left".to_owned());
        let is_delivered = world.events().iter().any(|event| event.status() == "error");
        assert!(is_open || is_recorded || is_delivered, "{step}");
    }
}

/// Runs `finish` until it reads the commit, from a pipe. Returns the path of the pipe, and the pipe.
fn finish_slowly(world: &World) -> (Child, PathBuf, File) {
    // Reading the checkout waits until this is written.
    let head = world.directory.join(".git/HEAD");
    for directory in ["objects", "refs"] {
        fs::create_dir_all(world.directory.join(".git").join(directory)).unwrap();
    }
    assert!(Command::new("mkfifo").arg(&head).status().unwrap().success());
    let mut finish = program(world, &["finish"]);
    let finish = finish.stderr(Stdio::null()).spawn().unwrap();
    // This waits for the reader.
    let pipe = OpenOptions::new().write(true).open(&head).unwrap();
    (finish, head, pipe)
}

#[test]
fn a_kill_while_the_commit_is_read_leaves_the_scope_open() {
    let world = World::new();
    start(&world);
    let (mut finish, _, pipe) = finish_slowly(&world);
    finish.kill().unwrap();
    assert_eq!(wait(&mut finish).signal(), KILLED);
    drop(pipe);
    fs::remove_dir_all(world.directory.join(".git")).unwrap();
    assert_eq!(open(&world), ["p", "outer", "inner"]);
    succeed(&world, &["finish"]);
    assert_eq!(world.event("job", "inner").status(), "success");
}

#[test]
fn a_tag_that_is_added_while_the_end_is_prepared_is_not_lost() {
    let world = World::new();
    start(&world);
    let (mut finish, head, pipe) = finish_slowly(&world);
    succeed(&world, &["tag", "late:yes"]);
    // Others read it without waiting.
    let file = head.with_extension("file");
    fs::write(&file, "ref: refs/heads/main\n").unwrap();
    fs::rename(file, head).unwrap();
    drop(pipe);
    assert!(wait(&mut finish).success());
    assert!(world.event("job", "inner").has_tag("late:yes"));
    assert_eq!(ended(&world), [""; 0]);
}
