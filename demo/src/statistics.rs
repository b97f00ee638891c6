//! Percentiles per pipeline, computed by the API, as a table.

use std::collections::BTreeMap;

use ci_report::drawing::{Style, duration, fit, sparkline};
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::jiff::SignedDuration;
use datadog_ci_pipelines::models::{AggregateBucket, AggregationFunction, Compute};
use datadog_ci_pipelines::operations::AggregatePipelineEvents;

use crate::config::{FROM, Result};
use crate::sent::Sent;

/// All runs.
pub(crate) const QUERY: &str = "ci_level:pipeline";
/// Failed runs.
const FAILED: &str = "ci_level:pipeline @ci.status:error";
const FACET: &str = "@ci.pipeline.name";

/// The statistics of a pipeline.
struct Row {
    runs: u64,
    failed: u64,
    /// Median, 75th and 95th percentile.
    times: [SignedDuration; 3],
    /// The number of runs in each hour, in chronological order.
    hours: Vec<u64>,
}

/// Requests the statistics, checks them, and formats them as a table.
pub(crate) async fn table(client: &Client, sent: &Sent, style: Style) -> Result<Vec<String>> {
    let time = |function| Compute::new(function, "@duration");
    let failed: BTreeMap<String, u64> = buckets(request(client, FAILED).compute(Compute::count()))
        .await?
        .iter()
        .map(|bucket| Ok((name(bucket)?, number(bucket, "c0")? as u64)))
        .collect::<Result<_>>()?;
    let request = request(client, QUERY)
        .compute(Compute::count())
        .compute(time(AggregationFunction::Median))
        .compute(time(AggregationFunction::Percentile75))
        .compute(time(AggregationFunction::Percentile95))
        .compute(Compute::count().every("1h"));
    let mut rows = BTreeMap::new();
    for bucket in buckets(request).await? {
        let name = name(&bucket)?;
        let row = Row {
            runs: number(&bucket, "c0")? as u64,
            failed: failed.get(&name).copied().unwrap_or_default(),
            times: [time_of(&bucket, "c1")?, time_of(&bucket, "c2")?, time_of(&bucket, "c3")?],
            hours: hours(&bucket)?,
        };
        rows.insert(name, row);
    }
    check(&rows, sent)?;
    Ok(lines(&rows, style))
}

fn request(client: &Client, query: &str) -> AggregatePipelineEvents {
    client.aggregate().query(query).from(FROM).group_by(FACET)
}

async fn buckets(request: AggregatePipelineEvents) -> Result<Vec<AggregateBucket>> {
    Ok(request.send().await?.buckets().to_vec())
}

fn name(bucket: &AggregateBucket) -> Result<String> {
    let name = bucket.by(FACET).ok_or_else(|| format!("a bucket has no `{FACET}`: {bucket:?}"))?;
    Ok(name.into_owned())
}

fn number(bucket: &AggregateBucket, compute: &str) -> Result<f64> {
    let number = bucket.number(compute);
    Ok(number.ok_or_else(|| format!("`{compute}` is not a number: {bucket:?}"))?)
}

fn time_of(bucket: &AggregateBucket, compute: &str) -> Result<SignedDuration> {
    Ok(SignedDuration::from_nanos(number(bucket, compute)?.round() as i64))
}

fn hours(bucket: &AggregateBucket) -> Result<Vec<u64>> {
    let points = bucket.series("c4");
    let points = points.ok_or_else(|| format!("`c4` is not a time series: {bucket:?}"))?;
    Ok(points.map(|(_, count)| count as u64).collect())
}

/// Compares the statistics with the runs that were sent.
fn check(rows: &BTreeMap<String, Row>, sent: &Sent) -> Result<()> {
    let runs = || sent.iter().filter(|run| run.level == "pipeline");
    let counted: u64 = rows.values().map(|row| row.runs).sum();
    if counted != runs().count() as u64 {
        return Err(format!("{} runs were sent, {counted} counted", runs().count()).into());
    }
    for (name, row) in rows {
        let own = || runs().filter(|run| run.pipeline == *name);
        let failed = own().filter(|run| run.status == "error").count() as u64;
        // The API excludes partial retries from durations.
        let mut times: Vec<SignedDuration> =
            own().filter(|run| !run.is_retry).filter_map(|run| run.duration).collect();
        times.sort_unstable();
        let middle = [times.len().saturating_sub(1) / 2, times.len() / 2];
        let middle = middle.map(|index| times.get(index).copied().unwrap_or_default());
        let median = (middle[0] + middle[1]) / 2;
        let expected = (own().count() as u64, failed, median, own().count() as u64);
        let [found, p75, p95] = row.times;
        if expected != (row.runs, row.failed, found, row.hours.iter().sum()) {
            let hours = &row.hours;
            return Err(format!(
                "{name}: expected runs, failed, median and runs of all hours to be {expected:?}, \
                 found {:?} and {hours:?}",
                (row.runs, row.failed, found)
            )
            .into());
        }
        if found > p75 || p75 > p95 {
            return Err(format!("{name}: percentiles out of order: {:?}", row.times).into());
        }
    }
    Ok(())
}

fn lines(rows: &BTreeMap<String, Row>, style: Style) -> Vec<String> {
    let head = format!(
        "{:<14}{:>6}{:>9}{:>10}{:>10}{:>10}   {}",
        "pipeline", "runs", "failed", "median", "p75", "p95", "runs per hour"
    );
    let mut lines = vec![style.faint(&head)];
    for (name, row) in rows {
        let share = format!("{:.0} %", 100.0 * row.failed as f64 / row.runs.max(1) as f64);
        let [median, p75, p95] = row.times.map(duration);
        lines.push(format!(
            "{}{:>6}{share:>9}{median:>10}{p75:>10}{p95:>10}   {}",
            fit(name, 14),
            row.runs,
            sparkline(row.hours.iter().map(|count| Some(*count as f64)))
        ));
    }
    lines
}
