//! *Pipelines*: how often each ran, how often it failed, how long it took, and how it is now.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, GroupBy, QueryFilter,
};
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::Uri;

use super::frame::{Address, Filter, Frame, RANGES, Section, render, with_clause};
use super::intervals::{Intervals, Window};
use super::show::{Bar, Series, Status, Time, count, duration, percent, spark};
use super::source::{Event, Source};
use crate::aggregate::Bucket;
use crate::event::Level;
use crate::http::State;

/// The facet that distinguishes pipelines.
const NAME: &str = "@ci.pipeline.name";
/// The maximum number of pipelines.
const MAX_PIPELINES: i64 = 500;
/// The number of bars of the small charts.
const BARS: i64 = 24;
/// A change of the median that is shown as one.
const CHANGE: f64 = 0.05;

#[derive(Template)]
#[template(path = "pipelines.html")]
struct PipelinesPage {
    frame: Frame,
    filter: Filter,
    ranges: &'static [(&'static str, &'static str)],
    error: Option<(String, String, String)>,
    rows: Vec<Row>,
    /// A link to the same page for all time, if nothing is found.
    all_time: String,
}

struct Row {
    name: String,
    executions_link: String,
    failures_link: String,
    jobs_link: String,
    runs: String,
    failure_rate: String,
    is_failing: bool,
    median: String,
    change: Option<Change>,
    last: Last,
    bars: Vec<Bar>,
    summary: String,
}

/// The change of the median against the same length of time before.
struct Change {
    amount: String,
    is_slower: bool,
    before: String,
}

/// The last result of a pipeline.
struct Last {
    status: Status,
    link: String,
    duration: String,
    time: Option<Time>,
}

/// `GET /`
pub(super) async fn page(extract::State(state): extract::State<Arc<State>>, uri: Uri) -> Response {
    let address = Address::new("/", uri.query());
    render(&state, Section::Pipelines, address, build).await
}

fn build(source: &Source<'_>, address: &Address) -> Result<PipelinesPage, Vec<String>> {
    let filter = Filter::new(address, Level::Pipeline);
    let error = filter.syntax_error();
    let rows = if error.is_none() { rows(source, address, &filter)? } else { Vec::new() };
    let mut frame = Frame::new("Pipelines", Section::Pipelines, address);
    frame.is_running = rows.iter().any(|row| row.last.status.class() == "running");
    let all_time = address.with("from", "0").with("to", "").link();
    Ok(PipelinesPage { frame, filter, ranges: &RANGES, error, rows, all_time })
}

fn rows(source: &Source<'_>, address: &Address, filter: &Filter) -> Result<Vec<Row>, Vec<String>> {
    let window = Window::new(source, filter)?;
    let Some(intervals) = Intervals::at_most(BARS, source, filter)? else { return Ok(Vec::new()) };
    let every = intervals.every();
    // All time has too many intervals before the first event.
    let filter = &Filter { from: intervals.from(), ..filter.clone() };
    let requests = [current(filter, &every), failures(filter, &every)];
    let ([buckets, failed], before) = match window.before() {
        Some(before) => {
            let [current, failures] = requests;
            let requests = [current, failures, medians_of(filter, before)];
            let [buckets, failed, before] = source.aggregate(requests)?;
            ([buckets, failed], medians(&before))
        }
        None => (source.aggregate(requests)?, HashMap::new()),
    };
    let failed: HashMap<_, _> = failed.iter().map(|it| (it.by(0), it)).collect();
    let ids: Vec<&str> = buckets.iter().filter_map(|bucket| bucket.string(2)).collect();
    let last = source.pipelines(&ids)?;
    let rows = buckets.iter().map(|bucket| {
        let last = bucket.string(2).and_then(|id| last.get(id));
        let failed = failed.get(&bucket.by(0)).copied();
        Row::new(bucket, address, &before, failed, Last::new(last, source.now()))
    });
    Ok(rows.collect())
}

fn by_name() -> GroupBy {
    let mut group = GroupBy::from(NAME);
    group.limit = Some(MAX_PIPELINES);
    group
}

fn request(filter: QueryFilter, compute: Vec<Compute>) -> AggregateRequest {
    let mut request = AggregateRequest::default();
    request.compute = Some(compute);
    request.filter = Some(filter);
    request.group_by = Some(vec![by_name()]);
    request
}

