//! The client, and what to do if a request fails.

use std::future::Future;
use std::time::Duration;

use datadog_ci_pipelines::{Client, Error};

use crate::drawing::{note, visible};
use crate::settings::Settings;
use crate::spool::{Spool, flush};
use crate::status::Failure;

/// How long reading waits for the delivery of what this machine has reported.
const DELIVERY: Duration = Duration::from_secs(2);

/// Creates a client that reads events, from the environment. What waits is delivered first, so it
/// must not be called inside of a runtime.
///
/// # Errors
/// Returns an error if a key is not set, or the address is invalid.
pub(crate) fn client() -> Result<Client, Failure> {
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
    deliver(&settings);
    settings.client().build().map_err(|error| failure(&error))
}

/// Delivers what waits on this machine, so that a run that has just ended is found.
fn deliver(settings: &Settings) {
    let flushed = flush(settings, &Spool::new(settings), DELIVERY);
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
        _ if matches!(error, Error::Transport(_)) => "; `ci-report doctor` tests the connection",
        _ => "",
    };
    Failure::new(format!("{message}{fix}"))
}
