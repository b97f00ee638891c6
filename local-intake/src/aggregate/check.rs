//! Validating a request: all problems are reported, each with its field.

use std::cmp::Ordering;

use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, ComputeType, GroupBy, GroupSortType, Histogram,
    MissingValue, SortOrder, Total,
};
use serde_json::Value;

use super::group::Group;
use super::measure::{Function, Measure};
use super::plan::{self, Plan};
use super::series::{MAX_POINTS, Series, Window, default_interval, parse_interval};
use super::table::{Facet, Placeholder};
use crate::common::Problems;
use crate::time::Zone;

/// The maximum number of computations.
const MAX_COMPUTES: usize = 100;
/// The maximum number of facets. Each may double the work.
const MAX_FACETS: usize = 8;
/// The maximum number of ranges of a histogram, as in the service.
const MAX_RANGES: usize = 100;
/// The default number of groups.
const DEFAULT_LIMIT: usize = 10;

/// Run times, which exclude partial retries.
const RUN_TIMES: [&str; 2] = ["@duration", "@ci.execution_time"];

impl Plan {
    /// Validates a request over the time range of its filter, in the time zone of its options.
    ///
    /// # Errors
    /// Returns all problems.
    pub(crate) fn new(
        request: &AggregateRequest,
        window: Window,
        zone: &Zone,
    ) -> Result<Self, Vec<String>> {
        let mut check = Check::default();
        let computes = request.compute.as_deref().unwrap_or_default();
        let groups = request.group_by.as_deref().unwrap_or_default();
        for (field, count, max) in
            [("compute", computes.len(), MAX_COMPUTES), ("group_by", groups.len(), MAX_FACETS)]
        {
            if count > max {
                check.problems.invalid(field, format!("At most {max} are supported"));
            }
        }
        let count = Measure { function: Function::Count, metric: None, excludes_retries: false };
        let computes = match computes {
            [] => vec![plan::Compute { measure: count, series: None }],
            computes => (computes.iter().take(MAX_COMPUTES).enumerate())
                .filter_map(|(i, compute)| {
                    check.compute(&format!("compute[{i}]"), compute, window, zone)
                })
                .collect(),
        };
        let mut checked: Vec<Group> = Vec::new();
        for (i, group) in groups.iter().take(MAX_FACETS).enumerate() {
            let field = format!("group_by[{i}]");
            if checked.iter().any(|other| other.facet.name == group.facet) {
                check
                    .problems
                    .invalid(&format!("{field}.facet"), format!("Duplicate facet {}", group.facet));
            }
            checked.push(check.group(&field, group));
        }
        match check.problems.0.is_empty() {
            true => Ok(Self { computes, groups: checked, metrics: check.metrics }),
            false => Err(check.problems.0),
        }
    }
}

