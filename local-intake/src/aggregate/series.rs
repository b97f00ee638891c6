//! Time series: a computation for every interval of the time range.

use datadog_ci_pipelines::Json;
use datadog_ci_pipelines::models::AggregateBucketValue;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::measure::{Measure, Outcome};
use super::table::{Shown, Table, Words};
use super::{MAX_POINTS, Window};
use crate::time::Zone;

/// The intervals of a time range.
pub(super) struct Series {
    window: Window,
    /// Where each interval starts. The first may lie before the time range.
    starts: Vec<i64>,
}

impl Series {
    /// The intervals of this many nanoseconds; none if there are too many.
    pub(super) fn of_intervals(interval: i64, window: Window, zone: &Zone) -> Option<Self> {
        Some(Self { window, starts: zone.starts(interval, window, MAX_POINTS)? })
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The results for those intervals that have one.
    pub(super) fn of(
        &self,
        measure: &Measure,
        rows: &[usize],
        table: &Table,
        words: &Words<'_>,
    ) -> Option<AggregateBucketValue> {
        let place = |row: usize| {
            let (time, _) = *table.times.get(row)?;
            let within = (self.window.from..=self.window.to).contains(&time);
            within.then(|| self.starts.partition_point(|start| *start <= time))?.checked_sub(1)
        };
        let mut placed: Vec<(usize, usize)> =
            rows.iter().filter_map(|row| Some((place(*row)?, *row))).collect();
        placed.sort_by_key(|(place, _)| *place);

        let mut rest = placed.as_slice();
        let mut points = Vec::new();
        let mut here = Vec::new();
        for (place, start) in self.starts.iter().enumerate() {
            let (these, others) = rest.split_at(rest.partition_point(|(other, _)| *other <= place));
            rest = others;
            if these.is_empty() && !measure.counts() {
                continue;
            }
            here.clear();
            here.extend(these.iter().map(|(_, row)| *row));
            points.extend(measure.of(&here, table, words).and_then(|it| point(*start, it)));
        }
        // The points of the models would lose the `.000` of whole seconds, which the service
        // always writes.
        Json::from_value(&points).ok().map(AggregateBucketValue::Unknown)
    }
}

/// A point; its value is a number by the description, so that a text has no place in it.
fn point(start: i64, outcome: Outcome<'_>) -> Option<Value> {
    let value = match outcome {
        Outcome::Count(count) => Value::from(count),
        Outcome::Value(Shown::Number(number)) => Value::from(number),
        Outcome::Value(Shown::Text(_)) => return None,
    };
    let time = Timestamp::from_nanosecond(i128::from(start)).ok()?;
    Some(json!({"time": format!("{time:.3}"), "value": value}))
}
