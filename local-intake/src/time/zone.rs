//! The time zone of a query.

use datadog_ci_pipelines::models::QueryOptions;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::common::invalid;

/// The time zone of a query: `options.timezone` or `options.time_offset`. Defaults to UTC.
#[derive(Clone, Debug)]
pub(crate) struct Zone(pub(crate) Offsets);

#[derive(Clone, Debug)]
pub(crate) enum Offsets {
    /// A fixed number of seconds, by which every interval is shifted.
    Fixed(i64),
    /// A time zone, whose midnights delimit days and weeks.
    Named(TimeZone),
}

impl Default for Zone {
    fn default() -> Self {
        Self(Offsets::Fixed(0))
    }
}

impl Zone {
    /// Returns the time zone that the options of a request specify.
    ///
    /// # Errors
    /// Returns an error for an unknown time zone, and if both options are present.
    pub(crate) fn from_options(options: Option<&QueryOptions>) -> Result<Self, String> {
        let zone = options.and_then(|options| options.timezone.as_deref());
        let offset = options.and_then(|options| options.time_offset);
        match (zone, offset) {
            (Some(_), Some(_)) => Err(invalid(
                "options",
                "`timezone` and `time_offset` are mutually exclusive; specify only one",
            )),
            (None, offset) => Ok(Self(Offsets::Fixed(offset.unwrap_or_default()))),
            (Some(name), None) => time_zone(name.trim())
                .map(|zone| Self(Offsets::Named(zone)))
                .ok_or_else(|| invalid("options.timezone", unknown(name))),
        }
    }

    /// Converts a date-time without an offset into a timestamp in UTC. Returns `None` for other
    /// strings, which do not depend on the time zone.
    pub(crate) fn to_utc(&self, input: &str) -> Option<String> {
        let input = input.trim();
        if input.parse::<i64>().is_ok() || input.parse::<Timestamp>().is_ok() {
            return None;
        }
        let timestamp = self.to_timestamp(parse_civil(input)?)?;
        Some(Timestamp::from_nanosecond(timestamp).ok()?.to_string())
    }

    /// Converts a date-time in this zone to nanoseconds since 1970.
    pub(super) fn to_timestamp(&self, civil: DateTime) -> Option<i128> {
        let (zone, shift) = match &self.0 {
            Offsets::Named(zone) => (zone.clone(), 0),
            Offsets::Fixed(seconds) => (TimeZone::UTC, *seconds),
        };
        let timestamp = civil.to_zoned(zone).ok()?.timestamp();
        Some(timestamp.as_nanosecond() - i128::from(shift) * 1_000_000_000)
    }
}

fn unknown(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    format!("Unknown time zone: {name}")
}

/// Returns the zone for `UTC`, `UTC+1`, `GMT-03:30` or a name of the IANA database.
fn time_zone(name: &str) -> Option<TimeZone> {
    let offset = name.strip_prefix("UTC").or_else(|| name.strip_prefix("GMT"));
    if let Some(offset) = offset
        && let Some(zone) = fixed(offset)
    {
        return Some(zone);
    }
    TimeZone::get(name).ok()
}

/// Parses an optional offset such as `+1`, `-0330` or `-03:30`.
fn fixed(offset: &str) -> Option<TimeZone> {
    if offset.is_empty() {
        return Some(TimeZone::UTC);
    }
    let (direction, time) = offset.split_at_checked(1)?;
    let direction = match direction {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = match time.split_once(':') {
        Some(parts) => parts,
        None if time.len() > 2 => time.split_at_checked(time.len() - 2)?,
        None => (time, "00"),
    };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && lengths.contains(&part.len())).then(|| part.parse::<i32>().ok())?
    };
    let hours = digits(hours, 1..=2)?;
    let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    Some(TimeZone::fixed(Offset::from_seconds(direction * (hours * 3600 + minutes * 60)).ok()?))
}

/// Parses a date-time without an offset, or a date. A zone in brackets is rejected because the
/// parser would ignore it.
pub(super) fn parse_civil(input: &str) -> Option<DateTime> {
    if input.contains('[') {
        return None;
    }
    input.parse().ok()
}
