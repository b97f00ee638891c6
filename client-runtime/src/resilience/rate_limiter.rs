//! Slowing down before an API says no.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::outcome::rate_limit_headers::RateLimitHeaders;

/// Longer periods and waits are not believed: a mistake in one answer would stop everything. One
/// that is meant is told again.
const LONGEST: Duration = Duration::from_secs(3600);

/// The longest span that a rate can have.
const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

/// Delays calls so that an API need not refuse them.
///
/// It goes by what answers say of rate limits: while more than half of a period's requests are
/// left, calls go at once; what is left then is spread over the rest of the period; and where
/// nothing is left, or the API has answered with 429, calls wait for the next period. Operations
/// that share a limit, by its name, share what is left of it. On top of that, or for APIs that
/// say nothing, a rate can be set.
///
/// Clones share what they know, and so do all clones of a client. The tries of a call are
/// delayed like calls of their own. No time limit of a call counts this wait: whoever wants to
/// wait no longer drops the call.
///
/// ```
/// use std::time::Duration;
/// use specwright_runtime::RateLimiter;
///
/// let by_answers = RateLimiter::new();
/// let at_most_ten_a_second = RateLimiter::new().at_most(10, Duration::from_secs(1));
/// # drop((by_answers, at_most_ten_a_second));
/// ```
#[derive(Clone, Default)]
#[must_use = "a limiter does nothing until a client has it"]
pub struct RateLimiter {
    rate: Option<(usize, Duration)>,
    known: Arc<Mutex<Known>>,
}

/// What all clones know.
#[derive(Default)]
struct Known {
    /// When the last calls went, or will go: as many as the rate allows.
    gone: VecDeque<Instant>,
    /// The name of the limit that an operation has.
    names: BTreeMap<&'static str, String>,
    /// The limits by name, or by operation where they have none.
    windows: BTreeMap<String, Window>,
}

/// When a call may go, and what that has taken.
struct Turn {
    name: String,
    at: Instant,
    /// The call that is no longer among the latest.
    replaced: Option<Instant>,
}

/// A call that waits for its turn.
struct Waiting<'l> {
    limiter: &'l RateLimiter,
    turn: Option<Turn>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.limiter.give_back(turn);
        }
    }
}

/// A period of an API's limit.
#[derive(Clone, Debug)]
struct Window {
    begins: Instant,
    ends: Instant,
    /// How long one lasts, if that is known: then calls can be placed in later ones.
    period: Option<Duration>,
    limit: u64,
    remaining: u64,
    /// When the next call may go.
    next: Instant,
}

impl RateLimiter {
    /// Goes by what answers say.
    pub fn new() -> Self {
        Self::default()
    }

    /// In any span of this length, at most so many calls go.
    pub fn at_most(mut self, calls: usize, span: Duration) -> Self {
        self.rate = Some((calls.max(1), span.min(YEAR)));
        self
    }

    /// Waits until a call may go, and says how long that took. Who gives up meanwhile gives its
    /// turn back.
    pub(crate) async fn admit(&self, operation: &'static str) -> Duration {
        let now = Instant::now();
        let turn = self.take(operation, now);
        let at = turn.at;
        if at > now {
            let mut waiting = Waiting { limiter: self, turn: Some(turn) };
            tokio::time::sleep_until(at.into()).await;
            waiting.turn = None;
        }
        at.saturating_duration_since(now)
    }

    /// Takes the next turn that a call can have.
    fn take(&self, operation: &'static str, now: Instant) -> Turn {
        let mut known = self.known();
        let name = known.names.get(operation).map_or(operation, String::as_str).to_owned();
        let mut at = now;
        if let Some(window) = known.windows.get_mut(&name) {
            match window.reserve(now) {
                Some(told) => at = told,
                None => drop(known.windows.remove(&name)),
            }
        }
        let mut replaced = None;
        if let Some((calls, span)) = self.rate {
            // With the latest `calls` of all at hand, the first of them says when there is room.
            replaced = (known.gone.len() >= calls).then(|| known.gone.pop_front()).flatten();
            at = replaced.and_then(|first| first.checked_add(span)).map_or(at, |free| free.max(at));
            let place = known.gone.partition_point(|other| *other <= at);
            known.gone.insert(place, at);
        }
        Turn { name, at, replaced }
    }

