//! A service that is down, slow or comes up later.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Setup, run};

/// Returns the program with the address of a service that is down.
fn command(setup: &Setup, arguments: &[&str]) -> (Command, String) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut command = setup.command();
    command.env("DD_URL", format!("http://{address}")).args(arguments);
    (command, address)
}

#[test]
fn commands_that_read_fail_soon_if_the_service_is_down() {
    let setup = Setup::with_real_clock();
    // An event waits, which cannot be delivered either.
    let (mut start, _) = command(&setup, &["start", "pipeline", "p"]);
    assert_eq!(run(&mut start, b"").code, 0);
    for arguments in [&["list"][..], &["search", "*"], &["show"], &["aggregate"]] {
        let (mut command, address) = command(&setup, arguments);
        let started = Instant::now();
        let message = run(&mut command, b"").failure();
        let time = started.elapsed();
        // The delays sum up to at most 1.4 s.
        assert!(time < Duration::from_secs(4), "{arguments:?}: {time:?}");
        assert!(message.contains(&address), "{arguments:?}: {message}");
        assert!(message.contains("start `ci-report intake`"), "{arguments:?}: {message}");
        assert!(message.contains("`ci-report doctor`"), "{arguments:?}: {message}");
        assert!(message.contains("1 events of this machine are not delivered"), "{message}");
    }
    // Another address is not that of an intake.
    let mut command = setup.command();
    command.env("DD_URL", "http://nowhere.invalid:1").arg("list");
    let message = run(&mut command, b"").failure();
    assert!(message.contains("`ci-report doctor`") && !message.contains("intake"), "{message}");
}

#[test]
fn commands_that_wait_are_patient() {
    let setup = Setup::with_real_clock();
    for arguments in [&["wait", "run-1", "--timeout", "4s"][..], &["tail", "--every", "50ms"]] {
        let (mut command, _) = command(&setup, arguments);
        let mut child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        // Longer than commands that read wait.
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(3) {
            assert_eq!(child.try_wait().unwrap(), None, "{arguments:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
