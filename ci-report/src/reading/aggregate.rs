//! `aggregate`: counts and statistics, in total or over time.

use std::collections::{BTreeSet, HashMap};

use clap::Args;
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{
    AggregateBucket, AggregationFunction, Compute, GroupBy, GroupSort, GroupSortType, SortOrder,
};
use serde_json::{Map, Value, json};

use super::column::EventColumn;
use super::connection::{block_on, client, failure};
use super::options::{Formats, Range};
use crate::drawing::{
    Align, Column, Format, JsonSequence, Output, Table, nanoseconds, note, sparkline,
    terminal_width,
};
use crate::status::{ExitCode, Failure};

/// The largest number of intervals.
const MAX_POINTS: usize = 10_000;
/// The largest number of columns of a drawn time series.
const MAX_COLUMNS: usize = 60;

/// Count events and compute statistics, by facet and over time.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report aggregate ci_level:pipeline --by pipeline
  ci-report aggregate ci_level:pipeline --by pipeline --compute count \\
      --compute median:@duration --compute pc95:@duration --interval 1h
  ci-report aggregate 'ci_level:job @ci.status:error' --by job --limit 20 --from 7d
  ci-report aggregate ci_level:pipeline --interval 1d --from 30d --output json")]
pub(crate) struct Arguments {
    /// Query, for example ci_level:pipeline.
    #[arg(value_name = "QUERY", default_value = "*")]
    query: String,
    /// What to compute: count, or a function and a measure such as avg:@duration. Functions are
    /// count, cardinality, sum, min, max, avg, median, pc75, pc90, pc95, pc98, pc99, earliest,
    /// latest, most_frequent and delta.
    #[arg(long, short, value_name = "FUNCTION[:MEASURE]", value_parser = Computed::parse)]
    #[arg(default_value = "count")]
    compute: Vec<Computed>,
    /// Group by this facet: an attribute such as @ci.pipeline.name, or pipeline, stage, job, status,
    /// branch, author, provider, node or level.
    #[arg(long, value_name = "FACET", value_delimiter = ',', value_parser = facet)]
    by: Vec<String>,
    /// Also compute a value for each interval, such as 5m, 1h or 1d, drawn as a sparkline.
    #[arg(long, value_name = "DURATION", value_parser = interval)]
    interval: Option<String>,
    /// The number of groups of each facet, those with the largest first value.
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    #[command(flatten)]
    range: Range,
    #[command(flatten)]
    formats: Formats,
}

/// A computation and how the user wrote it.
#[derive(Clone, Debug)]
struct Computed {
    name: String,
    function: AggregationFunction,
    metric: Option<String>,
}

impl Computed {
    fn parse(input: &str) -> Result<Self, String> {
        let (function, metric) = match input.split_once(':') {
            Some((function, metric)) => (function.trim(), Some(metric.trim())),
            None => (input.trim(), None),
        };
        let known = AggregationFunction::VALUES;
        if !known.contains(&function) {
            return Err(format!("no such function; use one of {}", known.join(", ")));
        }
        if metric.is_none() && function != "count" {
            return Err(format!("which measure? For example {function}:@duration"));
        }
        let metric = metric.map(|metric| match metric.starts_with('@') {
            true => metric.to_owned(),
            false => format!("@{metric}"),
        });
        let name = metric.as_ref().map_or(function.to_owned(), |m| format!("{function}:{m}"));
        Ok(Self { name, function: AggregationFunction::from(function), metric })
    }

    fn compute(&self) -> Compute {
        let mut compute = Compute::new(self.function.clone(), "");
        compute.metric = self.metric.clone();
        compute
    }

    /// Returns whether values are durations in nanoseconds.
    fn is_time(&self) -> bool {
        let is_count =
            matches!(self.function, AggregationFunction::Count | AggregationFunction::Cardinality);
        let metric = self.metric.as_deref().unwrap_or_default();
        !is_count
            && (metric == "@duration" || metric.starts_with("@ci.") && metric.ends_with("_time"))
    }

    /// Returns the value of several intervals: the sum of counts and sums, the mean of others.
    fn joined(&self, times: &[Timestamp], points: &HashMap<Timestamp, f64>) -> Option<f64> {
        let values: Vec<f64> = times.iter().filter_map(|time| points.get(time).copied()).collect();
        let sum: f64 = values.iter().sum();
        match self.function {
            _ if values.is_empty() => None,
            AggregationFunction::Count | AggregationFunction::Sum => Some(sum),
            _ => Some(sum / values.len() as f64),
        }
    }

