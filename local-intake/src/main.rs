//! `datadog-ci-intake`: the CI Visibility Pipelines API as a program.

use std::io::{IsTerminal as _, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use datadog_ci_intake::LocalIntake;
use tracing_subscriber::EnvFilter;

/// Inserting events allocates many small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Serve Datadog's CI Visibility Pipelines API on this machine, for testing.
///
/// Any client can send, list, search and aggregate events. `GET /_intake` lists the operations for
/// tests: inject faults, set the clock, and read the recorded requests.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Listen on this address; port 0 selects a free port.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8127")]
    listen: SocketAddr,
    /// Keep the events in this directory; by default they are in memory only.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Require this API key; any key is accepted by default.
    #[arg(long, value_name = "KEY", env = "INTAKE_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// Require this application key for requests that read; any key is accepted by default.
    #[arg(long, value_name = "KEY", env = "INTAKE_APP_KEY", hide_env_values = true)]
    app_key: Option<String>,
    /// Serve requests to this host name, too. By default only IP addresses and localhost are served.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Accept events of any age, not only those of the last 18 hours.
    #[arg(long)]
    any_age: bool,
    /// Keep at most this many events; the oldest ones are removed. No limit by default.
    #[arg(long, value_name = "NUMBER")]
    max_events: Option<u64>,
    /// Keep at most this many bytes of JSON (K, M and G are 1024, 1024² and 1024³ bytes); the oldest
    /// events are removed. No limit by default.
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes)]
    max_bytes: Option<u64>,
    /// Keep events for this long after they were first received (s, m, h, d, w). No limit by
    /// default.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    max_age: Option<Duration>,
    /// Keep at most this many updates of one event, at least 10.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    max_history: usize,
    /// Reject searches and aggregations that take longer (ms, s, m).
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "5s")]
    query_timeout: Duration,
    /// Log as JSON. RUST_LOG sets the level; it defaults to `info`.
    #[arg(long)]
    log_json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    init_logging(arguments.log_json);
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut intake =
        LocalIntake::builder().listen(arguments.listen).accept_any_age(arguments.any_age);
    // An environment variable that is empty counts as not set.
    let [api_key, app_key] = [arguments.api_key, arguments.app_key].map(Option::unwrap_or_default);
    intake = intake.api_key(&api_key).app_key(&app_key);
    let shown = |key: &str| if key.trim().is_empty() { "local" } else { "'<your key>'" };
    let environment = format!("DD_API_KEY={} DD_APP_KEY={}", shown(&api_key), shown(&app_key));
    for host in &arguments.allow_host {
        intake = intake.allow_host(host);
    }
    if let Some(directory) = &arguments.data {
        intake = intake.data_dir(directory);
    }
    intake = intake.max_history(arguments.max_history).query_timeout(arguments.query_timeout);
    if let Some(events) = arguments.max_events {
        intake = intake.max_events(events);
    }
    if let Some(bytes) = arguments.max_bytes {
        intake = intake.max_bytes(bytes);
    }
    if let Some(age) = arguments.max_age {
        intake = intake.max_age(age);
    }
    let intake = intake.start().await?;
    let mut signal = signals()?;
    let events = match &arguments.data {
        Some(directory) => {
            format!("{} contains {} events", directory.display(), intake.event_count())
        }
        None => "Events are kept in memory only; use --data DIR to keep them on disk.".to_owned(),
    };
    // Fails if the reader has closed stdout, which does not matter.
    let _ = writeln!(
        std::io::stdout(),
        "The CI Visibility Pipelines API is available at {url}\n{events}\n\nTo use it:\n\n  \
         export DD_URL={url}\n  export {environment}\n\nPress Ctrl-C to stop (twice to abort).",
        url = intake.url(),
    );
    signal().await;
    tracing::info!("waiting for in-flight requests");
    tokio::select! {
        stopped = intake.stop() => Ok(stopped?),
        () = signal() => Err("aborted by a second signal; in-flight requests were dropped".into()),
    }
}

/// Parses a number of bytes such as `500M`.
fn parse_bytes(input: &str) -> Result<u64, String> {
    let digits = input.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match &input[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err("expected a number such as 1000000, 500M or 2G".to_owned()),
    };
    let bytes = digits.parse::<u64>().map_err(|error| error.to_string())?;
    bytes.checked_mul(factor).ok_or_else(|| "the number is too large".to_owned())
}

/// Parses a duration such as `30d`.
fn parse_duration(input: &str) -> Result<Duration, String> {
    let digits = input.trim_end_matches(|c: char| !c.is_ascii_digit());
    let milliseconds = match &input[digits.len()..] {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000,
        _ => return Err("expected a number with a unit, such as 10s, 24h or 30d".to_owned()),
    };
    let count = digits.parse::<u64>().map_err(|error| error.to_string())?;
    let milliseconds = count.checked_mul(milliseconds).filter(|milliseconds| *milliseconds > 0);
    milliseconds.map(Duration::from_millis).ok_or_else(|| "must be a positive duration".to_owned())
}

/// Returns a function that waits for the next signal to stop.
#[cfg(unix)]
fn signals() -> std::io::Result<impl AsyncFnMut()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a function that waits for the next signal to stop.
#[cfg(windows)]
fn signals() -> std::io::Result<impl AsyncFnMut()> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move || {
        interrupt.recv().await;
    })
}

fn init_logging(as_json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        // A log that cannot be written must not affect requests.
        .log_internal_errors(false)
        .with_writer(|| InfallibleWriter(std::io::stderr()));
    if as_json { log.json().init() } else { log.init() }
}

/// A writer that ignores all errors.
struct InfallibleWriter(std::io::Stderr);

impl Write for InfallibleWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
