//! *Jobs*: which jobs take the time of a pipeline, and which fail.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use datadog_ci_pipelines::models::{
    AggregateBucket, AggregateRequest, AggregationFunction, Compute, GroupBy, GroupSort,
    GroupSortType,
};
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::Uri;

use super::frame::{Address, Filter, Frame, RANGES, Section, render, with_clause};
use super::intervals::Intervals;
use super::pipelines::quoted;
use super::show::{Chart, Series, count, duration, percent};
use super::source::Source;
use crate::event::Level;
use crate::http::State;

const PIPELINE: &str = "@ci.pipeline.name";
const JOB: &str = "@ci.job.name";
const EXCLUSIVE: &str = "@ci.critical_path.exclusive_time";
/// The maximum numbers of pipelines, and of jobs of each.
const LIMITS: [i64; 2] = [100, 200];
/// The classes of the jobs in the chart.
const CLASSES: [&str; 5] = ["s1", "s2", "s3", "s4", "s5"];

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    frame: Frame,
    filter: Filter,
    ranges: &'static [(&'static str, &'static str)],
    error: Option<(String, String, String)>,
    chart: Option<String>,
    rows: Vec<Row>,
    all_time: String,
}

/// A job of a pipeline over its runs.
struct Row {
    pipeline: String,
    job: String,
    link: String,
    failures_link: String,
    runs: String,
    exclusive_sum: String,
    exclusive_mean: String,
    /// The share of the sum in that of all jobs, and its width of 100.
    share: String,
    width: String,
    on_path: String,
    median: String,
    queue: String,
    failures: String,
    is_failing: bool,
    /// The exclusive time and the number of runs, the largest first.
    order: (f64, f64),
}

/// `GET /jobs`
pub(super) async fn page(extract::State(state): extract::State<Arc<State>>, uri: Uri) -> Response {
    render(&state, Section::Jobs, Address::new("/jobs", uri.query()), build).await
}

fn build(source: &Source<'_>, address: &Address) -> Result<JobsPage, Vec<String>> {
    let filter = Filter::new(&address.with("level", ""), Level::Job);
    let error = filter.syntax_error();
    let (rows, chart) = match error {
        None => (rows(source, address, &filter)?, chart(source, &filter)?),
        Some(_) => (Vec::new(), None),
    };
    Ok(JobsPage {
        frame: Frame::new("Jobs", Section::Jobs, address),
        ranges: &RANGES,
        error,
        chart: chart.as_ref().map(Chart::html),
        rows,
        all_time: address.with("from", "0").with("to", "").link(),
        filter,
    })
}

/// Returns a request about each job of each pipeline.
fn request(filter: &Filter, condition: &str, compute: Vec<Compute>) -> AggregateRequest {
    let group = |(facet, limit)| GroupBy { limit: Some(limit), ..GroupBy::from(facet) };
    AggregateRequest {
        compute: Some(compute),
        filter: Some(filter.to_api_with(condition)),
        group_by: Some([PIPELINE, JOB].into_iter().zip(LIMITS).map(group).collect()),
        ..AggregateRequest::default()
    }
}

