//! The length of the intervals of a time series.

use crate::time::{MILLISECOND, unit};

/// The time range of a request, in nanoseconds since 1970. Both ends are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// The default number of points of a time series.
const POINTS: i128 = 150;

/// Parses an interval such as `5m`, `5min` or `5 minutes` into nanoseconds.
pub(in crate::aggregate) fn parse_interval(input: &str) -> Option<i64> {
    let input = input.trim();
    let (count, name) = input.split_at_checked(input.find(|c: char| !c.is_ascii_digit())?)?;
    // The times of points have milliseconds, so shorter units are rejected.
    let unit = unit(name.trim_start()).filter(|unit| *unit >= MILLISECOND)?;
    count.parse::<i64>().ok()?.checked_mul(unit).filter(|interval| *interval > 0)
}

/// Returns the interval that divides a time range into 150 points, in whole milliseconds.
pub(in crate::aggregate) fn default_interval(window: Window) -> i64 {
    let span = (i128::from(window.to) - i128::from(window.from)).max(1);
    let unit = POINTS * i128::from(MILLISECOND);
    let milliseconds = (span + unit - 1) / unit;
    i64::try_from(milliseconds * i128::from(MILLISECOND)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{MILLISECOND, Window, default_interval, parse_interval};
    use crate::time::{DAY, SECOND};

    #[test]
    fn intervals_have_a_number_and_a_unit() {
        for (input, expected) in [
            ("500ms", Some(500 * MILLISECOND)),
            ("30s", Some(30 * SECOND)),
            ("5m", Some(300 * SECOND)),
            ("5min", Some(300 * SECOND)),
            (" 5 minutes ", Some(300 * SECOND)),
            ("1h", Some(3600 * SECOND)),
            ("2d", Some(2 * DAY)),
            ("1w", Some(7 * DAY)),
            ("0s", None),
            ("5", None),
            ("m", None),
            ("-5m", None),
            ("1.5h", None),
            ("1mo", None),
            ("5us", None),
            ("5é", None),
            ("9999999999w", None),
            ("99999999999999999999s", None),
            ("", None),
        ] {
            assert_eq!(parse_interval(input), expected, "{input}");
        }
    }

    #[test]
    fn the_default_interval_gives_150_points() {
        let length = |from, to| default_interval(Window { from, to });
        assert_eq!(length(0, 900 * SECOND), 6 * SECOND);
        assert_eq!(length(0, 900 * SECOND + 1), 6 * SECOND + MILLISECOND);
        assert_eq!(length(0, 0), MILLISECOND);
        assert_eq!(length(5, 0), MILLISECOND);
        assert_eq!(length(i64::MIN, i64::MAX) / DAY, 1423);
    }
}
