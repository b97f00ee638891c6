//! Dates, as they were sent.

use std::fmt;

use super::calendar::Day;
use super::notation::Notation;
use super::written::{ParseTimeError, Validity, Written, value_or_string};

/// A date (`format: date`, RFC 3339), as it was sent. A string that is not a date, such as
/// `2024-02-30` or a timestamp, is kept.
///
/// ```
/// use specwright_model::scalar::Date;
///
/// let day: Date = serde_json::from_str(r#""2024-02-29""#)?;
/// assert_eq!(day.to_ymd(), Some((2024, 2, 29)));
/// let unknown: Date = serde_json::from_str(r#""0000-00-00""#)?;
/// assert_eq!((unknown.to_ymd(), unknown.notation()), (None, Some("0000-00-00")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Feature `jiff` adds conversions to and from `jiff::civil::Date`.
#[derive(Clone)]
pub struct Date(pub(super) Form);

#[derive(Clone)]
pub(super) enum Form {
    Date(Day),
    Written(Box<Written<Day>>),
}

impl Date {
    /// Returns the date of a year from -9999 to 9999, a month from 1 and a day of the month from 1;
    /// `None` if there is no such day.
    #[must_use]
    pub fn from_ymd(year: i16, month: u8, day: u8) -> Option<Self> {
        let is_written = (-9999..=9999).contains(&year);
        Day::new(year, month, day).filter(|_| is_written).map(|day| Self(Form::Date(day)))
    }

    /// Returns the year, the month from 1 and the day of the month from 1; `None` if the string is not
    /// a date.
    #[must_use]
    pub fn to_ymd(&self) -> Option<(i16, u8, u8)> {
        self.value().map(|Day { year, month, day }| (year, month, day))
    }

    pub(super) fn value(&self) -> Option<Day> {
        match &self.0 {
            Form::Date(date) => Some(*date),
            Form::Written(written) => written.value,
        }
    }

    /// Returns the usual notation of the value, if there is one.
    fn usual(&self) -> Notation {
        self.value().map(Day::notation).unwrap_or_default()
    }

    fn of_string(string: &str, is_accepted: bool) -> Self {
        Self(match Day::parse(string) {
            Some(date) => Form::Date(date),
            None => {
                // Years before 0 are not of RFC 3339.
                let value = Day::parse_start(string).filter(|(_, rest)| rest.is_empty());
                let value = value.map(|(day, _)| day);
                let written = Written { value, string: string.into(), is_accepted };
                Form::Written(Box::new(written))
            }
        })
    }

    /// Returns whether it is a date of RFC 3339; if not, whether it is to be sent nevertheless.
    pub(crate) fn validity(&self) -> Validity {
        match &self.0 {
            Form::Written(written) => written.validity(|_| false),
            Form::Date(date) if date.year >= 0 => Validity::Valid,
            Form::Date(_) => Validity::Invalid,
        }
    }
}

/// Reads a date of RFC 3339.
impl std::str::FromStr for Date {
    type Err = ParseTimeError;

    fn from_str(string: &str) -> Result<Self, ParseTimeError> {
        let date = Day::parse(string).map(|date| Self(Form::Date(date)));
        date.ok_or_else(|| ParseTimeError::new(string, "a date (RFC 3339)"))
    }
}

value_or_string!(Date, Day, "a date (RFC 3339)");

#[cfg(test)]
#[cfg(feature = "jiff")]
mod tests {
    use super::*;
    use crate::scalar::strict;

    #[test]
    fn every_string_is_kept() {
        for (string, date) in [
            ("2024-02-29", Some("2024-02-29")),
            ("0001-01-01", Some("0001-01-01")),
            ("9999-12-31", Some("9999-12-31")),
            ("2024-02-29T10:00:00", Some("2024-02-29")),
            ("20240229", Some("2024-02-29")),
            ("-000000-01-01", None),
            ("2024-02-30", None),
            ("29.2.2024", None),
            ("", None),
        ] {
            let json = format!("\"{string}\"");
            let decoded: Date = serde_json::from_str(&json).expect("any string is kept");
            assert_eq!(serde_json::to_string(&decoded).expect("it can be encoded"), json);
            assert_eq!(decoded.to_jiff(), date.and_then(|date| date.parse().ok()), "{string}");
            let is_valid = date == Some(string);
            assert_eq!(string.parse::<Date>().is_ok(), is_valid, "{string}");
            assert_eq!(
                strict(|| serde_json::from_str::<Date>(&json)).is_ok(),
                is_valid,
                "{string}"
            );
        }
        let before = Date::from_ymd(-1, 12, 31).expect("a date");
        let json = serde_json::to_string(&before).expect("it can be encoded");
        assert_eq!(serde_json::from_str::<Date>(&json).expect("a date"), before);
        assert!(strict(|| serde_json::from_str::<Date>(&json)).is_err());
        assert_eq!(size_of::<Option<Date>>(), 16);
    }
}
