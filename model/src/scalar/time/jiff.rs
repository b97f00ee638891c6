//! Conversions to and from the types of jiff.

use super::calendar::{Day, Instant};
use super::{Date, Timestamp, date, timestamp};
use crate::scalar::Nullable;

impl Timestamp {
    /// Returns the instant; `None` if the timestamp has no offset, is out of the range of
    /// [`jiff::Timestamp`], has more than nine digits of fractional seconds, or is not a timestamp.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
        match self.value() {
            Some(Instant { seconds, nanoseconds }) => {
                jiff::Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
            }
            // Jiff reads other notations of ISO 8601, too.
            None => self.notation()?.parse().ok(),
        }
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        // Before 1970 both parts are negative.
        let nanoseconds = instant.as_nanosecond().rem_euclid(1_000_000_000);
        let instant = Instant {
            seconds: instant.as_nanosecond().div_euclid(1_000_000_000) as i64,
            nanoseconds: nanoseconds as u32,
        };
        Self(timestamp::form(instant, instant.digits()))
    }
}

impl PartialEq<jiff::Timestamp> for Timestamp {
    fn eq(&self, other: &jiff::Timestamp) -> bool {
        self.to_jiff().as_ref() == Some(other)
    }
}

impl From<jiff::Timestamp> for Nullable<Timestamp> {
    fn from(instant: jiff::Timestamp) -> Self {
        Self::Value(instant.into())
    }
}

impl Date {
    /// Returns the date; `None` if the string is not one.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::civil::Date> {
        match self.value() {
            Some(Day { year, month, day }) => {
                let [month, day] = [month, day].map(|part| i8::try_from(part).ok());
                jiff::civil::Date::new(year, month?, day?).ok()
            }
            // Jiff reads other notations of ISO 8601, too.
            None => self.notation()?.parse().ok(),
        }
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
        Self(date::Form::Date(Day { year: date.year(), month, day }))
    }
}

impl PartialEq<jiff::civil::Date> for Date {
    fn eq(&self, other: &jiff::civil::Date) -> bool {
        self.to_jiff().as_ref() == Some(other)
    }
}

impl From<jiff::civil::Date> for Nullable<Date> {
    fn from(date: jiff::civil::Date) -> Self {
        Self::Value(date.into())
    }
}
