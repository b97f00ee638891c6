//! A rate limit for tests of clients: how it stands, and how answers say so.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use specwright_runtime::Checks;
use specwright_server::http::{HeaderName, HeaderValue};

/// How many requests are taken in a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests for each period.
    pub limit: u64,
    /// Seconds; none at all count as one.
    pub period: u64,
    /// Whether refusals say `Retry-After` beside the headers of the rate limit.
    #[serde(default)]
    pub retry_after: bool,
}

impl RateLimit {
    /// A limit of no time is none that anybody means.
    pub(crate) fn check(&self, checks: &mut Checks) {
        checks.field("period", Some(&self.period), |checks, period| checks.minimum(*period, 1));
    }
}

/// The requests that were taken in the period that goes on.
#[derive(Debug)]
pub(crate) struct Period {
    limit: RateLimit,
    since: Instant,
    taken: u64,
}

impl Period {
    /// The first period of a limit, from now on.
    pub(crate) fn of(limit: RateLimit) -> Self {
        let limit = RateLimit { period: limit.period.max(1), ..limit };
        Self { limit, since: Instant::now(), taken: 0 }
    }

    /// Counts a request, and says how the limit stands.
    pub(crate) fn take(&mut self) -> Standing {
        let Self { limit, since, taken } = self;
        let period = Duration::from_secs(limit.period);
        if since.elapsed() >= period {
            (*since, *taken) = (Instant::now(), 0);
        }
        let is_exceeded = *taken >= limit.limit;
        *taken += u64::from(!is_exceeded);
        Standing {
            limit: limit.clone(),
            remaining: limit.limit.saturating_sub(*taken),
            // Rounded up: after so many seconds there is room.
            reset: period.saturating_sub(since.elapsed()).as_secs_f64().ceil() as u64,
            is_exceeded,
        }
    }
}

/// How a rate limit stands.
pub(crate) struct Standing {
    limit: RateLimit,
    remaining: u64,
    /// Seconds.
    reset: u64,
    pub(crate) is_exceeded: bool,
}

impl Standing {
    /// How it stands, as every answer says.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
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
