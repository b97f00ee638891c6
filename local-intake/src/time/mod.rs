//! The forms of a moment in `from` and `to`: relative, in milliseconds, or a date-time.

mod units;
mod zone;

use std::fmt;

pub(crate) use units::{DAY, MILLISECOND, SECOND, unit};
pub(crate) use zone::Local;
pub use zone::Zone;

/// A moment that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeError {
    text: String,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        write!(
            f,
            "`{text}` is no moment: give `now-15m` (s, m, h, d, w), milliseconds since 1970, or a date-time such as `2024-08-22T11:36:29-07:00`"
        )
    }
}

impl std::error::Error for TimeError {}

/// Where a time range begins and ends if nothing is said.
pub const DEFAULT_FROM: &str = "now-15m";
/// See [`DEFAULT_FROM`].
pub const DEFAULT_TO: &str = "now";

/// The moment that a text means, in nanoseconds since 1970, where it is `now`. A date-time
/// without an offset is one of the zone.
///
/// ```
/// use datadog_ci_intake::time::{Zone, moment};
///
/// let (now, utc) = (1_700_000_000_000_000_000, Zone::default());
/// assert_eq!(moment("now-30s", now, &utc)?, now - 30_000_000_000);
/// assert_eq!(moment("1700000000000", now, &utc)?, now);
/// assert_eq!(moment("2023-11-14T23:13:20+01:00", now, &utc)?, now);
/// assert_eq!(moment("2023-11-14T22:13:20", now, &utc)?, now);
/// # Ok::<(), datadog_ci_intake::time::TimeError>(())
/// ```
///
/// # Errors
/// Fails for texts of another form and for moments that are centuries away.
pub fn moment(text: &str, now: i64, zone: &Zone) -> Result<i64, TimeError> {
    let text = text.trim();
    relative(text, now)
        .or_else(|| text.parse::<i64>().ok()?.checked_mul(MILLISECOND))
        .or_else(|| date_time_in(text, zone))
        .ok_or_else(|| TimeError { text: text.chars().take(100).collect() })
}

/// `now`, with a span before or after it.
fn relative(text: &str, now: i64) -> Option<i64> {
    let rest = text.strip_prefix("now")?;
    if rest.is_empty() {
        return Some(now);
    }
    let (sign, span) = rest.split_at_checked(1)?;
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
    let span = count.parse::<i64>().ok()?.checked_mul(unit)?;
    match sign {
        "-" => now.checked_sub(span),
        "+" => now.checked_add(span),
        _ => None,
    }
}

/// A date-time with its offset, or one without that is meant in UTC, or a date alone.
pub(crate) fn date_time(text: &str) -> Option<i64> {
    date_time_in(text, &Zone::default())
}

fn date_time_in(text: &str, zone: &Zone) -> Option<i64> {
    match text.parse::<jiff::Timestamp>() {
        Ok(timestamp) => i64::try_from(timestamp.as_nanosecond()).ok(),
        Err(_) => zone.moment(zone::civil(text)?),
    }
}

#[cfg(test)]
mod tests {
    use datadog_ci_pipelines::models::QueryOptions;

    use super::{SECOND, Zone, moment};

    const NOW: i64 = 1_700_000_000 * SECOND;

    #[test]
    fn time_forms() {
        for (text, seconds) in [
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
            ("2023-11-14T22:13:21.000+00:00", 1),
            ("2023-11-14T22:13:20", 0),
            ("2023-11-14", -80_000),
        ] {
            assert_eq!(moment(text, NOW, &Zone::default()), Ok(NOW + seconds * SECOND), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused_with_the_forms_that_are() {
        for text in [
            "",
            "now-",
            "now-5",
            "now-5y",
            "now5m",
            "now-99999999999999999999d",
            "now-9999999999d",
            "99999999999999999999",
            "9223372036854775807",
            "yesterday",
            "now-é",
            "2023-13-01",
            "2023-11-14T22:13:20[Europe/Paris]",
        ] {
            let error = moment(text, NOW, &Zone::default()).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`{text}` is no moment: give `now-15m`")),
                "{error}"
            );
        }
    }

    #[test]
    fn times_without_an_offset_are_those_of_the_zone() {
        let zone = |options: &str| {
            let options: QueryOptions = serde_json::from_str(options).unwrap();
            Zone::of(Some(&options)).unwrap()
        };
        for (options, text) in [
            (r#"{"timezone": "UTC+1"}"#, "2023-11-14T23:13:20"),
            (r#"{"timezone": "Europe/Paris"}"#, "2023-11-14T23:13:20"),
            (r#"{"timezone": "Europe/Paris"}"#, "2023-11-14T22:13:20Z"),
            (r#"{"time_offset": -3600}"#, "2023-11-14T21:13:20"),
            (r#"{"time_offset": -3600}"#, "now"),
        ] {
            assert_eq!(moment(text, NOW, &zone(options)), Ok(NOW), "{options} {text}");
        }
        assert!(
            moment("2023-11-14", NOW, &zone(r#"{"time_offset": 9223372036854775807}"#)).is_err()
        );
    }
}
