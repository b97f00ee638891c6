//! *Jobs*: which jobs take the time of a pipeline, and which fail.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, GroupBy, GroupSort, GroupSortType,
};
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::Uri;

use super::frame::{Address, Filter, Frame, RANGES, Section, render, with_clause};
use super::intervals::Intervals;
use super::pipelines::quoted;
use super::show::{Chart, Series, count, duration, percent};
use super::source::Source;
use crate::aggregate::Bucket;
use crate::event::Level;
use crate::http::State;

const PIPELINE: &str = "@ci.pipeline.name";
const JOB: &str = "@ci.job.name";
const EXCLUSIVE: &str = "@ci.critical_path.exclusive_time";
/// The maximum numbers of pipelines, and of jobs of each.
const LIMITS: [i64; 2] = [100, 200];
/// The maximum number of buckets of a response, and so of failed jobs.
const MAX_FAILED: usize = 10_000;
/// The maximum number of rows.
const MAX_ROWS: usize = 500;
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
    is_cut: bool,
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
}

/// `GET /jobs`
pub(super) async fn page(extract::State(state): extract::State<Arc<State>>, uri: Uri) -> Response {
    render(&state, Section::Jobs, Address::new("/jobs", uri.query()), build).await
}

fn build(source: &Source<'_>, address: &Address) -> Result<JobsPage, Vec<String>> {
    let filter = Filter::new(&address.with("level", ""), Level::Job);
    let error = filter.syntax_error();
    let found = match error {
        None => find(source, address, &filter)?,
        Some(_) => Found::default(),
    };
    Ok(JobsPage {
        frame: Frame::new("Jobs", Section::Jobs, address),
        ranges: &RANGES,
        error,
        chart: found.chart,
        rows: found.rows,
        is_cut: found.is_cut,
        all_time: address.with("from", "0").with("to", "").link(),
        filter,
    })
}

/// Returns a request about each job of each pipeline, those with the most exclusive time first.
fn request(
    filter: &Filter,
    condition: &str,
    limits: [i64; 2],
    compute: Vec<Compute>,
) -> AggregateRequest {
    let group = |(facet, limit)| {
        let mut group = GroupBy::from(facet);
        group.limit = Some(limit);
        group.sort = Some(Box::new(by_exclusive_time()));
        group
    };
    let mut request = AggregateRequest::default();
    request.compute = Some(compute);
    request.filter = Some(filter.to_api_with(condition));
    request.group_by = Some([PIPELINE, JOB].into_iter().zip(limits).map(group).collect());
    request
}

fn by_exclusive_time() -> GroupSort {
    let mut sort = GroupSort::default();
    sort.aggregation = Some(AggregationFunction::Sum);
    sort.metric = Some(EXCLUSIVE.to_owned());
    sort.r#type = Some(GroupSortType::Measure);
    sort
}

/// The results: runs, exclusive time, median duration, median queue time, runs on the critical path.
fn jobs(filter: &Filter) -> AggregateRequest {
    let mut on_path = Compute::count();
    on_path.metric = Some(EXCLUSIVE.to_owned());
    let compute = vec![
        Compute::count(),
        Compute::new(AggregationFunction::Sum, EXCLUSIVE),
        Compute::new(AggregationFunction::Median, "@duration"),
        Compute::new(AggregationFunction::Median, "@ci.queue_time"),
        on_path,
    ];
    request(filter, "", LIMITS, compute)
}

/// The results: exclusive time of all jobs, number of pipelines.
fn totals(filter: &Filter) -> AggregateRequest {
    let mut request = AggregateRequest::default();
    request.compute = Some(vec![
        Compute::new(AggregationFunction::Sum, EXCLUSIVE),
        Compute::new(AggregationFunction::Cardinality, PIPELINE),
    ]);
    request.filter = Some(filter.to_api());
    request
}

/// What is found.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    chart: Option<String>,
    /// Whether there are jobs without a row.
    is_cut: bool,
}

