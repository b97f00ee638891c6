//! Slow clients: they use little memory, do not delay other clients, and are disconnected.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use datadog_ci_intake::{Limits, LocalIntake};

const MIB: usize = 1024 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(4);
const HEADER_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a request may wait for memory and for the rest of its body, plus a margin for busy
/// machines.
const SLACK: Duration = Duration::from_secs(12);

/// An incomplete request.
struct Slow {
    stream: TcpStream,
    /// How many bytes it still sends.
    remaining: usize,
}

impl Slow {
    fn start(address: &str, number: usize, max: usize) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let path = if number % 8 == 1 { "/_intake/events" } else { "/api/v2/ci/pipeline" };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nDD-API-KEY: k\r\n\
             Content-Type: application/json\r\n"
        );
        let length = "Content-Length: 5000000\r\n\r\n{\"data\":[";
        stream.write_all(head.as_bytes()).unwrap();
        // Some never start their body, some stop immediately.
        let remaining = match number % 4 {
            0 => 0,
            1 => {
                stream.write_all(length.as_bytes()).unwrap();
                0
            }
            _ => {
                stream.write_all(length.as_bytes()).unwrap();
                max
            }
        };
        stream.set_nonblocking(true).unwrap();
        Self { stream, remaining }
    }

    fn send(&mut self, part: &[u8]) {
        // The server may have closed the connection.
        match self.stream.write(&part[..part.len().min(self.remaining)]) {
            Ok(sent) => self.remaining -= sent,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.remaining = 0,
        }
    }

    /// Returns whether the server has closed the connection, with or without a response.
    fn is_closed(&mut self) -> bool {
        let mut buffer = [0; 4096];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != ErrorKind::WouldBlock,
            }
        }
    }
}

/// Asserts that an intake handles this many slow connections, each of which sends at most this many
/// bytes.
async fn assert_handled(connections: usize, bytes: usize, in_flight: usize) {
    // Each test measures the memory of the whole process.
    static EXCLUSIVE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _exclusive = EXCLUSIVE.lock().await;
    let limits = Limits {
        in_flight,
        body_timeout: BODY_TIMEOUT,
        header_timeout: HEADER_TIMEOUT,
        ..Limits::default()
    };
    let intake = LocalIntake::builder().accept_any_age(true).limits(limits).start().await.unwrap();
    let address = intake.url().trim_start_matches("http://").to_owned();
    let before = memory();
    let started = Instant::now();
    let clients = thread::spawn(move || {
        let mut all: Vec<Slow> =
            (0..connections).map(|number| Slow::start(&address, number, bytes)).collect();
        let part = vec![b' '; 8192];
        let mut longest = Duration::ZERO;
        let (mut accepted, mut rejected) = (0, 0);
        while !all.is_empty() {
            assert!(started.elapsed() < BODY_TIMEOUT + SLACK, "{} are still open", all.len());
            all.iter_mut().for_each(|slow| slow.send(&part));
            all.retain_mut(|slow| !slow.is_closed());
            let sent = Instant::now();
            match send_event(&address) {
                202 => accepted += 1,
                503 => rejected += 1,
                status => panic!("{status}"),
            }
            longest = longest.max(sent.elapsed());
        }
        assert_eq!(send_event(&address), 202, "memory is available again");
        (longest, accepted, rejected)
    });
    let (longest, accepted, rejected) =
        tokio::task::spawn_blocking(|| clients.join().unwrap()).await.unwrap();
    println!(
        "{connections} connections closed after {:?}; meanwhile {accepted} other requests were \
         accepted and {rejected} rejected, each within {longest:?}",
        started.elapsed()
    );
    assert!(accepted > 0);
    // Without available memory, a request is rejected after three seconds.
    assert!(longest < Duration::from_secs(8), "{longest:?}");
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("{} MiB more than before", (after - before) / MIB);
        // A body grows by doubling, and each connection has a buffer.
        let bound = in_flight * 2 + connections * 128 * 1024 + 32 * MIB;
        assert!(after - before < bound, "{} of {bound} bytes", after - before);
    }
}

/// Sends an event as another client, and returns the status.
fn send_event(address: &str) -> u16 {
    let body = r#"{"data":{"type":"cipipeline_resource_request","attributes":{"resource":{
        "level":"job","id":"j","name":"n","url":"http://ci/1","pipeline_unique_id":"p",
        "pipeline_name":"d","status":"success",
        "start":"2026-07-14T10:00:00Z","end":"2026-07-14T10:01:00Z"}}}}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(SLACK)).unwrap();
    let head = format!(
        "POST /api/v2/ci/pipeline HTTP/1.1\r\nHost: localhost\r\nDD-API-KEY: k\r\n\
         Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Returns the peak memory usage of this process in bytes. The clients share one buffer, so they use
/// almost none of it.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? * 1024)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_slow_clients_are_handled() {
    assert_handled(200, 500_000, 24 * MIB).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires 2100 open files; the default limit is often 1024"]
async fn a_thousand_slow_clients_are_handled() {
    assert_handled(1000, 1_000_000, 256 * MIB).await;
}
