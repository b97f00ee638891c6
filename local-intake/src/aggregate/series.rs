//! Time series: a computation for each interval of the time range.

use datadog_ci_pipelines::Json;
use datadog_ci_pipelines::models::AggregateBucketValue;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Number;

use super::interval::Window;
use super::measure::{Measure, Outcome};
use super::starts::starts;
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

    /// Returns a point for each interval that has a result.
    pub(super) fn evaluate(
        &self,
        measure: &Measure,
        rows: &[usize],
        table: &Table<'_>,
        keys: &KeyMap,
        work: &Work,
    ) -> Result<Option<AggregateBucketValue>, Stopped> {
        let interval = |row: usize| {
            let (time, _) = *table.times.get(row)?;
            let is_in_window = (self.window.from..=self.window.to).contains(&time);
            is_in_window
                .then(|| self.starts.partition_point(|start| *start <= time))?
                .checked_sub(1)
        };
        let mut assigned: Vec<(usize, usize)> =
            rows.iter().filter_map(|row| Some((interval(*row)?, *row))).collect();
        assigned.sort_by_key(|(interval, _)| *interval);
        work.check()?;

        let mut rest = assigned.as_slice();
        let mut points = Vec::new();
        let mut rows = Vec::new();
        for (interval, start) in self.starts.iter().enumerate() {
            let end = rest.partition_point(|(other, _)| *other <= interval);
            let (own, others) = rest.split_at(end);
            rest = others;
            if own.is_empty() && !measure.counts() {
                continue;
            }
            rows.clear();
            rows.extend(own.iter().map(|(_, row)| *row));
            points.extend(measure.evaluate(&rows, table, keys).and_then(|it| point(*start, it)));
            work.check()?;
        }
        // The model would write whole seconds without `.000`, which the service always writes.
        Ok(Json::from_value(&points).ok().map(AggregateBucketValue::Unknown))
    }
}

/// A point, which takes less memory than a map of JSON.
#[derive(Serialize)]
struct Point {
    time: String,
    value: Number,
}

/// Creates a point. Its value must be a number according to the OpenAPI document, so there is no
/// point for a string.
fn point(start: i64, outcome: Outcome<'_>) -> Option<Point> {
    let value = match outcome {
        Outcome::Count(count) => Number::from(count),
        Outcome::Value(Scalar::Number(number)) => Number::from_f64(number)?,
        Outcome::Value(Scalar::String(_)) => return None,
    };
    let time = Timestamp::from_nanosecond(i128::from(start)).ok()?;
    Some(Point { time: format!("{time:.3}"), value })
}
