//! Captures the logs of some tests, at every level. They share one subscriber, because a subscriber
//! for one thread misses callsites that another thread registered before.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::end_to_end::support::server::{API_KEY, APP_KEY, TOKEN};

/// The crates whose logs are recorded.
pub(crate) const SOURCES: [&str; 3] = ["reqwest", "hyper", "specwright_runtime"];

/// What the tests have logged so far.
#[derive(Default)]
pub(crate) struct Found {
    /// Which of [`SOURCES`] have logged something.
    pub(crate) from: BTreeSet<&'static str>,
    /// The first line that contains a credential.
    pub(crate) credential: Option<String>,
}

thread_local! {
    /// The logs of this thread, if it captures them.
    static OURS: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

static FOUND: Mutex<Found> = Mutex::new(Found { from: BTreeSet::new(), credential: None });

/// Starts capturing the logs of this thread.
pub(crate) fn begin() {
    static BEGUN: OnceLock<()> = OnceLock::new();
    BEGUN.get_or_init(|| {
        let json = fmt::layer().json().with_span_events(FmtSpan::CLOSE).with_writer(|| Writer);
        // Formatting the logs of all tests would make them slow.
        let wanted = dynamic_filter_fn(|_, _| OURS.with_borrow(Option::is_some));
        tracing_subscriber::registry().with(json.with_filter(wanted)).init();
    });
    OURS.set(Some(Vec::new()));
}

/// Returns what has been logged so far.
pub(crate) fn found() -> MutexGuard<'static, Found> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what this thread has logged since [`begin`].
pub(crate) fn ours() -> Result<Vec<Value>, serde_json::Error> {
    let lines = OURS.take().unwrap_or_default();
    serde_json::Deserializer::from_slice(&lines).into_iter().collect()
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        OURS.with_borrow_mut(|ours| ours.iter_mut().for_each(|ours| ours.extend_from_slice(line)));
        let string = String::from_utf8_lossy(line);
        let mut found = found();
        found.from.extend(SOURCES.iter().filter(|name| string.contains(**name)));
        if [API_KEY, APP_KEY, TOKEN].iter().any(|credential| string.contains(credential)) {
            found.credential.get_or_insert_with(|| string.to_string());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
