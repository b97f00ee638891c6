//! Retries of failed calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::outcome::error::TransportError;
use crate::outcome::rate_limit_headers::RateLimitHeaders;
use crate::resilience::backoff::{exponential, jitter};

/// The tokens of a retry budget, the cost of a retry, and the cost of a retry after a timeout.
/// Timeouts cost more because they load an overloaded API most.
const TOKENS: u32 = 500;
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;

/// The minimum timeout of a retry.
const MIN_TIMEOUT: Duration = Duration::from_secs(1);

/// A policy for retries, with exponential backoff, full jitter and a retry budget.
///
/// Connection errors, interrupted responses, timeouts and the statuses 408, 429, 500, 502, 503 and
/// 504 are retried. Calls that are not idempotent are retried only if the API has certainly not
/// processed them: after connection errors and 429. The delay is that of `Retry-After`, or for 429
/// of `X-RateLimit-Reset`. Otherwise, it is a random duration up to a bound that grows by a factor of two.
///
/// Clones of a policy or a client share a retry budget, which prevents retry storms: if most calls
/// fail, most of them are not retried.
///
/// ```
/// use std::time::Duration;
/// use specwright_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(20).deadline(Duration::from_secs(600));
/// let never = RetryPolicy::none();
/// assert_eq!(never, RetryPolicy::default().max_attempts(1));
/// assert_ne!(patient, never);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a policy has no effect until it is passed to a client"]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    deadline: Duration,
    budget: Option<Budget>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 8,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
            deadline: Duration::from_secs(120),
            budget: Some(Budget::default()),
        }
    }
}

/// Compares the settings, not the remaining budgets.
impl PartialEq for RetryPolicy {
    fn eq(&self, other: &Self) -> bool {
        let settings = |policy: &Self| {
            let Self { max_attempts, initial_backoff, max_backoff, deadline, budget } = policy;
            (*max_attempts, *initial_backoff, *max_backoff, *deadline, budget.is_some())
        };
        settings(self) == settings(other)
    }
}

impl RetryPolicy {
    /// Creates a policy without retries.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Defaults to 8.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the initial backoff. The first delay is a random duration up to it, and each retry
    /// increases the bound by a factor of two. Defaults to 500 ms.
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the maximum backoff. Defaults to 20 s. A delay that the API requests may be longer.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Sets the deadline of a call with all its attempts and delays. Defaults to 120 s.
    ///
    /// The first attempt is bounded only by the per-attempt timeout. Delays of a
    /// [`RateLimiter`](crate::RateLimiter) do not count.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Disables the retry budget: calls are retried however many other calls fail.
    pub fn without_budget(mut self) -> Self {
        self.budget = None;
        self
    }

    /// Returns the cost of the reconnect of a stream that has recovered.
    pub(crate) fn recovered(&self) {
        if let Some(budget) = &self.budget {
            budget.give(COST);
        }
    }
}

/// The retry tokens that all calls of a client share.
#[derive(Clone, Debug)]
struct Budget(Arc<AtomicU32>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(AtomicU32::new(TOKENS)))
    }
}

impl Budget {
    fn take(&self, cost: u32) -> bool {
        let take = |left: u32| left.checked_sub(cost);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn give(&self, tokens: u32) {
        let give = |left: u32| Some(left.saturating_add(tokens).min(TOKENS));
        // The closure never returns `None`.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

/// The reason why an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FailureKind<'a> {
    /// The connection could not be established.
    Connect,
    /// The response was not complete in time.
    Timeout,
    /// The connection ended before the response was complete.
    Interrupted,
    /// The API returned this status.
    Status(u16, &'a RateLimitHeaders),
}

impl FailureKind<'_> {
    /// Returns why a request failed without a response.
    pub(crate) fn from_error(error: &TransportError) -> Self {
        if error.is_connect() { Self::Connect } else { Self::from_interruption(error) }
    }

    /// Returns why a response was not completed.
    pub(crate) fn from_interruption(error: &TransportError) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Interrupted }
    }
}

/// The attempts of a call.
#[derive(Debug)]
pub(crate) struct Attempts<'p> {
    policy: &'p RetryPolicy,
    begun: Instant,
    made: u32,
    /// The cost of the last attempt.
    paid: u32,
    /// Whether there was no further attempt because of the deadline.
    is_out_of_time: bool,
}

