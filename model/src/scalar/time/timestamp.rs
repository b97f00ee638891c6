//! Timestamps, as they were sent.

use std::fmt;
use std::time::SystemTime;

use super::calendar::{Day, Instant, nanos};
use super::clock::{digits, offset_of};
use super::notation::Notation;
use super::written::{ParseTimeError, Validity, Written, value_or_string};

/// A timestamp (`format: date-time`, RFC 3339), as it was sent.
///
/// It is an instant in nearly all cases, and is encoded in the notation in which it was sent. A
/// string that is not an instant, because it has no offset or too many digits, is kept:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use specwright_model::scalar::Timestamp;
///
/// let start: Timestamp = serde_json::from_str(r#""2024-08-22T11:36:29-07:00""#)?;
/// assert_eq!(start.to_unix(), Some((1_724_351_789, 0)));
/// assert_eq!(serde_json::to_string(&start)?, r#""2024-08-22T11:36:29-07:00""#);
///
/// let local: Timestamp = serde_json::from_str(r#""2024-08-22T11:36:29""#)?;
/// assert_eq!(local.to_system_time(), None);
/// assert_eq!(local.notation(), Some("2024-08-22T11:36:29"));
///
/// let later = Timestamp::from(SystemTime::now() + Duration::from_secs(60));
/// assert!(later > Timestamp::now() && later.notation().is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Timestamps are equal if they are the same instant, whatever their notation. Feature `jiff` adds
/// conversions to and from `jiff::Timestamp`.
#[derive(Clone)]
pub struct Timestamp(pub(super) Form);

#[derive(Clone)]
pub(super) enum Form {
    /// `YYYY-MM-DDThh:mm:ss.fffZ`. Packed, so that an optional timestamp takes 16 bytes.
    Utc {
        /// The seconds since 1970, divided by 2^32.
        high: i16,
        /// The rest of the seconds.
        low: u32,
        nanoseconds: u32,
        /// The number of digits of fractional seconds.
        digits: u8,
    },
    /// Any other notation.
    Written(Box<Written<Instant>>),
}

impl Timestamp {
    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the instant that is so many seconds after 1970-01-01T00:00:00Z (negative: before), and so
    /// many nanoseconds after that; `None` if its year has more than four digits, or if the
    /// nanoseconds are a second or more.
    #[must_use]
    pub fn from_unix(seconds: i64, nanoseconds: u32) -> Option<Self> {
        Instant::new(seconds, nanoseconds).map(|instant| Self(form(instant, instant.digits())))
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z and the nanoseconds after them, as
    /// [`Timestamp::from_unix`] takes them; `None` if the timestamp has no offset, has more than nine
    /// digits of fractional seconds, or is not a timestamp.
    #[must_use]
    pub fn to_unix(&self) -> Option<(i64, u32)> {
        self.value().map(|instant| (instant.seconds, instant.nanoseconds))
    }

    /// Returns the time of the system's clock; `None` if [`Timestamp::to_unix`] returns `None`, or if
    /// the system cannot represent it.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        self.value()?.to_system()
    }

    pub(super) fn value(&self) -> Option<Instant> {
        match &self.0 {
            Form::Utc { high, low, nanoseconds, .. } => {
                let seconds = (i64::from(*high) << 32) | i64::from(*low);
                Some(Instant { seconds, nanoseconds: *nanoseconds })
            }
            Form::Written(written) => written.value,
        }
    }

    /// Returns the usual notation of the value, if there is one.
    fn usual(&self) -> Notation {
        match (&self.0, self.value()) {
            (Form::Utc { digits, .. }, Some(instant)) => instant.notation(*digits),
            _ => Notation::default(),
        }
    }

    fn of_string(string: &str, is_accepted: bool) -> Self {
        match utc(string) {
            Some(form) => Self(form),
            None => Self::written(string, is_accepted),
        }
    }

    fn written(string: &str, is_accepted: bool) -> Self {
        let value = Instant::parse(string);
        Self(Form::Written(Box::new(Written { value, string: string.into(), is_accepted })))
    }

    /// Returns whether it is a timestamp of RFC 3339; if not, whether it is to be sent nevertheless.
    pub(crate) fn validity(&self) -> Validity {
        match &self.0 {
            Form::Written(written) => written.validity(is_rfc3339),
            Form::Utc { .. } => Validity::Valid,
        }
    }
}