fn rows(source: &Source<'_>, address: &Address, filter: &Filter) -> Result<Vec<Row>, Vec<String>> {
    let compute = vec![
        Compute::count(),
        Compute::new(AggregationFunction::Sum, EXCLUSIVE),
        Compute::new(AggregationFunction::Median, "@duration"),
        Compute::new(AggregationFunction::Median, "@ci.queue_time"),
    ];
    let jobs = source.aggregate(&request(filter, "", compute))?;
    let counts = |condition: &str| {
        let buckets = source.aggregate(&request(filter, condition, vec![Compute::count()]))?;
        let pair =
            |bucket: &AggregateBucket| (key(bucket), bucket.number("c0").unwrap_or_default());
        Ok::<_, Vec<String>>(buckets.iter().map(pair).collect::<HashMap<_, _>>())
    };
    let on_path = counts("@ci.on_critical_path:true")?;
    let failures = counts("@ci.status:error")?;
    let total: f64 = jobs.iter().filter_map(|job| job.number("c1")).sum();
    let mut rows: Vec<Row> = jobs
        .iter()
        .map(|bucket| {
            let key = key(bucket);
            let number = |name| bucket.number(name);
            let of = |counts: &HashMap<_, f64>| counts.get(&key).copied().unwrap_or_default();
            let (runs, sum) = (number("c0").unwrap_or(1.0), number("c1").unwrap_or_default());
            let (on_path, failures, share) = (of(&on_path), of(&failures), sum / total.max(1.0));
            let clauses = [(PIPELINE, &key.0), (JOB, &key.1)];
            let clauses = clauses.map(|(name, value)| format!("{name}:{}", quoted(value)));
            // The links lead to what the row counts.
            let query = clauses
                .iter()
                .fold(filter.query.clone(), |query, clause| with_clause(&query, clause));
            let link = address.at("/executions", &["from", "to"]).with("level", "job");
            Row {
                link: link.with("query", &query).link(),
                failures_link: link.with("query", &with_clause(&query, "@ci.status:error")).link(),
                runs: count(runs),
                exclusive_sum: duration(sum),
                exclusive_mean: duration(sum / on_path.max(1.0)),
                share: percent(share),
                width: format!("{:.1}", share * 100.0),
                on_path: percent(on_path / runs.max(1.0)),
                median: duration(number("c2").unwrap_or(f64::NAN)),
                queue: duration(number("c3").unwrap_or(f64::NAN)),
                failures: percent(failures / runs.max(1.0)),
                is_failing: failures > 0.0,
                order: (sum, runs),
                pipeline: key.0,
                job: key.1,
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        let by_time = b.order.0.total_cmp(&a.order.0).then(b.order.1.total_cmp(&a.order.1));
        by_time.then_with(|| (&a.pipeline, &a.job).cmp(&(&b.pipeline, &b.job)))
    });
    Ok(rows)
}

fn key(bucket: &AggregateBucket) -> (String, String) {
    let by = |facet| bucket.by(facet).unwrap_or_default().into_owned();
    (by(PIPELINE), by(JOB))
}

/// Returns the exclusive time of the jobs that take most of it.
fn chart(source: &Source<'_>, filter: &Filter) -> Result<Option<Chart>, Vec<String>> {
    let Some(intervals) = Intervals::new(source, filter)? else { return Ok(None) };
    let mut api = filter.to_api_with("@ci.on_critical_path:true");
    api.from = Some(intervals.from());
    let sort = GroupSort {
        aggregation: Some(AggregationFunction::Sum),
        metric: Some(EXCLUSIVE.to_owned()),
        r#type: Some(GroupSortType::Measure),
        ..GroupSort::default()
    };
    let request = AggregateRequest {
        compute: Some(vec![
            Compute::new(AggregationFunction::Sum, EXCLUSIVE).every(intervals.every()),
        ]),
        filter: Some(api),
        group_by: Some(vec![GroupBy {
            limit: i64::try_from(CLASSES.len()).ok(),
            sort: Some(Box::new(sort)),
            ..GroupBy::from(JOB)
        }]),
        ..AggregateRequest::default()
    };
    let jobs = source.aggregate(&request)?;
    let series = jobs.iter().zip(CLASSES).map(|(bucket, class)| Series {
        class,
        name: bucket.by(JOB).unwrap_or_default().chars().take(60).collect(),
        values: intervals.values(bucket, "c0", 0.0),
    });
    let series: Vec<Series> = series.collect();
    let title = "Exclusive time on the critical path";
    let times = intervals.times();
    let chart = Chart { title, times, series, is_stacked: true, format: duration };
    Ok((!chart.series.is_empty()).then_some(chart))
}
