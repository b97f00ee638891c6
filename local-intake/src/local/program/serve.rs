//! Serves the intake until a signal arrives.

use std::io::Write as _;

use super::log::init_logging;
use super::options::ServeOptions;
use super::signals::signals;
use crate::local::intake::LocalIntake;

/// What a browser shows at the address.
const PAGES: &str = if cfg!(feature = "pages") {
    "Open this address in a browser to look at pipelines, jobs and requests.\n"
} else {
    ""
};

/// Starts to log, serves the intake, prints how to use it, and waits for a signal to stop. Requires
/// the multi-threaded runtime of tokio.
///
/// # Errors
/// Returns an error if the address is in use, the directory cannot be used, or a second signal
/// aborts requests.
pub async fn serve(options: ServeOptions) -> Result<(), Box<dyn std::error::Error>> {
    init_logging(options.log.as_deref().unwrap_or("info"), options.log_json);
    let mut intake = LocalIntake::builder().listen(options.listen).accept_any_age(options.any_age);
    // An environment variable that is empty counts as not set.
    let [api_key, app_key] = [options.api_key, options.app_key].map(Option::unwrap_or_default);
    intake = intake.api_key(&api_key).app_key(&app_key);
    let shown = |key: &str| if key.trim().is_empty() { "local" } else { "'<your key>'" };
    let environment = format!("DD_API_KEY={} DD_APP_KEY={}", shown(&api_key), shown(&app_key));
    for host in &options.allow_host {
        intake = intake.allow_host(host);
    }
    if let Some(directory) = &options.data {
        intake = intake.data_dir(directory);
    }
    intake = intake.max_history(options.max_history).query_timeout(options.query_timeout);
    if let Some(events) = options.max_events {
        intake = intake.max_events(events);
    }
    if let Some(bytes) = options.max_bytes {
        intake = intake.max_bytes(bytes);
    }
    if let Some(age) = options.max_age {
        intake = intake.max_age(age);
    }
    let intake = intake.start().await?;
    let mut signal = signals()?;
    let events = match &options.data {
        Some(directory) => {
            format!("{} contains {} events", directory.display(), intake.event_count())
        }
        None => "Events are kept in memory only; use --data DIR to keep them on disk.".to_owned(),
    };
    // Fails if the reader has closed stdout, which does not matter.
    let _ = writeln!(
        std::io::stdout(),
        "The CI Visibility Pipelines API is available at {url}\n{PAGES}{events}\n\nTo use it:\n\n  \
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
