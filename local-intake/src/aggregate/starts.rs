//! Where the intervals of a time series start.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Window;
use crate::time::{DAY, Local, Zone};

impl Zone {
    /// Where the intervals start that a time range lies in: at multiples of the interval since
    /// 1970, those of whole days at midnight. None if there are more than `most`.
    pub(super) fn starts(&self, interval: i64, window: Window, most: usize) -> Option<Vec<i64>> {
        if window.from > window.to {
            return Some(Vec::new());
        }
        match &self.0 {
            Local::At(zone) if interval % DAY == 0 => days(zone, interval / DAY, window, most),
            Local::At(_) => steps(0, interval, window, most),
            Local::Shifted(seconds) => steps(*seconds, interval, window, most),
        }
    }
}

fn steps(shift: i64, interval: i64, window: Window, most: usize) -> Option<Vec<i64>> {
    let (interval, shift) = (i128::from(interval.max(1)), i128::from(shift) * 1_000_000_000);
    let (from, to) = (i128::from(window.from), i128::from(window.to));
    let first = (from + shift).div_euclid(interval) * interval - shift;
    let count = usize::try_from((to - first) / interval).ok()?.checked_add(1)?;
    if count > most {
        return None;
    }
    // Only the first one can lie before all times.
    let start = |i: usize| i64::try_from(first + i as i128 * interval).unwrap_or(i64::MIN);
    Some((0..count).map(start).collect())
}

fn days(zone: &TimeZone, length: i64, window: Window, most: usize) -> Option<Vec<i64>> {
    let epoch = date(1970, 1, 1);
    let midnight = |day: i64| -> Option<i64> {
        let date: Date = epoch.checked_add(Span::new().try_days(day).ok()?).ok()?;
        i64::try_from(zone.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_nanosecond()).ok()
    };
    let from = Timestamp::from_nanosecond(i128::from(window.from)).ok()?;
    let today = i64::from(zone.to_datetime(from).date().since(epoch).ok()?.get_days());
    let mut day = today.div_euclid(length).checked_mul(length).unwrap_or(i64::MIN);
    // A day that is too long ago to be told began before all times.
    let mut starts = vec![midnight(day).unwrap_or(i64::MIN)];
    loop {
        day = day.saturating_add(length);
        let Some(start) = midnight(day).filter(|start| *start <= window.to) else {
            return Some(starts);
        };
        // A day that a place left out starts when the next one does.
        if starts.last().is_some_and(|last| *last < start) {
            starts.push(start);
        }
        if starts.len() > most {
            return None;
        }
    }
}
