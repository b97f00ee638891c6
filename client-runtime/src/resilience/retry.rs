//! When a call is tried again, and after how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::outcome::error::TransportError;
use crate::outcome::rate_limit_headers::RateLimitHeaders;
use crate::resilience::backoff::{exponential, jitter};

/// How many tokens a budget has, what a further try costs, and what one behind a time-out:
/// waiting for nothing is what an API in trouble can bear least.
const TOKENS: u32 = 500;
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;

/// A further try that is made at all has at least this long.
const LEAST_TIME: Duration = Duration::from_secs(1);

/// When a call is tried again, and after how long.
///
/// Tried again is what failed to connect, was cut off, got no answer in time, or was answered
/// with 408, 429, 500, 502, 503 or 504; calls that must not be carried out twice only if the API
/// has certainly not carried them out: without a connection, and with 429. Waits are as long as
/// the API says (`Retry-After`, `X-RateLimitHeaders-Reset`), else a random part of a time that doubles.
///
/// Clones share a budget of tokens, and so do all clones of a client: where most calls fail,
/// most of them are not tried again, which would only make things worse.
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
#[must_use = "a policy does nothing until a client has it"]
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

/// Policies are equal that say the same, whatever is left of their budgets.
impl PartialEq for RetryPolicy {
    fn eq(&self, other: &Self) -> bool {
        let said = |policy: &Self| {
            let Self { max_attempts, initial_backoff, max_backoff, deadline, budget } = policy;
            (*max_attempts, *initial_backoff, *max_backoff, *deadline, budget.is_some())
        };
        said(self) == said(other)
    }
}

impl RetryPolicy {
    /// Nothing is tried again.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is tried at most, the first time included; 8 unless this says otherwise.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Of which time the first wait is a random part; half a second unless this says otherwise.
    /// It doubles with every further wait.
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// To how long that time grows; 20 seconds unless this says otherwise. What the API asks
    /// for may be longer.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// How long a call may take with all its tries and waits; two minutes unless this says
    /// otherwise. Only the first try is not bound by it, but by its own time-out, and what a
    /// [`RateLimiter`](crate::RateLimiter) waits for is beside it.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Tries again however many other calls fail.
    pub fn without_budget(mut self) -> Self {
        self.budget = None;
        self
    }

    /// Gives back what the last try of a stream to go on has cost.
    pub(crate) fn recovered(&self) {
        if let Some(budget) = &self.budget {
            budget.give(COST);
        }
    }
}

/// Tokens that all calls of a client share.
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
        // The closure never refuses.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

/// Why a try failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FailureKind<'a> {
    /// There was no connection.
    Connect,
    /// No answer, or no whole one, came in time.
    Timeout,
    /// The connection ended before the answer did.
    Interrupted,
    /// This was the answer.
    Status(u16, &'a RateLimitHeaders),
}

impl FailureKind<'_> {
    /// Returns why a request failed without a response.
    pub(crate) fn of_error(error: &TransportError) -> Self {
        if error.is_connect() { Self::Connect } else { Self::of_interruption(error) }
    }

    /// Why an answer under way came to no end.
    pub(crate) fn of_interruption(error: &TransportError) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Interrupted }
    }
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct Attempts<'p> {
    policy: &'p RetryPolicy,
    begun: Instant,
    made: u32,
    /// What the last try has cost.
    paid: u32,
}

impl<'p> Attempts<'p> {
    pub(crate) fn new(policy: &'p RetryPolicy) -> Self {
        Self { policy, begun: Instant::now(), made: 1, paid: 0 }
    }

    /// A call that has been under way for a while, with so many tries.
    pub(crate) fn resumed(policy: &'p RetryPolicy, begun: Instant, made: u32) -> Self {
        Self { policy, begun, made, paid: 0 }
    }

    /// How many tries have been made.
    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    /// How long the try may take that is made now, if the deadline has a say in it.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        let left = || self.policy.deadline.saturating_sub(self.begun.elapsed());
        (self.made > 1).then(|| left().max(LEAST_TIME))
    }

    /// Gives back what the call has cost.
    pub(crate) fn succeeded(&self) {
        if let Some(budget) = &self.policy.budget {
            budget.give(self.paid.max(1));
        }
    }

    /// How long to wait before the next try; none if there is to be none.
    pub(crate) fn again(
        &mut self,
        failed: FailureKind<'_>,
        is_repeatable: bool,
    ) -> Option<Duration> {
        self.again_after(failed, is_repeatable, None)
    }

    /// The same, if the API may have asked for a wait of some length before anything failed.
    pub(crate) fn again_after(
        &mut self,
        failed: FailureKind<'_>,
        is_repeatable: bool,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let (is_passing, is_harmless, cost) = match failed {
            FailureKind::Connect => (true, true, COST),
            FailureKind::Timeout => (true, false, COST_OF_TIMEOUT),
            FailureKind::Interrupted => (true, false, COST),
            FailureKind::Status(429, _) => (true, true, COST),
            FailureKind::Status(status, _) => {
                (matches!(status, 408 | 500 | 502 | 503 | 504), false, COST)
            }
        };
        if !is_passing || !(is_repeatable || is_harmless) || self.made >= self.policy.max_attempts {
            return None;
        }
        let Self { policy, made, .. } = &*self;
        let bound = exponential(policy.initial_backoff, policy.max_backoff, *made);
        let wait = told(failed).or(asked).unwrap_or_else(|| jitter(bound));
        // A wait that ends too late need not begin.
        if self.begun.elapsed().saturating_add(wait) > self.policy.deadline {
            return None;
        }
        if self.policy.budget.as_ref().is_some_and(|budget| !budget.take(cost)) {
            return None;
        }
        self.paid = cost;
        self.made += 1;
        Some(wait)
    }
}

