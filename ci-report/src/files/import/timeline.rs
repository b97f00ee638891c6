//! Parents, and times and statuses that follow from those of the parts.

use std::collections::HashMap;

use datadog_ci_pipelines::jiff::tz::Offset;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use super::problem::Problem;
use super::row::Row;
use super::values::{milliseconds, status, timestamp};
use crate::report::id::derived;

/// What options set.
pub(super) struct Run<'a> {
    pub(super) pipeline: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) offset: Option<Offset>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Level {
    Pipeline,
    Stage,
    Job,
    Step,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Job => "job",
            Self::Step => "step",
        }
    }

    fn parse(input: &str) -> Result<Self, String> {
        match input.trim().to_lowercase().as_str() {
            "pipeline" | "workflow" | "build" | "run" => Ok(Self::Pipeline),
            "stage" => Ok(Self::Stage),
            "job" => Ok(Self::Job),
            "step" | "task" => Ok(Self::Step),
            _ => Err(format!("`{input}` is not a level; it is pipeline, stage, job or step")),
        }
    }
}

/// A row with its parent and its times.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: Row,
    pub(super) level: Level,
    pub(super) id: String,
    pub(super) parent: Option<usize>,
    pub(super) start: Timestamp,
    /// `None` while it runs.
    pub(super) end: Option<Timestamp>,
    pub(super) status: &'static str,
    /// In milliseconds.
    pub(super) queue_time: Option<i64>,
}

/// What a row specifies; the rest follows from its parts.
#[derive(Default)]
struct Given {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    duration: Option<i64>,
    status: Option<&'static str>,
    queue_time: Option<i64>,
}

/// The rows of a run.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) items: Vec<Item>,
    /// The index of the pipeline.
    pub(super) pipeline: usize,
    pub(super) url: Option<String>,
}

