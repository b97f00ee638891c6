//! Settings of all calls of a client.

use std::time::Duration;

use crate::encode::compression::Compression;
use crate::resilience::rate_limiter::RateLimiter;
use crate::resilience::retry::RetryPolicy;
use crate::setup::hooks::Hooks;

/// The default timeout of a request, from connecting to the last byte of the response.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum size of a response in bytes, after decompression.
const MAX_RESPONSE_SIZE: usize = 64 << 20;

/// The maximum size of the body of an error response in bytes, after decompression.
const MAX_ERROR_SIZE: usize = 1 << 20;

/// The maximum sizes of response bodies in bytes, after decompression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeLimits {
    pub(crate) response: usize,
    pub(crate) error: usize,
}

impl Default for SizeLimits {
    fn default() -> Self {
        Self { response: MAX_RESPONSE_SIZE, error: MAX_ERROR_SIZE }
    }
}

/// The settings of all calls of a client.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) hooks: Hooks,
    pub(crate) compression: Option<Compression>,
    pub(crate) size_limits: SizeLimits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: DEFAULT_TIMEOUT,
            retry: RetryPolicy::default(),
            limiter: None,
            hooks: Hooks::default(),
            compression: None,
            size_limits: SizeLimits::default(),
        }
    }
}
