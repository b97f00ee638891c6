//! Reading the events of the run.

use std::collections::HashSet;

use datadog_ci_pipelines::models::{
    AggregateRequest, Compute, QueryFilter, QueryPageOptions, SearchRequest, Sort,
};

use crate::event::Level;
use crate::http::pages::frame::Address;
use crate::http::pages::pipelines::quoted;
use crate::http::pages::show::count;
use crate::http::pages::source::{Event, Source};

/// The maximum number of stages, jobs and steps of the waterfall.
const MAX_EVENTS: usize = 6_000;
/// The number of failed events that are shown even if there are more events than that.
const MAX_FAILED: usize = 200;
/// The number of events of a request, which is the maximum of the API.
const PAGE: usize = 1_000;
/// A time after all events, in milliseconds since 1970. Clocks of senders may be ahead.
const END_OF_TIME: &str = "9000000000000";

/// The events of one execution.
pub(super) struct Run {
    pub(super) id: String,
    /// The event of the pipeline, unless it is missing.
    pub(super) pipeline: Option<Event>,
    /// Stages, jobs and steps.
    pub(super) events: Vec<Event>,
    /// What is not shown.
    pub(super) left_out: Vec<LeftOut>,
    pub(super) now: i64,
}

/// Events that are not shown, because there are too many.
#[derive(Clone)]
pub(super) struct LeftOut {
    pub(super) count: f64,
    pub(super) level: Level,
    pub(super) link: String,
}

impl LeftOut {
    /// Returns the number as it is shown.
    pub(super) fn shown(&self) -> String {
        count(self.count)
    }
}

impl Run {
    /// Reads the events with this `@ci.pipeline.id`. Returns `None` if there are none.
    pub(super) fn read(source: &Source<'_>, id: &str) -> Result<Option<Self>, Vec<String>> {
        let of_run = format!("@ci.pipeline.id:{}", quoted(id));
        let mut run = Self {
            id: id.to_owned(),
            pipeline: None,
            events: Vec::new(),
            left_out: Vec::new(),
            now: source.now(),
        };
        if run.add(source, &of_run, MAX_EVENTS)? {
            run.read_some(source, &of_run)?;
        }
        // The newest one describes the run.
        let pipelines = run.events.extract_if(.., |event| event.level() == Level::Pipeline);
        run.pipeline = pipelines.last();
        let is_known = run.pipeline.is_some() || !run.events.is_empty();
        Ok(is_known.then_some(run))
    }

    /// Reads the most important events of a run that has too many: the jobs rather than the steps, and
    /// what has failed.
    fn read_some(&mut self, source: &Source<'_>, of_run: &str) -> Result<(), Vec<String>> {
        self.events.clear();
        let levels = "ci_level:(pipeline OR stage OR job)";
        let jobs_are_cut = self.add(source, &format!("{levels} {of_run}"), MAX_EVENTS)?;
        if jobs_are_cut {
            let pipeline = format!("ci_level:pipeline {of_run}");
            self.add(source, &pipeline, MAX_EVENTS + PAGE)?;
            let failed = format!("ci_level:job {of_run} @ci.status:error");
            self.add(source, &failed, MAX_EVENTS + PAGE + MAX_FAILED)?;
        }
        self.add(source, &format!("ci_level:step {of_run}"), MAX_EVENTS)?;
        let failed = format!("ci_level:step {of_run} @ci.status:error");
        self.add(source, &failed, MAX_EVENTS + PAGE + 2 * MAX_FAILED)?;
        let cut = if jobs_are_cut { &[Level::Stage, Level::Job][..] } else { &[] };
        for level in cut.iter().chain(&[Level::Step]) {
            self.count_left_out(source, *level, of_run)?;
        }
        Ok(())
    }

