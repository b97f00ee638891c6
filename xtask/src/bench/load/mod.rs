//! How long the intake takes to accept events while it processes queries.
//!
//! | module | responsibility |
//! |---|---|
//! | `connection` | requests over one connection |
//! | `events` | the events that are sent |
//! | `program` | the running intake |
//! | `queries` | the queries that are processed meanwhile |

mod connection;
mod events;
mod program;
mod queries;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use connection::Connection;
pub(super) use program::{Program, build};

/// How long requests are measured while a query is processed.
const DURATION: Duration = Duration::from_secs(12);
/// The pause between two requests that are measured.
const PAUSE: Duration = Duration::from_millis(2);

/// What to measure.
#[derive(Clone, Debug, clap::Args)]
pub struct Load {
    /// Number of events in the intake.
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// Keep the events on disk.
    #[arg(long)]
    durable: bool,
    /// Measure this program instead of a release build of the workspace.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Fills an intake, and measures requests while queries are processed.
pub(super) fn run(load: &Load) -> Result<(), String> {
    let program = Program::start(load.program.as_deref(), load.durable)?;
    let address = program.address();
    let started = Instant::now();
    let mut connection = Connection::open(address)?;
    for batch in events::bodies(load.events, 1000) {
        connection.expect(202, "POST", events::PATH, &batch)?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{} events sent in {seconds:.1} s\n", load.events);
    println!(
        "| meanwhile | its status and duration | sends p50 / p99 / max | `GET /_intake` p50 / p99 / max |"
    );
    println!("|---|---|---|---|");
    for query in queries::all() {
        let is_over = AtomicBool::new(false);
        let (status, sends, gets) = thread::scope(|scope| {
            let repeated = scope.spawn(|| repeat(&query, address, &is_over));
            let sends = scope.spawn(|| measure(address, &is_over, Request::Send(load.events)));
            let gets = scope.spawn(|| measure(address, &is_over, Request::Get));
            thread::sleep(DURATION);
            is_over.store(true, Ordering::Relaxed);
            (repeated.join(), sends.join(), gets.join())
        });
        let panicked = |_| "a thread has panicked".to_owned();
        let (status, sends, gets) =
            (status.map_err(panicked)?, sends.map_err(panicked)?, gets.map_err(panicked)?);
        println!("| {} | {} | {} | {} |", query.name, status?, shown(sends?), shown(gets?));
    }
    Ok(())
}

/// Sends a query again and again. Returns its status and duration.
fn repeat(query: &queries::Query, address: &str, is_over: &AtomicBool) -> Result<String, String> {
    let Some(body) = &query.body else { return Ok("–".to_owned()) };
    let (mut longest, mut status, mut count) = (Duration::ZERO, 0, 0);
    let mut connection = Connection::open(address)?;
    while !is_over.load(Ordering::Relaxed) {
        let started = Instant::now();
        match connection.send("POST", query.path, body) {
            Ok(response) => status = response,
            // The time that a request may take is over.
            Err(_) => return Ok(format!("no response within {:?}", connection::TIMEOUT)),
        }
        longest = longest.max(started.elapsed());
        count += 1;
    }
    Ok(format!("{status}, at most {:.2} s, {count} times", longest.as_secs_f64()))
}

/// A request to measure.
enum Request {
    /// A single event, numbered from here.
    Send(usize),
    Get,
}

/// Sends a request again and again. Returns the durations.
fn measure(address: &str, is_over: &AtomicBool, request: Request) -> Result<Vec<Duration>, String> {
    let mut connection = Connection::open(address)?;
    let mut durations = Vec::new();
    // The query starts first.
    thread::sleep(Duration::from_millis(100));
    while !is_over.load(Ordering::Relaxed) {
        let started = Instant::now();
        let result = match request {
            Request::Send(first) => {
                let number = first + events::next();
                let body = events::body(number..number + 1, first);
                connection.expect(202, "POST", events::PATH, &body)
            }
            Request::Get => connection.expect(200, "GET", "/_intake", ""),
        };
        durations.push(started.elapsed());
        if result.is_err() && durations.last().is_some_and(|it| *it >= connection::TIMEOUT) {
            break;
        }
        result?;
        thread::sleep(PAUSE);
    }
    Ok(durations)
}

/// Returns the median, the 99th percentile and the maximum in milliseconds.
fn shown(mut durations: Vec<Duration>) -> String {
    durations.sort_unstable();
    let milliseconds = |index: usize| {
        durations.get(index).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1000.0)
    };
    let last = durations.len().saturating_sub(1);
    format!(
        "{:.2} / {:.2} / {:.2} ms ({} times)",
        milliseconds(durations.len() / 2),
        milliseconds((durations.len() * 99 / 100).min(last)),
        milliseconds(last),
        durations.len(),
    )
}