impl Timeline {
    /// Finds parents, times, statuses and ids.
    pub(super) fn new(mut rows: Vec<Row>, options: &Run<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut levels = Vec::new();
        for row in &rows {
            let level = Level::parse(row.get("level").unwrap_or_default());
            if row.get("name").is_none() {
                problems.push(Problem::new(&row.location, "the name is missing"));
            }
            levels.push(level.unwrap_or_else(|message| {
                problems.push(Problem::new(&row.location, message));
                Level::Step
            }));
        }
        let have_levels = problems.is_empty();
        let pipelines: Vec<usize> = indices(&levels, Level::Pipeline).collect();
        let pipeline = match (pipelines.as_slice(), options.pipeline) {
            ([only], _) => *only,
            ([_, second, ..], _) => {
                let location = rows.get(*second).map(|row| row.location.clone());
                let message = "a second pipeline; put each run into a file of its own";
                problems.push(Problem::new(location.unwrap_or_default(), message));
                0
            }
            ([], Some(name)) => {
                rows.push(Row::new("", "pipeline", name));
                levels.push(Level::Pipeline);
                rows.len() - 1
            }
            ([], None) => {
                problems.push(Problem::new("", "no pipeline; add a row, or use --pipeline NAME"));
                0
            }
        };
        let mut given = Vec::new();
        for row in &rows {
            given.push(read(row, options.offset, &mut problems));
        }
        let parents = match have_levels {
            true => parents(&rows, &levels, pipeline, &mut problems),
            false => Vec::new(),
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        derive(&levels, &parents, &mut given);
        let mut items = Vec::new();
        for (((row, level), given), parent) in rows.into_iter().zip(levels).zip(given).zip(parents)
        {
            match item(row, level, given, parent) {
                Ok(item) => items.push(item),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut timeline = Self { items, pipeline, url: options.url.map(str::to_owned) };
        timeline.set_ids(options.id);
        Ok(timeline)
    }

    /// Returns the end of the run.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.items.get(self.pipeline)?.end
    }

    /// Derives the ids that are missing from what identifies a row, so that importing a file again
    /// updates the same events.
    fn set_ids(&mut self, run: Option<&str>) {
        let Some(pipeline) = self.items.get(self.pipeline) else { return };
        let id = run.or(pipeline.row.get("id")).map(str::to_owned);
        let name = pipeline.row.get("name").unwrap_or_default();
        let run = id.unwrap_or_else(|| derived(&["import", name, &pipeline.start.to_string()]));
        let own = self.pipeline;
        // Rows of the same name and parent are counted.
        let mut counts = HashMap::new();
        for (i, item) in self.items.iter_mut().enumerate() {
            let name = item.row.get("name").unwrap_or_default().to_owned();
            let count = counts.entry((item.level, item.parent, name.clone())).or_insert(0_usize);
            *count += 1;
            item.id = match (i == own, item.row.get("id")) {
                (true, _) => run.clone(),
                (false, Some(id)) => id.to_owned(),
                (false, None) => {
                    let parent = item.row.get("parent").unwrap_or_default();
                    derived(&["import", &run, item.level.name(), parent, &name, &count.to_string()])
                }
            };
        }
    }
}

fn indices(levels: &[Level], level: Level) -> impl Iterator<Item = usize> {
    levels.iter().enumerate().filter(move |(_, of)| **of == level).map(|(i, _)| i)
}

fn read(row: &Row, offset: Option<Offset>, problems: &mut Vec<Problem>) -> Given {
    let mut problem = |message| problems.push(Problem::new(&row.location, message));
    let mut time = |column| {
        let time = row.get(column).map(|input| timestamp(input, offset))?;
        time.map_err(|message| problem(format!("{column}: {message}"))).ok()
    };
    let (start, end) = (time("start"), time("end"));
    let mut seconds = |column| {
        let time = row.get(column).map(milliseconds)?;
        time.map_err(|message| problem(format!("{column}: {message}"))).ok()
    };
    let (duration, queue_time) = (seconds("duration"), seconds("queue_time"));
    let known = row.get("status").map(|input| {
        status(input).ok_or_else(|| {
            format!("`{input}` is not a status; use success, error, canceled, skipped or running")
        })
    });
    let status = known.and_then(|status| status.map_err(problem).ok());
    Given { start, end, duration, status, queue_time }
}

/// Returns the index of the parent of each row.
fn parents(
    rows: &[Row],
    levels: &[Level],
    pipeline: usize,
    problems: &mut Vec<Problem>,
) -> Vec<Option<usize>> {
    // For each id and name, the rows that have it, in order.
    let (mut ids, mut names) = (HashMap::new(), HashMap::<&str, Vec<usize>>::new());
    for (i, row) in rows.iter().enumerate() {
        if let Some(id) = row.get("id") {
            ids.entry(id).or_insert(i);
        }
        names.entry(row.get("name").unwrap_or_default()).or_default().push(i);
    }
    let mut last_job = None;
    let mut parents = Vec::new();
    for (i, (row, level)) in rows.iter().zip(levels).enumerate() {
        let is_above = |parent: &usize| levels.get(*parent).is_some_and(|above| above < level);
        let parent = match (level, row.get("parent")) {
            (Level::Pipeline, _) => None,
            (_, Some(parent)) => {
                let of_id = ids.get(parent).copied().filter(is_above);
                // Of several with this name, the one above this row.
                let named = names.get(parent).into_iter().flatten().copied().filter(is_above);
                let (before, after): (Vec<usize>, Vec<usize>) = named.partition(|other| *other < i);
                let found = of_id.or(before.last().copied()).or(after.first().copied());
                if found.is_none() {
                    let message =
                        format!("no parent of a {} has the id or name `{parent}`", level.name());
                    problems.push(Problem::new(&row.location, message));
                }
                found
            }
            (Level::Step, None) => {
                if last_job.is_none() {
                    let message = "a step needs a parent, or a job above it";
                    problems.push(Problem::new(&row.location, message));
                }
                last_job
            }
            (_, None) => Some(pipeline),
        };
        if *level == Level::Job {
            last_job = Some(i);
        }
        parents.push(parent);
    }
    parents
}

/// What follows from the parts of a row.
#[derive(Clone, Copy, Default)]
struct OfParts {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    /// Whether a part still runs.
    is_open: bool,
    status: Option<&'static str>,
}

/// Derives times and statuses of rows with parts, the deepest level first.
fn derive(levels: &[Level], parents: &[Option<usize>], given: &mut [Given]) {
    let mut found = vec![OfParts::default(); given.len()];
    for level in [Level::Step, Level::Job, Level::Stage, Level::Pipeline] {
        for i in indices(levels, level) {
            let (Some(parts), Some(own)) = (found.get(i).copied(), given.get_mut(i)) else {
                continue;
            };
            own.start = own.start.or(parts.start);
            own.status = own.status.or(parts.status);
            if own.end.is_none() && own.status != Some("running") {
                let duration = own.duration.map(SignedDuration::from_millis);
                let end = own.start.zip(duration).and_then(|(start, d)| start.checked_add(d).ok());
                own.end = end.or(parts.end.filter(|_| !parts.is_open));
            }
            let (start, end, status) = (own.start, own.end, own.status);
            let Some(parent) = parents.get(i).copied().flatten() else { continue };
            let Some(above) = found.get_mut(parent) else { continue };
            above.start = [above.start, start].into_iter().flatten().min();
            above.end = above.end.max(end);
            above.is_open |= end.is_none();
            above.status =
                [above.status, status].into_iter().flatten().max_by_key(|status| severity(status));
        }
    }
}

/// Returns which status of a part decides about the whole.
fn severity(status: &str) -> u8 {
    match status {
        "skipped" => 0,
        "success" => 1,
        "blocked" => 2,
        "canceled" => 3,
        "error" => 4,
        _ => 5,
    }
}

fn item(row: Row, level: Level, given: Given, parent: Option<usize>) -> Result<Item, Problem> {
    let problem = |message: &str| Problem::new(&row.location, message);
    let start = given.start.ok_or_else(|| problem("the start is missing"))?;
    let end = given.end.filter(|_| given.status != Some("running"));
    let status = match (given.status, end) {
        (Some(status), _) => status,
        (None, None) => "running",
        (None, Some(_)) => return Err(problem("the status is missing")),
    };
    match (end, status, level) {
        (None, "running", Level::Stage | Level::Step) => {
            Err(problem("stages and steps are sent when they have ended; the end is missing"))
        }
        (None, status, _) if status != "running" => Err(problem("the end is missing")),
        _ => Ok(()),
    }?;
    let queue_time = given.queue_time;
    Ok(Item { row, level, id: String::new(), parent, start, end, status, queue_time })
}
