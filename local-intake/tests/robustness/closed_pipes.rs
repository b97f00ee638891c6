//! Closed pipes: the program serves requests although its output cannot be written.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn requests_succeed_although_stderr_is_closed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_datadog-ci-intake"));
    command.args(["--listen", "127.0.0.1:0"]).env("RUST_LOG", "info").stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once('/').unwrap().1.to_owned();
    drop(child.stderr.take());
    for _ in 0..3 {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!("GET /nothing HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