/// The results: runs, median duration, id of the last run, runs over time.
fn current(filter: &Filter, every: &str) -> AggregateRequest {
    let compute = vec![
        Compute::count(),
        Compute::new(AggregationFunction::Median, "@duration"),
        Compute::new(AggregationFunction::Latest, "@ci.pipeline.id"),
        Compute::count().every(every),
    ];
    request(filter.to_api(), compute)
}

fn medians_of(filter: &Filter, window: Window) -> AggregateRequest {
    let milliseconds = |time: i64| Some(time.div_euclid(1_000_000).to_string());
    let mut api = filter.to_api();
    (api.from, api.to) = (milliseconds(window.from), milliseconds(window.to));
    request(api, vec![Compute::new(AggregationFunction::Median, "@duration")])
}

/// The results: failed runs, and failed runs over time.
fn failures(filter: &Filter, every: &str) -> AggregateRequest {
    let compute = vec![Compute::count(), Compute::count().every(every)];
    request(filter.to_api_with("@ci.status:error"), compute)
}

fn medians(buckets: &[Bucket]) -> HashMap<String, f64> {
    let pair = |bucket: &Bucket| Some((bucket.by(0).into_owned(), bucket.number(0)?));
    buckets.iter().filter_map(pair).collect()
}

impl Row {
    fn new(
        bucket: &Bucket,
        address: &Address,
        before: &HashMap<String, f64>,
        failed: Option<&Bucket>,
        last: Last,
    ) -> Self {
        let name = bucket.by(0).into_owned();
        let runs = bucket.number(0).unwrap_or_default();
        let failures = failed.and_then(|failed| failed.number(0)).unwrap_or_default();
        let median = bucket.number(1).unwrap_or(f64::NAN);
        let clause = format!("{NAME}:{}", quoted(&name));
        // The links lead to what the row counts. Jobs may not have what a filter of runs requires.
        let query = with_clause(address.get("query").unwrap_or_default(), &clause);
        let to = |path, query: &str| address.at(path, &["from", "to"]).with("query", query).link();
        let failure_rate = percent(failures / runs.max(1.0));
        Self {
            executions_link: to("/executions", &query),
            failures_link: to("/executions", &with_clause(&query, "@ci.status:error")),
            jobs_link: to("/jobs", &clause),
            runs: count(runs),
            is_failing: failures > 0.0,
            median: duration(median),
            change: before.get(&name).and_then(|before| Change::new(*before, median)),
            last,
            bars: spark(&over_time(bucket, failed)),
            summary: format!("{} runs, {failure_rate} failed", count(runs)),
            failure_rate,
            name,
        }
    }
}

/// Returns the runs over time, those that failed apart.
fn over_time(all: &Bucket, failed: Option<&Bucket>) -> [Series; 2] {
    let failed: BTreeMap<_, _> = failed.map(|it| it.series(1).collect()).unwrap_or_default();
    let mut series = [("error", "failed"), ("plain", "other")].map(|(class, name)| Series {
        class,
        name: name.to_owned(),
        values: Vec::new(),
    });
    let [errors, others] = &mut series;
    for (time, runs) in all.series(3) {
        let failures = failed.get(&time).copied().unwrap_or_default();
        errors.values.push(failures);
        others.values.push(runs - failures);
    }
    series
}

impl Change {
    fn new(before: f64, now: f64) -> Option<Self> {
        let ratio = now / before - 1.0;
        let is_shown = ratio.is_finite() && ratio.abs() >= CHANGE;
        is_shown.then(|| Self {
            amount: percent(ratio.abs()),
            is_slower: ratio > 0.0,
            before: duration(before),
        })
    }
}

impl Last {
    fn new(run: Option<&Event>, now: i64) -> Self {
        let id = run.and_then(|run| run.string("ci.pipeline.id")).unwrap_or_default();
        let link = Address::new("/execution", None).with("id", id).link();
        let nanoseconds = run.and_then(|run| run.duration(now));
        Self {
            status: Status::new(run.and_then(|run| run.string("ci.status"))),
            link,
            duration: nanoseconds.map(|it| duration(it as f64)).unwrap_or_default(),
            time: run.map(|run| Time(run.0.timestamp)),
        }
    }
}

/// Returns a value in quotation marks, as queries have it.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
