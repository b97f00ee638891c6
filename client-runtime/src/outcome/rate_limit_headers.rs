//! Rate-limit response headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;

/// Above this, `X-RateLimit-Reset` is a timestamp in seconds since 1970, not a duration.
const EPOCH: Duration = Duration::from_secs(1_000_000_000);

/// The rate-limit headers of a response. A field is `None` if its header is absent or invalid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitHeaders {
    /// The number of requests per period (`X-RateLimit-Limit`).
    pub limit: Option<u64>,
    /// The length of a period (`X-RateLimit-Period`).
    pub period: Option<Duration>,
    /// The number of requests left in this period (`X-RateLimit-Remaining`).
    pub remaining: Option<u64>,
    /// The seconds in `X-RateLimit-Reset`, for most APIs the time until the next period.
    pub reset: Option<Duration>,
    /// The name of the limit (`X-RateLimit-Name`).
    pub name: Option<String>,
    /// The delay before the next attempt (`Retry-After`, in seconds or as a date).
    pub retry_after: Option<Duration>,
}

impl RateLimitHeaders {
    /// Reads the headers in one pass: few of most responses are about limits. Of headers that are
    /// sent more than once, the first valid one counts.
    pub(crate) fn new(headers: &HeaderMap) -> Self {
        let mut limits = Self::default();
        for (name, value) in headers {
            let Ok(value) = value.to_str() else { continue };
            let number = || value.trim().parse::<u64>().ok();
            let seconds = || number().map(Duration::from_secs);
            match name.as_str() {
                "x-ratelimit-limit" => limits.limit = limits.limit.or_else(number),
                "x-ratelimit-period" => limits.period = limits.period.or_else(seconds),
                "x-ratelimit-remaining" => limits.remaining = limits.remaining.or_else(number),
                "x-ratelimit-reset" => limits.reset = limits.reset.or_else(seconds),
                "x-ratelimit-name" => drop(limits.name.get_or_insert_with(|| value.to_owned())),
                "retry-after" => {
                    let date = || until_date(value);
                    limits.retry_after = limits.retry_after.or_else(seconds).or_else(date);
                }
                _ => {}
            }
        }
        limits
    }

    /// Returns the time until the next period begins.
    pub(crate) fn until_reset(&self) -> Option<Duration> {
        let since_1970 = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.reset.map(|reset| match reset > EPOCH {
            true => reset.saturating_sub(since_1970()),
            false => reset,
        })
    }

    /// Returns the delay that the API requests with a response of this status.
    pub(crate) fn wait(&self, status: u16) -> Option<Duration> {
        self.retry_after.or_else(|| self.until_reset().filter(|_| status == 429))
    }
}

/// Returns the time until an HTTP date, or zero if it has passed.
fn until_date(value: &str) -> Option<Duration> {
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_headers_are_parsed_and_invalid_values_are_ignored() {
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
