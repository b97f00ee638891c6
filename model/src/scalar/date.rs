//! Dates, as they were sent.

use std::fmt;

use super::written::{Written, value_or_text};

/// A date (`format: date`, RFC 3339), as it was sent. A string that is not a date, such as
/// `2024-02-30` or a timestamp, is kept.
///
/// ```
/// use specwright_model::scalar::Date;
///
/// let day: Date = serde_json::from_str(r#""2024-02-29""#)?;
/// assert_eq!(day, jiff::civil::date(2024, 2, 29));
/// let unknown: Date = serde_json::from_str(r#""0000-00-00""#)?;
/// assert_eq!((unknown.to_jiff(), unknown.text()), (None, Some("0000-00-00")));
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
    /// Returns the date; `None` if the text is not one.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::civil::Date> {
        match &self.0 {
            Form::Date(date) => Some(*date),
            Form::Written(written) => written.value,
        }
    }

    /// Returns the text as it was sent, unless it is `YYYY-MM-DD`.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Form::Date(_) => None,
            Form::Written(written) => Some(&written.text),
        }
    }

    /// Creates a date that is sent as this text, whatever it is.
    #[must_use]
    pub fn from_text(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        text.parse().unwrap_or_else(|_| Self::written(text, None))
    }

    fn written(text: &str, value: Option<jiff::civil::Date>) -> Self {
        Self(Form::Written(Box::new(Written { value, text: text.into() })))
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(Form::Date(date))
    }
}

/// Reads a date, and keeps its notation.
impl std::str::FromStr for Date {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let date: jiff::civil::Date = text.parse()?;
        // Other notations are those of years with a sign, and of timestamps.
        let is_usual = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
        Ok(if is_usual { date.into() } else { Self::written(text, Some(date)) })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Date(date) => date.fmt(f),
            Form::Written(written) => f.write_str(&written.text),
        }
    }
}

value_or_text!(Date, jiff::civil::Date, "a date (RFC 3339)");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_kept() {
        for (text, date) in [
            ("2024-02-29", Some("2024-02-29")),
            ("0001-01-01", Some("0001-01-01")),
            ("9999-12-31", Some("9999-12-31")),
            ("2024-02-29T10:00:00", Some("2024-02-29")),
            ("20240229", Some("2024-02-29")),
            ("2024-02-30", None),
            ("29.2.2024", None),
            ("", None),
        ] {
            let json = format!("\"{text}\"");
            let decoded: Date = serde_json::from_str(&json).expect("any text is kept");
            assert_eq!(serde_json::to_string(&decoded).expect("it can be encoded"), json);
            assert_eq!(decoded.to_jiff(), date.and_then(|date| date.parse().ok()), "{text}");
        }
        assert_eq!(size_of::<Option<Date>>(), 16);
    }
}
