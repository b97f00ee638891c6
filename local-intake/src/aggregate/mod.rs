//! Aggregation: groups of events, and what is computed of each.
//!
//! A request is first checked and made a [`Plan`], which then runs over the events. The values
//! that matter are taken out of the events in one pass; groups and computations see rows of
//! numbers only. Facets are worked through from the outside in, so that groups beyond a
//! `limit` cost nothing further down.
//!
//! ```
//! use datadog_ci_intake::aggregate::{Plan, Window};
//! use datadog_ci_intake::facts::{Facts, Row, Vocabulary};
//! use datadog_ci_intake::time::Zone;
//! use datadog_ci_pipelines::models::{AggregateRequest, AggregationFunction, Compute};
//!
//! let event = serde_json::json!({"duration": 1500});
//! let mut vocabulary = Vocabulary::default();
//! let facts = Facts::of_parts(event.as_object().ok_or("no event")?, [], &mut vocabulary);
//!
//! let longest = Compute::builder().aggregation(AggregationFunction::Max).metric("@duration");
//! let request = AggregateRequest::builder().compute(vec![longest.build()?]).build()?;
//! let (window, zone) = (Window { from: 0, to: 100 }, Zone::default());
//! let plan = Plan::of(&request, window, &zone).map_err(|all| all.join("; "))?;
//! let buckets = plan.run([Row { timestamp: 50, order: 0, facts: &facts }].into_iter(), &vocabulary);
//! assert_eq!(serde_json::to_string(&buckets)?, r#"[{"by":{},"computes":{"c0":1500.0}}]"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod group;
mod interval;
mod measure;
#[cfg(test)]
pub(crate) mod naive;
#[cfg(test)]
mod property;
mod series;
mod starts;
mod table;
#[cfg(test)]
mod tests;

use datadog_ci_pipelines::models::{AggregateBucket, AggregateBucketValue, Computes};
use datadog_ci_pipelines::{JsonObject, Number};
use serde_json::{Map, Value};

use self::group::Group;
use self::measure::{Measure, Outcome};
use self::series::Series;
use self::table::{Shown, Table, Words};
use crate::facts::{Row, Vocabulary};

/// An answer has no more buckets than this.
pub const MAX_BUCKETS: usize = 10_000;
/// A time series has no more points than this.
pub const MAX_POINTS: usize = 10_000;
/// All time series of an answer together have no more points than this.
const MAX_POINTS_OF_ALL: usize = 1_000_000;

/// The time range of a request, in nanoseconds since 1970; both ends are within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub from: i64,
    /// The last moment.
    pub to: i64,
}

/// A request that was checked: everything in it is known and makes sense.
pub struct Plan {
    computes: Vec<Compute>,
    groups: Vec<Group>,
    /// The names of the metrics, each once.
    metrics: Vec<String>,
}

/// What is computed of every bucket.
struct Compute {
    measure: Measure,
    /// The intervals that it is computed for one by one; else it is one total.
    series: Option<Series>,
}

impl Plan {
    /// Answers the request over events: one bucket for each combination of groups.
    pub fn run<'s>(
        &self,
        rows: impl Iterator<Item = Row<'s>>,
        vocabulary: &Vocabulary,
    ) -> Vec<AggregateBucket> {
        let words = Words::of(vocabulary);
        let table = Table::of(self, rows, vocabulary, &words);
        let rows: Vec<usize> = (0..table.times.len()).collect();
        let points = self.computes.iter().filter_map(|compute| compute.series.as_ref());
        let limit = most_buckets(points.map(Series::len).fold(0, usize::saturating_add));
        let mut run = Run { plan: self, table, words, limit, buckets: Vec::new() };
        if !rows.is_empty() {
            run.descend(&self.groups, &rows, &mut Vec::new());
        }
        run.buckets
    }
}

/// How many buckets an answer has at most if each has so many points.
fn most_buckets(points: usize) -> usize {
    MAX_POINTS_OF_ALL.checked_div(points).unwrap_or(MAX_BUCKETS).clamp(1, MAX_BUCKETS)
}

struct Run<'p, 'v> {
    plan: &'p Plan,
    table: Table,
    words: Words<'v>,
    limit: usize,
    buckets: Vec<AggregateBucket>,
}

impl<'p, 'v: 'p> Run<'p, 'v> {
    /// Adds the buckets of events that share the values that they were grouped `by` so far.
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
        for part in group.parts(level, rows, &self.table, &self.words) {
            by.push((&group.facet, part.value.facet()));
            self.descend(inner, &part.rows, by);
            by.pop();
        }
        if let Some(name) = &group.total {
            by.push((&group.facet, name.clone()));
            self.descend(inner, rows, by);
            by.pop();
        }
    }

    fn computes(&self, rows: &[usize]) -> Computes {
        let value = |compute: &Compute| match &compute.series {
            None => compute.measure.of(rows, &self.table, &self.words).map(total),
            Some(series) => series.of(&compute.measure, rows, &self.table, &self.words),
        };
        let named = self.plan.computes.iter().enumerate();
        named.filter_map(|(i, compute)| Some((format!("c{i}"), value(compute)?))).collect()
    }
}

fn total(outcome: Outcome<'_>) -> AggregateBucketValue {
    match outcome {
        Outcome::Value(Shown::Text(text)) => AggregateBucketValue::SingleString(text.to_owned()),
        Outcome::Value(Shown::Number(number)) => AggregateBucketValue::SingleNumber(number.into()),
        Outcome::Count(count) => AggregateBucketValue::SingleNumber(Number::from(count as u64)),
    }
}
