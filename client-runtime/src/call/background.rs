//! Calls that a background task makes.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What a background task needs in addition to a client: connections of its own, and the failure
/// of its latest attempt, also while the call is still being retried.
///
/// A connection belongs to the async runtime that opened it, and stalls if that runtime is blocked.
/// A task with a runtime of its own therefore opens its own connections.
pub struct Background {
    has_own_connections: bool,
    http: OnceLock<Option<reqwest::Client>>,
    failure: Mutex<Option<String>>,
}

impl Background {
    /// Creates a task that uses the connections of its clients.
    #[must_use]
    pub fn sharing_connections() -> Self {
        Self { has_own_connections: false, http: OnceLock::new(), failure: Mutex::default() }
    }

    /// Creates a task with its own connections. A client that was built around a `reqwest::Client`
    /// shares its connections all the same.
    #[must_use]
    pub fn with_own_connections() -> Self {
        Self { has_own_connections: true, ..Self::sharing_connections() }
    }

    /// Returns why the latest attempt failed, or `None` if it succeeded or is the first one.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the result of the latest attempt.
    pub fn note(&self, failure: Option<String>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// Returns the HTTP client with its own connections, which `build` creates.
    pub(crate) fn http(
        &self,
        build: impl FnOnce() -> Option<reqwest::Client>,
    ) -> Option<&reqwest::Client> {
        self.has_own_connections.then(|| self.http.get_or_init(build).as_ref()).flatten()
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").field("failure", &self.failure()).finish_non_exhaustive()
    }
}
