//! The length of the intervals of a time series.

use super::Window;
use crate::time::{MILLISECOND, unit};

/// How many points a time series has if nothing else is asked for.
const POINTS: i128 = 150;

/// The nanoseconds of `5m`, `5min` or `5 minutes`.
pub(super) fn interval(text: &str) -> Option<i64> {
    let text = text.trim();
    let (count, name) = text.split_at_checked(text.find(|c: char| !c.is_ascii_digit())?)?;
    // Points are told apart by their milliseconds.
    let unit = unit(name.trim_start()).filter(|unit| *unit >= MILLISECOND)?;
    count.parse::<i64>().ok()?.checked_mul(unit).filter(|interval| *interval > 0)
}

/// The interval that divides a time range into 150, in whole milliseconds: points are told
/// apart by them.
pub(super) fn default(window: Window) -> i64 {
    let span = (i128::from(window.to) - i128::from(window.from)).max(1);
    let unit = POINTS * i128::from(MILLISECOND);
    let milliseconds = (span + unit - 1) / unit;
    i64::try_from(milliseconds * i128::from(MILLISECOND)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{MILLISECOND, Window, default, interval};
    use crate::time::{DAY, SECOND};

    #[test]
    fn intervals_are_numbers_with_a_unit() {
        for (text, expected) in [
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
            assert_eq!(interval(text), expected, "{text}");
        }
    }

    #[test]
    fn a_time_range_is_divided_into_150_unless_asked_otherwise() {
        let of = |from, to| default(Window { from, to });
        assert_eq!(of(0, 900 * SECOND), 6 * SECOND);
        assert_eq!(of(0, 900 * SECOND + 1), 6 * SECOND + MILLISECOND);
        assert_eq!(of(0, 0), MILLISECOND);
        assert_eq!(of(5, 0), MILLISECOND);
        assert_eq!(of(i64::MIN, i64::MAX) / DAY, 1423);
    }
}
