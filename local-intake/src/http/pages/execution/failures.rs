//! Why the run failed: the jobs and steps that did.

use std::collections::{HashMap, HashSet};

use super::rows::is_failed;
use super::run::{Run, name};
use crate::event::Level;
use crate::http::pages::show::{count, shortened};
use crate::http::pages::source::Event;

/// The maximum number of failures.
const MAX: usize = 10;
/// The maximum lengths of names and messages in characters.
const MAX_NAME: usize = 120;
const MAX_MESSAGE: usize = 600;

/// A job or step that failed.
pub(super) struct Failure {
    pub(super) level: &'static str,
    pub(super) name: String,
    /// The name of the job of a step.
    pub(super) of: Option<String>,
    pub(super) link: String,
    pub(super) error: Option<ErrorView>,
}

/// An error as it is shown.
pub(super) struct ErrorView {
    pub(super) message: String,
    pub(super) kind: String,
    pub(super) domain: String,
    pub(super) stack: String,
}

/// The failures of a run.
pub(super) struct Failures {
    pub(super) shown: Vec<Failure>,
    /// How many others there are, with a search for them.
    pub(super) others: Option<(String, String)>,
}

impl ErrorView {
    pub(super) fn new(event: &Event, length: usize) -> Option<Self> {
        let string = |path: &str| event.string(path).unwrap_or_default().to_owned();
        let error = Self {
            message: cut(event.string("error.message").unwrap_or_default(), length),
            kind: shortened(&string("error.type"), MAX_NAME),
            domain: shortened(&string("error.domain"), MAX_NAME),
            stack: string("error.stack"),
        };
        let is_empty = [&error.message, &error.kind, &error.stack].iter().all(|it| it.is_empty());
        (!is_empty).then_some(error)
    }
}

/// Returns the first characters of a message, which may have several lines.
fn cut(message: &str, length: usize) -> String {
    match message.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

impl Failures {
    /// Returns the jobs that failed first, and steps whose jobs did not fail. A job without an error
    /// has that of its step.
    pub(super) fn new(run: &Run) -> Self {
        let failed =
            |level: Level| run.events.iter().filter(move |it| it.level() == level && is_failed(it));
        let mut jobs: Vec<&Event> = failed(Level::Job).collect();
        jobs.sort_by_cached_key(|job| run.end(job));
        let ids: HashSet<&str> = jobs.iter().filter_map(|job| job.string("ci.job.id")).collect();
        let mut steps: HashMap<&str, &Event> = HashMap::new();
        let mut alone: Vec<&Event> = Vec::new();
        for step in failed(Level::Step) {
            match step.string("ci.job.id").filter(|id| ids.contains(id)) {
                Some(job) => {
                    steps.entry(job).or_insert(step);
                }
                None => alone.push(step),
            }
        }
        let number = jobs.len() + alone.len();
        let of_job = |job: &&Event| {
            let step = job.string("ci.job.id").and_then(|id| steps.get(id)).copied();
            let event = if job.string("error.message").is_none() { step } else { None };
            Failure::new(run, job, event.unwrap_or(job))
        };
        let of_step = |step: &&Event| Failure::new(run, step, step);
        let shown = jobs.iter().map(of_job).chain(alone.iter().map(of_step)).take(MAX).collect();
        let search = || run.search(Level::Job, "@ci.status:error");
        let others = number.checked_sub(MAX).filter(|others| *others > 0);
        Self { shown, others: others.map(|others| (count(others as f64), search())) }
    }
}

impl Failure {
    fn new(run: &Run, event: &Event, with_error: &Event) -> Self {
        let of = match event.level() {
            Level::Step => event.string("ci.job.name"),
            _ => event.string("ci.stage.name"),
        };
        Self {
            level: event.level().name(),
            name: shortened(name(event), MAX_NAME),
            of: of.map(|of| shortened(of, MAX_NAME)),
            link: run.link(&event.0.id),
            error: ErrorView::new(with_error, MAX_MESSAGE),
        }
    }
}
