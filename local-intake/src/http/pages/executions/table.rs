//! The table of events, with columns of choice.

use std::collections::HashSet;

use crate::event::Level;
use crate::http::pages::frame::{Address, Filter};
use crate::http::pages::show::{Status, Time, duration, short_sha, shortened};
use crate::http::pages::source::Event;

/// The names of durations in nanoseconds.
const DURATIONS: [&str; 4] =
    ["@duration", "@ci.queue_time", "@ci.execution_time", "@ci.critical_path.exclusive_time"];
/// The maximum number of columns.
const MAX_COLUMNS: usize = 50;
/// The maximum length of a value in characters. The page of the execution has all of it.
const MAX_VALUE: usize = 200;

/// The table.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    pub(super) is_running: bool,
    /// Columns that can be added or removed.
    pub(super) choices: Vec<Choice>,
}

/// A column: its name in the address, and its title.
pub(super) struct Column {
    pub(super) title: String,
    /// The class of the style sheet.
    pub(super) class: &'static str,
}

/// A column to choose.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) is_chosen: bool,
}

/// An event.
pub(super) struct Row {
    pub(super) time: Time,
    pub(super) status: Status,
    pub(super) name: String,
    pub(super) link: String,
    pub(super) cells: Vec<String>,
}

/// Returns the columns that each level can have, with their titles. The first ones are the default.
fn of_level(level: Level) -> (Vec<(&'static str, &'static str)>, usize) {
    let commit = [("@git.branch", "Branch"), ("@git.commit.sha", "Commit")];
    let mut columns = Vec::new();
    if level != Level::Pipeline {
        columns.push(("@ci.pipeline.name", "Pipeline"));
    }
    let defaults = match level {
        Level::Pipeline => {
            columns.extend(commit);
            columns.extend([("@duration", "Duration"), ("@error.message", "Error")]);
            4
        }
        Level::Job => {
            columns.extend([
                ("@ci.stage.name", "Stage"),
                ("@duration", "Duration"),
                ("@ci.queue_time", "Queue time"),
                ("@ci.critical_path.exclusive_time", "Exclusive time"),
                ("@error.message", "Error"),
            ]);
            6
        }
        Level::Stage | Level::Step => {
            columns.extend([("@duration", "Duration"), ("@error.message", "Error")]);
            3
        }
    };
    if level != Level::Pipeline {
        columns.extend(commit);
    }
    columns.extend([
        ("@git.repository.name", "Repository"),
        ("@git.commit.message", "Message"),
        ("@git.commit.author.name", "Author"),
        ("@ci.node.name", "Node"),
        ("@ci.provider.name", "Provider"),
        ("@error.type", "Error type"),
        ("env", "Environment"),
    ]);
    if level == Level::Pipeline {
        columns
            .extend([("@ci.queue_time", "Queue time"), ("@ci.execution_time", "Execution time")]);
    }
    (columns, defaults)
}

impl Table {
    pub(super) fn new(events: &[Event], address: &Address, filter: &Filter, now: i64) -> Self {
        let (known, defaults) = of_level(filter.level);
        let mut chosen: Vec<String> =
            address.all("column").map(|it| it.trim().to_owned()).collect();
        if chosen.is_empty() {
            chosen = known.iter().take(defaults).map(|(name, _)| (*name).to_owned()).collect();
        }
        let mut known_so_far = HashSet::new();
        chosen.retain(|name| known_so_far.insert(name.clone()));
        chosen.truncate(MAX_COLUMNS);
        let title = |name: &str| {
            let title = known.iter().find(|(other, _)| *other == name).map(|(_, title)| *title);
            title.unwrap_or(name).to_owned()
        };
        let columns = chosen.iter().map(|name| Column {
            title: title(name),
            class: match name.as_str() {
                "@git.commit.sha" => "code",
                name if DURATIONS.contains(&name) => "number",
                _ => "",
            },
        });
        let unknown = chosen.iter().filter(|name| known.iter().all(|(other, _)| other != name));
        let names = known.iter().map(|(name, _)| (*name).to_owned()).chain(unknown.cloned());
        let choices = names.map(|name| Choice {
            title: title(&name),
            is_chosen: chosen.contains(&name),
            name,
        });
        Self {
            columns: columns.collect(),
            choices: choices.collect(),
            rows: events.iter().map(|event| Row::new(event, &chosen, now)).collect(),
            is_running: events.iter().any(Event::is_running),
        }
    }
}

impl Row {
    fn new(event: &Event, columns: &[String], now: i64) -> Self {
        let level = event.level().name();
        let name = event.string(&format!("ci.{level}.name")).unwrap_or("(no name)");
        let id = event.string("ci.pipeline.id").unwrap_or_default();
        let mut link = Address::new("/execution", None).with("id", id);
        if event.level() != Level::Pipeline {
            link = link.with("event", &event.0.id);
        }
        Self {
            time: Time(event.0.timestamp),
            status: Status::new(event.string("ci.status")),
            name: shortened(name, MAX_VALUE),
            link: link.link(),
            cells: columns.iter().map(|column| cell(event, column, now)).collect(),
        }
    }
}

fn cell(event: &Event, column: &str, now: i64) -> String {
    if let (true, Some(path)) = (DURATIONS.contains(&column), column.strip_prefix('@')) {
        let nanoseconds = match path {
            "duration" => event.duration(now),
            _ => event.integer(path),
        };
        return nanoseconds.map(|it| duration(it as f64)).unwrap_or_default();
    }
    let values = event.column(column).join(", ");
    match column {
        "@git.commit.sha" => short_sha(&values).to_owned(),
        _ => shortened(&values, MAX_VALUE),
    }
}
