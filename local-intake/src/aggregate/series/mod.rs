//! Time series: a computation for each interval of the time range.
//!
//! | module | responsibility |
//! |---|---|
//! | `interval` | the length of the intervals |
//! | `starts` | where the intervals start |

mod interval;
mod starts;

pub(crate) use interval::Window;
pub(super) use interval::{default_interval, parse_interval};
pub(super) use starts::starts;

use serde_json::Number;

use super::measure::{Measure, Outcome};
use super::table::{KeyMap, Scalar, Table};
use crate::common::{Stopped, Work};
use crate::time::Zone;

/// The maximum number of points of a time series.
pub(super) const MAX_POINTS: usize = 10_000;

/// The intervals of a time range.
pub(super) struct Series {
    window: Window,
    /// The first start may be before the time range.
    starts: Vec<i64>,
}

impl Series {
    /// Creates intervals of this length in nanoseconds. Returns `None` if there are too many.
    pub(super) fn new(interval: i64, window: Window, zone: &Zone) -> Option<Self> {
        Some(Self { window, starts: starts(zone, interval, window, MAX_POINTS)? })
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Returns the start and the result of each interval that has one. The events are in
    /// chronological order.
    pub(super) fn evaluate(
        &self,
        measure: &Measure,
        rows: &[u32],
        table: &Table<'_>,
        keys: &KeyMap,
        work: &Work,
    ) -> Result<Vec<(i64, Number)>, Stopped> {
        let time = |row: &u32| table.times.get(*row as usize).map_or(i64::MIN, |(time, _)| *time);
        let start = rows.partition_point(|row| time(row) < self.window.from);
        let mut rest = rows.get(start..).unwrap_or_default();
        rest =
            rest.get(..rest.partition_point(|row| time(row) <= self.window.to)).unwrap_or_default();
        let mut points = Vec::new();
        for (i, start) in self.starts.iter().enumerate() {
            let next = self.starts.get(i + 1);
            let is_own = |row: &&u32| next.is_none_or(|next| time(row) < *next);
            let (own, others) = rest.split_at(rest.iter().take_while(is_own).count());
            rest = others;
            if own.is_empty() && !measure.counts() {
                continue;
            }
            let outcome = measure.evaluate(own, table, keys);
            points.extend(outcome.and_then(number).map(|number| (*start, number)));
            work.check()?;
        }
        Ok(points)
    }
}

/// Returns the value of a point. It must be a number according to the OpenAPI document, so there is
/// no point for a string.
fn number(outcome: Outcome<'_>) -> Option<Number> {
    match outcome {
        Outcome::Count(count) => Some(Number::from(count)),
        Outcome::Value(Scalar::Number(number)) => Number::from_f64(number),
        Outcome::Value(Scalar::String(_)) => None,
    }
}
