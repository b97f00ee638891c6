//! Exponential backoff with full jitter.

use std::time::Duration;

/// Returns the upper bound of the delay after an attempt, counted from 1: the initial delay,
/// doubled per further attempt, up to a maximum.
#[must_use]
pub fn exponential(initial: Duration, max: Duration, attempt: u32) -> Duration {
    let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    initial.saturating_mul(factor).min(max)
}

/// Returns a random duration up to a bound, so that clients do not retry at the same time.
#[must_use]
pub fn jitter(bound: Duration) -> Duration {
    bound.mul_f64(fastrand::f64())
}
