//! Computing the buckets of a request.

use datadog_ci_pipelines::models::{AggregateBucket, AggregateBucketValue, Computes};
use datadog_ci_pipelines::{JsonObject, Number};
use serde_json::{Map, Value};

use super::group::Group;
use super::measure::Outcome;
use super::plan::{Compute, Plan};
use super::series::Series;
use super::table::{KeyMap, Scalar, Table};
use crate::event::facts::{Row, Vocabulary};

/// The maximum number of buckets in a response.
const MAX_BUCKETS: usize = 10_000;
/// The maximum number of points in all time series of a response.
const MAX_TOTAL_POINTS: usize = 1_000_000;

impl Plan {
    /// Computes the buckets over events: one for each combination of groups.
    pub(crate) fn run<'s>(
        &self,
        rows: impl Iterator<Item = Row<'s>>,
        vocabulary: &Vocabulary,
    ) -> Vec<AggregateBucket> {
        let keys = KeyMap::new(vocabulary);
        let facets = self.groups.iter().map(|group| &group.facet);
        let table = Table::new(facets, &self.metrics, rows, vocabulary, &keys);
        let rows: Vec<usize> = (0..table.times.len()).collect();
        let points = self.computes.iter().filter_map(|compute| compute.series.as_ref());
        let limit = max_buckets(points.map(Series::len).fold(0, usize::saturating_add));
        let mut run = Run { plan: self, table, keys, limit, buckets: Vec::new() };
        if !rows.is_empty() {
            run.descend(&self.groups, &rows, &mut Vec::new());
        }
        run.buckets
    }
}

/// Returns the maximum number of buckets if each has this many points.
pub(super) fn max_buckets(points: usize) -> usize {
    MAX_TOTAL_POINTS.checked_div(points).unwrap_or(MAX_BUCKETS).clamp(1, MAX_BUCKETS)
}

struct Run<'p, 'v> {
    plan: &'p Plan,
    table: Table,
    keys: KeyMap<'v>,
    limit: usize,
    buckets: Vec<AggregateBucket>,
}

impl<'p, 'v: 'p> Run<'p, 'v> {
    /// Adds the buckets of events that share the values of the outer facets in `by`.
    fn descend(&mut self, groups: &'p [Group], rows: &[usize], by: &mut Vec<(&'p str, Value)>) {
        if self.buckets.len() >= self.limit {
            return;
        }
        let Some((group, inner)) = groups.split_first() else {
            let by: Map<String, Value> =
                by.iter().map(|(facet, value)| ((*facet).to_owned(), value.clone())).collect();
            self.buckets.push(AggregateBucket {
                by: JsonObject::from_value(&by).ok(),
                computes: Some(self.computes(rows)),
                ..AggregateBucket::default()
            });
            return;
        };
        let level = self.plan.groups.len() - groups.len();
        let name = group.facet.name.as_str();
        for part in group.split(level, rows, &self.table, &self.keys) {
            by.push((name, part.value.to_facet()));
            self.descend(inner, &part.rows, by);
            by.pop();
        }
        if let Some(total) = &group.total {
            by.push((name, total.clone()));
            self.descend(inner, rows, by);
            by.pop();
        }
    }

    fn computes(&self, rows: &[usize]) -> Computes {
        let value = |compute: &Compute| match &compute.series {
            None => compute.measure.evaluate(rows, &self.table, &self.keys).map(to_total),
            Some(series) => series.evaluate(&compute.measure, rows, &self.table, &self.keys),
        };
        let named = self.plan.computes.iter().enumerate();
        named.filter_map(|(i, compute)| Some((format!("c{i}"), value(compute)?))).collect()
    }
}

fn to_total(outcome: Outcome<'_>) -> AggregateBucketValue {
    match outcome {
        Outcome::Value(Scalar::String(string)) => {
            AggregateBucketValue::SingleString(string.to_owned())
        }
        Outcome::Value(Scalar::Number(number)) => AggregateBucketValue::SingleNumber(number.into()),
        Outcome::Count(count) => AggregateBucketValue::SingleNumber(Number::from(count as u64)),
    }
}