/// Reads `YYYY-MM-DDThh:mm:ss.fffZ`, with up to nine digits.
fn utc(string: &str) -> Option<Form> {
    let (date, rest) = string.strip_suffix('Z')?.split_at_checked(10)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let [b'T', h, i, b':', m, n, b':', s, t] = *time.as_bytes() else { return None };
    let fraction = match rest.strip_prefix('.') {
        Some("") => return None,
        Some(digits) => digits,
        None if rest.is_empty() => "",
        None => return None,
    };
    let [hour, minute, second] = [digits(&[h, i])?, digits(&[m, n])?, digits(&[s, t])?];
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let instant = Instant::of_utc(Day::parse(date)?, [hour, minute, second], nanos(fraction)?);
    Some(form(instant, u8::try_from(fraction.len()).ok()?))
}

/// Returns the usual notation of an instant.
pub(super) fn form(Instant { seconds, nanoseconds }: Instant, digits: u8) -> Form {
    // No year of four digits needs more than 40 bits of seconds.
    Form::Utc { high: (seconds >> 32) as i16, low: seconds as u32, nanoseconds, digits }
}

/// Whether a string is a timestamp of RFC 3339, in range or not.
fn is_rfc3339(string: &str) -> bool {
    let Some((date, time)) = string.split_at_checked(10) else { return false };
    Day::parse(date).is_some()
        && time.strip_prefix(['T', 't', ' ']).and_then(offset_of).is_some_and(|it| !it.is_empty())
}

/// Times whose year has more than four digits become the last instant of 9999, or the first one of
/// -9999.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let instant = Instant::of_system(time);
        Self(form(instant, instant.digits()))
    }
}

/// Reads a timestamp of RFC 3339, and keeps its notation.
impl std::str::FromStr for Timestamp {
    type Err = ParseTimeError;

    fn from_str(string: &str) -> Result<Self, ParseTimeError> {
        match utc(string) {
            Some(form) => Ok(Self(form)),
            None if is_rfc3339(string) => Ok(Self::written(string, false)),
            None => Err(ParseTimeError::new(string, "a timestamp (RFC 3339)")),
        }
    }
}

value_or_string!(Timestamp, Instant, "a timestamp (RFC 3339)");

#[cfg(test)]
#[cfg(feature = "jiff")]
mod tests {
    use super::*;
    use crate::scalar::strict;

    fn back(string: &str) -> (Timestamp, String) {
        let json = format!("\"{string}\"");
        let timestamp: Timestamp = serde_json::from_str(&json).expect("any string is kept");
        let encoded = serde_json::to_string(&timestamp).expect("it can be encoded");
        assert_eq!(encoded, json);
        (timestamp, encoded)
    }

