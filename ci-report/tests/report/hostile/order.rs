//! The start of a scope never follows its end.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::support::{World, code, run};

/// Reads a request, and returns the connection.
fn request(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&mut stream);
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        let header = line.to_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    stream
}

/// Serves one connection for each request, and does something before the response to the first one.
fn serve(listener: TcpListener, before: impl FnOnce() + Send + 'static) -> Receiver<()> {
    let (sender, requests) = channel();
    thread::spawn(move || {
        let mut before = Some(before);
        loop {
            let mut stream = request(&listener);
            let _ = sender.send(());
            if let Some(before) = before.take() {
                before();
            }
            let head = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n";
            let _ = write!(stream, "{head}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}");
        }
    });
    requests
}

#[test]
fn a_commit_that_takes_long_to_read_does_not_report_a_start_after_the_end() {
    let world = World::new();
    // Reading the checkout waits until this is written.
    let head = world.directory.join(".git/HEAD");
    for directory in ["objects", "refs"] {
        fs::create_dir_all(world.directory.join(".git").join(directory)).unwrap();
    }
    assert!(Command::new("mkfifo").arg(&head).status().unwrap().success());
    let waiting = world.directory.join(".local/state/ci-report/outbox/local/waiting");
    let count = move || fs::read_dir(&waiting).map(Iterator::count).unwrap_or_default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = serve(listener, move || {
        // The end is being delivered. Now the checkout can be read.
        let content = "ref: refs/heads/main\n";
        let mut pipe = OpenOptions::new().write(true).open(&head).unwrap();
        let _ = pipe.write_all(content.as_bytes());
        // It is read more than once.
        let file = head.with_extension("file");
        fs::write(&file, content).unwrap();
        fs::rename(file, head).unwrap();
        drop(pipe);
        // Time for a start that must not come.
        for _ in 0..100 {
            if count() > 1 {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    });
    let arguments = ["run", "--pipeline", "p", "--flush", "5s", "--", "true"];
    let output = run(world.program(&arguments).env("DD_URL", url), b"");
    assert_eq!(code(&output), 0);
    assert_eq!(requests.try_iter().count(), 1);
}
