//! Requests checked: every problem is named, with the field that has it.

use std::cmp::Ordering;

use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, ComputeType, GroupBy, GroupSortType, Histogram,
    MissingValue, SortOrder, Total,
};
use serde_json::Value;

use super::group::{Group, StandIn};
use super::interval::{default, interval};
use super::measure::{Function, Measure};
use super::series::Series;
use super::{MAX_POINTS, Plan, Window};
use crate::problem::Problems;
use crate::time::Zone;

/// More computations are refused.
const MAX_COMPUTES: usize = 100;
/// More facets are refused: each may double the work.
const MAX_FACETS: usize = 8;
/// More ranges of a histogram are refused, as by the service.
const MAX_RANGES: usize = 100;
/// How many groups are kept if nothing else is asked for.
const LIMIT: usize = 10;

/// Run times, of which partial retries are no part.
const RUN_TIMES: [&str; 2] = ["@duration", "@ci.execution_time"];

impl Plan {
    /// Checks what a request computes, over the time range that its filter says and in the zone
    /// of its options.
    ///
    /// # Errors
    /// Fails with every problem.
    pub fn of(
        request: &AggregateRequest,
        window: Window,
        zone: &Zone,
    ) -> Result<Self, Vec<String>> {
        let mut check = Check::default();
        let computes = request.compute.as_deref().unwrap_or_default();
        let groups = request.group_by.as_deref().unwrap_or_default();
        for (field, count, most) in
            [("compute", computes.len(), MAX_COMPUTES), ("group_by", groups.len(), MAX_FACETS)]
        {
            if count > most {
                check.problems.invalid(field, format!("At most {most} are possible"));
            }
        }
        let count = Measure { function: Function::Count, metric: None, leaves_out_retries: false };
        let computes = match computes {
            [] => vec![super::Compute { measure: count, series: None }],
            computes => (computes.iter().take(MAX_COMPUTES).enumerate())
                .filter_map(|(i, compute)| {
                    check.compute(&format!("compute[{i}]"), compute, window, zone)
                })
                .collect(),
        };
        let mut facets: Vec<Group> = Vec::new();
        for (i, group) in groups.iter().take(MAX_FACETS).enumerate() {
            let field = format!("group_by[{i}]");
            if facets.iter().any(|other| other.facet == group.facet) {
                check
                    .problems
                    .invalid(&format!("{field}.facet"), format!("{} is there twice", group.facet));
            }
            facets.push(check.group(&field, group));
        }
        match check.problems.0.is_empty() {
            true => Ok(Self { computes, groups: facets, metrics: check.metrics }),
            false => Err(check.problems.0),
        }
    }
}

/// What has been found so far.
#[derive(Default)]
struct Check {
    problems: Problems,
    metrics: Vec<String>,
}