    /// Gives back a turn that nobody uses.
    fn give_back(&self, Turn { name, at, replaced }: Turn) {
        let mut known = self.known();
        if let Some(place) = known.gone.iter().position(|other| *other == at) {
            known.gone.remove(place);
            replaced.into_iter().for_each(|first| known.gone.push_front(first));
        }
        if let Some(window) = known.windows.get_mut(&name).filter(|window| window.begins <= at) {
            window.remaining = (window.remaining + 1).min(window.limit);
            window.next = window.next.min(at);
        }
    }

    /// Learns from an answer.
    pub(crate) fn learn(&self, operation: &'static str, status: u16, told: &RateLimitHeaders) {
        if let Some(window) = Window::told(status, told, Instant::now()) {
            let mut known = self.known();
            let name = match &told.name {
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

    /// Whoever panicked in here has left it sound: each change is made whole.
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
    /// The window that an answer tells of.
    fn told(status: u16, told: &RateLimitHeaders, now: Instant) -> Option<Self> {
        let (remaining, left) = match (status, told.wait(status)) {
            (429, Some(wait)) => (0, wait),
            _ => (told.remaining?, told.until_reset()?),
        };
        let limit = told.limit.unwrap_or(remaining).max(remaining);
        let ends = now.checked_add(left).filter(|_| left <= LONGEST)?;
        let period = told.period.filter(|period| limit > 0 && !period.is_zero());
        let period = period.filter(|period| *period <= LONGEST);
        Some(Self { begins: now, ends, period, limit, remaining, next: now })
    }

    /// Takes over what is newer in another: less that is left of this period, or a later one.
    fn learn(&mut self, told: Self) {
        // Resets are told in whole seconds, so one period may seem to end at two times.
        if told.ends > self.ends + Duration::from_secs(1) {
            // What was placed stays placed.
            let next = self.next.max(told.next);
            *self = Self { next, ..told };
        } else if self.begins <= told.begins {
            self.remaining = self.remaining.min(told.remaining);
        }
        // Else calls are being placed in a later period than the answer tells of.
    }

    /// How far periods may be from where they seem to be: they are told in whole seconds, some
    /// begin only with a call in them, and calls take a while to arrive.
    fn slack(&self) -> Duration {
        self.period.map_or(Duration::ZERO, |period| (period / 10).min(Duration::from_secs(1)))
    }

    /// When a call may go; none once the period is over and nothing is known of the next.
    fn reserve(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.ends || self.remaining == 0 {
            match self.period {
                // The next period is taken to be as this one was, until an answer says otherwise.
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
        // Half of them go as they come: most programs need no more.
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

    fn told(limit: u64, period: u64, remaining: u64, reset: u64) -> RateLimitHeaders {
        RateLimitHeaders {
            limit: Some(limit),
            period: Some(Duration::from_secs(period)),
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(reset)),
            ..RateLimitHeaders::default()
        }
    }

    /// How long each of so many calls waits that want to go now.
    fn waits(limiter: &RateLimiter, calls: usize) -> Vec<f64> {
        let now = Instant::now();
        let wait = |_| (limiter.take(OPERATION, now).at - now).as_secs_f64();
        (0..calls).map(wait).collect()
    }

    fn assert_near(found: &[f64], expected: &[f64]) {
        let near =
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.1);
        assert!(near && found.len() == expected.len(), "{found:?} instead of {expected:?}");
    }

    #[test]
    fn without_knowledge_calls_go_at_once() {
        let limiter = RateLimiter::new();
        assert_near(&waits(&limiter, 3), &[0.0; 3]);
        limiter.learn(OPERATION, 200, &RateLimitHeaders::default());
        limiter.learn(OPERATION, 429, &RateLimitHeaders::default());
        assert_near(&waits(&limiter, 3), &[0.0; 3]);
    }

    #[test]
    fn plenty_goes_at_once_and_what_is_scarce_is_spread() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &told(10, 100, 6, 50));
        // Of ten, six are left: one goes freely, five share 49 seconds, then a new ten begins.
        assert_near(&waits(&limiter, 8), &[0.0, 0.0, 9.8, 19.6, 29.4, 39.2, 51.0, 51.0]);
    }

    #[test]
    fn with_nothing_left_calls_wait_for_the_next_period() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &told(2, 10, 0, 7));
        assert_near(&waits(&limiter, 5), &[8.0, 8.0, 19.0, 19.0, 30.0]);
        let limiter = RateLimiter::new();
        let unknown = RateLimitHeaders { period: None, ..told(2, 10, 0, 7) };
        limiter.learn(OPERATION, 200, &unknown);
        assert_near(&waits(&limiter, 3), &[7.0; 3]);
    }

