//! Where the intervals of a time series start.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::interval::Window;
use crate::time::{DAY, Offsets, Zone};

/// Returns the starts of the intervals that cover a time range: multiples of the interval since
/// 1970, or midnights for intervals of whole days. Returns `None` if there are more than `max`.
pub(in crate::aggregate) fn starts(
    zone: &Zone,
    interval: i64,
    window: Window,
    max: usize,
) -> Option<Vec<i64>> {
    if window.from > window.to {
        return Some(Vec::new());
    }
    match &zone.0 {
        Offsets::Named(zone) if interval % DAY == 0 => days(zone, interval / DAY, window, max),
        Offsets::Named(_) => multiples(0, interval, window, max),
        Offsets::Fixed(seconds) => multiples(*seconds, interval, window, max),
    }
}

fn multiples(shift: i64, interval: i64, window: Window, max: usize) -> Option<Vec<i64>> {
    let (interval, shift) = (i128::from(interval.max(1)), i128::from(shift) * 1_000_000_000);
    let (from, to) = (i128::from(window.from), i128::from(window.to));
    let first = (from + shift).div_euclid(interval) * interval - shift;
    let count = usize::try_from((to - first) / interval).ok()?.checked_add(1)?;
    if count > max {
        return None;
    }
    // Only the first start can be out of range.
    let start = |i: usize| i64::try_from(first + i as i128 * interval).unwrap_or(i64::MIN);
    Some((0..count).map(start).collect())
}

fn days(zone: &TimeZone, length: i64, window: Window, max: usize) -> Option<Vec<i64>> {
    let epoch = date(1970, 1, 1);
    let midnight = |day: i64| -> Option<i64> {
        let date: Date = epoch.checked_add(Span::new().try_days(day).ok()?).ok()?;
        i64::try_from(zone.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_nanosecond()).ok()
    };
    let from = Timestamp::from_nanosecond(i128::from(window.from)).ok()?;
    let today = i64::from(zone.to_datetime(from).date().since(epoch).ok()?.get_days());
    let mut day = today.div_euclid(length).checked_mul(length).unwrap_or(i64::MIN);
    // The first start may be out of range.
    let mut starts = vec![midnight(day).unwrap_or(i64::MIN)];
    loop {
        day = day.saturating_add(length);
        let Some(start) = midnight(day).filter(|start| *start <= window.to) else {
            return Some(starts);
        };
        // A day that a time zone skipped starts at the same time as the next one.
        if starts.last().is_some_and(|last| *last < start) {
            starts.push(start);
        }
        if starts.len() > max {
            return None;
        }
    }
}
