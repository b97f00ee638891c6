//! Processes that outlive the command whose stderr is captured.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::support::{PROGRAM, World, until, wait};

/// Returns a script that leaves a process of another session, which does something as soon as it is
/// released.
fn leaving(late: &str) -> String {
    format!(
        "(setsid sh -c 'read _ < wait; {late}' > /dev/null < /dev/null &); echo now >&2; exit 3"
    )
}

/// Waits until the process is ready, and returns what it waits for.
fn ready(world: &World) -> File {
    OpenOptions::new().write(true).open(world.directory.join("wait")).unwrap()
}

fn release(mut pipe: File) {
    pipe.write_all(b"go on\n").unwrap();
}

fn world_with_pipe() -> World {
    let world = World::new();
    assert!(Command::new("mkfifo").arg(world.directory.join("wait")).status().unwrap().success());
    world
}

/// Returns a script, plain and wrapped.
fn plain_and_wrapped(world: &World, script: &str) -> [Command; 2] {
    let mut plain = world.command("sh");
    plain.args(["-c", script]);
    let mut wrapped = world.command(PROGRAM);
    wrapped.args(["run", "--job", "j", "--capture-stderr", "2", "--", "sh", "-c", script]);
    [plain, wrapped]
}

#[test]
fn they_keep_its_stderr() {
    let world = world_with_pipe();
    for mut command in plain_and_wrapped(&world, &leaving("echo late >&2 && echo fine > result")) {
        let mut child = command.stderr(Stdio::piped()).process_group(0).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        // The command has ended, and so does `run`.
        assert_eq!(wait(&mut child).code(), Some(3));
        let pipe = ready(&world);
        // As a CI system does at the end of a job. What is not in the group survives.
        let group = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let _ = kill_process_group(group, Signal::KILL);
        release(pipe);
        let mut received = String::new();
        // Up to the end: nothing is left that has it open.
        stderr.read_to_string(&mut received).unwrap();
        assert_eq!(received, "now\nlate\n");
        let result = world.directory.join("result");
        until("the process ends", || fs::read(&result).is_ok_and(|it| it == b"fine\n"));
        fs::remove_file(result).unwrap();
    }
    assert_eq!(world.event("job", "j").attribute("error.message"), "now");
}

#[test]
fn they_notice_that_stderr_is_closed() {
    let world = world_with_pipe();
    let late = "trap \"\" PIPE; while echo x >&2; do :; done; echo ended > result";
    for mut command in plain_and_wrapped(&world, &leaving(late)) {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        assert_eq!(wait(&mut child).code(), Some(3));
        drop(stderr);
        release(ready(&world));
        let result = world.directory.join("result");
        until("the process ends", || fs::read(&result).is_ok_and(|it| it == b"ended\n"));
        fs::remove_file(result).unwrap();
    }
}

#[test]
fn a_command_that_succeeds_loses_nothing_of_a_full_stderr() {
    let world = World::new();
    let script = "head -c 300000 /dev/zero >&2";
    for mut command in plain_and_wrapped(&world, script) {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut child = command.stderr(writer).spawn().unwrap();
        drop(command);
        until("the pipe is full", || {
            rustix::io::ioctl_fionread(&reader).is_ok_and(|count| count >= 65_536)
        });
        let mut received = Vec::new();
        reader.read_to_end(&mut received).unwrap();
        assert_eq!(wait(&mut child).code(), Some(0));
        assert_eq!(received.len(), 300_000);
    }
}
