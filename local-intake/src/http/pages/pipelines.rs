//! *Pipelines*: how often each ran, how often it failed, how long it took, and how it is now.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use datadog_ci_pipelines::models::{
    AggregateBucket, AggregateRequest, AggregationFunction, Compute, GroupBy, QueryFilter,
    QueryPageOptions, SearchRequest,
};
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::Uri;

use super::frame::{Address, Filter, Frame, RANGES, Section, render, with_clause};
use super::intervals::Intervals;
use super::show::{Bar, Series, Status, Time, count, duration, percent, spark};
use super::source::{Event, Source};
use crate::event::Level;
use crate::http::State;
use crate::time::{Zone, parse_timestamp};

/// The facet that distinguishes pipelines.
const NAME: &str = "@ci.pipeline.name";
/// The maximum number of pipelines.
const MAX_PIPELINES: i64 = 500;
/// The length of the ids in bytes that a search is for, unless one alone is longer, and the length of a
/// query that the API accepts in any case.
const MAX_IDS: usize = 20_000;
const MAX_QUERY: usize = 50_000;
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
    let window = Window::new(filter, source)?;
    let Some(intervals) = Intervals::at_most(BARS, source, filter)? else { return Ok(Vec::new()) };
    let every = intervals.every();
    // All time has too many intervals before the first event.
    let filter = &Filter { from: intervals.from(), ..filter.clone() };
    let buckets = source.aggregate(&current(filter, &every))?;
    let before = match window.before() {
        Some(before) => medians(&source.aggregate(&medians_of(filter, before))?),
        None => HashMap::new(),
    };
    let failed = source.aggregate(&failures(filter, &every))?;
    let failed: HashMap<_, _> = failed.iter().filter_map(|it| Some((it.by(NAME)?, it))).collect();
    let last = last_runs(source, filter, &buckets)?;
    let rows = buckets.iter().map(|bucket| {
        let last = bucket.string("c2").and_then(|id| last.get(id));
        let failed = bucket.by(NAME).and_then(|name| failed.get(&name).copied());
        Row::new(bucket, address, &before, failed, Last::new(last, source.now()))
    });
    Ok(rows.collect())
}

/// The time range in nanoseconds.
struct Window {
    from: i64,
    to: i64,
}

impl Window {
    fn new(filter: &Filter, source: &Source<'_>) -> Result<Self, Vec<String>> {
        let zone = Zone::default();
        let time = |time: &str| {
            parse_timestamp(time, source.now(), &zone).map_err(|error| vec![error.to_string()])
        };
        Ok(Self { from: time(&filter.from)?, to: time(&filter.to)? })
    }

    fn length(&self) -> i64 {
        self.to.saturating_sub(self.from).max(1)
    }

    /// Returns the range of the same length before this one, if it is after 1970.
    fn before(&self) -> Option<Self> {
        let from = self.from.checked_sub(self.length()).filter(|from| *from >= 0)?;
        Some(Self { from, to: self.from - 1 })
    }
}

fn by_name() -> GroupBy {
    GroupBy { limit: Some(MAX_PIPELINES), ..GroupBy::from(NAME) }
}

fn request(filter: QueryFilter, compute: Vec<Compute>) -> AggregateRequest {
    AggregateRequest {
        compute: Some(compute),
        filter: Some(filter),
        group_by: Some(vec![by_name()]),
        ..AggregateRequest::default()
    }
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

fn medians(buckets: &[AggregateBucket]) -> HashMap<String, f64> {
    let pair =
        |bucket: &AggregateBucket| Some((bucket.by(NAME)?.into_owned(), bucket.number("c0")?));
    buckets.iter().filter_map(pair).collect()
}

impl Row {
    fn new(
        bucket: &AggregateBucket,
        address: &Address,
        before: &HashMap<String, f64>,
        failed: Option<&AggregateBucket>,
        last: Last,
    ) -> Self {
        let name = bucket.by(NAME).unwrap_or_default().into_owned();
        let runs = bucket.number("c0").unwrap_or_default();
        let failures = failed.and_then(|failed| failed.number("c0")).unwrap_or_default();
        let median = bucket.number("c1").unwrap_or(f64::NAN);
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
fn over_time(all: &AggregateBucket, failed: Option<&AggregateBucket>) -> [Series; 2] {
    let failed = failed.and_then(|failed| failed.series("c1")).into_iter().flatten();
    let failed: BTreeMap<_, _> = failed.collect();
    let mut series = [("error", "failed"), ("plain", "other")].map(|(class, name)| Series {
        class,
        name: name.to_owned(),
        values: Vec::new(),
    });
    let [errors, others] = &mut series;
    for (time, runs) in all.series("c3").into_iter().flatten() {
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

/// Returns the last run of each bucket, by id.
fn last_runs(
    source: &Source<'_>,
    filter: &Filter,
    buckets: &[AggregateBucket],
) -> Result<HashMap<String, Event>, Vec<String>> {
    let mut ids = buckets.iter().filter_map(|it| it.string("c2").map(quoted)).peekable();
    let mut last = HashMap::new();
    while let Some(id) = ids.next() {
        let mut query = format!("ci_level:pipeline @ci.pipeline.id:({id}");
        while let Some(id) = ids.next_if(|id| query.len() + id.len() < MAX_IDS) {
            query.push_str(" OR ");
            query.push_str(&id);
        }
        query.push(')');
        if query.len() > MAX_QUERY {
            continue;
        }
        let request = SearchRequest {
            filter: Some(QueryFilter {
                query: Some(query),
                from: Some("0".to_owned()),
                to: Some(filter.to.clone()),
                ..QueryFilter::default()
            }),
            page: Some(QueryPageOptions {
                limit: i32::try_from(MAX_PIPELINES).ok(),
                ..QueryPageOptions::default()
            }),
            ..SearchRequest::default()
        };
        let found = source.search(request)?.events.into_iter();
        last.extend(found.filter_map(|it| Some((it.string("ci.pipeline.id")?.to_owned(), it))));
    }
    Ok(last)
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
