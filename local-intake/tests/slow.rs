//! Clients that announce much and send it slowly, or stop: they take up little, keep nobody
//! else from being answered, and are sent away.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use datadog_ci_intake::LocalIntake;
use specwright_server::Limits;

const MIB: usize = 1024 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(4);
const HEADER_TIMEOUT: Duration = Duration::from_secs(3);
/// What a request may wait for room, and its answer for the rest of its body; and what a busy
/// machine may add.
const SLACK: Duration = Duration::from_secs(12);

/// A request of which much is missing.
struct Slow {
    stream: TcpStream,
    /// What it still sends.
    left: usize,
}

impl Slow {
    fn begin(address: &str, number: usize, most: usize) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let path = if number % 8 == 1 { "/_intake/events" } else { "/api/v2/ci/pipeline" };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: intake\r\nDD-API-KEY: k\r\n\
             Content-Type: application/json\r\n"
        );
        let length = "Content-Length: 5000000\r\n\r\n{\"data\":[";
        stream.write_all(head.as_bytes()).unwrap();
        // Some never get as far as a body, some stop at once.
        let left = match number % 4 {
            0 => 0,
            1 => {
                stream.write_all(length.as_bytes()).unwrap();
                0
            }
            _ => {
                stream.write_all(length.as_bytes()).unwrap();
                most
            }
        };
        stream.set_nonblocking(true).unwrap();
        Self { stream, left }
    }

    fn send(&mut self, part: &[u8]) {
        // Nobody may be reading any more.
        match self.stream.write(&part[..part.len().min(self.left)]) {
            Ok(sent) => self.left -= sent,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.left = 0,
        }
    }

    /// Whether the server has ended it, with or without an answer.
    fn is_ended(&mut self) -> bool {
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

/// Fails unless an intake bears so many of them, each of which sends so many bytes at most.
async fn bears(connections: usize, bytes: usize, in_flight: usize) {
    // Each measures the memory of the whole process.
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = ALONE.lock().await;
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
            (0..connections).map(|number| Slow::begin(&address, number, bytes)).collect();
        let part = vec![b' '; 8192];
        let mut longest = Duration::ZERO;
        let (mut taken, mut refused) = (0, 0);
        while !all.is_empty() {
            assert!(started.elapsed() < BODY_TIMEOUT + SLACK, "{} go on", all.len());
            all.iter_mut().for_each(|slow| slow.send(&part));
            all.retain_mut(|slow| !slow.is_ended());
            let asked = Instant::now();
            match other(&address) {
                202 => taken += 1,
                503 => refused += 1,
                status => panic!("{status}"),
            }
            longest = longest.max(asked.elapsed());
        }
        assert_eq!(other(&address), 202, "there is room again");
        (longest, taken, refused)
    });
    let (longest, taken, refused) =
        tokio::task::spawn_blocking(|| clients.join().unwrap()).await.unwrap();
    println!(
        "{connections} ended after {:?}; meanwhile {taken} others were taken and {refused} told \
         to come again, each within {longest:?}",
        started.elapsed()
    );
    assert!(taken > 0);
    // Who finds no room is told so after three seconds.
    assert!(longest < Duration::from_secs(8), "{longest:?}");
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("{} MiB more than before", (after - before) / MIB);
        // A body grows by doubling, and each connection has a buffer.
        let bound = in_flight * 2 + connections * 128 * 1024 + 32 * MIB;
        assert!(after - before < bound, "{} of {bound} bytes", after - before);
    }
}

/// The status that another client gets for an event of its own.
fn other(address: &str) -> u16 {
    let body = r#"{"data":{"type":"cipipeline_resource_request","attributes":{"resource":{
        "level":"job","id":"j","name":"n","url":"http://ci/1","pipeline_unique_id":"p",
        "pipeline_name":"d","status":"success",
        "start":"2026-07-14T10:00:00Z","end":"2026-07-14T10:01:00Z"}}}}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(SLACK)).unwrap();
    let head = format!(
        "POST /api/v2/ci/pipeline HTTP/1.1\r\nHost: intake\r\nDD-API-KEY: k\r\n\
         Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// How many bytes of memory this process has used at most. The clients, who send all the same
/// bytes, take up next to nothing of it.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? * 1024)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_slow_clients_are_borne() {
    bears(200, 500_000, 24 * MIB).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs 2100 open files, of which many machines give only 1024 to a process"]
async fn a_thousand_slow_clients_are_borne() {
    bears(1000, 1_000_000, 256 * MIB).await;
}
