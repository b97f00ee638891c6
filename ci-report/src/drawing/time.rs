//! Durations and timestamps.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

/// Formats a duration: `42s`, `6m 02s`, `1h 04m`.
#[must_use]
pub fn duration(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        ..0 => format!("-{}", self::duration(duration.abs())),
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// Formats a duration like [`duration`], with fractions of seconds below ten seconds.
pub(crate) fn short_duration(time: SignedDuration) -> String {
    let milliseconds = time.as_millis();
    match milliseconds {
        1..1_000 => format!("{milliseconds}ms"),
        1_000..10_000 if milliseconds % 1_000 != 0 => format!("{:.1}s", time.as_secs_f64()),
        _ => duration(time),
    }
}

/// Formats a number of nanoseconds: like [`duration`], with milliseconds below ten seconds.
pub(crate) fn nanoseconds(nanoseconds: f64) -> String {
    let milliseconds = nanoseconds / 1e6;
    match milliseconds.abs() {
        0.0..10.0 => format!("{milliseconds:.1}ms"),
        10.0..1_000.0 => format!("{milliseconds:.0}ms"),
        1_000.0..10_000.0 => format!("{:.1}s", milliseconds / 1e3),
        // A cast saturates.
        _ => duration(SignedDuration::from_nanos(nanoseconds as i64)),
    }
}

/// Formats a timestamp in UTC: `2026-07-14 09:52:00Z`.
pub(crate) fn timestamp(timestamp: Timestamp) -> String {
    timestamp.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use datadog_ci_pipelines::jiff::SignedDuration;

    use super::{duration, nanoseconds};

    #[test]
    fn durations_have_two_units_at_most() {
        let formatted = [-61, 0, 59, 60, 3599, 3600, 7500].map(SignedDuration::from_secs);
        let expected = ["-1m 01s", "0s", "59s", "1m 00s", "59m 59s", "1h 00m", "2h 05m"];
        assert_eq!(formatted.map(duration), expected);
    }

    #[test]
    fn short_durations_have_fractions() {
        let formatted = [0.0, 1.5e6, 250e6, 2.25e9, 42e9, f64::INFINITY].map(nanoseconds);
        assert_eq!(formatted[..5], ["0.0ms", "1.5ms", "250ms", "2.2s", "42s"]);
    }
}
