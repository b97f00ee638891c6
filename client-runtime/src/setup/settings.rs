//! Settings of all calls of a client.

use std::time::Duration;

use crate::encode::compression::Compression;
use crate::resilience::rate_limiter::RateLimiter;
use crate::resilience::retry::RetryPolicy;
use crate::setup::hooks::Hooks;

/// The default timeout of a request, from connecting to the last byte of the response.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of all calls of a client.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) hooks: Hooks,
    pub(crate) compression: Option<Compression>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: DEFAULT_TIMEOUT,
            retry: RetryPolicy::default(),
            limiter: None,
            hooks: Hooks::default(),
            compression: None,
        }
    }
}
