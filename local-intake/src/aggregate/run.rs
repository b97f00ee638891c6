//! Computing the buckets of a request.

use serde_json::Value;

use super::bucket::{Bucket, Computed};
use super::group::Group;
use super::measure::{Measure, Outcome};
use super::plan::{Compute, Plan};
use super::series::Series;
use super::table::{KeyMap, Scalar, Table};
use crate::common::{Stopped, Work};
use crate::event::facts::{Symbol, Vocabulary};

/// The maximum number of buckets in a response.
const MAX_BUCKETS: usize = 10_000;
/// The maximum number of points in all time series of a response.
const MAX_TOTAL_POINTS: usize = 1_000_000;

/// The size of a response in bytes after which no bucket is added.
const MAX_BYTES: usize = 64 * 1024 * 1024;

impl Plan {
    /// Creates the table to add the events to.
    pub(crate) fn table(&self, vocabulary: &Vocabulary) -> Table<'_> {
        let facets = self.groups.iter().map(|group| &group.facet);
        let excludes_retries = self.measures().any(|measure| measure.excludes_retries);
        Table::new(facets, &self.metrics, excludes_retries, vocabulary)
    }

    fn measures(&self) -> impl Iterator<Item = &Measure> {
        let computes = self.computes.iter().map(|compute| &compute.measure);
        computes.chain(self.groups.iter().filter_map(|group| group.measure.as_ref()))
    }

    /// Returns the strings that [`Self::run`] needs.
    pub(crate) fn strings(&self, table: &Table<'_>) -> Vec<Symbol> {
        let needed: Vec<usize> = self.measures().filter_map(Measure::strings).collect();
        table.strings(|metric| needed.contains(&metric))
    }

    /// Returns an upper bound of the memory in bytes that the response takes while it is created
    /// and sent.
    pub(crate) fn memory(&self, table: &Table<'_>, keys: &KeyMap) -> usize {
        let groups = self.groups.iter().zip(&table.groups).map(|(group, groups)| {
            group.limit.min(groups.keys.len()) + usize::from(group.total.is_some())
        });
        let points = self.points();
        let buckets = groups.fold(1, usize::saturating_mul).min(max_buckets(points));
        let values = self.groups.len() + self.computes.len();
        let value = VALUE.saturating_add(keys.max_length());
        let bucket = (values + 1).saturating_mul(value).saturating_add(points * POINT);
        // Once as values, once as JSON.
        buckets.saturating_mul(bucket).min(MAX_BYTES).saturating_mul(2)
    }

    /// Returns the number of points of all time series in a bucket.
    fn points(&self) -> usize {
        let series = self.computes.iter().filter_map(|compute| compute.series.as_ref());
        series.map(Series::len).fold(0, usize::saturating_add)
    }

    /// Computes the buckets over events: one for each combination of groups.
    pub(crate) fn run(
        &self,
        table: &Table<'_>,
        keys: &KeyMap,
        work: &Work,
    ) -> Result<Vec<Bucket>, Stopped> {
        let rows = table.rows();
        let limit = max_buckets(self.points());
        let mut run = Run { plan: self, table, keys, work, limit, bytes: 0, buckets: Vec::new() };
        if !rows.is_empty() {
            run.descend(&self.groups, &rows, &mut Vec::new())?;
        }
        Ok(run.buckets)
    }
}

/// The size of a value in a response in bytes, without the string.
const VALUE: usize = 100;
/// The size of a point in a response in bytes.
const POINT: usize = 64;

/// Returns the maximum number of buckets if each has this many points.
pub(super) fn max_buckets(points: usize) -> usize {
    MAX_TOTAL_POINTS.checked_div(points).unwrap_or(MAX_BUCKETS).clamp(1, MAX_BUCKETS)
}

struct Run<'p> {
    plan: &'p Plan,
    table: &'p Table<'p>,
    keys: &'p KeyMap,
    work: &'p Work,
    limit: usize,
    /// The size of the buckets in bytes.
    bytes: usize,
    buckets: Vec<Bucket>,
}

impl<'p> Run<'p> {
    /// Adds the buckets of events that share the values of the outer facets in `by`.
    fn descend(
        &mut self,
        groups: &'p [Group],
        rows: &[u32],
        by: &mut Vec<Value>,
    ) -> Result<(), Stopped> {
        if self.buckets.len() >= self.limit || self.bytes >= MAX_BYTES {
            return Ok(());
        }
        let Some((group, inner)) = groups.split_first() else {
            let computes = self.computes(rows)?;
            let values = by.iter().map(|value| value.as_str().map_or(VALUE, str::len));
            self.bytes += VALUE + values.chain(computes.iter().map(size)).sum::<usize>();
            self.buckets.push(Bucket { by: by.clone(), computes });
            return Ok(());
        };
        let level = self.plan.groups.len() - groups.len();
        for part in group.split(level, rows, self.table, self.keys, self.work)? {
            by.push(part.value.to_facet());
            self.descend(inner, &part.rows, by)?;
            by.pop();
        }
        if let Some(total) = &group.total {
            by.push(total.clone());
            self.descend(inner, rows, by)?;
            by.pop();
        }
        Ok(())
    }

    fn computes(&self, rows: &[u32]) -> Result<Vec<Option<Computed>>, Stopped> {
        let mut computes = Vec::with_capacity(self.plan.computes.len());
        for Compute { measure, series } in &self.plan.computes {
            computes.push(match series {
                None => measure.evaluate(rows, self.table, self.keys).map(to_total),
                Some(series) => {
                    let points =
                        series.evaluate(measure, rows, self.table, self.keys, self.work)?;
                    Some(Computed::Series(points))
                }
            });
            self.work.check()?;
        }
        Ok(computes)
    }
}

/// Returns the approximate size of a result in bytes.
fn size(computed: &Option<Computed>) -> usize {
    VALUE
        + match computed {
            Some(Computed::String(string)) => string.len(),
            Some(Computed::Series(points)) => points.len() * POINT,
            _ => 0,
        }
}

fn to_total(outcome: Outcome<'_>) -> Computed {
    match outcome {
        Outcome::Value(Scalar::String(string)) => Computed::String(string.to_owned()),
        Outcome::Value(Scalar::Number(number)) => Computed::Number(number),
        Outcome::Count(count) => Computed::Count(count as u64),
    }
}
