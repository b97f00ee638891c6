//! Client-side rate limiting.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::outcome::rate_limit_headers::RateLimitHeaders;

/// The maximum period and delay. Longer values are ignored, because a mistake in one response would
/// block all calls; if intended, the next response repeats them.
const MAX_DELAY: Duration = Duration::from_secs(3600);

/// The maximum interval of a rate.
const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

/// A rate limiter that delays calls before the API would reject them.
///
/// It follows the [rate-limit response headers](crate::RateLimitHeaders). While more than half of
/// the requests of a period are left, calls are not delayed. The rest is spread over the remaining
/// period. If none is left, or after a 429, calls wait for the next period. Operations with the
/// same limit name share a limit. [`at_most`](Self::at_most) sets an additional rate.
///
/// Clones of a limiter or a client share its state. Each attempt of a call is delayed separately.
/// The delay does not count towards timeouts and deadlines; to stop waiting, drop the call.
///
/// ```
/// use std::time::Duration;
/// use specwright_runtime::RateLimiter;
///
/// let by_headers = RateLimiter::new();
/// let ten_per_second = RateLimiter::new().at_most(10, Duration::from_secs(1));
/// # drop((by_headers, ten_per_second));
/// ```
#[derive(Clone, Default)]
#[must_use = "a limiter has no effect until it is passed to a client"]
pub struct RateLimiter {
    rate: Option<(usize, Duration)>,
    known: Arc<Mutex<Known>>,
}

/// The state that all clones share.
#[derive(Default)]
struct Known {
    /// The start times of the latest calls, at most as many as the rate allows.
    starts: VecDeque<Instant>,
    /// The limit names by operation.
    names: BTreeMap<&'static str, String>,
    /// The limits by name, or by operation if they have no name.
    windows: BTreeMap<String, Window>,
}

/// A reserved start time of a call.
struct Slot {
    name: String,
    at: Instant,
    /// The start time that was removed from the latest.
    replaced: Option<Instant>,
}

/// A call that waits for its slot, and releases it if dropped.
struct Waiting<'l> {
    limiter: &'l RateLimiter,
    slot: Option<Slot>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.limiter.release(slot);
        }
    }
}

/// A period of a rate limit.
#[derive(Clone, Debug)]
struct Window {
    begins: Instant,
    ends: Instant,
    /// The length of a period, if known; then calls can be scheduled in later periods.
    period: Option<Duration>,
    limit: u64,
    remaining: u64,
    /// The earliest start of the next call.
    next: Instant,
}

impl RateLimiter {
    /// Creates a limiter that follows the rate-limit response headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the number of calls in any interval of this length.
    pub fn at_most(mut self, calls: usize, interval: Duration) -> Self {
        self.rate = Some((calls.max(1), interval.min(YEAR)));
        self
    }

    /// Waits until a call may start, and returns the delay. If the future is dropped, its slot is
    /// released.
    pub(crate) async fn admit(&self, operation: &'static str) -> Duration {
        let now = Instant::now();
        let slot = self.take(operation, now);
        let at = slot.at;
        if at > now {
            let mut waiting = Waiting { limiter: self, slot: Some(slot) };
            tokio::time::sleep_until(at.into()).await;
            waiting.slot = None;
        }
        at.saturating_duration_since(now)
    }

    /// Reserves the next free slot.
    fn take(&self, operation: &'static str, now: Instant) -> Slot {
        let mut known = self.known();
        let name = known.names.get(operation).map_or(operation, String::as_str).to_owned();
        let mut at = now;
        if let Some(window) = known.windows.get_mut(&name) {
            match window.reserve(now) {
                Some(start) => at = start,
                None => drop(known.windows.remove(&name)),
            }
        }
        let mut replaced = None;
        if let Some((calls, interval)) = self.rate {
            // The oldest of the latest `calls` starts determines when the rate allows another.
            replaced = (known.starts.len() >= calls).then(|| known.starts.pop_front()).flatten();
            at = replaced
                .and_then(|first| first.checked_add(interval))
                .map_or(at, |free| free.max(at));
            let index = known.starts.partition_point(|other| *other <= at);
            known.starts.insert(index, at);
        }
        Slot { name, at, replaced }
    }

    /// Releases an unused slot.
    fn release(&self, Slot { name, at, replaced }: Slot) {
        let mut known = self.known();
        if let Some(index) = known.starts.iter().position(|other| *other == at) {
            known.starts.remove(index);
            replaced.into_iter().for_each(|first| known.starts.push_front(first));
        }
        if let Some(window) = known.windows.get_mut(&name).filter(|window| window.begins <= at) {
            window.remaining = (window.remaining + 1).min(window.limit);
            window.next = window.next.min(at);
        }
    }

