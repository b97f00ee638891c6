//! Timestamps and statuses as other systems write them.

use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::jiff::civil::DateTime;
use datadog_ci_pipelines::jiff::tz::Offset;

use crate::report::since_1970;

/// Reads an offset from UTC such as `+02:00`.
pub(super) fn offset(input: &str) -> Result<Offset, String> {
    let parsed = || {
        let (direction, rest) = match input.trim() {
            "Z" | "UTC" => return Some(Offset::UTC),
            input => (if input.starts_with('-') { -1 } else { 1 }, input.strip_prefix(['+', '-'])?),
        };
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let is_valid = (0..=25).contains(&hours) && (0..60).contains(&minutes);
        is_valid.then(|| Offset::from_seconds(direction * (hours * 3600 + minutes * 60)).ok())?
    };
    parsed().ok_or_else(|| "expected an offset such as +02:00".to_owned())
}

/// Reads a timestamp: ISO 8601, or seconds or milliseconds since 1970 of a plausible year.
pub(super) fn timestamp(input: &str, offset: Option<Offset>) -> Result<Timestamp, String> {
    let out_of_range = |_| format!("`{input}` is out of range");
    if let Some(time) = since_1970(input) {
        return time;
    }
    if let Ok(timestamp) = input.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    match (input.parse::<DateTime>(), offset) {
        (Ok(local), Some(offset)) => offset.to_timestamp(local).map_err(out_of_range),
        (Ok(_), None) => {
            Err(format!("`{input}` has no offset from UTC; add Z, or use --utc-offset"))
        }
        (Err(_), _) => Err(format!("`{input}` is not a timestamp such as 2026-07-14T10:00:00Z")),
    }
}

/// Reads a number of seconds, as milliseconds.
pub(super) fn milliseconds(input: &str) -> Result<i64, String> {
    const LONGEST: f64 = 366.0 * 86_400.0;
    match input.parse::<f64>() {
        // The range excludes numbers that are not exact.
        Ok(seconds) if (0.0..=LONGEST).contains(&seconds) => Ok((seconds * 1e3).round() as i64),
        _ => Err(format!("`{input}` is not a number of seconds")),
    }
}

/// Returns the status of the API for a status of another system.
pub(super) fn status(input: &str) -> Option<&'static str> {
    Some(match input.trim().to_lowercase().as_str() {
        "success" | "succeeded" | "successful" | "passed" | "pass" | "ok" | "completed" => {
            "success"
        }
        "error" | "errored" | "failed" | "failure" | "fail" | "unstable" | "timed_out"
        | "timeout" => "error",
        "canceled" | "cancelled" | "aborted" | "interrupted" | "stopped" | "killed" => "canceled",
        "skipped" | "not_built" | "not_run" | "notrun" | "ignored" => "skipped",
        "running" | "in_progress" | "started" => "running",
        "blocked" | "paused" | "waiting" => "blocked",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, offset, status, timestamp};

    #[test]
    fn timestamps_are_read_in_several_notations() {
        let two = offset("+02:00").ok();
        for (input, offset) in [
            ("2026-07-14T10:00:00Z", None),
            ("2026-07-14 12:00:00+02:00", None),
            ("1784023200", None),
            ("1784023200000", None),
            ("1784023200.0", None),
            ("2026-07-14 12:00:00", two),
        ] {
            let expected = "2026-07-14T10:00:00Z".parse().unwrap();
            assert_eq!(timestamp(input, offset), Ok(expected), "{input}");
        }
        for wrong in ["2026-07-14T10:00:00", "yesterday", "", "NaN", "1e300"] {
            assert!(timestamp(wrong, None).is_err(), "{wrong}");
        }
        // A year, dates, an amount, and microseconds and nanoseconds since 1970.
        for wrong in [
            "2026",
            "20260714",
            "20260714100000",
            "-1",
            "0",
            "42.5",
            "1784023200000000",
            "1784023200000000000",
        ] {
            let error = timestamp(wrong, two).unwrap_err();
            let formats = "2026-07-14T10:00:00Z, or seconds or milliseconds since 1970";
            assert!(error.contains(wrong) && error.ends_with(formats), "{error}");
        }
    }

    #[test]
    fn values_out_of_range_are_rejected() {
        for wrong in ["2", "+99:00", "+1:99", "++1", ""] {
            assert!(offset(wrong).is_err(), "{wrong}");
        }
        assert_eq!(offset("-05:30").unwrap().seconds(), -19_800);
        assert_eq!(milliseconds("1.5"), Ok(1500));
        for wrong in ["-1", "NaN", "1e99", "x"] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
        assert_eq!((status("Passed"), status("?")), (Some("success"), None));
    }
}
