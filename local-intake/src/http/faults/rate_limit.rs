//! The rate limit that a test sets: counting requests, and the headers of responses.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use specwright_runtime::Validator;
use specwright_server::http::{HeaderName, HeaderValue};

/// A maximum number of requests per period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The number of requests per period.
    pub limit: u64,
    /// The period in seconds. Zero counts as one.
    pub period: u64,
    /// Whether rejections have a `Retry-After` header in addition to the rate-limit headers.
    #[serde(default)]
    pub retry_after: bool,
}

impl RateLimit {
    /// Validates a rate limit from the control interface, which must have a period.
    pub(in crate::http) fn check(&self, checks: &mut Validator) {
        checks.field("period", Some(&self.period), |checks, period| checks.minimum(*period, 1));
    }
}

/// The requests counted in the current period.
#[derive(Debug)]
pub(in crate::http) struct RateLimitWindow {
    limit: RateLimit,
    since: Instant,
    count: u64,
}

impl RateLimitWindow {
    /// Starts the first period of a limit.
    pub(in crate::http) fn new(limit: RateLimit) -> Self {
        let limit = RateLimit { period: limit.period.max(1), ..limit };
        Self { limit, since: Instant::now(), count: 0 }
    }

    /// Counts a request.
    pub(in crate::http) fn count(&mut self) -> RateLimitStatus {
        let Self { limit, since, count } = self;
        let period = Duration::from_secs(limit.period);
        if since.elapsed() >= period {
            (*since, *count) = (Instant::now(), 0);
        }
        let is_exceeded = *count >= limit.limit;
        *count += u64::from(!is_exceeded);
        RateLimitStatus {
            limit: limit.clone(),
            remaining: limit.limit.saturating_sub(*count),
            // Rounded up, so that a request after this time is accepted.
            reset: period.saturating_sub(since.elapsed()).as_secs_f64().ceil() as u64,
            is_exceeded,
        }
    }
}

/// The state of a rate limit after a request.
pub(in crate::http) struct RateLimitStatus {
    limit: RateLimit,
    remaining: u64,
    /// The time until the next period, in seconds.
    reset: u64,
    pub(in crate::http) is_exceeded: bool,
}

impl RateLimitStatus {
    /// Returns the headers for the response.
    pub(in crate::http) fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = vec![
            ("x-ratelimit-limit", HeaderValue::from(self.limit.limit)),
            ("x-ratelimit-period", HeaderValue::from(self.limit.period)),
            ("x-ratelimit-remaining", HeaderValue::from(self.remaining)),
            ("x-ratelimit-reset", HeaderValue::from(self.reset)),
            ("x-ratelimit-name", HeaderValue::from_static("local_intake")),
        ];
        if self.is_exceeded && self.limit.retry_after {
            headers.push(("retry-after", HeaderValue::from(self.reset)));
        }
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value)).collect()
    }
}
