//! The command behaves exactly as without the program.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::thread;

use crate::support::{World, code, run};

/// Runs a script with and without the program, and compares everything.
fn compare(world: &World, script: &str, input: &[u8]) {
    let plain = run(world.command("sh").args(["-c", script]), input);
    let wrapped = run(&mut world.program(&["run", "--", "sh", "-c", script]), input);
    assert_eq!(wrapped.stdout, plain.stdout, "{script}");
    assert_eq!(wrapped.stderr, plain.stderr, "{script}");
    assert_eq!(code(&wrapped), code(&plain), "{script}");
}

const SCRIPTS: &[&str] = &[
    "true",
    "exit 3",
    "exit 255",
    "echo out; echo err >&2; exit 7",
    "cat",
    "cat >&2",
    "head -c 10",
    r"printf '\000\377\033[31m'",
    "kill -9 $$",
    "kill -TERM $$",
    "kill -USR1 $$",
    "exec >&- 2>&- <&-; sleep 0.05; exit 4",
    "cat <&-",
    "(setsid sh -c 'sleep 0.2; echo late' &) ; echo now",
    "(sleep 0.2; echo background) & echo now",
    "ulimit -n; ulimit -f; umask",
    "trap '' PIPE; yes 2>/dev/null | head -n 1",
    "yes | head -n 100000 | cksum",
    "ls -l /proc/self/fd | wc -l",
    // Without the signals of the C library, which it ignores in all processes that it spawns.
    "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status | grep -oE '.{7}$'",
    "pwd; echo \"$0 $#\"",
    "no-such-program",
];

#[test]
fn output_and_exit_code_are_those_of_the_command() {
    let world = World::new();
    let binary: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    for script in SCRIPTS {
        compare(&world, script, &binary);
    }
}

#[test]
fn nothing_is_different_while_the_service_is_down_or_slow() {
    let world = World::new();
    world.intake.set_latency(std::time::Duration::from_secs(30));
    for script in SCRIPTS.iter().take(12) {
        compare(&world, script, b"input");
    }
}

#[test]
fn closed_streams_do_not_disturb() {
    let world = World::new();
    let closed = |streams: &str, command: &[&str]| {
        let script = format!("exec \"$@\" {streams}");
        run(world.command("sh").args(["-c", &script, "sh"]).args(command), b"input")
    };
    for streams in ["<&-", "2>&-", "<&- 2>&-", ">&-"] {
        let script = ["sh", "-c", "echo out > /dev/null; exit 3"];
        let wrapped = closed(streams, &[&["ci-report", "run", "--"], &script[..]].concat());
        let plain = closed(streams, &script);
        assert_eq!((&wrapped.stdout, &wrapped.stderr), (&plain.stdout, &plain.stderr), "{streams}");
        assert_eq!((code(&wrapped), code(&plain)), (3, 3), "{streams}");
    }
    // Rust opens /dev/null in the position of a closed stream, so the command finds the end of its input.
    let wrapped = closed("<&-", &["ci-report", "run", "--", "cat"]);
    assert_eq!((wrapped.stdout.len(), code(&wrapped)), (0, 0));
}

#[test]
fn a_hundred_megabytes_pass_through() {
    let world = World::new();
    let mut child = world
        .program(&["run", "--", "cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let block: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    let sent = block.clone();
    let writer = thread::spawn(move || {
        for _ in 0..100 {
            stdin.write_all(&sent).unwrap();
        }
    });
    let mut received = vec![0; block.len()];
    for _ in 0..100 {
        stdout.read_exact(&mut received).unwrap();
        assert!(received == block);
    }
    assert_eq!(stdout.read(&mut received).unwrap(), 0);
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn variables_of_the_command_are_its_own() {
    let world = World::new();
    let lines = |output: &[u8]| {
        let content = String::from_utf8(output.to_owned()).unwrap();
        let mut lines: Vec<String> = content.lines().map(str::to_owned).collect();
        lines.retain(|line| !line.starts_with("CI_REPORT_") && !line.starts_with("TRACEPARENT"));
        lines.sort();
        lines
    };
    let plain = run(world.command("env").env("A", "c").env("B", "d"), b"");
    let wrapped = run(world.program(&["run", "--", "A=c", "env"]).env("A", "x").env("B", "d"), b"");
    assert_eq!(lines(&wrapped.stdout), lines(&plain.stdout));
    let line = run(&mut world.program(&["run", "--shell", "echo $((1 + 2)) | cat; exit 5"]), b"");
    assert_eq!((line.stdout.as_slice(), code(&line)), (&b"3\n"[..], 5));
}

#[test]
fn commands_that_cannot_be_started_have_the_exit_code_of_shells() {
    let world = World::new();
    let missing = run(&mut world.program(&["run", "--", "no-such-program"]), b"");
    assert_eq!(code(&missing), 127);
    let file = world.directory.join("file");
    fs::write(&file, "echo script\n").unwrap();
    let path = file.to_str().unwrap();
    let plain = run(&mut world.program(&["run", "--", path]), b"");
    assert_eq!(code(&plain), 126);
    // Shells run scripts without an interpreter.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let script = run(&mut world.program(&["run", "--", path]), b"");
    assert_eq!((script.stdout.as_slice(), code(&script)), (&b"script\n"[..], 0));
    let mut statuses: Vec<String> =
        world.events().iter().map(crate::support::Event::status).collect();
    statuses.sort();
    assert_eq!(statuses, ["error", "error", "success"]);
}

#[test]
fn without_a_key_nothing_is_stored_or_changed() {
    let world = World::new();
    let plain = run(&mut world.command("env"), b"");
    let wrapped = run(&mut world.program(&["run", "--", "env"]), b"");
    assert_ne!(wrapped.stdout, plain.stdout);
    let _ = fs::remove_dir_all(world.directory.join(".local"));
    let plain = run(world.command("env").env_remove("DD_API_KEY"), b"");
    let wrapped = run(world.program(&["run", "--", "env"]).env_remove("DD_API_KEY"), b"");
    assert_eq!((wrapped.stdout, wrapped.stderr), (plain.stdout, plain.stderr));
    for arguments in [&["start", "job", "j"][..], &["tag", "a:b"], &["finish"], &["flush"]] {
        let output = run(world.program(arguments).env_remove("DD_API_KEY"), b"");
        assert_eq!((code(&output), output.stdout.len(), output.stderr.len()), (0, 0, 0));
    }
    let stored: Vec<_> = fs::read_dir(&world.directory).unwrap().flatten().collect();
    assert_eq!(stored.len(), 1, "{stored:?}"); // the directory for temporary files
}
