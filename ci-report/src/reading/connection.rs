//! The client, and what to do if a request fails.

use std::future::Future;
use std::time::Duration;

use datadog_ci_pipelines::{Client, ClientBuilder, Error, RetryPolicy};

use crate::drawing::{note, visible};
use crate::settings::Settings;
use crate::spool::{Flushed, Spool, flush, flush_if_up};
use crate::status::Failure;

/// How long reading waits for the delivery of what this machine has reported.
const DELIVERY: Duration = Duration::from_secs(2);

/// Creates a client that reads events for a person who waits, from the environment. If the service is
/// down, it fails after a second. What waits is delivered first, so it must not be called inside of a runtime.
///
/// # Errors
/// Returns an error if a key is not set, or the address is invalid.
pub(crate) fn client() -> Result<Client, Failure> {
    // The delays are 0.7 s on average, and at most 1.4 s.
    let retry = RetryPolicy::default()
        .max_attempts(4)
        .initial_backoff(Duration::from_millis(200))
        .deadline(Duration::from_secs(60));
    create(flush_if_up, |builder| builder.retry(retry))
}

/// As `client`, for commands that wait until the service is up.
///
/// # Errors
/// Returns an error if a key is not set, or the address is invalid.
pub(super) fn patient_client() -> Result<Client, Failure> {
    create(flush, |builder| builder)
}

fn create(
    flush: impl FnOnce(&Settings, &Spool, Duration) -> Flushed,
    prepare: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Failure> {
    let settings = Settings::from_env();
    let keys = [("DD_API_KEY", &settings.api_key), ("DD_APP_KEY", &settings.app_key)];
    let missing: Vec<&str> =
        keys.into_iter().filter(|(_, key)| key.is_none()).map(|(name, _)| name).collect();
    if !missing.is_empty() {
        return Err(Failure::new(format!(
            "{} not set: reading events needs an API key and an application key (without an \
             account: `ci-report intake & eval \"$(ci-report intake --env)\"`)",
            missing.join(" and ")
        )));
    }
    note_left(flush(&settings, &Spool::new(&settings), DELIVERY));
    prepare(settings.client()).build().map_err(|error| failure(&error))
}

/// Prints what was not delivered: a run that has just ended may not be found.
fn note_left(flushed: Flushed) {
    if flushed.left > 0 {
        let reason = flushed.reason.map(|reason| format!(": {}", visible(&reason)));
        note(&format!(
            "{} events of this machine are not delivered yet{}; `ci-report flush` delivers them",
            flushed.left,
            reason.unwrap_or_default()
        ));
    }
}

/// Runs a future to its end.
///
/// # Errors
/// Returns the error of the future, or an error if the runtime cannot start.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    runtime.block_on(future)
}

/// Explains an error of a request, and how to fix it.
pub(crate) fn failure(error: &Error) -> Failure {
    let message = error.to_string();
    let message = visible(&message);
    let fix = match error.status() {
        Some(401 | 403) => {
            "; check DD_API_KEY, DD_APP_KEY and DD_SITE (`ci-report doctor` tests each)"
        }
        Some(400) => "; check the query, the time range and the other options",
        _ if matches!(error, Error::Transport(it) if it.is_connect())
            && Settings::from_env().is_local() =>
        {
            "; start `ci-report intake`, or correct DD_URL (`ci-report doctor` tests the connection)"
        }
        _ if matches!(error, Error::Transport(_)) => "; `ci-report doctor` tests the connection",
        _ => "",
    };
    Failure::new(format!("{message}{fix}"))
}