    #[test]
    fn a_refusal_makes_all_wait() {
        let limiter = RateLimiter::new();
        let refused = RateLimitHeaders {
            retry_after: Some(Duration::from_secs(4)),
            ..RateLimitHeaders::default()
        };
        limiter.learn(OPERATION, 503, &refused);
        assert_near(&waits(&limiter, 1), &[0.0]);
        limiter.learn(OPERATION, 429, &refused);
        assert_near(&waits(&limiter, 2), &[4.0; 2]);
        let now = Instant::now();
        assert_eq!(limiter.take("another", now).at, now);
    }

    #[test]
    fn operations_share_a_limit_by_its_name() {
        let limiter = RateLimiter::new();
        let named = |remaining| RateLimitHeaders {
            name: Some("ci".to_owned()),
            ..told(4, 10, remaining, 5)
        };
        limiter.learn("search", 200, &named(4));
        limiter.learn(OPERATION, 200, &named(0));
        let now = Instant::now();
        assert!(limiter.take("search", now).at > now + Duration::from_secs(4));
        assert_eq!(limiter.take("aggregate", now).at, now);
    }

    #[test]
    fn answers_that_overtake_each_other_do_not_give_back() {
        let limiter = RateLimiter::new();
        for remaining in [3, 1, 2] {
            limiter.learn(OPERATION, 200, &told(100, 100, remaining, 60));
        }
        assert_near(&waits(&limiter, 2), &[0.0, 61.0]);
        // A later period is news.
        limiter.learn(OPERATION, 200, &told(100, 100, 90, 300));
        assert!(waits(&limiter, 1)[0] < 62.0);
    }

    #[test]
    fn a_period_that_is_over_is_forgotten() {
        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &told(10, 20, 0, 5));
        let later = Instant::now() + Duration::from_secs(26);
        assert_eq!(limiter.take(OPERATION, later).at, later);
        assert!(limiter.known().windows.is_empty());
    }

    #[test]
    fn a_rate_holds_in_every_span() {
        let limiter = RateLimiter::new().at_most(2, Duration::from_secs(10));
        assert_near(&waits(&limiter.clone(), 5), &[0.0, 0.0, 10.0, 10.0, 20.0]);
        assert_near(&waits(&limiter, 1), &[20.0]);
        // With what answers say, the later of both.
        limiter.learn(OPERATION, 200, &told(10, 100, 0, 100));
        assert_near(&waits(&limiter, 1), &[101.0]);
        let now = Instant::now();
        let other = limiter.take("another", now).at - now;
        assert_near(&[other.as_secs_f64()], &[30.0]);
    }

    #[test]
    fn a_turn_that_is_given_up_is_the_next_ones() {
        let limiter = RateLimiter::new().at_most(1, Duration::from_secs(10));
        let now = Instant::now();
        limiter.take(OPERATION, now);
        let second = limiter.take(OPERATION, now);
        assert_eq!(second.at, now + Duration::from_secs(10));
        limiter.give_back(second);
        assert_eq!(limiter.take(OPERATION, now).at, now + Duration::from_secs(10));

        let limiter = RateLimiter::new();
        limiter.learn(OPERATION, 200, &told(4, 100, 2, 50));
        assert_near(&waits(&limiter, 1), &[0.0]);
        let second = limiter.take(OPERATION, Instant::now());
        limiter.give_back(second);
        assert_near(&waits(&limiter, 2), &[24.5, 51.0]);
    }

    #[test]
    fn nonsense_is_not_believed() {
        let limiter = RateLimiter::new();
        for (period, reset) in [(0, 0), (u64::MAX, 3), (3, u64::MAX), (u64::MAX, u64::MAX)] {
            limiter.learn(OPERATION, 200, &told(0, period, 0, reset));
            limiter.learn(OPERATION, 429, &told(u64::MAX, period, u64::MAX, reset));
            assert!(waits(&limiter, 3).iter().all(|wait| *wait < 4.0));
        }
    }
}