fn find(source: &Source<'_>, address: &Address, filter: &Filter) -> Result<Found, Vec<String>> {
    let Some(intervals) = Intervals::new(source, filter)? else { return Ok(Found::default()) };
    let limits = [MAX_FAILED as i64; 2];
    let failures = request(filter, "@ci.status:error", limits, vec![Compute::count()]);
    let requests = [jobs(filter), failures, totals(filter), over_time(filter, &intervals)];
    let [mut jobs, failures, totals, over_time] = source.aggregate(requests)?;
    let total = |i| totals.first().and_then(|total| total.number(i)).unwrap_or_default();
    let order = |bucket: &Bucket| [1, 0].map(|compute| bucket.number(compute).unwrap_or_default());
    jobs.sort_by(|a, b| {
        let ([a_time, a_runs], [b_time, b_runs]) = (order(a), order(b));
        let by_time = b_time.total_cmp(&a_time).then(b_runs.total_cmp(&a_runs));
        by_time.then_with(|| key(a).cmp(&key(b)))
    });
    let is_cut = jobs.len() > MAX_ROWS || total(1) > LIMITS[0] as f64;
    jobs.truncate(MAX_ROWS);
    let failures: HashMap<_, f64> =
        failures.iter().map(|it| (key(it), it.number(0).unwrap_or_default())).collect();
    // One that is not among them may have failed if there are too many.
    let others = (failures.len() < MAX_FAILED).then_some(0.0);
    let rows = jobs.iter().map(|bucket| {
        let failures = failures.get(&key(bucket)).copied().or(others);
        Row::new(bucket, failures, total(0), address, filter)
    });
    let chart = chart(&intervals, &over_time).as_ref().map(Chart::html);
    Ok(Found { rows: rows.collect(), chart, is_cut })
}

impl Row {
    fn new(
        bucket: &Bucket,
        failures: Option<f64>,
        total: f64,
        address: &Address,
        filter: &Filter,
    ) -> Self {
        let number = |compute| bucket.number(compute);
        let (pipeline, job) = key(bucket);
        let (runs, sum) = (number(0).unwrap_or(1.0), number(1).unwrap_or_default());
        let (on_path, share) = (number(4).unwrap_or_default(), sum / total.max(1.0));
        let clauses = [(PIPELINE, &pipeline), (JOB, &job)];
        let clauses = clauses.map(|(name, value)| format!("{name}:{}", quoted(value)));
        // The links lead to what the row counts.
        let query =
            clauses.iter().fold(filter.query.clone(), |query, clause| with_clause(&query, clause));
        let link = address.at("/executions", &["from", "to"]).with("level", "job");
        Self {
            link: link.with("query", &query).link(),
            failures_link: link.with("query", &with_clause(&query, "@ci.status:error")).link(),
            runs: count(runs),
            exclusive_sum: duration(sum),
            exclusive_mean: duration(sum / on_path.max(1.0)),
            share: percent(share),
            width: format!("{:.1}", share * 100.0),
            on_path: percent(on_path / runs.max(1.0)),
            median: duration(number(2).unwrap_or(f64::NAN)),
            queue: duration(number(3).unwrap_or(f64::NAN)),
            failures: failures.map_or("–".to_owned(), |it| percent(it / runs.max(1.0))),
            is_failing: failures.is_some_and(|failures| failures > 0.0),
            pipeline: pipeline.into_owned(),
            job: job.into_owned(),
        }
    }
}

/// Returns the pipeline and the job.
fn key(bucket: &Bucket) -> (Cow<'_, str>, Cow<'_, str>) {
    (bucket.by(0), bucket.by(1))
}

/// The exclusive time over time of the jobs that take most of it.
fn over_time(filter: &Filter, intervals: &Intervals) -> AggregateRequest {
    let mut api = filter.to_api_with("@ci.on_critical_path:true");
    api.from = Some(intervals.from());
    let sum = Compute::new(AggregationFunction::Sum, EXCLUSIVE);
    let mut group = GroupBy::from(JOB);
    group.limit = i64::try_from(CLASSES.len()).ok();
    group.sort = Some(Box::new(by_exclusive_time()));
    let mut request = AggregateRequest::default();
    request.compute = Some(vec![sum.every(intervals.every())]);
    request.filter = Some(api);
    request.group_by = Some(vec![group]);
    request
}

fn chart(intervals: &Intervals, jobs: &[Bucket]) -> Option<Chart> {
    let series = jobs.iter().zip(CLASSES).map(|(bucket, class)| Series {
        class,
        name: bucket.by(0).chars().take(60).collect(),
        values: intervals.values(bucket, 0, 0.0),
    });
    let series: Vec<Series> = series.collect();
    let title = "Exclusive time on the critical path";
    let times = intervals.times();
    let chart = Chart { title, times, series, is_stacked: true, format: duration };
    (!chart.series.is_empty()).then_some(chart)
}
