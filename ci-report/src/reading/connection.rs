//! The client, and what to do if a request fails.

use std::future::Future;

use datadog_ci_pipelines::{Client, Error};

use crate::drawing::{note, visible};
use crate::settings::Settings;
use crate::spool::Spool;
use crate::status::Failure;

/// Creates a client that reads events, from the environment.
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
    let waiting: usize =
        Spool::new(&settings).stores().iter().map(|store| store.waiting().len()).sum();
    if waiting > 0 {
        note(&format!(
            "{waiting} events of this machine are not delivered yet; `ci-report flush` delivers them"
        ));
    }
    settings.client().build().map_err(|error| failure(&error))
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
