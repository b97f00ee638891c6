//! Told to end: behind the requests that are under way, or at once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::http::{PATIENCE, SEARCH, connect, finish, head};
use crate::program::Program;

/// For how long requests under way are waited for, and no longer than that.
const GRACE: Duration = Duration::from_secs(10);

const BODY: &[u8] = b"{}";

/// A request that the program waits for.
fn under_way(program: &Program) -> TcpStream {
    let mut stream = connect(&program.address).unwrap();
    let head = head("POST", SEARCH);
    let length = BODY.len();
    let head = format!("{head}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

fn signal(program: &Program, name: &str) {
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}

/// Tells it to end, and waits until it takes nothing more.
fn told_to_end(program: &Program, name: &str) {
    signal(program, name);
    let since = Instant::now();
    while connect(&program.address).is_ok() {
        assert!(since.elapsed() < PATIENCE, "it goes on");
    }
}

fn ended(mut program: Program) -> ExitStatus {
    program.child.wait().unwrap()
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    for name in ["-INT", "-TERM"] {
        let program = Program::start::<&str>([]);
        let mut stream = under_way(&program);
        told_to_end(&program, name);
        stream.write_all(BODY).unwrap();
        let answer = finish(stream).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(ended(program).success());
    }
}

#[test]
fn told_twice_it_ends_at_once() {
    let program = Program::start::<&str>([]);
    let _stream = under_way(&program);
    told_to_end(&program, "-INT");
    let since = Instant::now();
    signal(&program, "-INT");
    assert!(!ended(program).success());
    assert!(since.elapsed() < GRACE / 2, "{:?}", since.elapsed());
}
