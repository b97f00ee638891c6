//! Parsing timestamps: relative, in milliseconds, or a date-time.

use std::borrow::Cow;
use std::fmt;

use super::units::{DAY, MILLISECOND, SECOND};
use super::zone::{Zone, parse_civil};

/// The error for a string that is not a timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeError {
    input: String,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input = &self.input;
        write!(
            f,
            "invalid timestamp `{input}`: expected `now-15m` (s, m, h, d, w), milliseconds since 1970, or a date-time such as `2024-08-22T11:36:29-07:00`"
        )
    }
}

impl std::error::Error for TimeError {}

/// The default start of a time range.
pub(crate) const DEFAULT_FROM: &str = "now-15m";
/// The default end of a time range.
pub(crate) const DEFAULT_TO: &str = "now";

/// Parses a timestamp into nanoseconds since 1970, relative to `now`.
///
/// Accepts `now`, `now-30s`, milliseconds such as `1700000000000`, and date-times. A date-time
/// without an offset is in the given zone. A timestamp before 1678 or after 2261, where no event
/// can be, becomes the first or the last one.
///
/// # Errors
/// Returns an error for any other string.
pub(crate) fn parse_timestamp(input: &str, now: i64, zone: &Zone) -> Result<i64, TimeError> {
    let input = input.trim();
    parse_relative(input, now)
        .or_else(|| Some(input.parse::<i64>().ok()?.saturating_mul(MILLISECOND)))
        .or_else(|| parse_date_time_in(input, zone).map(clamped))
        .ok_or_else(|| TimeError { input: input.chars().take(100).collect() })
}

/// Returns the closest timestamp that is supported.
fn clamped(nanoseconds: i128) -> i64 {
    let closest = if nanoseconds < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(nanoseconds).unwrap_or(closest)
}

/// Parses `now`, optionally with an offset such as `-15m` or `+1h`.
fn parse_relative(input: &str, now: i64) -> Option<i64> {
    let rest = input.strip_prefix("now")?;
    if rest.is_empty() {
        return Some(now);
    }
    let (operator, span) = rest.split_at_checked(1)?;
    let (count, unit) = span.split_at_checked(span.find(|c: char| !c.is_ascii_digit())?)?;
    let unit = match unit {
        "ms" => MILLISECOND,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return None,
    };
    let (now, span) = (i128::from(now), i128::from(count.parse::<i64>().ok()?) * i128::from(unit));
    match operator {
        "-" => Some(clamped(now - span)),
        "+" => Some(clamped(now + span)),
        _ => None,
    }
}

/// Parses a date-time or a date. Without an offset it is in UTC.
pub(crate) fn parse_date_time(input: &str) -> Option<i64> {
    i64::try_from(parse_date_time_in(input, &Zone::default())?).ok()
}

fn parse_date_time_in(input: &str, zone: &Zone) -> Option<i128> {
    let input = &*without_picoseconds(input);
    if let Ok(timestamp) = input.parse::<jiff::Timestamp>() {
        return Some(timestamp.as_nanosecond());
    }
    let civil = parse_civil(input.strip_suffix(['Z', 'z']).unwrap_or(input))?;
    // The last hours of the year 9999 are not supported, but are often used for no end.
    zone.to_timestamp(civil).or_else(|| (civil.year() == 9999).then_some(i128::MAX))
}

/// Parses a date-time or a date, which may be out of range, into nanoseconds since 1970.
pub(crate) fn parse_any_date_time(input: &str) -> Option<i128> {
    parse_date_time_in(input, &Zone::default())
}

/// Removes the digits of a second after the ninth: timestamps have nanoseconds.
fn without_picoseconds(input: &str) -> Cow<'_, str> {
    const DIGITS: usize = 9;
    let Some((seconds, fraction)) = input.split_once(['.', ',']) else { return input.into() };
    let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
    match (fraction.get(..DIGITS), fraction.get(end..)) {
        (Some(digits), Some(rest)) if end > DIGITS => format!("{seconds}.{digits}{rest}").into(),
        _ => input.into(),
    }
}

