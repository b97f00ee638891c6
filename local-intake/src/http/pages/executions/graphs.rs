//! Executions, errors and durations over time.

use datadog_ci_pipelines::models::{AggregateRequest, AggregationFunction, Compute, GroupBy};

use crate::aggregate::Bucket;
use crate::http::pages::frame::Filter;
use crate::http::pages::intervals::Intervals;
use crate::http::pages::show::{Chart, Series, count, duration};
use crate::http::pages::source::Source;

/// The graphs.
pub(super) struct Graphs(Intervals);

impl Graphs {
    /// Returns `None` if there are no events.
    pub(super) fn new(source: &Source<'_>, filter: &Filter) -> Result<Option<Self>, Vec<String>> {
        Ok(Intervals::new(source, filter)?.map(Self))
    }

    /// Returns what the graphs show: executions by status, errors by domain, and durations.
    pub(super) fn requests(&self, filter: &Filter) -> [AggregateRequest; 3] {
        let request = |compute: &[Compute], group: Option<GroupBy>, condition: &str| {
            let mut api = filter.to_api_with(condition);
            api.from = Some(self.0.from());
            let compute = compute.iter().cloned().map(|it| it.every(self.0.every()));
            let mut request = AggregateRequest::default();
            request.compute = Some(compute.collect());
            request.filter = Some(api);
            request.group_by = group.map(|group| vec![group]);
            request
        };
        let count = [Compute::count()];
        let mut by_domain = GroupBy::from("@error.domain");
        by_domain.missing = Some(NO_DOMAIN.into());
        let durations = [AggregationFunction::Median, AggregationFunction::Percentile95]
            .map(|function| Compute::new(function, "@duration"));
        [
            request(&count, Some("@ci.status".into()), ""),
            request(&count, Some(by_domain), "@ci.status:error"),
            request(&durations, None, ""),
        ]
    }

    /// Returns the graphs of the results.
    pub(super) fn charts(&self, results: &[Vec<Bucket>; 3]) -> [Chart; 3] {
        let [by_status, errors, durations] = results;
        let executions = by_status.iter().map(|bucket| {
            let name = bucket.by(0).into_owned();
            Series { class: class(&name), values: self.0.values(bucket, 0, 0.0), name }
        });
        let mut executions: Vec<Series> = executions.collect();
        // The same statuses have the same order in all graphs.
        executions.sort_by_key(|series| {
            (ORDER.iter().position(|it| *it == series.class), series.name.clone())
        });
        let line = |class, name: &str, compute: usize| Series {
            class,
            name: name.to_owned(),
            values: durations
                .first()
                .map(|bucket| self.0.values(bucket, compute, f64::NAN))
                .unwrap_or_default(),
        };
        let chart = |title, series, is_stacked, format| Chart {
            title,
            times: self.0.times(),
            series,
            is_stacked,
            format,
        };
        let durations = vec![line("pc95", "95th percentile", 1), line("median", "median", 0)];
        [
            chart("Executions", executions, true, count),
            chart("Errors", error_series(&self.0, errors), true, count),
            chart("Duration", durations, false, duration),
        ]
    }
}

/// Statuses in the order in which bars are stacked.
const ORDER: [&str; 7] = ["success", "running", "skipped", "canceled", "blocked", "other", "error"];

fn class(status: &str) -> &'static str {
    ORDER.into_iter().find(|class| *class == status).unwrap_or("other")
}

/// The group of errors without a domain.
const NO_DOMAIN: &str = "other";

/// Returns the errors by domain.
fn error_series(range: &Intervals, by_domain: &[Bucket]) -> Vec<Series> {
    let series = by_domain.iter().map(|bucket| {
        let name = bucket.by(0);
        let class = match &*name {
            "provider" => "provider",
            "user" => "user",
            NO_DOMAIN => "error",
            _ => "other",
        };
        Series { class, name: format!("{name} errors"), values: range.values(bucket, 0, 0.0) }
    });
    series.collect()
}
