//! Where the intervals of a time series start.

use datadog_ci_pipelines::models::QueryOptions;
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::Window;
use super::check::problem;
use super::interval::DAY;

/// How the times of a query are understood: `options.timezone` or `options.time_offset`.
#[derive(Clone, Debug)]
pub struct Zone(Local);

#[derive(Clone, Debug)]
enum Local {
    /// Every interval is moved by seconds.
    Shifted(i64),
    /// Days and weeks are those of a place.
    At(TimeZone),
}

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(Local::Shifted(0))
    }
}

impl Zone {
    /// Of the options of a request.
    ///
    /// # Errors
    /// Fails for unknown time zones, and if both options are given.
    pub fn of(options: Option<&QueryOptions>) -> Result<Self, Vec<String>> {
        let zone = options.and_then(|options| options.timezone.as_deref());
        let offset = options.and_then(|options| options.time_offset);
        match (zone, offset) {
            (Some(_), Some(_)) => Err(vec![problem(
                "options",
                "`timezone` and `time_offset` exclude each other: give one of them",
            )]),
            (None, offset) => Ok(Self(Local::Shifted(offset.unwrap_or_default()))),
            (Some(name), None) => time_zone(name.trim())
                .map(|zone| Self(Local::At(zone)))
                .ok_or_else(|| vec![problem("options.timezone", &unknown(name))]),
        }
    }

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

fn unknown(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    format!("Unknown time zone: {name}")
}

/// The zone of `UTC`, `UTC+1`, `GMT-03:30` or a name of the IANA database.
fn time_zone(name: &str) -> Option<TimeZone> {
    let offset = name.strip_prefix("UTC").or_else(|| name.strip_prefix("GMT"));
    if let Some(offset) = offset
        && let Some(zone) = fixed(offset)
    {
        return Some(zone);
    }
    TimeZone::get(name).ok()
}

/// Nothing, or hours and minutes with a sign.
fn fixed(offset: &str) -> Option<TimeZone> {
    if offset.is_empty() {
        return Some(TimeZone::UTC);
    }
    let (sign, time) = offset.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = match time.split_once(':') {
        Some(parts) => parts,
        None if time.len() > 2 => time.split_at_checked(time.len() - 2)?,
        None => (time, "00"),
    };
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && lengths.contains(&text.len())).then(|| text.parse::<i32>().ok())?
    };
    let hours = digits(hours, 1..=2)?;
    let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    Some(TimeZone::fixed(Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?))
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
