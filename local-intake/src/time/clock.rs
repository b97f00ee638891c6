//! The clock of the intake: the system time, or a time that a test has set.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use crate::common::lock;

/// A clock that tests can set.
///
/// It shows the system time until [`set`](Self::set) or [`advance`](Self::advance) is called.
/// From then on it only moves by these methods, until [`use_system_time`](Self::use_system_time).
#[derive(Debug, Default)]
pub struct Clock(Mutex<Option<Timestamp>>);

impl Clock {
    /// Returns the current time of this clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        lock(&self.0).unwrap_or_else(Timestamp::now)
    }

    /// Returns the current time in nanoseconds since 1970.
    pub(crate) fn nanoseconds(&self) -> i64 {
        // An i64 of nanoseconds covers the years 1677 to 2262.
        let now = self.now().as_nanosecond();
        i64::try_from(now).unwrap_or(if now < 0 { i64::MIN } else { i64::MAX })
    }

    /// Sets the clock to a fixed time.
    pub fn set(&self, time: Timestamp) {
        *lock(&self.0) = Some(time);
    }

    /// Moves the clock by a duration and stops it there.
    pub fn advance(&self, by: SignedDuration) {
        let mut time = lock(&self.0);
        let now = time.unwrap_or_else(Timestamp::now);
        let limit = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *time = Some(now.checked_add(by).unwrap_or(limit));
    }

    /// Makes the clock show the system time again.
    pub fn use_system_time(&self) {
        *lock(&self.0) = None;
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Clock;

    #[test]
    fn the_clock_stops_when_it_is_set() {
        let clock = Clock::default();
        assert!(clock.now() > Timestamp::UNIX_EPOCH);
        clock.set(Timestamp::UNIX_EPOCH);
        clock.advance(SignedDuration::from_secs(2));
        assert_eq!(clock.nanoseconds(), 2_000_000_000);
        clock.advance(SignedDuration::MAX);
        assert_eq!((clock.now(), clock.nanoseconds()), (Timestamp::MAX, i64::MAX));
        clock.use_system_time();
        assert!(clock.now() < Timestamp::MAX);
    }
}