/// How long the API asks to wait. A little is added, so that not all who were told the same
/// come back at once.
fn told(failed: FailureKind<'_>) -> Option<Duration> {
    let FailureKind::Status(status, limit) = failed else { return None };
    let wait = limit.wait(status)?;
    Some(wait.saturating_add(jitter(Duration::from_millis(100))))
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
    fn what_may_pass_is_tried_again_and_nothing_else() {
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
    fn what_must_not_happen_twice_is_tried_again_only_if_it_has_not_happened() {
        let (policy, none) = (RetryPolicy::default(), RateLimitHeaders::default());
        let again = |failed| Attempts::new(&policy).again(failed, false).is_some();
        assert!(again(FailureKind::Connect) && again(FailureKind::Status(429, &none)));
        assert!(!again(FailureKind::Timeout) && !again(FailureKind::Interrupted));
        assert!(!again(FailureKind::Status(503, &none)) && !again(FailureKind::Status(500, &none)));
    }

    #[test]
    fn waits_are_random_parts_of_a_time_that_doubles() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX).deadline(Duration::MAX);
        let mut longest = [Duration::ZERO; 9];
        for _ in 0..200 {
            let mut tries = Attempts::new(&policy);
            for (longest, bound) in longest
                .iter_mut()
                .zip([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000])
            {
                let wait = tries.again(FailureKind::Connect, true);
                policy.budget.as_ref().unwrap().give(COST);
                let wait = wait.unwrap();
                assert!(wait <= Duration::from_millis(bound), "{wait:?}");
                *longest = wait.max(*longest);
            }
        }
        // Of 200 parts, one is more than half for certain.
        assert!(longest[0] > Duration::from_millis(250) && longest[8] > Duration::from_secs(10));
    }

    #[test]
    fn waits_are_as_long_as_the_api_says() {
        let policy = RetryPolicy::default();
        let told = |status, limit: &RateLimitHeaders| {
            wait(&policy, FailureKind::Status(status, limit)).unwrap().as_secs()
        };
        assert_eq!(told(429, &limit(Some(7), Some(3))), 7);
        assert_eq!(told(429, &limit(None, Some(3))), 3);
        assert_eq!(told(503, &limit(Some(2), None)), 2);
        assert!(told(503, &limit(None, Some(60))) < 1, "only of a 429 the reset is the reason");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!((8..=10).contains(&told(429, &limit(None, Some(now + 10)))));
        assert_eq!(told(429, &limit(None, Some(now - 10))), 0);
        // Too long: better to say so at once.
        assert_eq!(wait(&policy, FailureKind::Status(429, &limit(Some(121), None))), None);
        assert_eq!(wait(&policy, FailureKind::Status(429, &limit(Some(u64::MAX), None))), None);
    }

    #[test]
    fn tries_are_counted_and_end() {
        let policy = RetryPolicy::default().max_attempts(3).initial_backoff(Duration::ZERO);
        let mut tries = Attempts::new(&policy);
        assert_eq!(tries.made(), 1);
        assert!(tries.again(FailureKind::Interrupted, true).is_some());
        assert!(tries.again(FailureKind::Interrupted, true).is_some());
        assert_eq!(tries.made(), 3);
        assert_eq!(tries.again(FailureKind::Interrupted, true), None);
        let late = RetryPolicy::default().deadline(Duration::ZERO);
        assert_eq!(wait(&late, FailureKind::Status(429, &limit(Some(1), None))), None);
    }

    #[test]
    fn a_budget_ends_a_storm_and_comes_back_with_success() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX);
        let storm = |policy: &RetryPolicy| {
            (0..1000).filter(|_| wait(policy, FailureKind::Connect).is_some()).count() as u32
        };
        assert_eq!(storm(&policy.clone()), TOKENS / COST);
        assert_eq!(wait(&policy, FailureKind::Connect), None, "clones share it");
        let mut tries = Attempts::new(&policy);
        (0..COST_OF_TIMEOUT).for_each(|_| tries.succeeded());
        assert!(tries.again(FailureKind::Timeout, true).is_some());
        // A try that was paid and succeeds costs nothing in the end.
        tries.succeeded();
        assert!(wait(&policy, FailureKind::Timeout).is_some());
        assert_eq!(storm(&policy.without_budget()), 1000);
    }
}
