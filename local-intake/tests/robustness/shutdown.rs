//! Shutdown by signals: graceful, or immediate after a second signal.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::http::{SEARCH, TIMEOUT, connect, finish, head};
use crate::program::Program;

/// How long a graceful shutdown waits for requests in progress.
const GRACE: Duration = Duration::from_secs(10);

const BODY: &[u8] = b"{}";

/// Starts a request, and returns its connection when the program waits for the body.
fn start_request(program: &Program) -> TcpStream {
    let mut stream = connect(&program.address).unwrap();
    let head = head("POST", SEARCH);
    let length = BODY.len();
    let head = format!("{head}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

fn signal(program: &Program, name: &str) {
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}

/// Sends a signal, and waits until the program accepts no more connections.
fn stop(program: &Program, name: &str) {
    signal(program, name);
    let since = Instant::now();
    while connect(&program.address).is_ok() {
        assert!(since.elapsed() < TIMEOUT, "the program still accepts connections");
    }
}

fn wait(mut program: Program) -> ExitStatus {
    program.child.wait().unwrap()
}

#[test]
fn a_request_in_progress_completes_before_the_program_exits() {
    for name in ["-INT", "-TERM"] {
        let program = Program::start::<&str>([]);
        let mut stream = start_request(&program);
        stop(&program, name);
        stream.write_all(BODY).unwrap();
        let response = finish(stream).unwrap();
        assert_eq!(response.status, 200, "{}", response.body_str());
        assert!(wait(program).success());
    }
}

#[test]
fn a_second_signal_aborts() {
    let program = Program::start::<&str>([]);
    let _stream = start_request(&program);
    stop(&program, "-INT");
    let since = Instant::now();
    signal(&program, "-INT");
    assert!(!wait(program).success());
    assert!(since.elapsed() < GRACE / 2, "{:?}", since.elapsed());
}
