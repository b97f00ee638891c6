//! Dates, as they were sent.

use std::fmt;

use super::clock::fits;
use super::written::{Validity, Written, value_or_string};

/// A date (`format: date`, RFC 3339), as it was sent. A string that is not a date, such as
/// `2024-02-30` or a timestamp, is kept.
///
/// ```
/// use specwright_model::scalar::Date;
///
/// let day: Date = serde_json::from_str(r#""2024-02-29""#)?;
/// assert_eq!(day, jiff::civil::date(2024, 2, 29));
/// let unknown: Date = serde_json::from_str(r#""0000-00-00""#)?;
/// assert_eq!((unknown.to_jiff(), unknown.notation()), (None, Some("0000-00-00")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Date(Form);

#[derive(Clone)]
enum Form {
    Date(jiff::civil::Date),
    Written(Box<Written<jiff::civil::Date>>),
}

impl Date {
    /// Returns the date; `None` if the string is not one.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::civil::Date> {
        match &self.0 {
            Form::Date(date) => Some(*date),
            Form::Written(written) => written.value,
        }
    }

    fn of_string(string: &str, is_accepted: bool) -> Self {
        let value: Option<jiff::civil::Date> = string.parse().ok();
        match value.filter(|_| is_rfc3339(string)) {
            Some(date) => date.into(),
            None => {
                let written = Written { value, string: string.into(), is_accepted };
                Self(Form::Written(Box::new(written)))
            }
        }
    }

    /// Returns whether it is a date of RFC 3339; if not, whether it is to be sent nevertheless.
    pub(crate) fn validity(&self) -> Validity {
        match &self.0 {
            Form::Written(written) => written.validity(|_| false),
            Form::Date(date) if date.year() >= 0 => Validity::Valid,
            Form::Date(_) => Validity::Invalid,
        }
    }
}

/// Whether a string has the form `YYYY-MM-DD`.
fn is_rfc3339(string: &str) -> bool {
    fits(string, "9999-99-99", &[])
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(Form::Date(date))
    }
}

/// Reads a date of RFC 3339.
impl std::str::FromStr for Date {
    type Err = jiff::Error;

    fn from_str(string: &str) -> Result<Self, jiff::Error> {
        let date: jiff::civil::Date = string.parse()?;
        match is_rfc3339(string) {
            true => Ok(date.into()),
            false => Err(jiff::Error::from_args(format_args!("`{string}` is not `YYYY-MM-DD`"))),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Date(date) => date.fmt(f),
            Form::Written(written) => f.write_str(&written.string),
        }
    }
}

value_or_string!(Date, jiff::civil::Date, "a date (RFC 3339)");

#[cfg(test)]
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
        assert_eq!(size_of::<Option<Date>>(), 16);
    }
}
