//! The time range of a page, and the intervals of charts over time.

use datadog_ci_pipelines::models::{QueryPageOptions, SearchRequest, Sort};

use super::frame::Filter;
use super::source::Source;
use crate::aggregate::Bucket;
use crate::time::{DAY, MILLISECOND, SECOND, Zone, parse_timestamp};

/// The maximum number of intervals of a chart.
const POINTS: i64 = 60;
/// The lengths of intervals, in seconds. Longer ones are whole weeks.
const INTERVALS: [i64; 15] =
    [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800];

/// A time range in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Window {
    /// Returns the time range of a filter.
    pub(super) fn new(source: &Source<'_>, filter: &Filter) -> Result<Self, Vec<String>> {
        let time = |time: &str| {
            parse_timestamp(time, source.now(), &Zone::default())
                .map_err(|error| vec![error.to_string()])
        };
        Ok(Self { from: time(&filter.from)?, to: time(&filter.to)? })
    }

    /// Returns the range of the same length before this one, if it is after 1970.
    pub(super) fn before(self) -> Option<Self> {
        let length = self.to.saturating_sub(self.from).max(1);
        let from = self.from.checked_sub(length).filter(|from| *from >= 0)?;
        Some(Self { from, to: self.from - 1 })
    }
}

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
        let Window { mut from, to } = Window::new(source, filter)?;
        if to.saturating_sub(from) > 100 * DAY {
            let mut page = QueryPageOptions::default();
            page.limit = Some(1);
            let mut request = SearchRequest::default();
            request.filter = Some(filter.to_api());
            request.page = Some(page);
            request.sort = Some(Sort::TimestampAscending);
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
    pub(super) fn values(&self, bucket: &Bucket, compute: usize, missing: f64) -> Vec<f64> {
        let mut points = bucket.series(compute).peekable();
        let times = self.times().into_iter();
        let value = |time: i64| {
            while points.next_if(|(other, _)| *other < time).is_some() {}
            points.next_if(|(other, _)| *other == time).map_or(missing, |(_, value)| value)
        };
        times.map(value).collect()
    }
}
