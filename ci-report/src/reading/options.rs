//! Options that several commands have.

use std::time::Duration;

use clap::Args;

use crate::drawing::Format;
use crate::settings::parse_duration;

/// The longest duration of an option.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// The time range of a search.
#[derive(Clone, Debug, Args)]
pub(super) struct Range {
    /// Earliest end of an event: a duration before now (30m, 12h, 7d), a date and time (ISO 8601
    /// with an offset), or milliseconds since 1970.
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = time)]
    pub(super) from: String,
    /// Latest end of an event, in the same formats.
    #[arg(long, value_name = "TIME", default_value = "now", value_parser = time)]
    pub(super) to: String,
}

/// The format of the results.
#[derive(Clone, Debug, Args)]
pub(super) struct Formats {
    /// Format of the results.
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    pub(super) output: Format,
}

/// Reads a time as the API does, and a duration before now without `now-`.
pub(super) fn time(input: &str) -> Result<String, String> {
    let input = input.trim();
    let count = input.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = input.get(count.len()..).unwrap_or_default();
    let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    match (is_number, unit) {
        // Milliseconds since 1970.
        (true, "") => Ok(input.to_owned()),
        (true, "s" | "m" | "h" | "d") => Ok(format!("now-{input}")),
        (true, "w") => {
            let weeks: u64 = count.parse().map_err(|_| "the number is too large".to_owned())?;
            Ok(format!("now-{}d", weeks.saturating_mul(7)))
        }
        (true, _) => Err("the unit must be one of s, m, h, d and w".to_owned()),
        _ if input.starts_with("now") => Ok(input.to_owned()),
        // A date is left to the API, which explains what it does not accept.
        _ if input.starts_with(|c: char| c.is_ascii_digit()) => Ok(input.to_owned()),
        _ => Err("expected a duration such as 12h, `now`, or a date and time".to_owned()),
    }
}

/// Reads a positive duration such as `500ms`, `5s` or `1h`.
pub(super) fn duration(input: &str) -> Result<Duration, String> {
    match parse_duration(input)? {
        Duration::ZERO => Err("must be longer than 0".to_owned()),
        time if time > LONGEST => Err("must be at most a year".to_owned()),
        time => Ok(time),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, time};

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["", "0s", "s", "1y", "99999999999999999999s", "1000000d", "-1s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations_are_before_now() {
        assert_eq!(time("12h").unwrap(), "now-12h");
        assert_eq!(time("2w").unwrap(), "now-14d");
        assert_eq!(time("now-5m").unwrap(), "now-5m");
        assert_eq!(time("1784000000000").unwrap(), "1784000000000");
        assert_eq!(time("2026-07-14T10:00:00Z").unwrap(), "2026-07-14T10:00:00Z");
        for wrong in ["12y", "yesterday", "", "-5m", "d"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
