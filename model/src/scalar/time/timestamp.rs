//! Timestamps, as they were sent.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::clock::{fits, offset_of};
use super::written::{Validity, Written, value_or_string};

/// A timestamp (`format: date-time`, RFC 3339), as it was sent.
///
/// It is an instant in nearly all cases, and is encoded in the notation in which it was sent. A
/// string that is not an instant, because it has no offset or is out of range, is kept:
///
/// ```
/// use specwright_model::scalar::Timestamp;
///
/// let start: Timestamp = serde_json::from_str(r#""2024-08-22T11:36:29-07:00""#)?;
/// assert_eq!(start.to_jiff(), "2024-08-22T18:36:29Z".parse().ok());
/// assert_eq!(serde_json::to_string(&start)?, r#""2024-08-22T11:36:29-07:00""#);
///
/// let never: Timestamp = serde_json::from_str(r#""9999-12-31T23:59:59Z""#)?;
/// assert_eq!(never.to_jiff(), None);
/// assert_eq!(never.notation(), Some("9999-12-31T23:59:59Z"));
///
/// let now = Timestamp::from(jiff::Timestamp::now());
/// assert!(now > start && now.notation().is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Timestamps are equal if they are the same instant, whatever their notation.
#[derive(Clone)]
pub struct Timestamp(Form);

#[derive(Clone)]
enum Form {
    /// An instant in the usual notation, which takes 16 bytes.
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
    Written(Box<Written<jiff::Timestamp>>),
}

impl Timestamp {
    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        jiff::Timestamp::now().into()
    }

    /// Returns the instant; `None` if the timestamp has no offset, is out of the range of
    /// [`jiff::Timestamp`], has more than nine digits of fractional seconds, or is not a timestamp.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
        match &self.0 {
            Form::Utc { high, low, nanoseconds, .. } => {
                let seconds = (i64::from(*high) << 32) | i64::from(*low);
                jiff::Timestamp::new(seconds, i32::try_from(*nanoseconds).ok()?).ok()
            }
            Form::Written(written) => written.value,
        }
    }

    fn of_string(string: &str, is_accepted: bool) -> Self {
        match utc(string) {
            Some(form) => Self(form),
            None => Self::written(string, string.parse().ok(), is_accepted),
        }
    }

    fn written(string: &str, value: Option<jiff::Timestamp>, is_accepted: bool) -> Self {
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
    let (seconds, rest) = string.strip_suffix('Z')?.split_at_checked(19)?;
    let bytes = seconds.as_bytes();
    let number = |from: usize, to: usize| {
        bytes.get(from..to)?.iter().try_fold(0_i16, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0'))
        })
    };
    let two = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let separators = [4, 7, 10, 13, 16].map(|at| bytes.get(at).copied().unwrap_or_default());
    if &separators != b"--T::" {
        return None;
    }
    let fraction = match rest.strip_prefix('.') {
        Some(digits) if (1..=9).contains(&digits.len()) => digits,
        None if rest.is_empty() => "",
        _ => return None,
    };
    let mut nanoseconds = 0;
    for i in 0..9 {
        let digit = fraction.as_bytes().get(i).copied().unwrap_or(b'0');
        nanoseconds = nanoseconds * 10 + i32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    let [month, day, hour, minute, second] = [two(5)?, two(8)?, two(11)?, two(14)?, two(17)?];
    let time = DateTime::new(number(0, 4)?, month, day, hour, minute, second, nanoseconds).ok()?;
    let digits = u8::try_from(fraction.len()).ok()?;
    Some(form(Offset::UTC.to_timestamp(time).ok()?, Some(digits)))
}

/// Returns the usual notation of an instant. Without digits, as few as possible are used.
fn form(instant: jiff::Timestamp, digits: Option<u8>) -> Form {
    // Before 1970 both parts are negative.
    let nanoseconds = instant.subsec_nanosecond();
    let (seconds, nanoseconds) = match u32::try_from(nanoseconds) {
        Ok(nanoseconds) => (instant.as_second(), nanoseconds),
        Err(_) => (instant.as_second() - 1, (nanoseconds + 1_000_000_000).unsigned_abs()),
    };
    let digits = digits.unwrap_or_else(|| {
        let (mut digits, mut rest) = (9, nanoseconds);
        while digits > 0 && rest % 10 == 0 {
            (digits, rest) = (digits - 1, rest / 10);
        }
        digits
    });
    // No instant of jiff needs more than 40 bits of seconds.
    Form::Utc { high: (seconds >> 32) as i16, low: seconds as u32, nanoseconds, digits }
}

/// Whether a string is a timestamp of RFC 3339, in range or not.
fn is_rfc3339(string: &str) -> bool {
    let Some((date, time)) = string.split_at_checked(10) else { return false };
    date.parse::<jiff::civil::Date>().is_ok()
        && fits(date, "9999-99-99", &[])
        && time.strip_prefix(['T', 't', ' ']).and_then(offset_of).is_some_and(|it| !it.is_empty())
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(form(instant, None))
    }
}

/// Reads a timestamp of RFC 3339, and keeps its notation.
impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(string: &str) -> Result<Self, jiff::Error> {
        match utc(string) {
            Some(form) => Ok(Self(form)),
            // Jiff accepts other notations of ISO 8601, too, and offsets of more than a day.
            None if is_rfc3339(string) => Ok(Self::written(string, string.parse().ok(), false)),
            None => Err(jiff::Error::from_args(format_args!("`{string}` is not a timestamp"))),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0, self.to_jiff()) {
            (Form::Utc { digits, .. }, Some(instant)) => {
                write!(f, "{instant:.digits$}", digits = usize::from(*digits))
            }
            (Form::Written(written), _) => f.write_str(&written.string),
            // Every value of this form is an instant.
            (Form::Utc { .. }, None) => Ok(()),
        }
    }
}

value_or_string!(Timestamp, jiff::Timestamp, "a timestamp (RFC 3339)");

#[cfg(test)]
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
            ("9999-12-31T23:59:59Z", true),
            ("9999-12-31T23:59:59.999999Z", true),
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
