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
    let request = |compute: Vec<Compute>, group: Option<&str>, condition: &str| {
        let mut api = filter.to_api_with(condition);
        api.from = Some(range.from());
        AggregateRequest {
            compute: Some(compute.into_iter().map(|it| it.every(range.every())).collect()),
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
    range: &Intervals,
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