impl<'p> Attempts<'p> {
    pub(crate) fn new(policy: &'p RetryPolicy) -> Self {
        Self { policy, begun: Instant::now(), made: 1, paid: 0, is_out_of_time: false }
    }

    /// Continues a call with an earlier start and number of attempts.
    pub(crate) fn resumed(policy: &'p RetryPolicy, begun: Instant, made: u32) -> Self {
        Self { policy, begun, made, paid: 0, is_out_of_time: false }
    }

    /// Returns the number of attempts, including the current one.
    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    /// Returns the time that the deadline leaves for the current attempt, or `None` for the first.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        let left = || self.policy.deadline.saturating_sub(self.begun.elapsed());
        (self.made > 1).then(|| left().max(MIN_TIMEOUT))
    }

    /// Returns the deadline of the call.
    pub(crate) fn deadline(&self) -> Duration {
        self.policy.deadline
    }

    /// Returns whether there was no further attempt because of the deadline.
    pub(crate) fn is_out_of_time(&self) -> bool {
        self.is_out_of_time
    }

    /// Returns the cost of the call to the budget.
    pub(crate) fn succeeded(&self) {
        if let Some(budget) = &self.policy.budget {
            budget.give(self.paid.max(1));
        }
    }

    /// Returns the delay before the next attempt, or `None` if there is no further one.
    pub(crate) fn again(
        &mut self,
        failed: FailureKind<'_>,
        is_repeatable: bool,
    ) -> Option<Duration> {
        self.again_after(failed, is_repeatable, None)
    }

    /// Like [`again`](Self::again), with a delay that the API requested before the failure.
    pub(crate) fn again_after(
        &mut self,
        failed: FailureKind<'_>,
        is_repeatable: bool,
        requested: Option<Duration>,
    ) -> Option<Duration> {
        let (is_transient, is_unprocessed, cost) = match failed {
            FailureKind::Connect => (true, true, COST),
            FailureKind::Timeout => (true, false, COST_OF_TIMEOUT),
            FailureKind::Interrupted => (true, false, COST),
            FailureKind::Status(429, _) => (true, true, COST),
            FailureKind::Status(status, _) => {
                (matches!(status, 408 | 500 | 502 | 503 | 504), false, COST)
            }
        };
        if !is_transient
            || !(is_repeatable || is_unprocessed)
            || self.made >= self.policy.max_attempts
        {
            return None;
        }
        let Self { policy, made, .. } = &*self;
        let bound = exponential(policy.initial_backoff, policy.max_backoff, *made);
        let delay = requested_delay(failed).or(requested).unwrap_or_else(|| jitter(bound));
        // Fail now instead of after a delay beyond the deadline.
        if self.begun.elapsed().saturating_add(delay) > self.policy.deadline {
            self.is_out_of_time = true;
            return None;
        }
        if self.policy.budget.as_ref().is_some_and(|budget| !budget.take(cost)) {
            return None;
        }
        self.paid = cost;
        self.made += 1;
        Some(delay)
    }
}

