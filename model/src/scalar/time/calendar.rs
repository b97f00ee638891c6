//! Dates and instants of the Gregorian calendar.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::clock::{digits, offset_of};
use super::notation::Notation;

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;
/// 400 years, after which dates repeat.
const DAYS_OF_CYCLE: i64 = 146_097;
/// The days from 0000-03-01 to 1970-01-01. Years that begin in March end with the leap day.
const DAYS_BEFORE_1970: i64 = 719_468;

/// A date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Day {
    pub(super) year: i16,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Day {
    /// Returns the date, if there is such a day.
    pub(super) fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`.
    pub(super) fn parse(string: &str) -> Option<Self> {
        let (day, rest) = Self::parse_start(string)?;
        (rest.is_empty() && !string.starts_with('-')).then_some(day)
    }

    /// Reads a date of ISO 8601 at the start of a string, `-YYYYYY-MM-DD` before the year 0. Returns the
    /// rest of the string, too.
    pub(super) fn parse_start(string: &str) -> Option<(Self, &str)> {
        let (year, rest) = match string.strip_prefix('-') {
            None => string.split_at_checked(4)?,
            Some(string) => string.split_at_checked(6)?,
        };
        let (month_and_day, rest) = rest.split_at_checked(6)?;
        let [b'-', m, n, b'-', d, e] = *month_and_day.as_bytes() else { return None };
        let year = i16::try_from(digits(year.as_bytes())?).ok()?;
        // There is no year -0.
        let year = match string.starts_with('-') {
            true => Some(-year).filter(|year| *year != 0)?,
            false => year,
        };
        let [month, day] = [digits(&[m, n])?, digits(&[d, e])?];
        let day = Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        (-9999..=9999).contains(&year).then_some((day, rest))
    }

    /// Returns `YYYY-MM-DD`.
    pub(super) fn notation(self) -> Notation {
        let mut notation = Notation::default();
        notation.date(self.year, self.month, self.day);
        notation
    }

    /// Returns the number of days since 1970-01-01.
    fn number(self) -> i64 {
        let (months, years) = match self.month {
            ..=2 => (i64::from(self.month) + 9, i64::from(self.year) - 1),
            month => (i64::from(month) - 3, i64::from(self.year)),
        };
        let year = years.rem_euclid(400);
        let day_of_year = (153 * months + 2) / 5 + i64::from(self.day) - 1;
        let day_of_cycle = year * 365 + year / 4 - year / 100 + day_of_year;
        years.div_euclid(400) * DAYS_OF_CYCLE + day_of_cycle - DAYS_BEFORE_1970
    }

    /// Returns the date that is so many days after 1970-01-01; `None` if its year has more than four
    /// digits.
    fn of_number(number: i64) -> Option<Self> {
        let days = number.checked_add(DAYS_BEFORE_1970)?;
        let day = days.rem_euclid(DAYS_OF_CYCLE);
        let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let months = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months + 2) / 5 + 1;
        let (month, later) = if months < 10 { (months + 3, 0) } else { (months - 9, 1) };
        let year = i16::try_from(days.div_euclid(DAYS_OF_CYCLE) * 400 + year + later).ok()?;
        let is_written = (-9999..=9999).contains(&year);
        let [month, day] = [u8::try_from(month).ok()?, u8::try_from(day).ok()?];
        is_written.then_some(Self { year, month, day })
    }
}

/// An instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Instant {
    /// Since 1970, not counting leap seconds.
    pub(super) seconds: i64,
    /// After `seconds`, less than a second.
    pub(super) nanoseconds: u32,
}

impl Instant {
    /// Returns the instant, if its year has at most four digits.
    pub(super) fn new(seconds: i64, nanoseconds: u32) -> Option<Self> {
        Day::of_number(seconds.div_euclid(SECONDS_OF_DAY))?;
        (nanoseconds < 1_000_000_000).then_some(Self { seconds, nanoseconds })
    }

    /// Returns an instant in UTC.
    pub(super) fn of_utc(day: Day, [hour, minute, second]: [u32; 3], nanoseconds: u32) -> Self {
        let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Self { seconds: day.number() * SECONDS_OF_DAY + time, nanoseconds }
    }

    /// Reads a timestamp of RFC 3339, or of a year before 0. A leap second is the second before it.
    pub(super) fn parse(string: &str) -> Option<Self> {
        let (day, rest) = Day::parse_start(string)?;
        let time = rest.strip_prefix(['T', 't', ' '])?;
        let offset = offset_of(time).filter(|offset| !offset.is_empty())?;
        let bytes = time.as_bytes();
        let [hour, minute, second] = [0, 3, 6].map(|at| digits(bytes.get(at..at + 2)?));
        let fraction = time.get(8..time.len() - offset.len())?.trim_start_matches('.');
        let instant = Self::of_utc(day, [hour?, minute?, second?.min(59)], nanos(fraction)?);
        let offset = match offset.as_bytes() {
            [first, h, i, b':', m, n] => {
                let minutes = i64::from(digits(&[*h, *i])? * 60 + digits(&[*m, *n])?);
                if *first == b'-' { -minutes } else { minutes }
            }
            _ => 0,
        };
        Self::new(instant.seconds - offset * 60, instant.nanoseconds)
    }

    /// Returns the notation in UTC, with so many digits of fractional seconds.
    pub(super) fn notation(self, digits: u8) -> Notation {
        let mut notation = Notation::default();
        // Every instant has a date.
        let Some(day) = Day::of_number(self.seconds.div_euclid(SECONDS_OF_DAY)) else {
            return notation;
        };
        let time = self.seconds.rem_euclid(SECONDS_OF_DAY).unsigned_abs();
        notation.date(day.year, day.month, day.day);
        for (before, number) in [(b'T', time / 3600), (b':', time / 60 % 60), (b':', time % 60)] {
            notation.push(before);
            notation.number(number, 2);
        }
        if digits > 0 {
            let dropped = 9_u32.saturating_sub(digits.into());
            notation.push(b'.');
            notation.number(u64::from(self.nanoseconds / 10_u32.pow(dropped)), digits);
        }
        notation.push(b'Z');
        notation
    }

    /// Returns the fewest digits of fractional seconds that write the instant.
    pub(super) fn digits(self) -> u8 {
        let (mut digits, mut rest) = (9, self.nanoseconds);
        while digits > 0 && rest % 10 == 0 {
            (digits, rest) = (digits - 1, rest / 10);
        }
        digits
    }

    /// Returns the instant of a clock, or the last one that can be written.
    pub(super) fn of_system(time: SystemTime) -> Self {
        let (seconds, nanoseconds) = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => (i64::try_from(after.as_secs()).ok(), after.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let seconds = i64::try_from(before.as_secs()).ok().map(|seconds| -seconds);
                match before.subsec_nanos() {
                    0 => (seconds, 0),
                    some => (seconds.map(|seconds| seconds - 1), 1_000_000_000 - some),
                }
            }
        };
        let last = if time < UNIX_EPOCH { FIRST } else { LAST };
        seconds.and_then(|seconds| Self::new(seconds, nanoseconds)).unwrap_or(last)
    }

    pub(super) fn to_system(self) -> Option<SystemTime> {
        let seconds = Duration::from_secs(self.seconds.unsigned_abs());
        let whole = match self.seconds {
            0.. => UNIX_EPOCH.checked_add(seconds)?,
            _ => UNIX_EPOCH.checked_sub(seconds)?,
        };
        whole.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }
}

/// -9999-01-01T00:00:00Z.
const FIRST: Instant = Instant { seconds: -377_705_116_800, nanoseconds: 0 };
/// 9999-12-31T23:59:59.999999999Z.
const LAST: Instant = Instant { seconds: 253_402_300_799, nanoseconds: 999_999_999 };

/// Reads at most nine digits of fractional seconds.
pub(super) fn nanos(fraction: &str) -> Option<u32> {
    let missing = 9_usize.checked_sub(fraction.len())?;
    let read = if fraction.is_empty() { 0 } else { digits(fraction.as_bytes())? };
    Some(read * 10_u32.pow(u32::try_from(missing).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_are_inverse() {
        assert_eq!(Day::new(1970, 1, 1).map(Day::number), Some(0));
        assert_eq!(Day::new(2000, 3, 1).map(Day::number), Some(11_017));
        // Counts from day to day, over all years that can be written.
        let (mut year, mut month, mut day) = (-9999_i16, 1_u8, 1_u8);
        let mut number = FIRST.seconds / SECONDS_OF_DAY;
        while year <= 9999 {
            let Some(date) = Day::new(year, month, day) else {
                (month, day) = (month + 1, 1);
                if month > 12 {
                    (year, month) = (year + 1, 1);
                }
                continue;
            };
            let shown = date.notation();
            assert!(Day::of_number(number) == Some(date), "{}", shown.as_str());
            assert_eq!(date.number(), number, "{}", shown.as_str());
            (number, day) = (number + 1, day + 1);
        }
        assert_eq!(number, LAST.seconds / SECONDS_OF_DAY + 1);
        assert!(Day::of_number(number).is_none());
        assert!(Day::of_number(i64::MAX).is_none());
    }

    #[test]
    fn clocks_are_instants() {
        for (seconds, nanoseconds) in [(0, 0), (-1, 500_000_000), (-1, 0), (1 << 31, 1)] {
            let instant = Instant { seconds, nanoseconds };
            let time = instant.to_system().expect("a time of a clock");
            assert!(Instant::of_system(time) == instant, "{seconds} {nanoseconds}");
        }
        for seconds in [u64::from(u32::MAX) << 20, u64::MAX >> 1] {
            let duration = Duration::from_secs(seconds);
            let far = UNIX_EPOCH.checked_add(duration).map(Instant::of_system);
            assert!(far.is_none_or(|far| far == LAST));
            let past = UNIX_EPOCH.checked_sub(duration).map(Instant::of_system);
            assert!(past.is_none_or(|past| past == FIRST));
        }
    }
}
