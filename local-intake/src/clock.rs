//! What time it is: that of the machine, or one that a test has set.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use crate::sync::lock;

/// A clock that can be set. It stands still where it was set until it is moved or freed.
#[derive(Debug, Default)]
pub struct Clock(Mutex<Option<Timestamp>>);

impl Clock {
    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        lock(&self.0).unwrap_or_else(Timestamp::now)
    }

    /// The time it shows, in nanoseconds since 1970.
    #[must_use]
    pub fn nanoseconds(&self) -> i64 {
        // 64 bits of nanoseconds reach from 1677 to 2262.
        let now = self.now().as_nanosecond();
        i64::try_from(now).unwrap_or(if now < 0 { i64::MIN } else { i64::MAX })
    }

    /// Sets it to a time at which it stands still.
    pub fn set(&self, time: Timestamp) {
        *lock(&self.0) = Some(time);
    }

    /// Moves it, and lets it stand still there.
    pub fn advance(&self, by: SignedDuration) {
        let mut time = lock(&self.0);
        let now = time.unwrap_or_else(Timestamp::now);
        let limit = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *time = Some(now.checked_add(by).unwrap_or(limit));
    }

    /// Lets it show the machine's time again.
    pub fn free(&self) {
        *lock(&self.0) = None;
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Clock;

    #[test]
    fn a_clock_stands_still_where_it_is_set() {
        let clock = Clock::default();
        assert!(clock.now() > Timestamp::UNIX_EPOCH);
        clock.set(Timestamp::UNIX_EPOCH);
        clock.advance(SignedDuration::from_secs(2));
        assert_eq!(clock.nanoseconds(), 2_000_000_000);
        clock.advance(SignedDuration::MAX);
        assert_eq!((clock.now(), clock.nanoseconds()), (Timestamp::MAX, i64::MAX));
        clock.free();
        assert!(clock.now() < Timestamp::MAX);
    }
}
