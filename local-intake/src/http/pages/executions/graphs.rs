//! Executions, errors and durations over time.

use datadog_ci_pipelines::models::{
    AggregateBucket, AggregateRequest, AggregationFunction, Compute, GroupBy,
};

use crate::http::pages::frame::Filter;
use crate::http::pages::intervals::Intervals;
use crate::http::pages::show::{Chart, Series, count, duration};
use crate::http::pages::source::Source;

/// Returns the three graphs.
pub(super) fn graphs(source: &Source<'_>, filter: &Filter) -> Result<Vec<Chart>, Vec<String>> {
    let Some(range) = Intervals::new(source, filter)? else { return Ok(Vec::new()) };
    let request = |compute: Vec<Compute>, group: Option<GroupBy>, condition: &str| {
        let mut api = filter.to_api_with(condition);
        api.from = Some(range.from());
        AggregateRequest {
            compute: Some(compute.into_iter().map(|it| it.every(range.every())).collect()),
            filter: Some(api),
            group_by: group.map(|group| vec![group]),
            ..AggregateRequest::default()
        }
    };
    let by_status =
        source.aggregate(&request(vec![Compute::count()], Some("@ci.status".into()), ""))?;
    let executions = by_status.iter().map(|bucket| {
        let name = bucket.by("@ci.status").unwrap_or_default().into_owned();
        Series { class: class(&name), values: range.values(bucket, "c0", 0.0), name }
    });
    let mut executions: Vec<Series> = executions.collect();
    // The same statuses have the same order in all graphs.
    executions.sort_by_key(|series| {
        (ORDER.iter().position(|it| *it == series.class), series.name.clone())
    });
    let by_domain = GroupBy { missing: Some(NO_DOMAIN.into()), ..GroupBy::from("@error.domain") };
    let errors =
        source.aggregate(&request(vec![Compute::count()], Some(by_domain), "@ci.status:error"))?;
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
        chart("Errors", error_series(&range, &errors), true, count),
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

/// The group of errors without a domain.
const NO_DOMAIN: &str = "other";

/// Returns the errors by domain.
fn error_series(range: &Intervals, by_domain: &[AggregateBucket]) -> Vec<Series> {
    let series = by_domain.iter().map(|bucket| {
        let name = bucket.by("@error.domain").unwrap_or_default();
        let class = match &*name {
            "provider" => "provider",
            "user" => "user",
            NO_DOMAIN => "error",
            _ => "other",
        };
        Series { class, name: format!("{name} errors"), values: range.values(bucket, "c0", 0.0) }
    });
    series.collect()
}