impl Check {
    fn compute(
        &mut self,
        field: &str,
        compute: &Compute,
        window: Window,
        zone: &Zone,
    ) -> Option<super::Compute> {
        let metric = compute.metric.as_deref();
        let measure = self.measure(field, &compute.aggregation, metric);
        let series = match &compute.r#type {
            None | Some(ComputeType::Total) => None,
            Some(ComputeType::Timeseries) => {
                Some(self.series(field, compute.interval.as_deref(), window, zone)?)
            }
            Some(ComputeType::Unknown(name)) => {
                self.problems
                    .invalid(&format!("{field}.type"), format!("Unknown compute type: {name}"));
                None
            }
        };
        Some(super::Compute { measure: measure?, series })
    }

    fn series(
        &mut self,
        field: &str,
        text: Option<&str>,
        window: Window,
        zone: &Zone,
    ) -> Option<Series> {
        let field = format!("{field}.interval");
        let Some(length) = text.map_or_else(|| Some(default(window)), interval) else {
            let text = text.unwrap_or_default();
            self.problems.invalid(
                &field,
                format!("`{text}` is no number with a unit (ms, s, m, h, d, w) such as `5m`"),
            );
            return None;
        };
        let series = Series::of_intervals(length, window, zone);
        if series.is_none() {
            self.problems
                .invalid(&field, format!("More than {MAX_POINTS} points: take a longer interval"));
        }
        series
    }

    fn measure(
        &mut self,
        field: &str,
        function: &AggregationFunction,
        metric: Option<&str>,
    ) -> Option<Measure> {
        let Some(function_of) = function_of(function) else {
            let what = format!("Unknown aggregation function: {function}");
            self.problems.invalid(&format!("{field}.aggregation"), what);
            return None;
        };
        let metric = metric.filter(|metric| !["", "*", "@*"].contains(metric));
        let is_count = function_of == Function::Count;
        if metric.is_none() && !is_count {
            let what = format!("Aggregation function {function} needs a metric");
            self.problems.invalid(&format!("{field}.metric"), what);
            return None;
        }
        Some(Measure {
            function: function_of,
            metric: metric.map(|metric| self.column(metric)),
            leaves_out_retries: !is_count
                && metric.is_some_and(|metric| RUN_TIMES.contains(&metric)),
        })
    }

    /// The column of a metric, new or known.
    fn column(&mut self, metric: &str) -> usize {
        let known = self.metrics.iter().position(|other| other == metric);
        known.unwrap_or_else(|| {
            self.metrics.push(metric.to_owned());
            self.metrics.len() - 1
        })
    }

    fn group(&mut self, field: &str, group: &GroupBy) -> Group {
        if ["", "@", "*", "@*"].contains(&group.facet.as_str()) {
            self.problems
                .invalid(&format!("{field}.facet"), "Name a facet such as `@ci.pipeline.name`");
        }
        let histogram = group.histogram.as_ref();
        let ranges = histogram.map(|it| self.ranges(&format!("{field}.histogram"), it));
        let limit = group.limit.map_or(Some(LIMIT), |limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| *limit > 0).unwrap_or_else(|| {
            self.problems.invalid(&format!("{field}.limit"), "Must be at least 1");
            LIMIT
        });
        let missing = group.missing.as_ref().and_then(|missing| match missing {
            MissingValue::String(text) => Some(StandIn::Text(text.clone())),
            MissingValue::Number(number) => Some(StandIn::Number(number.as_f64())),
            MissingValue::Unknown(_) => {
                self.problems.invalid(&format!("{field}.missing"), "Must be a text or a number");
                None
            }
        });
        let total = group.total.as_ref().and_then(|total| match total {
            Total::Boolean(is_wanted) => is_wanted.then(|| Value::from("$facet_total")),
            Total::String(name) => Some(Value::from(name.as_str())),
            Total::Number(number) => serde_json::to_value(number).ok(),
            Total::Unknown(_) => {
                self.problems
                    .invalid(&format!("{field}.total"), "Must be a boolean, a text or a number");
                None
            }
        });
        let (measure, descends) = self.sort(&format!("{field}.sort"), group);
        Group {
            facet: group.facet.clone(),
            ranges,
            upper: histogram.map_or(0.0, |histogram| histogram.max.as_f64()),
            limit,
            missing,
            total,
            measure,
            descends,
        }
    }

    /// The lower bounds of the ranges of a histogram. The last range begins below the upper
    /// bound, which belongs to it.
    fn ranges(&mut self, field: &str, histogram: &Histogram) -> Vec<f64> {
        let [interval, min, max] =
            [histogram.interval, histogram.min, histogram.max].map(|number| number.as_f64());
        if !(interval > 0.0 && interval.is_finite()) {
            self.problems.invalid(&format!("{field}.interval"), "Must be greater than 0");
            return Vec::new();
        }
        if min.partial_cmp(&max) != Some(Ordering::Less) {
            self.problems.invalid(&format!("{field}.max"), "Must be greater than `min`");
            return Vec::new();
        }
        let decimals = decimals(min).max(decimals(interval));
        let lower = (0..=MAX_RANGES).map(|i| rounded(min + i as f64 * interval, decimals));
        let ranges: Vec<f64> = lower.take_while(|lower| *lower < max).collect();
        if ranges.len() > MAX_RANGES {
            let what = format!("More than {MAX_RANGES} buckets: take a longer interval");
            self.problems.invalid(&format!("{field}.interval"), what);
        }
        ranges
    }

    /// What groups are ordered by, and whether the greatest comes first.
    fn sort(&mut self, field: &str, group: &GroupBy) -> (Option<Measure>, bool) {
        let Some(sort) = &group.sort else { return (None, false) };
        let is_measure = match &sort.r#type {
            None | Some(GroupSortType::Alphabetical) => false,
            Some(GroupSortType::Measure) => true,
            Some(GroupSortType::Unknown(name)) => {
                self.problems
                    .invalid(&format!("{field}.type"), format!("Unknown sort type: {name}"));
                false
            }
        };
        let measure = match &sort.aggregation {
            Some(function) if is_measure => self.measure(field, function, sort.metric.as_deref()),
            None if is_measure => {
                self.problems
                    .invalid(&format!("{field}.aggregation"), "Must be given to sort by a measure");
                None
            }
            Some(unknown @ AggregationFunction::Unknown(_)) => self.measure(field, unknown, None),
            Some(_) | None => None,
        };
        let descends = match &sort.order {
            None => is_measure,
            Some(SortOrder::Ascending) => false,
            Some(SortOrder::Descending) => true,
            Some(SortOrder::Unknown(name)) => {
                self.problems.invalid(&format!("{field}.order"), format!("Unknown order: {name}"));
                false
            }
        };
        (measure, descends)
    }
}

/// How many digits a number has behind its point.
fn decimals(number: f64) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// The number as it would come out on paper: in binary, three steps of `0.1` lead beyond `0.3`.
fn rounded(number: f64, decimals: usize) -> f64 {
    format!("{number:.decimals$}").parse().unwrap_or(number)
}

fn function_of(function: &AggregationFunction) -> Option<Function> {
    Some(match function {
        AggregationFunction::Count => Function::Count,
        AggregationFunction::Cardinality => Function::Cardinality,
        AggregationFunction::Percentile75 => Function::Percentile(75),
        AggregationFunction::Percentile90 => Function::Percentile(90),
        AggregationFunction::Percentile95 => Function::Percentile(95),
        AggregationFunction::Percentile98 => Function::Percentile(98),
        AggregationFunction::Percentile99 => Function::Percentile(99),
        AggregationFunction::Sum => Function::Sum,
        AggregationFunction::Min => Function::Min,
        AggregationFunction::Max => Function::Max,
        AggregationFunction::Avg => Function::Average,
        AggregationFunction::Median => Function::Percentile(50),
        AggregationFunction::Latest => Function::Latest,
        AggregationFunction::Earliest => Function::Earliest,
        AggregationFunction::MostFrequent => Function::MostFrequent,
        AggregationFunction::Delta => Function::Delta,
        AggregationFunction::Unknown(_) => return None,
    })
}
