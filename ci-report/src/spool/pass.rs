//! Delivers what waits, once.

use std::sync::Arc;
use std::time::Duration;

use datadog_ci_pipelines::models::SendData;
use datadog_ci_pipelines::{Client, Error, MAX_BATCH, Outcome};

use super::store::{Spool, Store, Waiting};
use crate::settings::{Mask, Settings};

/// The maximum size of a batch in bytes, which one request can carry.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// The timeout of a request. Only one process delivers at a time, and a request that hangs makes the
/// others wait.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Returns the client that delivers.
pub(super) fn client(settings: &Settings) -> Result<Client, Error> {
    settings.client().timeout(ATTEMPT).build()
}

/// The result of delivering once.
#[derive(Clone, Debug, Default)]
pub(super) struct Pass {
    /// The number of delivered events.
    pub(super) delivered: usize,
    /// The number of rejected events.
    pub(super) rejected: usize,
    /// Whether another process delivers the events of a directory.
    pub(super) is_busy: bool,
    /// Why events are left.
    pub(super) failure: Option<Failed>,
}

/// Why events were not delivered.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) reason: String,
    /// Whether the same request will fail again: the credential is missing or wrong.
    pub(super) is_permanent: bool,
    /// Whether there was no connection: the service is down, or the address is wrong.
    pub(super) is_connect: bool,
}

impl Failed {
    fn new(error: &Error, mask: &Mask) -> Self {
        let is_permanent = matches!(error.status(), Some(401 | 403));
        // The address may contain a password.
        let is_connect = matches!(error, Error::Transport(error) if error.is_connect());
        Self { reason: mask.apply(error.to_string()), is_permanent, is_connect }
    }

    fn io(error: &std::io::Error) -> Self {
        Self { reason: error.to_string(), is_permanent: false, is_connect: false }
    }
}

/// Delivers all events that wait, until a request fails.
pub(super) async fn deliver(spool: &Spool, client: &Client) -> Pass {
    let mut pass = Pass::default();
    for store in spool.stores() {
        // Without a waiting event there is nothing to lock.
        if store.waiting().is_empty() {
            continue;
        }
        match store.lock() {
            Ok(Some(_lock)) => deliver_store(&store, client, spool.mask(), &mut pass).await,
            Ok(None) => pass.is_busy = true,
            Err(error) => pass.failure = Some(Failed::io(&error)),
        }
    }
    pass
}

async fn deliver_store(store: &Store, client: &Client, mask: &Mask, pass: &mut Pass) {
    store.clean();
    let mut names = store.waiting().into_iter().peekable();
    while names.peek().is_some() {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < MAX_BATCH && bytes < BATCH_BYTES {
            let Some(name) = names.next() else { break };
            let Some(event) = store.read(&name) else { continue };
            match serde_json::from_slice::<SendData>(&event.content) {
                Ok(data) => {
                    bytes += event.content.len();
                    batch.push((event, data));
                }
                // Another version, or another program, has written it.
                Err(error) => {
                    store.reject(&event, &[error.to_string()]);
                    pass.rejected += 1;
                }
            }
        }
        let (events, data): (Vec<Waiting>, Vec<SendData>) = batch.into_iter().unzip();
        if events.is_empty() {
            continue;
        }
        // One request at a time, so that a final event does not overtake a running one.
        let report = client.send_all(data).concurrency(1).without_retries().await;
        let mut problem: Option<Arc<Error>> = None;
        for (event, outcome) in events.iter().zip(report.outcomes()) {
            match outcome {
                Outcome::Accepted => {
                    let _ = std::fs::remove_file(&event.path);
                    pass.delivered += 1;
                }
                Outcome::Rejected(_) => {
                    let reasons: Vec<String> =
                        outcome.reasons().into_iter().map(|it| mask.apply(it)).collect();
                    store.reject(event, &reasons);
                    pass.rejected += 1;
                }
                Outcome::NotSent { error, .. } => problem = Some(Arc::clone(error)),
                // Variants that a later version adds: the event stays.
                _ => {}
            }
        }
        let failure = problem.map(|error| Failed::new(&error, mask));
        match &failure {
            Some(failure) => store.set_failure(Some(&failure.reason)),
            None if store.failure().is_some() => store.set_failure(None),
            None => {}
        }
        if failure.is_some() {
            pass.failure = failure;
            return;
        }
    }
}
