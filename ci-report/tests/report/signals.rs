//! Signals reach the command, and the scope is canceled.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::support::{World, is_ignored, until, wait};

/// Starts a script as a wrapped command in a process group of its own, and waits until it runs.
fn start(world: &World, script: &str) -> Child {
    let marker = world.directory.join("runs");
    let script = format!("trap 'echo got TERM >> log' TERM; trap 'echo got INT >> log' INT
        {script} touch runs; n=0; while [ $n -lt 100 ] && [ ! -e stop ]; do sleep 0.1; n=$((n+1)); done
        echo end >> log; exit 9");
    let child = world
        .program(&["run", "--pipeline", "deploy", "--", "sh", "-c", &script])
        .process_group(0)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("the script runs", || marker.exists());
    child
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap()
}

fn log(world: &World) -> String {
    std::fs::read_to_string(world.directory.join("log")).unwrap_or_default()
}

#[test]
fn a_signal_for_the_program_is_forwarded_and_cancels_the_scope() {
    let world = World::new();
    let mut child = start(&world, "");
    kill_process(pid(&child), Signal::TERM).unwrap();
    until("the signal arrives", || log(&world).contains("got TERM"));
    std::fs::write(world.directory.join("stop"), "").unwrap();
    assert_eq!(wait(&mut child).code(), Some(9));
    assert_eq!(log(&world), "got TERM\nend\n");
    let event = world.event("pipeline", "deploy");
    assert_eq!(event.status(), "canceled");
    assert_eq!(event.attribute("error.message"), "canceled by SIGTERM");
}

#[test]
fn a_command_that_dies_of_a_forwarded_signal_has_its_exit_code() {
    let world = World::new();
    let signals = [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)];
    for (signal, code) in signals.into_iter().filter(|(signal, _)| !is_ignored(*signal)) {
        let mut child = world.program(&["run", "--", "sleep", "30"]).spawn().unwrap();
        let children = format!("/proc/{0}/task/{0}/children", child.id());
        until("the command runs", || {
            std::fs::read_to_string(&children).is_ok_and(|c| !c.is_empty())
        });
        kill_process(pid(&child), signal).unwrap();
        assert_eq!(wait(&mut child).code(), Some(code));
    }
    assert!(world.events().iter().all(|event| event.status() == "canceled"));
}

#[test]
fn a_signal_for_the_group_ends_everything() {
    let world = World::new();
    let mut child = start(&world, "trap - TERM;");
    kill_process_group(pid(&child), Signal::TERM).unwrap();
    assert_eq!(wait(&mut child).code(), Some(143));
    assert_eq!(world.event("pipeline", "deploy").status(), "canceled");
    // The group is gone.
    until("nothing is left", || kill_process_group(pid(&child), Signal::TERM).is_err());
}

#[test]
fn killing_the_group_leaves_nothing_running() {
    let world = World::new();
    let mut child = start(&world, "");
    let is_recorded = || {
        let waiting = world.status()["outbox"][0]["waiting"].as_u64();
        waiting.unwrap_or_default() > 0 || world.intake.event_count() > 0
    };
    until("the start is recorded", is_recorded);
    kill_process_group(pid(&child), Signal::KILL).unwrap();
    wait(&mut child);
    until("nothing is left", || kill_process_group(pid(&child), Signal::KILL).is_err());
    assert_eq!(world.event("pipeline", "deploy").status(), "running");
}

#[test]
fn an_ignored_signal_stays_ignored() {
    let world = World::new();
    let script = "trap '' HUP; exec ci-report run -- sh -c 'grep SigIgn /proc/self/status | tail -c 8; kill -HUP $$; echo alive'";
    let wrapped = world.script(script);
    let plain = world.script(
        "trap '' HUP; exec sh -c 'grep SigIgn /proc/self/status | tail -c 8; kill -HUP $$; echo alive'",
    );
    assert_eq!(wrapped, plain);
    assert!(wrapped.ends_with("alive\n"));
}
