//! What an answer says of rate limits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};

/// Names that are made when the program is compiled: every answer is asked for them.
static LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static PERIOD: HeaderName = HeaderName::from_static("x-ratelimit-period");
static REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
static NAME: HeaderName = HeaderName::from_static("x-ratelimit-name");

/// Above this, `X-RateLimitHeaders-Reset` is a moment in seconds since 1970, not a span.
const EPOCH: Duration = Duration::from_secs(1_000_000_000);

/// The rate-limit headers of an answer; each is there only if the API sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitHeaders {
    /// How many requests a period allows (`X-RateLimitHeaders-Limit`).
    pub limit: Option<u64>,
    /// How long a period lasts (`X-RateLimitHeaders-Period`).
    pub period: Option<Duration>,
    /// How many requests are left in this period (`X-RateLimitHeaders-Remaining`).
    pub remaining: Option<u64>,
    /// The seconds in `X-RateLimitHeaders-Reset`: how long until the next period, for most APIs.
    pub reset: Option<Duration>,
    /// Which limit this is (`X-RateLimitHeaders-Name`).
    pub name: Option<String>,
    /// How long to wait before the next try (`Retry-After`, in seconds or as a date).
    pub retry_after: Option<Duration>,
}

impl RateLimitHeaders {
    pub(crate) fn new(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
        let number = |name: &HeaderName| text(name)?.trim().parse::<u64>().ok();
        let seconds = |name: &HeaderName| number(name).map(Duration::from_secs);
        Self {
            limit: number(&LIMIT),
            period: seconds(&PERIOD),
            remaining: number(&REMAINING),
            reset: seconds(&RESET),
            name: text(&NAME).map(str::to_owned),
            retry_after: seconds(&RETRY_AFTER).or_else(|| until_date(text(&RETRY_AFTER)?)),
        }
    }

    /// How long until the next period begins.
    pub(crate) fn until_reset(&self) -> Option<Duration> {
        let since_1970 = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.reset.map(|reset| match reset > EPOCH {
            true => reset.saturating_sub(since_1970()),
            false => reset,
        })
    }

    /// How long the API asks to wait with an answer of this status.
    pub(crate) fn wait(&self, status: u16) -> Option<Duration> {
        self.retry_after.or_else(|| self.until_reset().filter(|_| status == 429))
    }
}

/// How long until an HTTP date; nothing once it has passed.
fn until_date(text: &str) -> Option<Duration> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_read_and_nonsense_is_left_out() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-ratelimit-limit", "300"),
            ("x-ratelimit-period", "60"),
            ("x-ratelimit-remaining", "soon"),
            ("x-ratelimit-reset", " 7 "),
            ("x-ratelimit-name", "ci_search"),
            ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ] {
            headers.insert(name, value.parse().expect("a header value"));
        }
        let expected = RateLimitHeaders {
            limit: Some(300),
            period: Some(Duration::from_secs(60)),
            remaining: None,
            reset: Some(Duration::from_secs(7)),
            name: Some("ci_search".to_owned()),
            retry_after: Some(Duration::ZERO),
        };
        assert_eq!(RateLimitHeaders::new(&headers), expected);
    }
}