/// Returns the delay that the API requests, plus jitter, so that clients with the same delay do
/// not return at the same time.
fn requested_delay(failed: FailureKind<'_>) -> Option<Duration> {
    let FailureKind::Status(status, limit) = failed else { return None };
    let delay = limit.wait(status)?;
    Some(delay.saturating_add(jitter(Duration::from_millis(100))))
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    fn limit(retry_after: Option<u64>, reset: Option<u64>) -> RateLimitHeaders {
        let seconds = |seconds: Option<u64>| seconds.map(Duration::from_secs);
        let (retry_after, reset) = (seconds(retry_after), seconds(reset));
        RateLimitHeaders { retry_after, reset, ..RateLimitHeaders::default() }
    }

    fn wait(policy: &RetryPolicy, failed: FailureKind<'_>) -> Option<Duration> {
        Attempts::new(policy).again(failed, true)
    }

    #[test]
    fn only_transient_failures_are_retried() {
        let policy = RetryPolicy::default();
        let none = RateLimitHeaders::default();
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(wait(&policy, FailureKind::Status(status, &none)).is_some(), "{status}");
        }
        for status in [200, 400, 401, 403, 404, 413, 422, 501, 505] {
            assert_eq!(wait(&policy, FailureKind::Status(status, &none)), None, "{status}");
        }
        for failed in [FailureKind::Connect, FailureKind::Timeout, FailureKind::Interrupted] {
            assert!(wait(&policy, failed).is_some(), "{failed:?}");
            assert_eq!(wait(&RetryPolicy::none(), failed), None, "{failed:?}");
        }
    }

    #[test]
    fn non_idempotent_calls_are_retried_only_if_unprocessed() {
        let (policy, none) = (RetryPolicy::default(), RateLimitHeaders::default());
        let again = |failed| Attempts::new(&policy).again(failed, false).is_some();
        assert!(again(FailureKind::Connect) && again(FailureKind::Status(429, &none)));
        assert!(!again(FailureKind::Timeout) && !again(FailureKind::Interrupted));
        assert!(!again(FailureKind::Status(503, &none)) && !again(FailureKind::Status(500, &none)));
    }

    #[test]
    fn delays_are_random_up_to_a_doubling_bound() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX).deadline(Duration::MAX);
        let mut longest = [Duration::ZERO; 9];
        for _ in 0..200 {
            let mut attempts = Attempts::new(&policy);
            for (longest, bound) in longest
                .iter_mut()
                .zip([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000])
            {
                let wait = attempts.again(FailureKind::Connect, true);
                policy.budget.as_ref().unwrap().give(COST);
                let wait = wait.unwrap();
                assert!(wait <= Duration::from_millis(bound), "{wait:?}");
                *longest = wait.max(*longest);
            }
        }
        // Of 200 random delays, at least one is more than half of the bound.
        assert!(longest[0] > Duration::from_millis(250) && longest[8] > Duration::from_secs(10));
    }

    #[test]
    fn delays_follow_the_response_headers() {
        let policy = RetryPolicy::default();
        let delay = |status, limit: &RateLimitHeaders| {
            wait(&policy, FailureKind::Status(status, limit)).unwrap().as_secs()
        };
        assert_eq!(delay(429, &limit(Some(7), Some(3))), 7);
        assert_eq!(delay(429, &limit(None, Some(3))), 3);
        assert_eq!(delay(503, &limit(Some(2), None)), 2);
        assert!(delay(503, &limit(None, Some(60))) < 1, "the reset applies only to 429");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!((8..=10).contains(&delay(429, &limit(None, Some(now + 10)))));
        assert_eq!(delay(429, &limit(None, Some(now - 10))), 0);
        // Beyond the deadline: fails immediately.
        assert_eq!(wait(&policy, FailureKind::Status(429, &limit(Some(121), None))), None);
        assert_eq!(wait(&policy, FailureKind::Status(429, &limit(Some(u64::MAX), None))), None);
    }

    #[test]
    fn attempts_are_counted_and_limited() {
        let policy = RetryPolicy::default().max_attempts(3).initial_backoff(Duration::ZERO);
        let mut attempts = Attempts::new(&policy);
        assert_eq!(attempts.made(), 1);
        assert!(attempts.again(FailureKind::Interrupted, true).is_some());
        assert!(attempts.again(FailureKind::Interrupted, true).is_some());
        assert_eq!(attempts.made(), 3);
        assert_eq!(attempts.again(FailureKind::Interrupted, true), None);
        let late = RetryPolicy::default().deadline(Duration::ZERO);
        assert_eq!(wait(&late, FailureKind::Status(429, &limit(Some(1), None))), None);
    }

    #[test]
    fn budget_limits_retry_storms_and_refills_on_success() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX);
        let storm = |policy: &RetryPolicy| {
            (0..1000).filter(|_| wait(policy, FailureKind::Connect).is_some()).count() as u32
        };
        assert_eq!(storm(&policy.clone()), TOKENS / COST);
        assert_eq!(wait(&policy, FailureKind::Connect), None, "clones share the budget");
        let mut attempts = Attempts::new(&policy);
        (0..COST_OF_TIMEOUT).for_each(|_| attempts.succeeded());
        assert!(attempts.again(FailureKind::Timeout, true).is_some());
        // The cost of a successful retry is returned.
        attempts.succeeded();
        assert!(wait(&policy, FailureKind::Timeout).is_some());
        assert_eq!(storm(&policy.without_budget()), 1000);
    }
}