#[cfg(test)]
mod tests {
    use datadog_ci_pipelines::models::QueryOptions;

    use super::{SECOND, Zone, parse_timestamp};

    const NOW: i64 = 1_700_000_000 * SECOND;

    #[test]
    fn timestamps_are_relative_milliseconds_or_date_times() {
        for (input, seconds) in [
            ("now", 0),
            (" now ", 0),
            ("now-30s", -30),
            ("now-15m", -900),
            ("now-4h", -14_400),
            ("now-7d", -604_800),
            ("now-1w", -604_800),
            ("now+1h", 3600),
            ("1700000001000", 1),
            ("2023-11-14T22:13:20Z", 0),
            ("2023-11-14T15:13:20-07:00", 0),
            ("2023-11-14T23:13:20+01:00", 0),
            ("2023-11-14T22:13:21.000+00:00", 1),
            ("2023-11-14T22:13:20", 0),
            ("2023-11-14", -80_000),
            ("2023-11-14T22:13:20.00000000099999999999Z", 0),
            ("2023-11-14T23:13:21.0000000000001+01:00", 1),
            ("2023-11-14T22:13:20.0000000000001", 0),
        ] {
            let expected = Ok(NOW + seconds * SECOND);
            assert_eq!(parse_timestamp(input, NOW, &Zone::default()), expected, "{input}");
        }
    }

    #[test]
    fn errors_list_the_accepted_formats() {
        for input in [
            "",
            "now-",
            "now-5",
            "now-5y",
            "now5m",
            "now-99999999999999999999d",
            "99999999999999999999",
            "yesterday",
            "now-é",
            "2023-13-01",
            "2023-11-14T22:13:20[Europe/Paris]",
        ] {
            let error = parse_timestamp(input, NOW, &Zone::default()).unwrap_err().to_string();
            let expected = format!("invalid timestamp `{input}`: expected `now-15m`");
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn date_times_without_an_offset_are_in_the_zone_of_the_request() {
        let zone = |options: &str| {
            let options: QueryOptions = serde_json::from_str(options).unwrap();
            Zone::from_options(Some(&options)).unwrap()
        };
        for (options, input) in [
            (r#"{"timezone": "UTC+1"}"#, "2023-11-14T23:13:20"),
            (r#"{"timezone": "Europe/Paris"}"#, "2023-11-14T23:13:20"),
            (r#"{"timezone": "Europe/Paris"}"#, "2023-11-14T22:13:20Z"),
            (r#"{"time_offset": -3600}"#, "2023-11-14T21:13:20"),
            (r#"{"time_offset": -3600}"#, "now"),
        ] {
            assert_eq!(parse_timestamp(input, NOW, &zone(options)), Ok(NOW), "{options} {input}");
        }
        let zone = zone(r#"{"time_offset": 9223372036854775807}"#);
        assert_eq!(parse_timestamp("2023-11-14", NOW, &zone), Ok(i64::MIN));
    }

    #[test]
    fn timestamps_outside_the_supported_range_become_its_ends() {
        for (input, expected) in [
            ("0001-01-01T00:00:00Z", i64::MIN),
            ("1600-01-01", i64::MIN),
            ("2300-01-01T00:00:00+01:00", i64::MAX),
            ("9999-12-31T23:59:59", i64::MAX),
            ("-9223372036854775807", i64::MIN),
            ("9223372036854775807", i64::MAX),
            ("now-9999999999d", i64::MIN),
            ("now+9999999999d", i64::MAX),
        ] {
            assert_eq!(parse_timestamp(input, NOW, &Zone::default()), Ok(expected), "{input}");
        }
        // An event must be within the range.
        assert_eq!(super::parse_date_time("2300-01-01T00:00:00Z"), None);
    }
}
