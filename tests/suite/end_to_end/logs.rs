//! All that is logged by tests that want to know, at every level. One subscriber serves them all:
//! one of a single thread misses what another thread has seen first.

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

use super::server::{API_KEY, APP_KEY, TOKEN};

/// Whose lines are noted.
pub(super) const SOURCES: [&str; 3] = ["reqwest", "hyper", "specwright_runtime"];

/// What has been logged so far by those tests.
#[derive(Default)]
pub(super) struct Found {
    /// Which of [`SOURCES`] have said something.
    pub(super) from: BTreeSet<&'static str>,
    /// The first line that shows a key.
    pub(super) key: Option<String>,
}

thread_local! {
    /// What this thread has logged, if it wants to know.
    static OURS: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

static FOUND: Mutex<Found> = Mutex::new(Found { from: BTreeSet::new(), key: None });

/// From now on, everything that this thread does is logged.
pub(super) fn begin() {
    static BEGUN: OnceLock<()> = OnceLock::new();
    BEGUN.get_or_init(|| {
        let json = fmt::layer().json().with_span_events(FmtSpan::CLOSE).with_writer(|| Writer);
        // Formatting everything that all tests do would make them slow.
        let wanted = dynamic_filter_fn(|_, _| OURS.with_borrow(Option::is_some));
        tracing_subscriber::registry().with(json.with_filter(wanted)).init();
    });
    OURS.set(Some(Vec::new()));
}

/// What has been found so far.
pub(super) fn found() -> MutexGuard<'static, Found> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What this thread has logged since it began.
pub(super) fn ours() -> Result<Vec<Value>, serde_json::Error> {
    let lines = OURS.take().unwrap_or_default();
    serde_json::Deserializer::from_slice(&lines).into_iter().collect()
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        OURS.with_borrow_mut(|ours| ours.iter_mut().for_each(|ours| ours.extend_from_slice(line)));
        let text = String::from_utf8_lossy(line);
        let mut found = found();
        found.from.extend(SOURCES.iter().filter(|name| text.contains(**name)));
        if [API_KEY, APP_KEY, TOKEN].iter().any(|key| text.contains(key)) {
            found.key.get_or_insert_with(|| text.to_string());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