/// The problems and metrics found so far.
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
    ) -> Option<plan::Compute> {
        let metric = compute.metric.as_deref();
        let measure = self.measure(field, &compute.aggregation, metric);
        let series = match &compute.r#type {
            None | Some(ComputeType::Total) => None,
            Some(ComputeType::Timeseries) => {
                Some(self.series(field, compute.interval.as_deref(), window, zone)?)
            }
            Some(other) => {
                let name = other.as_str();
                self.problems
                    .invalid(&format!("{field}.type"), format!("Unknown compute type: {name}"));
                None
            }
        };
        Some(plan::Compute { measure: measure?, series })
    }

    fn series(
        &mut self,
        field: &str,
        interval: Option<&str>,
        window: Window,
        zone: &Zone,
    ) -> Option<Series> {
        let field = format!("{field}.interval");
        let length = interval.map_or_else(|| Some(default_interval(window)), parse_interval);
        let Some(length) = length else {
            let interval = interval.unwrap_or_default();
            self.problems.invalid(
                &field,
                format!(
                    "`{interval}` is not a number with a unit (ms, s, m, h, d, w) such as `5m`"
                ),
            );
            return None;
        };
        let series = Series::new(length, window, zone);
        if series.is_none() {
            self.problems
                .invalid(&field, format!("More than {MAX_POINTS} points: use a longer interval"));
        }
        series
    }

    fn measure(
        &mut self,
        field: &str,
        function: &AggregationFunction,
        metric: Option<&str>,
    ) -> Option<Measure> {
        let Some(known) = known_function(function) else {
            let reason = format!("Unknown aggregation function: {function}");
            self.problems.invalid(&format!("{field}.aggregation"), reason);
            return None;
        };
        let metric = metric.filter(|metric| !["", "*", "@*"].contains(metric));
        let is_count = known == Function::Count;
        if metric.is_none() && !is_count {
            let reason = format!("Aggregation function {function} requires a metric");
            self.problems.invalid(&format!("{field}.metric"), reason);
            return None;
        }
        Some(Measure {
            function: known,
            metric: metric.map(|metric| self.column(metric)),
            excludes_retries: !is_count && metric.is_some_and(|metric| RUN_TIMES.contains(&metric)),
        })
    }

    /// Returns the column of a metric, and adds it if it is new.
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
                .invalid(&format!("{field}.facet"), "Specify a facet such as `@ci.pipeline.name`");
        }
        let histogram = group.histogram.as_ref();
        let ranges = histogram.map(|it| self.ranges(&format!("{field}.histogram"), it));
        let limit = group.limit.map_or(Some(DEFAULT_LIMIT), |limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| *limit > 0).unwrap_or_else(|| {
            self.problems.invalid(&format!("{field}.limit"), "Must be at least 1");
            DEFAULT_LIMIT
        });
        let missing = group.missing.as_ref().and_then(|missing| match missing {
            MissingValue::String(string) => Some(Placeholder::String(string.clone())),
            MissingValue::Number(number) => Some(Placeholder::Number(number.as_f64())),
            _ => {
                self.problems.invalid(&format!("{field}.missing"), "Must be a string or a number");
                None
            }
        });
        let total = group.total.as_ref().and_then(|total| match total {
            Total::Boolean(is_wanted) => is_wanted.then(|| Value::from("$facet_total")),
            Total::String(name) => Some(Value::from(name.as_str())),
            Total::Number(number) => serde_json::to_value(number).ok(),
            _ => {
                self.problems
                    .invalid(&format!("{field}.total"), "Must be a boolean, a string or a number");
                None
            }
        });
        let (measure, is_descending) = self.sort(&format!("{field}.sort"), group);
        Group {
            facet: Facet {
                name: group.facet.clone(),
                ranges,
                upper: histogram.map_or(0.0, |histogram| histogram.max.as_f64()),
                missing,
            },
            limit,
            total,
            measure,
            is_descending,
        }
    }

    /// Returns the lower bounds of the ranges of a histogram. The last range contains the upper
    /// bound.
    fn ranges(&mut self, field: &str, histogram: &Histogram) -> Vec<f64> {
        let [interval, min, max] =
            [&histogram.interval, &histogram.min, &histogram.max].map(|number| number.as_f64());
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
            let reason = format!("More than {MAX_RANGES} buckets: use a longer interval");
            self.problems.invalid(&format!("{field}.interval"), reason);
        }
        ranges
    }

    /// Returns the measure that groups are ordered by, and whether the order is descending.
    fn sort(&mut self, field: &str, group: &GroupBy) -> (Option<Measure>, bool) {
        let Some(sort) = &group.sort else { return (None, false) };
        let is_measure = match &sort.r#type {
            None | Some(GroupSortType::Alphabetical) => false,
            Some(GroupSortType::Measure) => true,
            Some(other) => {
                let name = other.as_str();
                self.problems
                    .invalid(&format!("{field}.type"), format!("Unknown sort type: {name}"));
                false
            }
        };
        let measure = match &sort.aggregation {
            Some(function) if is_measure => self.measure(field, function, sort.metric.as_deref()),
            None if is_measure => {
                self.problems
                    .invalid(&format!("{field}.aggregation"), "Required to sort by a measure");
                None
            }
            Some(unknown @ AggregationFunction::Unknown(_)) => self.measure(field, unknown, None),
            Some(_) | None => None,
        };
        let is_descending = match &sort.order {
            None => is_measure,
            Some(SortOrder::Ascending) => false,
            Some(SortOrder::Descending) => true,
            Some(other) => {
                let name = other.as_str();
                self.problems.invalid(&format!("{field}.order"), format!("Unknown order: {name}"));
                false
            }
        };
        (measure, is_descending)
    }
}

/// Returns the number of digits after the decimal point.
fn decimals(number: f64) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// Rounds a number to its decimal representation: in binary, `3 * 0.1` is greater than `0.3`.
fn rounded(number: f64, decimals: usize) -> f64 {
    format!("{number:.decimals$}").parse().unwrap_or(number)
}

fn known_function(function: &AggregationFunction) -> Option<Function> {
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
        _ => return None,
    })
}