    fn number(&self, number: f64) -> String {
        match number {
            _ if self.is_time() => nanoseconds(number),
            _ if number.fract() == 0.0 => format!("{number:.0}"),
            _ => format!("{number:.2}"),
        }
    }
}

fn facet(input: &str) -> Result<String, String> {
    let input = input.trim();
    match EventColumn::parse(input).ok().and_then(|column| column.facet()) {
        _ if input.is_empty() => Err("expected a facet such as @ci.pipeline.name".to_owned()),
        Some(facet) => Ok(facet),
        None => Ok(input.to_owned()),
    }
}

/// Checks an interval, and returns it as it is.
fn interval(input: &str) -> Result<String, String> {
    match seconds(input) {
        Some(1..) => Ok(input.to_owned()),
        _ => Err("expected a duration such as 5m, 1h or 1d".to_owned()),
    }
}

fn seconds(input: &str) -> Option<i64> {
    let digits = input.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match input.get(digits.len()..)? {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

impl Arguments {
    /// Aggregates, and prints the results.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let buckets = block_on(self.buckets(&client()?))?;
        let mut out = Output::new();
        match self.formats.output {
            Format::Table => self.table(&buckets, &mut out)?,
            format => {
                let mut sequence = JsonSequence::new(format);
                for bucket in &buckets {
                    sequence.push(&self.document(bucket).to_string(), &mut out)?;
                }
                sequence.end(&mut out)?;
            }
        }
        out.flush()?;
        if buckets.is_empty() && self.formats.output == Format::Table {
            let (query, from) = (&self.query, &self.range.from);
            note(&format!("no events match `{query}` since {from}"));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn buckets(&self, client: &Client) -> Result<Vec<AggregateBucket>, Failure> {
        let mut request = client
            .aggregate()
            .query(self.query.as_str())
            .from(self.range.from.as_str())
            .to(self.range.to.as_str());
        for computed in &self.compute {
            request = request.compute(computed.compute());
        }
        if let Some(interval) = &self.interval {
            for computed in &self.compute {
                request = request.compute(computed.compute().every(interval.as_str()));
            }
        }
        for facet in &self.by {
            let mut group = GroupBy::from(facet.as_str());
            group.limit = Some(self.limit);
            group.sort = self.compute.first().map(|computed| {
                let mut sort = GroupSort::default();
                sort.aggregation = Some(computed.function.clone());
                sort.metric = computed.metric.clone();
                sort.order = Some(SortOrder::Descending);
                sort.r#type = Some(GroupSortType::Measure);
                Box::new(sort)
            });
            request = request.group_by(group);
        }
        let response = request.send().await.map_err(|error| failure(&error))?;
        Ok(response.buckets().to_vec())
    }

    fn table(&self, buckets: &[AggregateBucket], out: &mut Output) -> Result<(), Failure> {
        let column = |heading: &str, align| Column { heading: heading.to_owned(), align };
        let mut columns: Vec<Column> = self
            .by
            .iter()
            .map(|facet| column(facet.trim_start_matches('@'), Align::Left))
            .collect();
        columns.extend(self.compute.iter().map(|computed| column(&computed.name, Align::Right)));
        let times = self.times(buckets);
        // Of long series, several intervals share a column.
        let chunk = times.len().div_ceil(MAX_COLUMNS).max(1);
        if let Some(interval) = &self.interval {
            let each = if chunk > 1 { format!("{chunk}×{interval}") } else { interval.clone() };
            for (_, computed) in self.drawn(buckets) {
                columns.push(column(&format!("{} per {each}", computed.name), Align::Left));
            }
        }
        let drawn: Vec<(String, &Computed)> = self.drawn(buckets).collect();
        let rows: Vec<Vec<String>> =
            buckets.iter().map(|bucket| self.row(bucket, &drawn, &times, chunk)).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let table = Table::new(columns, &rows, terminal_width(), out.style);
        out.line(&table.heading())?;
        rows.iter().try_for_each(|row| out.line(&table.row(row, None)))
    }

    /// Returns the time series that have numbers, each with its name in buckets.
    fn drawn<'a>(
        &'a self,
        buckets: &'a [AggregateBucket],
    ) -> impl Iterator<Item = (String, &'a Computed)> {
        let names = (self.compute.len()..).map(|i| format!("c{i}"));
        names.zip(&self.compute).filter(|(name, _)| {
            buckets
                .iter()
                .filter_map(|bucket| bucket.series(name))
                .any(|mut it| it.next().is_some())
        })
    }

    fn row(
        &self,
        bucket: &AggregateBucket,
        drawn: &[(String, &Computed)],
        times: &[Timestamp],
        chunk: usize,
    ) -> Vec<String> {
        let facet = |facet: &String| bucket.by(facet).unwrap_or_default().into_owned();
        let mut row: Vec<String> = self.by.iter().map(facet).collect();
        for (i, computed) in self.compute.iter().enumerate() {
            let name = format!("c{i}");
            let number = bucket.number(&name).map(|number| computed.number(number));
            let string = || bucket.string(&name).map(str::to_owned);
            row.push(number.or_else(string).unwrap_or_default());
        }
        for (name, computed) in drawn {
            let points: HashMap<Timestamp, f64> = points(bucket, name).collect();
            let columns = times.chunks(chunk);
            row.push(sparkline(columns.map(|times| computed.joined(times, &points))));
        }
        row
    }

    /// Returns the intervals of all time series, those without any value among them.
    fn times(&self, buckets: &[AggregateBucket]) -> Vec<Timestamp> {
        let series = self.compute.len()..2 * self.compute.len();
        let names: Vec<String> = series.map(|i| format!("c{i}")).collect();
        let times: BTreeSet<Timestamp> = buckets
            .iter()
            .flat_map(|bucket| names.iter().flat_map(|name| points(bucket, name)))
            .map(|(time, _)| time)
            .collect();
        let interval = self.interval.as_deref().and_then(seconds).map(SignedDuration::from_secs);
        let (Some(interval), Some(first), Some(last)) = (interval, times.first(), times.last())
        else {
            return Vec::new();
        };
        let next = |time: &Timestamp| time.checked_add(interval).ok().filter(|time| time <= last);
        let grid = std::iter::successors(Some(*first), next).take(MAX_POINTS);
        let grid: Vec<Timestamp> = grid.collect();
        // The service may align intervals differently.
        let is_grid = times.iter().all(|time| grid.binary_search(time).is_ok());
        if is_grid { grid } else { times.into_iter().take(MAX_POINTS).collect() }
    }

    fn document(&self, bucket: &AggregateBucket) -> Value {
        let mut document = Map::new();
        let by = self.by.iter().map(|facet| {
            let value =
                bucket.by(facet).map_or(Value::Null, |value| Value::from(value.into_owned()));
            (facet.clone(), value)
        });
        document.insert("by".to_owned(), Value::Object(by.collect()));
        let total = self.compute.iter().enumerate().map(|(i, computed)| {
            let name = format!("c{i}");
            let value = match (bucket.number(&name), bucket.string(&name)) {
                (Some(number), _) => number_of(number),
                (None, Some(string)) => Value::from(string),
                (None, None) => Value::Null,
            };
            (computed.name.clone(), value)
        });
        document.insert("computes".to_owned(), Value::Object(total.collect()));
        if self.interval.is_some() {
            let series = self.compute.iter().enumerate().map(|(i, computed)| {
                let name = format!("c{}", self.compute.len() + i);
                let points = points(bucket, &name).map(
                    |(time, value)| json!({"time": time.to_string(), "value": number_of(value)}),
                );
                (computed.name.clone(), Value::Array(points.collect()))
            });
            document.insert("series".to_owned(), Value::Object(series.collect()));
        }
        Value::Object(document)
    }
}

/// Returns the time series of a computation, which is empty if it has none.
fn points(bucket: &AggregateBucket, name: &str) -> impl Iterator<Item = (Timestamp, f64)> {
    let points = bucket.series(name).into_iter().flatten();
    points.filter_map(|(time, value)| Some((time.to_jiff()?, value)))
}

/// Returns a number without a fraction as an integer.
fn number_of(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() <= EXACT {
        true => Value::from(number as i64),
        false => Value::from(number),
    }
}
