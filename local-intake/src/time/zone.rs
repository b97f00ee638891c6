//! Where a query's times are at home.

use datadog_ci_pipelines::models::QueryOptions;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::problem::invalid;

/// How the times of a query are understood: `options.timezone` or `options.time_offset`.
#[derive(Clone, Debug)]
pub struct Zone(pub(crate) Local);

#[derive(Clone, Debug)]
pub(crate) enum Local {
    /// Every interval is moved by seconds.
    Shifted(i64),
    /// Days and weeks are those of a place.
    At(TimeZone),
}

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(Local::Shifted(0))
    }
}

impl Zone {
    /// Of the options of a request.
    ///
    /// # Errors
    /// Fails for unknown time zones, and if both options are given.
    pub fn of(options: Option<&QueryOptions>) -> Result<Self, String> {
        let zone = options.and_then(|options| options.timezone.as_deref());
        let offset = options.and_then(|options| options.time_offset);
        match (zone, offset) {
            (Some(_), Some(_)) => Err(invalid(
                "options",
                "`timezone` and `time_offset` exclude each other: give one of them",
            )),
            (None, offset) => Ok(Self(Local::Shifted(offset.unwrap_or_default()))),
            (Some(name), None) => time_zone(name.trim())
                .map(|zone| Self(Local::At(zone)))
                .ok_or_else(|| invalid("options.timezone", unknown(name))),
        }
    }

    /// The moment that a civil time means here, with its offset; none if the text is none.
    pub(crate) fn moment_of(&self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.parse::<i64>().is_ok() || text.parse::<Timestamp>().is_ok() {
            return None;
        }
        let moment = self.moment(civil(text)?)?;
        Some(Timestamp::from_nanosecond(moment.into()).ok()?.to_string())
    }

    /// The moment that a civil time means here, in nanoseconds since 1970.
    pub(crate) fn moment(&self, civil: DateTime) -> Option<i64> {
        let (zone, shift) = match &self.0 {
            Local::At(zone) => (zone.clone(), 0),
            Local::Shifted(seconds) => (TimeZone::UTC, *seconds),
        };
        let timestamp = civil.to_zoned(zone).ok()?.timestamp();
        let utc = i64::try_from(timestamp.as_nanosecond()).ok()?;
        utc.checked_sub(shift.checked_mul(1_000_000_000)?)
    }
}

fn unknown(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    format!("Unknown time zone: {name}")
}

/// The zone of `UTC`, `UTC+1`, `GMT-03:30` or a name of the IANA database.
fn time_zone(name: &str) -> Option<TimeZone> {
    let offset = name.strip_prefix("UTC").or_else(|| name.strip_prefix("GMT"));
    if let Some(offset) = offset
        && let Some(zone) = fixed(offset)
    {
        return Some(zone);
    }
    TimeZone::get(name).ok()
}

/// Nothing, or hours and minutes with a sign.
fn fixed(offset: &str) -> Option<TimeZone> {
    if offset.is_empty() {
        return Some(TimeZone::UTC);
    }
    let (sign, time) = offset.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = match time.split_once(':') {
        Some(parts) => parts,
        None if time.len() > 2 => time.split_at_checked(time.len() - 2)?,
        None => (time, "00"),
    };
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && lengths.contains(&text.len())).then(|| text.parse::<i32>().ok())?
    };
    let hours = digits(hours, 1..=2)?;
    let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    Some(TimeZone::fixed(Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?))
}

/// A date-time without an offset, or a date. One with a zone in brackets is none: it would be
/// read as if it had none.
pub(super) fn civil(text: &str) -> Option<DateTime> {
    if text.contains('[') {
        return None;
    }
    text.parse().ok()
}
