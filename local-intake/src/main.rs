//! `datadog-ci-intake`: the CI Visibility Pipelines API on this machine.

use std::io::{IsTerminal as _, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use datadog_ci_intake::LocalIntake;
use tracing_subscriber::EnvFilter;

/// Taking in events makes and drops small values by the hundred thousand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The CI Visibility Pipelines API of Datadog on this machine, for trying and testing.
///
/// Any client can send, list, search and aggregate events. `GET /_intake` says how tests can let
/// requests fail, set the clock and look at what came.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The address and port to listen at; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8127")]
    listen: SocketAddr,
    /// Keep the events in this directory; without it they are gone when the program ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The API key that every request must have; any without it.
    #[arg(long, value_name = "KEY", env = "INTAKE_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// The application key that requests which read must have; any without it.
    #[arg(long, value_name = "KEY", env = "INTAKE_APP_KEY", hide_env_values = true)]
    app_key: Option<String>,
    /// Take events however long ago they ended, not only those of the last 18 hours.
    #[arg(long)]
    any_age: bool,
    /// Log as JSON. RUST_LOG says how much is logged, `info` if it does not.
    #[arg(long)]
    log_json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log(arguments.log_json);
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut intake = LocalIntake::builder().listen(arguments.listen).any_age(arguments.any_age);
    // A variable that is set but empty counts as not set.
    let [api_key, app_key] = [arguments.api_key, arguments.app_key].map(Option::unwrap_or_default);
    intake = intake.api_key(&api_key).app_key(&app_key);
    let shown = |key: &str| if key.trim().is_empty() { "local" } else { "'(the key you gave)'" };
    let environment = format!("DD_API_KEY={} DD_APP_KEY={}", shown(&api_key), shown(&app_key));
    if let Some(directory) = &arguments.data {
        intake = intake.data(directory);
    }
    let intake = intake.start().await?;
    let mut end = end()?;
    let events = match &arguments.data {
        Some(directory) => {
            format!("{} events are in {}", intake.event_count(), directory.display())
        }
        None => "Events are in memory only; --data DIR keeps them.".to_owned(),
    };
    // Whoever has started this may not want to read it, and may have closed its end.
    let _ = writeln!(
        std::io::stdout(),
        "The CI Visibility Pipelines API is at {url}\n{events}\n\nPoint a client at it with:\n\n  \
         export DD_URL={url}\n  export {environment}\n\nCtrl-C ends it, a second one at once.",
        url = intake.url(),
    );
    end().await;
    tracing::info!("ending behind the requests that are under way");
    tokio::select! {
        stopped = intake.stop() => Ok(stopped?),
        () = end() => Err("told to end twice: requests that were under way are not answered".into()),
    }
}

/// Waits until the program is told to end, each time that it is called.
#[cfg(unix)]
fn end() -> std::io::Result<impl AsyncFnMut()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move || {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Waits until the program is told to end, each time that it is called.
#[cfg(windows)]
fn end() -> std::io::Result<impl AsyncFnMut()> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move || {
        interrupted.recv().await;
    })
}

fn log(as_json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        // A log that nobody takes must not keep anyone from being answered.
        .log_internal_errors(false)
        .with_writer(|| Unfailing(std::io::stderr()));
    if as_json { log.json().init() } else { log.init() }
}

/// A writer to which everything is as good as written.
struct Unfailing(std::io::Stderr);

impl Write for Unfailing {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.write_all(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