    /// Updates the limits from the headers of a response.
    pub(crate) fn learn(&self, operation: &'static str, status: u16, headers: &RateLimitHeaders) {
        if let Some(window) = Window::from_headers(status, headers, Instant::now()) {
            let mut known = self.known();
            let name = match &headers.name {
                Some(name) => {
                    if known.names.get(operation) != Some(name) {
                        known.names.insert(operation, name.clone());
                    }
                    name.as_str()
                }
                None => operation,
            };
            match known.windows.get_mut(name) {
                Some(known) => known.learn(window),
                None => drop(known.windows.insert(name.to_owned(), window)),
            }
        }
    }

    /// A poisoned lock is usable, because no change can be interrupted halfway.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl Window {
    /// Returns the window that a response reports.
    fn from_headers(status: u16, headers: &RateLimitHeaders, now: Instant) -> Option<Self> {
        let (remaining, left) = match (status, headers.wait(status)) {
            (429, Some(wait)) => (0, wait),
            _ => (headers.remaining?, headers.until_reset()?),
        };
        let limit = headers.limit.unwrap_or(remaining).max(remaining);
        let ends = now.checked_add(left).filter(|_| left <= MAX_DELAY)?;
        let period = headers.period.filter(|period| limit > 0 && !period.is_zero());
        let period = period.filter(|period| *period <= MAX_DELAY);
        Some(Self { begins: now, ends, period, limit, remaining, next: now })
    }

    /// Merges a reported window: a later period, or fewer remaining requests in this one.
    fn learn(&mut self, reported: Self) {
        // Resets are reported in whole seconds, so the end of a period may vary by one second.
        if reported.ends > self.ends + Duration::from_secs(1) {
            // Scheduled calls keep their slots.
            let next = self.next.max(reported.next);
            *self = Self { next, ..reported };
        } else if self.begins <= reported.begins {
            self.remaining = self.remaining.min(reported.remaining);
        }
        // Otherwise, calls are already scheduled in a later period than the reported one.
    }

    /// Returns the tolerance for the start of a period. Periods are reported in whole seconds, some
    /// begin with their first call, and calls take time to arrive.
    fn slack(&self) -> Duration {
        self.period.map_or(Duration::ZERO, |period| (period / 10).min(Duration::from_secs(1)))
    }

    /// Reserves the next start, or returns `None` if the period is over and the next is unknown.
    fn reserve(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.ends || self.remaining == 0 {
            match self.period {
                // Assume that the next period equals this one until a response reports it.
                Some(period) if now < self.ends + period => {
                    self.begins = self.ends + self.slack();
                    self.ends = self.begins + period;
                    self.remaining = self.limit;
                    self.next = self.next.max(self.begins);
                }
                _ if now >= self.ends => return None,
                _ => return Some(self.ends),
            }
        }
        let at = self.next.max(now);
        // The first half is not delayed, which is enough for most programs.
        let is_scarce = self.remaining.saturating_mul(2) <= self.limit;
        let left = self.ends.saturating_duration_since(at + self.slack());
        let parts = u32::try_from(self.remaining).unwrap_or(u32::MAX);
        self.next = if is_scarce { at + left / parts } else { at };
        self.remaining -= 1;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATION: &str = "list";

    fn headers(limit: u64, period: u64, remaining: u64, reset: u64) -> RateLimitHeaders {
        RateLimitHeaders {
            limit: Some(limit),
            period: Some(Duration::from_secs(period)),
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(reset)),
            ..RateLimitHeaders::default()
        }
    }

    /// Returns the delays of a number of calls that are made now.
    fn waits(limiter: &RateLimiter, calls: usize) -> Vec<f64> {
        let now = Instant::now();
        let wait = |_| (limiter.take(OPERATION, now).at - now).as_secs_f64();
        (0..calls).map(wait).collect()
    }

