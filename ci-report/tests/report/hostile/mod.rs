//! Environments in which little works.

mod ends;
mod order;
mod outliving;
mod owners;
mod panics;

use std::fs;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{World, code, run};

const SCRIPT: &str = "cat; echo out; echo err >&2; ci-report tag a:b; exit 6";

/// Compares a wrapped script with the same script, in an environment.
fn compare(world: &World, prepare: impl Fn(&mut Command) -> &mut Command) {
    let mut plain = world.command("sh");
    let plain = run(prepare(&mut plain).args(["-c", SCRIPT]), b"in");
    let mut wrapped = world.command("sh");
    let script = "ci-report run -- sh -c \"$1\"";
    let wrapped = run(prepare(&mut wrapped).args(["-c", script, "sh", SCRIPT]), b"in");
    assert_eq!(wrapped.stdout, plain.stdout);
    assert_eq!(wrapped.stderr, plain.stderr);
    assert_eq!((code(&wrapped), code(&plain)), (6, 6));
    assert_eq!(plain.stdout, b"inout\n");
    let each = [
        &["start", "job", "j"][..],
        &["tag", "a:b"],
        &["measure", "a:1"],
        &["finish"],
        &["status"],
    ];
    for arguments in each {
        let output = run(prepare(&mut world.program(arguments)), b"");
        assert_eq!(code(&output), 0, "{arguments:?}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_home_that_cannot_be_written() {
    let world = World::new();
    // Not even root can write there.
    compare(&world, |command| command.env("HOME", "/proc"));
    // Everything is stored among the temporary files.
    let output = run(world.program(&["flush", "--strict"]).env("HOME", "/proc"), b"");
    assert_eq!(code(&output), 0);
    assert!(world.intake.event_count() > 0);
}

#[test]
fn no_home() {
    let world = World::new();
    compare(&world, |command| command.env_remove("HOME"));
    let output = run(world.program(&["flush", "--strict"]).env_remove("HOME"), b"");
    assert_eq!(code(&output), 0);
    assert!(world.intake.event_count() > 0);
}

#[test]
fn no_directory_that_can_be_written() {
    let world = World::new();
    compare(&world, |command| command.env("HOME", "/proc").env("TMPDIR", "/proc"));
}

#[test]
fn no_space_for_files() {
    let world = World::new();
    // Every write to a file fails, as on a full disk.
    let limited = |script: &str| {
        let script = format!("ulimit -f 0; {script}");
        run(world.command("sh").args(["-c", &script]), b"in")
    };
    let plain = limited("cat; echo out; echo err >&2; exit 6");
    let wrapped = limited("ci-report run -- sh -c 'cat; echo out; echo err >&2; exit 6'");
    assert_eq!((&wrapped.stdout, &wrapped.stderr), (&plain.stdout, &plain.stderr));
    assert_eq!((code(&wrapped), code(&plain)), (6, 6));
    for command in ["start job j", "tag a:b", "finish", "flush"] {
        let output = limited(&format!("ci-report {command}"));
        assert_eq!(code(&output), 0, "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // No part of an event is left.
    let waiting = world.directory.join(".local/state/ci-report/outbox/local/waiting");
    assert_eq!(fs::read_dir(waiting).map(Iterator::count).unwrap_or_default(), 0);
}

#[test]
fn a_service_that_is_down_or_never_responds() {
    let world = World::new();
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    compare(&world, |command| command.env("DD_URL", format!("http://{refused}")));
    // It accepts connections and never responds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let started = Instant::now();
    compare(&world, |command| command.env("DD_URL", format!("http://{address}")));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    // Nothing is lost.
    let statuses: Vec<String> = world.events().iter().map(|event| event.status()).collect();
    assert_eq!(statuses.iter().filter(|status| *status == "error").count(), 2, "{statuses:?}");
}

#[test]
fn a_service_that_rejects_events_or_the_key() {
    let world = World::new();
    world.intake.fail_next(1000, 403);
    compare(&world, |command| command);
    let output = run(&mut world.program(&["flush", "--deadline", "20s"]), b"");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(code(&output) == 0 && stderr.contains("403"), "{stderr}");
    let status = world.status();
    assert!(status["outbox"][0]["failure"]["reason"].as_str().unwrap().contains("403"), "{status}");
}

#[test]
fn names_and_arguments_of_any_length_and_encoding() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let world = World::new();
    let binary = OsStr::from_bytes(b"\xff=\xfe");
    let mut command = world.program(&["run", "--", "printf", "%s %s"]);
    let output = run(command.arg(binary).arg("=").env(binary, binary), b"");
    assert_eq!(output.stdout, b"\xff=\xfe =");
    // Together with the name of its variable it is longer than a variable may be.
    let name = "n".repeat(128 * 1024 - 8);
    let output = run(&mut world.program(&["run", "--job", &name, "--", "echo", "ran"]), b"");
    assert_eq!((output.stdout.as_slice(), code(&output)), (&b"ran\n"[..], 0));
    let tag = format!("a:{}", "t".repeat(100_000));
    let output = run(&mut world.program(&["run", "--tags", &tag, "--", "echo", "ran"]), b"");
    assert_eq!((output.stdout.as_slice(), code(&output)), (&b"ran\n"[..], 0));
    // A script whose variables are not set.
    let output = run(&mut world.program(&["run", "--job", "", "--", "true"]), b"");
    assert_eq!(code(&output), 0);
    assert_eq!(world.event("job", "job").status(), "success");
}

#[test]
fn variables_with_unexpected_values() {
    let world = World::new();
    for value in ["", "yes", "-1"] {
        let mut command = world.program(&["run", "--", "sh", "-c", "echo ran; exit 3"]);
        for name in
            ["CAPTURE_STDERR", "SEND_ARGUMENTS", "FLUSH", "MEASURES", "TAGS", "MASK", "SCOPE"]
        {
            command.env(format!("CI_REPORT_{name}"), value);
        }
        let output = run(&mut command, b"");
        assert_eq!((output.stdout.as_slice(), code(&output)), (&b"ran\n"[..], 3), "{value}");
    }
    // Not even one that is not UTF-8.
    let value = std::os::unix::ffi::OsStrExt::from_bytes(&b"\xff"[..]);
    let value: &std::ffi::OsStr = value;
    let mut command = world.program(&["run", "--", "echo", "ran"]);
    for name in ["CAPTURE_STDERR", "SEND_ARGUMENTS", "FLUSH", "TAGS", "MASK", "SCOPE", "STATE"] {
        command.env(format!("CI_REPORT_{name}"), value);
    }
    let output = run(&mut command, b"");
    assert_eq!((output.stdout.as_slice(), code(&output)), (&b"ran\n"[..], 0));
}

#[test]
fn variables_without_effect_are_reported_on_request() {
    let world = World::new();
    let mut command = world.program(&["run", "--verbose", "--", "true"]);
    command.envs([
        ("CI_REPORT_FLUSH", "soon"),
        ("CI_REPORT_CAPTURE_STDERR", "all"),
        ("CI_REPORT_MEASURES", "n:1 size:big"),
        ("DD_TAGS", "a:b docs"),
    ]);
    let output = run(&mut command, b"");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    for problem in ["CI_REPORT_FLUSH", "CI_REPORT_CAPTURE_STDERR", "`size:big`", "`docs`"] {
        assert!(stderr.contains(problem), "{problem}: {stderr}");
    }
}

#[test]
fn old_files_of_others_are_not_deleted() {
    let world = World::new();
    let old = std::time::SystemTime::now() - Duration::from_secs(30 * 24 * 60 * 60);
    for name in ["thesis.txt", "run-1.json", "state.json"] {
        let file = fs::File::create(world.directory.join(name)).unwrap();
        file.set_modified(old).unwrap();
    }
    let mut command = world.program(&["start", "pipeline", "p"]);
    assert_eq!(code(&run(command.env("CI_REPORT_STATE_DIR", &world.directory), b"")), 0);
    let exists = |name: &str| world.directory.join(name).exists();
    assert!(exists("thesis.txt") && exists("state.json") && !exists("run-1.json"));
}
