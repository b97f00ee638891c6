//! `datadog-ci-intake`: the CI Visibility Pipelines API as a program.

use std::io::{IsTerminal as _, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

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
