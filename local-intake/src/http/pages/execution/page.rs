//! The page.

use std::sync::Arc;

use askama::Template;
use specwright_server::axum::extract;
use specwright_server::axum::response::Response;
use specwright_server::http::{StatusCode, Uri};

use super::attempts::Attempts;
use super::axis::{Axis, Span, Tick};
use super::details::Details;
use super::failures::Failures;
use super::head::Head;
use super::overview::{height, overview};
use super::rows::{Row, axis, is_critical, is_failed, rows, span};
use super::run::{LeftOut, Run, all_time_link};
use crate::event::Level;
use crate::http::State;
use crate::http::pages::frame::{Address, Frame, Section, render_with_status};
use crate::http::pages::show::{count, shortened};
use crate::http::pages::source::Source;

/// The maximum length of an unknown id in characters.
const MAX_ID: usize = 200;

#[derive(Template)]
#[template(path = "execution.html")]
struct ExecutionPage {
    frame: Frame,
    id: String,
    all_time: String,
    run: Option<RunView>,
}

/// A run as it is shown.
struct RunView {
    head: Head,
    failures: Failures,
    waterfall: Waterfall,
    attempts: Attempts,
    details: Option<Details>,
    /// Whether an event was asked for that is not part of the run.
    is_unknown_event: bool,
}

/// The waterfall.
struct Waterfall {
    rows: Vec<Row>,
    ticks: Vec<Tick>,
    /// The length of the axis in milliseconds.
    milliseconds: String,
    overview: Vec<(&'static str, String)>,
    overview_height: usize,
    has_critical_path: bool,
    has_queue: bool,
    left_out: Vec<LeftOut>,
    summary: String,
}

/// `GET /execution?id=…&event=…`
pub(in crate::http::pages) async fn page(
    extract::State(state): extract::State<Arc<State>>,
    uri: Uri,
) -> Response {
    let address = Address::new("/execution", uri.query());
    render_with_status(&state, Section::Executions, address, build).await
}

fn build(
    source: &Source<'_>,
    address: &Address,
) -> Result<(StatusCode, ExecutionPage), Vec<String>> {
    let id = address.get("id").unwrap_or_default();
    let run = if id.is_empty() { None } else { Run::read(source, id)? };
    let Some(run) = run else {
        let page = ExecutionPage {
            frame: Frame::new("Unknown execution", Section::Executions, address),
            id: shortened(id, MAX_ID),
            all_time: all_time_link(),
            run: None,
        };
        return Ok((StatusCode::NOT_FOUND, page));
    };
    let (view, title) = view(source, address, &run)?;
    let mut frame = Frame::new(title, Section::Executions, address);
    frame.is_running = run.is_running();
    let page =
        ExecutionPage { frame, id: String::new(), all_time: all_time_link(), run: Some(view) };
    Ok((StatusCode::OK, page))
}

fn view(
    source: &Source<'_>,
    address: &Address,
    run: &Run,
) -> Result<(RunView, String), Vec<String>> {
    let selected = address.get("event");
    let event = selected.and_then(|id| source.event(id));
    let event = event.filter(|event| event.string("ci.pipeline.id") == Some(&run.id));
    let mut head = Head::new(run);
    let failures = Failures::new(run);
    // The error of the run is often the one of a job.
    let message = head.error.as_ref().map(|error| error.message.clone());
    if failures
        .shown
        .iter()
        .any(|it| it.error.as_ref().map(|error| &error.message) == message.as_ref())
    {
        head.error = None;
    }
    let title = format!("{} {}", head.status.symbol(), head.name);
    let view = RunView {
        failures,
        waterfall: Waterfall::new(run, selected),
        attempts: Attempts::find(source, run)?,
        is_unknown_event: selected.is_some() && event.is_none(),
        details: event.map(|event| Details::new(source, run, &event)),
        head,
    };
    Ok((view, title))
}

impl Waterfall {
    fn new(run: &Run, selected: Option<&str>) -> Self {
        let axis = axis(run);
        let rows = rows(run, &axis, selected);
        let number = |level: Level| run.events.iter().filter(|it| it.level() == level).count();
        let levels = [Level::Stage, Level::Job, Level::Step].map(|level| (number(level), level));
        let levels = levels.into_iter().filter(|(number, _)| *number > 0);
        let levels = levels.map(|(number, level)| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{} {}{plural}", count(number as f64), level.name())
        });
        Self {
            summary: levels.collect::<Vec<_>>().join(", "),
            ticks: axis.ticks(),
            milliseconds: format!("{:.3}", axis.length as f64 / 1e6),
            overview: picture(run, &axis),
            overview_height: height(number(Level::Job)),
            has_critical_path: rows.iter().any(|row| row.is_critical),
            has_queue: rows.iter().any(|row| row.queue.is_some()),
            left_out: run.left_out.clone(),
            rows,
        }
    }
}

/// Returns the overview: of jobs, or of what there is without jobs.
fn picture(run: &Run, axis: &Axis) -> Vec<(&'static str, String)> {
    let has_jobs = run.events.iter().any(|event| event.level() == Level::Job);
    let events = run.events.iter().filter(|event| !has_jobs || event.level() == Level::Job);
    let class = |event| match (is_failed(event), is_critical(event)) {
        (true, _) => "error",
        (_, true) => "critical",
        _ => "plain",
    };
    let mut jobs: Vec<(Span, &'static str)> =
        events.filter_map(|event| Some((span(run, event)?, class(event)))).collect();
    jobs.sort_by_key(|(span, _)| span.start);
    overview(axis, &jobs)
}