    /// Adds the events that match a query, until there are this many. Returns whether there may be
    /// more.
    fn add(
        &mut self,
        source: &Source<'_>,
        query: &str,
        maximum: usize,
    ) -> Result<bool, Vec<String>> {
        let known: HashSet<String> = self.events.iter().map(|event| event.0.id.clone()).collect();
        let mut cursor = None;
        loop {
            let limit = maximum.saturating_sub(self.events.len()).min(PAGE);
            if limit == 0 {
                return Ok(true);
            }
            let mut page = QueryPageOptions::default();
            (page.cursor, page.limit) = (cursor, i32::try_from(limit).ok());
            let mut request = SearchRequest::default();
            request.filter = Some(all_time(query));
            request.page = Some(page);
            request.sort = Some(Sort::TimestampAscending);
            let found = source.search(request)?;
            let is_last = found.events.len() < limit;
            self.events.extend(found.events.into_iter().filter(|it| !known.contains(&it.0.id)));
            if is_last || found.next.is_none() {
                return Ok(false);
            }
            cursor = found.next;
        }
    }

    fn count_left_out(
        &mut self,
        source: &Source<'_>,
        level: Level,
        of_run: &str,
    ) -> Result<(), Vec<String>> {
        let mut request = AggregateRequest::default();
        request.compute = Some(vec![Compute::count()]);
        request.filter = Some(all_time(&format!("ci_level:{} {of_run}", level.name())));
        let [buckets] = source.aggregate([request])?;
        let all = buckets.first().and_then(|bucket| bucket.number(0)).unwrap_or_default();
        let shown = self.events.iter().filter(|event| event.level() == level).count();
        let count = all - shown as f64;
        if count > 0.0 {
            let link = search(level, of_run);
            self.left_out.push(LeftOut { count, level, link });
        }
        Ok(())
    }

    /// Returns whether the run is in progress, so that the page changes by itself.
    pub(super) fn is_running(&self) -> bool {
        match &self.pipeline {
            Some(pipeline) => pipeline.is_running(),
            None => self.events.iter().any(Event::is_running),
        }
    }

    /// Returns the end of an event: that of the run for what was not finished, or now.
    pub(super) fn end(&self, event: &Event) -> Option<i64> {
        let start = event.integer("start")?;
        if let Some(duration) = event.integer("duration") {
            return start.checked_add(duration);
        }
        let of_run = self.pipeline.as_ref().and_then(|pipeline| {
            pipeline.integer("start")?.checked_add(pipeline.integer("duration")?)
        });
        let end = of_run.unwrap_or(self.now);
        event.is_running().then_some(end.max(start))
    }

    /// Returns how long an event lasted, or has lasted so far.
    pub(super) fn duration(&self, event: &Event) -> Option<i64> {
        self.end(event)?.checked_sub(event.integer("start")?)
    }

    /// Returns an attribute of the pipeline. If the pipeline is missing, the first event has it.
    pub(super) fn string(&self, path: &str) -> Option<&str> {
        match &self.pipeline {
            Some(pipeline) => pipeline.string(path),
            None => self.events.iter().find_map(|event| event.string(path)),
        }
    }

    /// Returns the address of the page with an event.
    pub(super) fn link(&self, event: &str) -> String {
        let address = Address::new("/execution", None).with("id", &self.id).with("event", event);
        format!("{}#r-{event}", address.link())
    }

    /// Returns the address of a search for events of this run.
    pub(super) fn search(&self, level: Level, condition: &str) -> String {
        let of_run = format!("@ci.pipeline.id:{}", quoted(&self.id));
        search(level, format!("{of_run} {condition}").trim_end())
    }
}

/// Returns the address of a search in all time.
pub(super) fn search(level: Level, query: &str) -> String {
    let address = Address::new("/executions", None).with("query", query).with("from", "0");
    address.with("level", level.name()).link()
}

/// Returns the address of the search for all executions.
pub(super) fn all_time_link() -> String {
    Address::new("/executions", None).with("from", "0").link()
}

/// Returns a filter without limits of time.
pub(super) fn all_time(query: &str) -> QueryFilter {
    let mut filter = QueryFilter::default();
    filter.query = Some(query.to_owned());
    filter.from = Some("0".to_owned());
    filter.to = Some(END_OF_TIME.to_owned());
    filter
}

/// Returns the name of an event.
pub(super) fn name(event: &Event) -> &str {
    let path = match event.level() {
        Level::Pipeline => "ci.pipeline.name",
        Level::Stage => "ci.stage.name",
        Level::Job => "ci.job.name",
        Level::Step => "ci.step.name",
    };
    event.string(path).unwrap_or("(no name)")
}
