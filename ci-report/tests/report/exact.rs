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

// With musl the runtime opens closed streams.
#[cfg(any(target_env = "gnu", target_vendor = "apple"))]
#[test]
fn closed_streams_stay_closed() {
    let world = World::new();
    let redirected = |streams: &str, program: &[&str], script: &str, has_key: bool| {
        let line = format!("exec \"$@\" {streams}");
        let mut command = world.command("sh");
        command.args(["-c", &line, "sh"]).args(program).args(["sh", "-c", script]);
        if !has_key {
            command.env_remove("DD_API_KEY");
        }
        run(&mut command, b"input")
    };
    let scripts = [
        "exec cat",
        "exec /bin/echo hi",
        "exec sh -c 'echo x >&2'",
        // Which streams are open.
        "for n in 0 1 2; do [ -e /dev/fd/$n ] && echo $n >> open; done; cat open; cat open >&2; exit 3",
    ];
    let all = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"];
    // Opened by the caller, as for `subprocess.DEVNULL`.
    let opened = ["<>/dev/null", ">/dev/null 2>&1", "<>/dev/null >&0 2>&0", "< /dev/null 2>&-"];
    let opens = || fs::read_to_string(world.directory.join("open")).unwrap_or_default();
    for streams in all.iter().chain(&opened) {
        for script in scripts {
            let _ = fs::remove_file(world.directory.join("open"));
            let plain = redirected(streams, &[], script, true);
            let open = opens();
            for has_key in [true, false] {
                let _ = fs::remove_file(world.directory.join("open"));
                let wrapped = redirected(streams, &["ci-report", "run", "--"], script, has_key);
                assert_eq!(wrapped.stdout, plain.stdout, "{script} {streams}");
                assert_eq!(wrapped.stderr, plain.stderr, "{script} {streams}");
                assert_eq!(code(&wrapped), code(&plain), "{script} {streams}");
                assert_eq!(opens(), open, "{script} {streams}");
            }
        }
    }
}

#[test]
fn a_closed_stream_of_the_program_is_never_a_file() {
    let world = World::new();
    for streams in ["2>&-", "<&- >&- 2>&-"] {
        // It prints messages to stderr while it writes events and requests.
        let line = format!("exec ci-report run --verbose -- ci-report --verbose tag a:b {streams}");
        let output = run(world.command("sh").args(["-c", &line]), b"");
        assert_eq!(code(&output), 0, "{streams}");
    }
    assert_eq!(world.events().len(), 2);
    assert_eq!(world.status()["outbox"][0]["damaged"], 0);
}

#[test]
fn closed_pipes_are_errors_of_writes() {
    let world = World::new();
    let script = "ci-report --help | true; (ci-report man; echo $? >&2) | true";
    let output = run(world.command("sh").args(["-c", script]), b"");
    let codes = String::from_utf8(output.stderr).unwrap();
    assert!(!codes.contains("141") && !codes.contains("panicked"), "{codes}");
}

#[test]
fn without_a_key_the_command_replaces_the_program() {
    let world = World::new();
    let script = "echo $$ > pid; kill -9 $$";
    let mut command = world.program(&["run", "--", "sh", "-c", script]);
    let mut child = command.env_remove("DD_API_KEY").spawn().unwrap();
    // Killed by the signal, as the command itself.
    let status = crate::support::wait(&mut child);
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
    let pid = fs::read_to_string(world.directory.join("pid")).unwrap();
    assert_eq!(pid.trim(), child.id().to_string());
    for (program, expected) in [("no-such-program", 127), ("/", 126)] {
        let mut command = world.program(&["run", "--", program]);
        assert_eq!(code(&run(command.env_remove("DD_API_KEY"), b"")), expected);
    }
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

#[test]
fn a_stderr_that_does_not_block_loses_nothing() {
    let world = World::new();
    let (reader, writer) = std::io::pipe().unwrap();
    // As the pipes and terminals of some programs are. The pipe is full before anything is read.
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    let script = "head -c 300000 /dev/zero >&2; exit 1";
    let mut child = world
        .program(&["run", "--capture-stderr", "1", "--", "sh", "-c", script])
        .stderr(writer)
        .spawn()
        .unwrap();
    crate::support::until("the pipe is full", || {
        rustix::io::ioctl_fionread(&reader).is_ok_and(|count| count >= 65_536)
    });
    let mut received = Vec::new();
    { reader }.read_to_end(&mut received).unwrap();
    assert_eq!(crate::support::wait(&mut child).code(), Some(1));
    assert_eq!(received.len(), 300_000);
}
