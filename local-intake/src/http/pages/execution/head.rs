//! The facts of the run.

use super::attempts::kinds;
use super::failures::ErrorView;
use super::run::{Run, search};
use crate::event::Level;
use crate::http::pages::frame::Address;
use crate::http::pages::pipelines::quoted;
use crate::http::pages::show::{Status, Time, duration, short_sha, shortened, web_url};

/// The maximum length of a value in characters. The details have all of it.
const MAX: usize = 160;
/// The maximum length of an error message in characters.
const MAX_ERROR: usize = 600;

/// The facts of a run.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) status: Status,
    pub(super) kinds: Vec<String>,
    pub(super) url: Option<String>,
    /// A search for the runs of the pipeline.
    pub(super) runs_link: String,
    pub(super) details_link: Option<String>,
    pub(super) start: Option<Time>,
    pub(super) durations: Vec<(&'static str, String)>,
    pub(super) facts: Vec<Fact>,
    pub(super) message: Option<String>,
    pub(super) error: Option<ErrorView>,
    pub(super) is_missing: bool,
}

/// A fact with a search for executions that have it.
pub(super) struct Fact {
    pub(super) title: &'static str,
    pub(super) value: String,
    pub(super) link: Option<String>,
    /// The class of the style sheet.
    pub(super) class: &'static str,
}

impl Head {
    pub(super) fn new(run: &Run) -> Self {
        let name = run.string("ci.pipeline.name").unwrap_or("(no name)");
        let pipeline = run.pipeline.as_ref();
        let status = match (pipeline, run.is_running()) {
            (None, true) => Some("running"),
            _ => pipeline.and_then(|it| it.string("ci.status")),
        };
        let runs = Address::new("/executions", None)
            .with("query", &format!("@ci.pipeline.name:{}", quoted(name)));
        let start = pipeline.and_then(|it| it.integer("start"));
        Self {
            name: shortened(name, MAX),
            status: Status::new(status),
            kinds: pipeline.map(kinds).unwrap_or_default(),
            url: run.string("ci.pipeline.url").and_then(web_url).map(str::to_owned),
            runs_link: runs.link(),
            details_link: pipeline.map(|it| run.link(&it.0.id)),
            start: start.map(Time),
            durations: durations(run),
            facts: facts(run),
            message: run.string("git.commit.message").map(|it| shortened(it, MAX)),
            error: pipeline.and_then(|it| ErrorView::new(it, MAX_ERROR)),
            is_missing: pipeline.is_none(),
        }
    }
}

fn durations(run: &Run) -> Vec<(&'static str, String)> {
    let Some(pipeline) = &run.pipeline else { return Vec::new() };
    let duration_of = if pipeline.is_running() { "Running for" } else { "Duration" };
    let durations = [
        (duration_of, run.duration(pipeline)),
        ("Execution time", pipeline.integer("ci.execution_time")),
        ("Queue time", pipeline.integer("ci.queue_time")),
    ];
    let known = durations.into_iter().filter_map(|(title, it)| Some((title, it?)));
    known.map(|(title, nanoseconds)| (title, duration(nanoseconds as f64))).collect()
}

fn facts(run: &Run) -> Vec<Fact> {
    let fact = |title, path: &str| {
        let value = run.string(path)?;
        let is_commit = path == "git.commit.sha";
        let query = format!("@{path}:{}", quoted(value));
        Some(Fact {
            title,
            value: if is_commit { short_sha(value).to_owned() } else { shortened(value, MAX) },
            link: Some(search(Level::Pipeline, &query)),
            class: if is_commit { "code" } else { "" },
        })
    };
    let number = run.pipeline.as_ref().and_then(|it| it.attribute("ci.pipeline.number"));
    let number = number.map(|number| Fact {
        title: "Number",
        value: shortened(number.as_str().unwrap_or(&number.to_string()), MAX),
        link: None,
        class: "",
    });
    let author = fact("Author", "git.commit.author.name")
        .or_else(|| fact("Author", "git.commit.author.email"));
    let facts = [
        number,
        fact("Branch", "git.branch"),
        fact("Tag", "git.tag"),
        fact("Commit", "git.commit.sha"),
        author,
        fact("Repository", "git.repository.name"),
        fact("Provider", "ci.provider.name"),
        fact("Node", "ci.node.name"),
        fact("Environment", "env"),
    ];
    facts.into_iter().flatten().collect()
}
