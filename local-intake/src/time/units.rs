//! Units of time, by their names in queries and intervals.

pub(crate) const MILLISECOND: i64 = 1_000_000;
pub(crate) const SECOND: i64 = 1000 * MILLISECOND;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// The names of each unit and its length in nanoseconds. Months and years have no fixed length.
const UNITS: &[(&[&str], i64)] = &[
    (&["ns", "nanosecond", "nanoseconds"], 1),
    (&["us", "µs", "μs", "microsecond", "microseconds"], 1000),
    (&["ms", "millisecond", "milliseconds"], MILLISECOND),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3600 * SECOND),
    (&["d", "day", "days"], DAY),
    (&["w", "week", "weeks"], 7 * DAY),
];

/// Returns the length of a unit in nanoseconds.
pub(crate) fn unit(name: &str) -> Option<i64> {
    UNITS.iter().find(|(names, _)| names.contains(&name)).map(|(_, nanoseconds)| *nanoseconds)
}
