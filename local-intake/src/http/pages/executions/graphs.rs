//! Executions, errors and durations over time.

use std::collections::BTreeMap;

use datadog_ci_pipelines::models::{
    AggregateBucket, AggregateRequest, AggregationFunction, Compute, GroupBy, Sort,
};
use datadog_ci_pipelines::models::{QueryPageOptions, SearchRequest};

use crate::http::pages::frame::Filter;
use crate::http::pages::show::{Chart, Series, count, duration};
use crate::http::pages::source::Source;
use crate::time::{DAY, MILLISECOND, SECOND, Zone, parse_timestamp};

/// The maximum number of intervals.
const POINTS: i64 = 60;
/// The lengths of intervals, in seconds. Longer ones are whole weeks.
const INTERVALS: [i64; 15] =
    [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800];

/// Returns the three graphs.
pub(super) fn graphs(source: &Source<'_>, filter: &Filter) -> Result<Vec<Chart>, Vec<String>> {
    let Some(range) = Range::new(source, filter)? else { return Ok(Vec::new()) };
    let every = format!("{}s", range.interval / SECOND);
    let request = |compute: Vec<Compute>, group: Option<&str>, condition: &str| {
        let mut api = filter.to_api_with(condition);
        api.from = Some((range.from / MILLISECOND).to_string());
        AggregateRequest {
            compute: Some(compute.into_iter().map(|it| it.every(&every)).collect()),
            filter: Some(api),
            group_by: group.map(|facet| vec![GroupBy::from(facet)]),
            ..AggregateRequest::default()
        }
    };
    let by_status = source.aggregate(&request(vec![Compute::count()], Some("@ci.status"), ""))?;
    let executions = by_status.iter().map(|bucket| {
        let name = bucket.by("@ci.status").unwrap_or_default().into_owned();
        Series { class: class(&name), values: range.values(bucket, "c0", 0.0), name }
    });
    let mut executions: Vec<Series> = executions.collect();
    // The same statuses have the same order in all graphs.
    executions.sort_by_key(|series| {
        (ORDER.iter().position(|it| *it == series.class), series.name.clone())
    });
    let errors = source.aggregate(&request(
        vec![Compute::count()],
        Some("@error.domain"),
        "@ci.status:error",
    ))?;
    let all_errors =
        source.aggregate(&request(vec![Compute::count()], None, "@ci.status:error"))?;
    let durations = source.aggregate(&request(
        vec![
            Compute::new(AggregationFunction::Median, "@duration"),
            Compute::new(AggregationFunction::Percentile95, "@duration"),
        ],
        None,
        "",
    ))?;
    let line = |class, name: &str, compute: &str| Series {
        class,
        name: name.to_owned(),
        values: durations
            .first()
            .map(|bucket| range.values(bucket, compute, f64::NAN))
            .unwrap_or_default(),
    };
    let chart = |title, series, is_stacked, format| Chart {
        title,
        times: range.times(),
        series,
        is_stacked,
        format,
    };
    Ok(vec![
        chart("Executions", executions, true, count),
        chart("Errors", error_series(&range, &errors, &all_errors), true, count),
        chart(
            "Duration",
            vec![line("pc95", "95th percentile", "c1"), line("median", "median", "c0")],
            false,
            duration,
        ),
    ])
}

/// Statuses in the order in which bars are stacked.
const ORDER: [&str; 7] = ["success", "running", "skipped", "canceled", "blocked", "other", "error"];

fn class(status: &str) -> &'static str {
    ORDER.into_iter().find(|class| *class == status).unwrap_or("other")
}

/// Returns the errors by domain, and those without a domain.
fn error_series(
    range: &Range,
    by_domain: &[AggregateBucket],
    all: &[AggregateBucket],
) -> Vec<Series> {
    let mut rest = all.first().map(|all| range.values(all, "c0", 0.0)).unwrap_or_default();
    let mut series = Vec::new();
    for bucket in by_domain {
        let values = range.values(bucket, "c0", 0.0);
        rest.iter_mut().zip(&values).for_each(|(rest, value)| *rest -= value);
        let name = bucket.by("@error.domain").unwrap_or_default().into_owned();
        let class = match name.as_str() {
            "provider" => "provider",
            "user" => "user",
            _ => "other",
        };
        series.push(Series { class, name: format!("{name} errors"), values });
    }
    if rest.iter().any(|value| *value > 0.0) {
        series.push(Series { class: "error", name: "errors".to_owned(), values: rest });
    }
    series
}

/// The time range that graphs show, in nanoseconds.
struct Range {
    from: i64,
    to: i64,
    interval: i64,
}

impl Range {
    /// Returns the range of a filter. If it starts before the first event, the range starts there.
    /// Returns `None` without events.
    fn new(source: &Source<'_>, filter: &Filter) -> Result<Option<Self>, Vec<String>> {
        let time = |time: &str| {
            parse_timestamp(time, source.now(), &Zone::default())
                .map_err(|error| vec![error.to_string()])
        };
        let (mut from, to) = (time(&filter.from)?, time(&filter.to)?);
        if to.saturating_sub(from) > 100 * DAY {
            let page = QueryPageOptions { limit: Some(1), ..QueryPageOptions::default() };
            let request = SearchRequest {
                filter: Some(filter.to_api()),
                page: Some(page),
                sort: Some(Sort::TimestampAscending),
                ..SearchRequest::default()
            };
            let first = source.search(request)?;
            let Some(first) = first.events.first() else { return Ok(None) };
            from = from.max(first.0.timestamp);
        }
        let seconds = to.saturating_sub(from) / SECOND / POINTS + 1;
        let week = 604_800;
        let interval = INTERVALS.into_iter().find(|length| *length >= seconds);
        let interval = interval.unwrap_or_else(|| (seconds / week + 1) * week) * SECOND;
        Ok(Some(Self { from, to, interval }))
    }

    /// Returns the starts of the intervals.
    fn times(&self) -> Vec<i64> {
        let first = self.from.div_euclid(self.interval) * self.interval;
        let times = std::iter::successors(Some(first), |time| time.checked_add(self.interval));
        times.take_while(|time| *time <= self.to).collect()
    }

    /// Returns the value of each interval.
    fn values(&self, bucket: &AggregateBucket, compute: &str, missing: f64) -> Vec<f64> {
        let points = bucket.series(compute).into_iter().flatten();
        let points: BTreeMap<i128, f64> =
            points.map(|(time, value)| (time.as_nanosecond(), value)).collect();
        let times = self.times().into_iter();
        times.map(|time| points.get(&i128::from(time)).copied().unwrap_or(missing)).collect()
    }
}