    #[test]
    fn instants_keep_their_notation() {
        for (string, instant) in [
            ("2026-07-14T10:00:00Z", "2026-07-14T10:00:00Z"),
            ("2026-07-14T10:00:00.000Z", "2026-07-14T10:00:00Z"),
            ("2026-07-14T10:00:00.120Z", "2026-07-14T10:00:00.12Z"),
            ("2026-07-14T10:00:00.123456789Z", "2026-07-14T10:00:00.123456789Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"),
            ("2026-07-14 10:00:00Z", "2026-07-14T10:00:00Z"),
            ("2026-07-14t10:00:00z", "2026-07-14T10:00:00Z"),
            ("2026-07-14T10:00:00+00:00", "2026-07-14T10:00:00Z"),
            ("2026-07-14T10:00:00-07:00", "2026-07-14T17:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ] {
            let (timestamp, _) = back(string);
            assert_eq!(timestamp.to_jiff(), instant.parse().ok(), "{string}");
            assert_eq!(
                timestamp,
                instant.parse::<jiff::Timestamp>().expect("a timestamp"),
                "{string}"
            );
            assert!(strict(|| string.parse::<Timestamp>()).is_ok(), "{string}");
        }
        assert_eq!(size_of::<Option<Timestamp>>(), 16);
    }

    #[test]
    fn other_strings_are_kept() {
        for (string, is_valid) in [
            ("2026-07-14T10:00:00.1234567890123Z", true),
            ("2026-07-14T10:00:00.1234567890123+01:00", true),
            ("0001-01-01T00:00:00", false),
            ("2026-07-14T10:00:00", false),
            ("2026-07-14", false),
            ("2026-02-30T10:00:00Z", false),
            ("2026-07-14T25:00:00Z", false),
            ("yesterday", false),
            ("", false),
            ("2026-07-14T10:00:0\u{fc}Z", false),
        ] {
            let (timestamp, _) = back(string);
            assert_eq!((timestamp.to_jiff(), timestamp.notation()), (None, Some(string)));
            assert_eq!(string.parse::<Timestamp>().is_ok(), is_valid, "{string}");
            let json = format!("\"{string}\"");
            let decoded = strict(|| serde_json::from_str::<Timestamp>(&json));
            assert_eq!(decoded.is_ok(), is_valid, "{string}");
        }
    }

    #[test]
    fn only_notations_of_rfc_3339_are_valid() {
        for (string, is_valid) in [
            ("2026-07-14T10:00:00+23:59", true),
            ("2026-07-14T10:00:00-23:59", true),
            ("2026-07-14T10:00:00-00:00", true),
            ("2026-07-14T10:00:00+24:00", false),
            ("2026-07-14T10:00:00-25:59", false),
            ("2026-07-14T10:00:00+00:60", false),
            ("2026-07-14T10:00:00+0100", false),
            ("20260714T100000Z", false),
            ("2026-07-14T10:00:00Z[UTC]", false),
        ] {
            let (timestamp, _) = back(string);
            assert_eq!(timestamp.validity() == Validity::Valid, is_valid, "{string}");
            assert_eq!(string.parse::<Timestamp>().is_ok(), is_valid, "{string}");
            let json = format!("\"{string}\"");
            assert_eq!(strict(|| serde_json::from_str::<Timestamp>(&json)).is_ok(), is_valid);
        }
        assert!(back("2026-07-14T10:00:00+24:00").0.to_jiff().is_some());
    }

    #[test]
    fn instants_are_read_as_jiff_reads_them() {
        for seconds in (-62_167_046_399..253_402_207_200).step_by(97_654_321) {
            let instant = jiff::Timestamp::new(seconds, 120_000_000).expect("in range");
            for hours in [-23, -7, 0, 14] {
                let offset = jiff::tz::Offset::constant(hours);
                let string = instant.display_with_offset(offset).to_string();
                let read: Timestamp = string.parse().expect("a timestamp");
                assert_eq!(read.to_unix(), Some((seconds, 120_000_000)), "{string}");
                assert_eq!(read.to_jiff(), Some(instant), "{string}");
            }
        }
    }

    #[test]
    fn all_years_of_four_digits_are_instants() {
        for string in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z"] {
            let (timestamp, _) = back(string);
            assert_eq!((timestamp.to_jiff(), timestamp.notation()), (None, None));
            assert_eq!(timestamp.to_unix().map(|(seconds, _)| seconds), Some(253_402_300_799));
        }
        let (before, _) = back("-000001-12-31T23:59:59Z");
        assert_eq!(before, Timestamp::from_unix(-62_167_219_201, 0).expect("an instant"));
        assert_eq!(before.validity(), Validity::Accepted);
        // In UTC, it would be in the year 10000.
        let (timestamp, _) = back("9999-12-31T23:59:59-01:00");
        assert_eq!(timestamp.to_unix(), None);
        assert!(strict(|| "9999-12-31T23:59:59-01:00".parse::<Timestamp>()).is_ok());
        assert_eq!(Timestamp::from_unix(253_402_300_800, 0), None);
        assert_eq!(Timestamp::from_unix(0, 1_000_000_000), None);
        let first = Timestamp::from_unix(-1, 500_000_000).expect("an instant");
        assert_eq!(first.to_string(), "1969-12-31T23:59:59.5Z");
    }

    #[test]
    fn instants_are_written_as_jiff_writes_them() {
        for seconds in [-377_705_023_201, -1, 0, 1, 1 << 32, 253_402_207_200] {
            for nanoseconds in [0, 1, 120_000_000, 999_999_999] {
                let Ok(instant) = jiff::Timestamp::new(seconds, nanoseconds) else { continue };
                let timestamp = Timestamp::from(instant);
                assert_eq!(timestamp.to_jiff(), Some(instant));
                assert_eq!(timestamp.to_string(), instant.to_string());
            }
        }
    }
}
