//! The rows of the waterfall.

use super::axis::{Axis, Bar, Span};
use super::run::{Run, name};
use super::tree::{Node, tree};
use crate::event::Level;
use crate::http::pages::show::{Status, duration, shortened};
use crate::http::pages::source::Event;

/// The maximum length of a name and of a message in characters. The details have all of it.
const MAX_NAME: usize = 160;
const MAX_MESSAGE: usize = 240;
/// Up to this number of rows, all steps are shown. Otherwise those of failed jobs are.
const MAX_OPEN: usize = 60;

/// A stage, job or step, or the run itself.
pub(super) struct Row {
    /// The id of the event.
    pub(super) id: String,
    pub(super) link: String,
    pub(super) status: Status,
    pub(super) name: String,
    pub(super) level: &'static str,
    pub(super) duration: String,
    /// The exclusive time of a job that is on the critical path.
    pub(super) exclusive: Option<String>,
    pub(super) is_critical: bool,
    pub(super) is_selected: bool,
    pub(super) queue: Option<Bar>,
    pub(super) bar: Option<Bar>,
    /// What the bar shows.
    pub(super) summary: String,
    pub(super) error: Option<String>,
    /// What is below it, such as `3 steps`.
    pub(super) below: Option<String>,
    pub(super) is_open: bool,
    /// How many lists of children end with it.
    pub(super) closes: usize,
}

/// Returns the time of an event.
pub(super) fn span(run: &Run, event: &Event) -> Option<Span> {
    let start = event.integer("start")?;
    let end = run.end(event).unwrap_or(start);
    let queue = event.integer("ci.queue_time").unwrap_or_default().max(0);
    Some(Span { ready: start.saturating_sub(queue), start, end: end.max(start) })
}

/// Returns the axis of a run.
pub(super) fn axis(run: &Run) -> Axis {
    let of_run = run.pipeline.as_ref().and_then(|pipeline| span(run, pipeline));
    let axis = Axis::new(of_run, run.events.iter().filter_map(|event| span(run, event)));
    if run.is_running() { axis.with_room() } else { axis }
}

/// Returns the row of the run, and then the rows of its stages, jobs and steps.
pub(super) fn rows(run: &Run, axis: &Axis, selected: Option<&str>) -> Vec<Row> {
    let nodes = tree(&run.events);
    let is_selected = |event: &Event| Some(event.0.id.as_str()) == selected;
    let rows = nodes.iter().enumerate().filter_map(|(i, node)| {
        let event = run.events.get(node.event)?;
        let below = below(&nodes, i);
        let events = || below.iter().filter_map(|node| run.events.get(node.event));
        let is_interesting = |event: &Event| is_failed(event) || is_selected(event);
        let is_open = event.level() == Level::Stage
            || nodes.len() <= MAX_OPEN
            || events().any(is_interesting);
        let mut row = Row::new(run, axis, event, is_selected(event));
        (row.below, row.is_open, row.closes) = (counted(events()), is_open, node.closes);
        // An error is shown where it happened, and not again above.
        let is_inner = |it: &Event| it.string("error.message") == event.string("error.message");
        if row.error.is_some() && events().any(is_inner) {
            row.error = None;
        }
        Some(row)
    });
    let has_failed_parts = run.events.iter().any(is_failed);
    let pipeline = run.pipeline.iter().map(|it| {
        let mut row = Row::new(run, axis, it, is_selected(it));
        // The page has the error of the run above the waterfall.
        row.error = row.error.filter(|_| !has_failed_parts);
        row
    });
    pipeline.chain(rows).collect()
}

pub(super) fn is_failed(event: &Event) -> bool {
    event.string("ci.status") == Some("error")
}

/// Returns the nodes below one.
fn below(nodes: &[Node], parent: usize) -> &[Node] {
    let Some((parent, rest)) = nodes.get(parent..).and_then(<[Node]>::split_first) else {
        return &[];
    };
    let count = rest.iter().take_while(|node| node.depth > parent.depth).count();
    rest.get(..count).unwrap_or_default()
}

/// Returns the number of events, such as `2 jobs, 1 step`.
fn counted<'a>(events: impl Iterator<Item = &'a Event>) -> Option<String> {
    let (mut jobs, mut steps) = (0, 0);
    for event in events {
        match event.level() {
            Level::Job => jobs += 1,
            _ => steps += 1,
        }
    }
    let parts = [(jobs, "job"), (steps, "step")];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, name)| match count {
        1 => format!("1 {name}"),
        _ => format!("{count} {name}s"),
    });
    Some(parts.collect::<Vec<_>>().join(", ")).filter(|counted| !counted.is_empty())
}

impl Row {
    fn new(run: &Run, axis: &Axis, event: &Event, is_selected: bool) -> Self {
        let is_critical = is_critical(event);
        let span = span(run, event);
        let exclusive = event.integer("ci.critical_path.exclusive_time").filter(|_| is_critical);
        Self {
            id: event.0.id.clone(),
            link: run.link(&event.0.id),
            status: Status::new(event.string("ci.status")),
            name: shortened(name(event), MAX_NAME),
            level: event.level().name(),
            duration: run.duration(event).map(|it| duration(it as f64)).unwrap_or_default(),
            exclusive: exclusive.map(|it| duration(it as f64)),
            is_critical,
            is_selected,
            queue: span.filter(|it| it.ready < it.start).map(|it| axis.bar(it.ready, it.start)),
            bar: span.map(|it| axis.bar(it.start, it.end)),
            summary: span.map(|it| summary(axis, it)).unwrap_or_default(),
            error: error(event),
            below: None,
            is_open: true,
            closes: 0,
        }
    }
}

/// Returns whether an event is a job on the critical path.
pub(super) fn is_critical(event: &Event) -> bool {
    event.attribute("ci.on_critical_path").is_some_and(|it| it.as_bool() == Some(true))
}

/// Returns why an event failed.
pub(super) fn error(event: &Event) -> Option<String> {
    let message = event.string("error.message").or_else(|| event.string("error.type"))?;
    Some(shortened(message, MAX_MESSAGE))
}

fn summary(axis: &Axis, span: Span) -> String {
    let time = |from: i64, to: i64| duration(to.saturating_sub(from) as f64);
    let queued = match span.ready < span.start {
        true => format!("{} in the queue, then ", time(span.ready, span.start)),
        false => String::new(),
    };
    let from = time(axis.start, span.start);
    format!("{queued}{} from {from} on", time(span.start, span.end))
}