    fn assert_near(found: &[f64], expected: &[f64]) {
        let near =
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.1);
        assert!(near && found.len() == expected.len(), "{found:?} != {expected:?}");
    }

    #[test]
    fn calls_are_not_delayed_without_headers() {
        let limiter = RateLimiter::new();
        assert_near(&waits(&limiter, 3), &[0.0; 3]);
        limiter.learn(OPERATION, 200, &RateLimitHeaders::default());
        limiter.learn(OPERATION, 429, &RateLimitHeaders::default());
        assert_near(&waits(&limiter, 3), &[0.0; 3]);
    }

    #[test]
    fn scarce_requests_are_spread_over_the_period() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &headers(10, 100, 6, 50));
        // Six of ten are left: one is not delayed, five share 49 s, then the next period begins.
        assert_near(&waits(&limiter, 8), &[0.0, 0.0, 9.8, 19.6, 29.4, 39.2, 51.0, 51.0]);
    }

    #[test]
    fn calls_wait_for_the_next_period_if_none_is_left() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &headers(2, 10, 0, 7));
        assert_near(&waits(&limiter, 5), &[8.0, 8.0, 19.0, 19.0, 30.0]);
        let limiter = RateLimiter::new();
        let unknown = RateLimitHeaders { period: None, ..headers(2, 10, 0, 7) };
        limiter.learn(OPERATION, 200, &unknown);
        assert_near(&waits(&limiter, 3), &[7.0; 3]);
    }

    #[test]
    fn calls_wait_after_429() {
        let limiter = RateLimiter::new();
        let rejected = RateLimitHeaders {
            retry_after: Some(Duration::from_secs(4)),
            ..RateLimitHeaders::default()
        };
        limiter.learn(OPERATION, 503, &rejected);
        assert_near(&waits(&limiter, 1), &[0.0]);
        limiter.learn(OPERATION, 429, &rejected);
        assert_near(&waits(&limiter, 2), &[4.0; 2]);
        let now = Instant::now();
        assert_eq!(limiter.take("another", now).at, now);
    }

    #[test]
    fn operations_share_a_limit_by_name() {
        let limiter = RateLimiter::new();
        let named = |remaining| RateLimitHeaders {
            name: Some("ci".to_owned()),
            ..headers(4, 10, remaining, 5)
        };
        limiter.learn("search", 200, &named(4));
        limiter.learn(OPERATION, 200, &named(0));
        let now = Instant::now();
        assert!(limiter.take("search", now).at > now + Duration::from_secs(4));
        assert_eq!(limiter.take("aggregate", now).at, now);
    }

    #[test]
    fn out_of_order_responses_do_not_increase_the_remainder() {
        let limiter = RateLimiter::new();
        for remaining in [3, 1, 2] {
            limiter.learn(OPERATION, 200, &headers(100, 100, remaining, 60));
        }
        assert_near(&waits(&limiter, 2), &[0.0, 61.0]);
        // A later period replaces the current one.
        limiter.learn(OPERATION, 200, &headers(100, 100, 90, 300));
        assert!(waits(&limiter, 1)[0] < 62.0);
    }

    #[test]
    fn expired_periods_are_removed() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &headers(10, 20, 0, 5));
        let later = Instant::now() + Duration::from_secs(26);
        assert_eq!(limiter.take(OPERATION, later).at, later);
        assert!(limiter.known().windows.is_empty());
    }

    #[test]
    fn rate_holds_in_every_interval() {
        let limiter = RateLimiter::new().at_most(2, Duration::from_secs(10));
        assert_near(&waits(&limiter.clone(), 5), &[0.0, 0.0, 10.0, 10.0, 20.0]);
        assert_near(&waits(&limiter, 1), &[20.0]);
        // With response headers, the later start applies.
        limiter.learn(OPERATION, 200, &headers(10, 100, 0, 100));
        assert_near(&waits(&limiter, 1), &[101.0]);
        let now = Instant::now();
        let other = limiter.take("another", now).at - now;
        assert_near(&[other.as_secs_f64()], &[30.0]);
    }

    #[test]
    fn released_slots_are_reused() {
        let limiter = RateLimiter::new().at_most(1, Duration::from_secs(10));
        let now = Instant::now();
        limiter.take(OPERATION, now);
        let second = limiter.take(OPERATION, now);
        assert_eq!(second.at, now + Duration::from_secs(10));
        limiter.release(second);
        assert_eq!(limiter.take(OPERATION, now).at, now + Duration::from_secs(10));

        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &headers(4, 100, 2, 50));
        assert_near(&waits(&limiter, 1), &[0.0]);
        let second = limiter.take(OPERATION, Instant::now());
        limiter.release(second);
        assert_near(&waits(&limiter, 2), &[24.5, 51.0]);
    }

    #[test]
    fn implausible_headers_are_ignored() {
        let limiter = RateLimiter::new();
        for (period, reset) in [(0, 0), (u64::MAX, 3), (3, u64::MAX), (u64::MAX, u64::MAX)] {
            limiter.learn(OPERATION, 200, &headers(0, period, 0, reset));
            limiter.learn(OPERATION, 429, &headers(u64::MAX, period, u64::MAX, reset));
            assert!(waits(&limiter, 3).iter().all(|wait| *wait < 4.0));
        }
    }
}
