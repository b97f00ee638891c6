//! The intervals of charts over time.

use std::collections::BTreeMap;

use datadog_ci_pipelines::models::{AggregateBucket, QueryPageOptions, SearchRequest, Sort};

use super::frame::Filter;
use super::source::Source;
use crate::time::{DAY, MILLISECOND, SECOND, Zone, parse_timestamp};

/// The maximum number of intervals of a chart.
const POINTS: i64 = 60;
/// The lengths of intervals, in seconds. Longer ones are whole weeks.
const INTERVALS: [i64; 15] =
    [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800];

/// The time range that graphs show, in nanoseconds.
pub(super) struct Intervals {
    from: i64,
    to: i64,
    interval: i64,
}

impl Intervals {
    /// Returns the range of a filter. If it starts before the first event, the range starts there.
    /// Returns `None` without events.
    pub(super) fn new(source: &Source<'_>, filter: &Filter) -> Result<Option<Self>, Vec<String>> {
        Self::at_most(POINTS, source, filter)
    }

    /// Returns at most this number of intervals, and one for a part of one.
    pub(super) fn at_most(
        points: i64,
        source: &Source<'_>,
        filter: &Filter,
    ) -> Result<Option<Self>, Vec<String>> {
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
        let seconds = to.saturating_sub(from) / SECOND / points + 1;
        let week = 604_800;
        let interval = INTERVALS.into_iter().find(|length| *length >= seconds);
        let interval = interval.unwrap_or_else(|| (seconds / week + 1) * week) * SECOND;
        Ok(Some(Self { from, to, interval }))
    }

    /// Returns the start of the range, as requests have it.
    pub(super) fn from(&self) -> String {
        (self.from / MILLISECOND).to_string()
    }

    /// Returns the length of an interval, as requests have it.
    pub(super) fn every(&self) -> String {
        format!("{}s", self.interval / SECOND)
    }

    /// Returns the starts of the intervals.
    pub(super) fn times(&self) -> Vec<i64> {
        let first = self.from.div_euclid(self.interval) * self.interval;
        let times = std::iter::successors(Some(first), |time| time.checked_add(self.interval));
        times.take_while(|time| *time <= self.to).collect()
    }

    /// Returns the value of each interval.
    pub(super) fn values(&self, bucket: &AggregateBucket, compute: &str, missing: f64) -> Vec<f64> {
        let points = bucket.series(compute).into_iter().flatten();
        let points: BTreeMap<i128, f64> =
            points.map(|(time, value)| (time.as_nanosecond(), value)).collect();
        let times = self.times().into_iter();
        times.map(|time| points.get(&i128::from(time)).copied().unwrap_or(missing)).collect()
    }
}
