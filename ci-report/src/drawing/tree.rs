//! A run as a tree: pipeline, stages, jobs and steps, assembled from the events found.

use std::collections::{BTreeMap, HashSet};

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::EventLevel;

use super::critical_path::CriticalJob;
use super::found::Found;
use super::parents::Parents;
use super::strings::{fit, visible, width};
use super::style::Style;
use super::time::{duration, short_duration};

/// The maximum number of columns of a line.
pub const WIDTH: usize = 100;
/// The width of a duration.
const TIME: usize = 8;
/// The width of a status.
const STATUS: usize = 8;
/// The width of a bar, which shows when something ran.
const BAR: usize = 36;
/// The smallest width of a name, however deep it is.
const NAME: usize = 12;

/// Draws the runs that have stages, jobs or steps, oldest first. Jobs on a critical path have bars
/// of another shape.
#[must_use]
pub fn draw(
    found: &[Found],
    critical: &[CriticalJob<'_>],
    now: Timestamp,
    style: Style,
) -> Vec<String> {
    let mut parts: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for event in found.iter().filter(|event| event.level != EventLevel::Pipeline) {
        parts.entry(&event.pipeline_id).or_default().push(event);
    }
    let mut runs: Vec<&Found> = found
        .iter()
        .filter(|event| event.level == EventLevel::Pipeline)
        .filter(|run| parts.contains_key(run.id.as_str()))
        .collect();
    runs.sort_by_key(|run| run.start);
    let mut lines = Vec::new();
    for (i, run) in runs.into_iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        let parts = parts.get(run.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        lines.append(&mut draw_run(run, parts, found, critical, now, style));
    }
    lines
}

/// Draws one run with its stages, jobs and steps. `others` may contain other attempts of the run.
#[must_use]
pub fn draw_run(
    run: &Found,
    parts: &[&Found],
    others: &[Found],
    critical: &[CriticalJob<'_>],
    now: Timestamp,
    style: Style,
) -> Vec<String> {
    let critical = critical.iter().map(|part| part.job.id.as_str()).collect();
    let mut lines = Vec::new();
    Tree { parts, others, run, critical, now, style }.draw(&mut lines);
    lines
}

/// The tree of one run.
struct Tree<'a> {
    parts: &'a [&'a Found],
    /// Among them other attempts of the run.
    others: &'a [Found],
    run: &'a Found,
    /// The ids of the jobs on the critical path.
    critical: HashSet<&'a str>,
    now: Timestamp,
    style: Style,
}

/// A part whose line is drawn next.
struct Next {
    part: usize,
    indent: String,
    is_last: bool,
}

impl Tree<'_> {
    fn draw(&self, lines: &mut Vec<String>) {
        let run = self.run;
        // Without a number of the CI system, the id is sent instead.
        let number = run.number.as_deref().filter(|number| *number != run.id);
        let name = number.map_or_else(|| run.name.clone(), |n| format!("{} #{n}", run.name));
        let commit = self.style.faint(fit(&run.commit, BAR).trim_end());
        lines.push(self.line("", &name, run, &commit));
        let notes = [Some(format!("unique_id {}", short(&run.id))), self.link()];
        let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(", ");
        lines.push(self.style.faint(&format!("│  {}", visible(&notes))));

        if !self.parts.iter().any(|part| part.error.is_some()) {
            lines.extend(self.error(run, "│  "));
        }

        // Not recursive: events decide how deep the tree is.
        let tree = Parents::new(self.parts);
        let push = |stack: &mut Vec<Next>, parts: &[usize], indent: &str| {
            let next = |(i, part): (usize, &usize)| Next {
                part: *part,
                indent: indent.to_owned(),
                is_last: i + 1 == parts.len(),
            };
            stack.extend(parts.iter().enumerate().map(next).rev());
        };
        let mut stack = Vec::new();
        push(&mut stack, &tree.of_run, "");
        while let Some(Next { part, indent, is_last }) = stack.pop() {
            let (Some(event), Some(own)) = (self.parts.get(part), tree.of_part.get(part)) else {
                continue;
            };
            let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            lines.push(self.line(
                &format!("{indent}{branch}"),
                &event.name,
                event,
                &self.bar(event),
            ));
            let below = format!("{indent}{below}");
            // The error is shown where it occurred, and not again for the parents.
            let is_failed = |part: &usize| self.parts.get(*part).is_some_and(|p| p.error.is_some());
            if !own.iter().any(is_failed) {
                lines.extend(self.error(event, &below));
            }
            push(&mut stack, own, &below);
        }
    }

    /// Returns the line of the error of an event, if it has one.
    fn error(&self, event: &Found, below: &str) -> Option<String> {
        let message = fit(event.error.as_ref()?, WIDTH.saturating_sub(width(below)));
        let message = self.style.of_status(&event.status, message.trim_end());
        Some(format!("{}{message}", self.style.faint(below)))
    }

    /// Describes how the run relates to the previous or the next attempt.
    fn link(&self) -> Option<String> {
        let runs = || self.others.iter().filter(|event| event.level == EventLevel::Pipeline);
        if let Some(previous) = &self.run.previous {
            let kind = match self.run.partial.as_deref() {
                Some("resumed") => "continues",
                Some("retry") => "a partial retry of",
                _ => "repeats",
            };
            let status = runs().find(|run| run.id == *previous);
            let status = status.map_or("not found", |run| run.status.as_str());
            return Some(format!("{kind} {} ({status})", short(previous)));
        }
        let next = runs().find(|run| run.previous.as_deref() == Some(&self.run.id))?;
        let kind = if self.run.status == "blocked" { "resumed as" } else { "retried as" };
        Some(format!("{kind} {} ({})", short(&next.id), next.status))
    }

    /// Returns the line of an event: its branch, name, status, duration, and more.
    fn line(&self, branch: &str, name: &str, event: &Found, more: &str) -> String {
        let style = self.style;
        let time = match (event.duration, event.status.as_str()) {
            (_, "skipped") => "–".to_owned(),
            (Some(time), _) => short_duration(time),
            (None, _) => format!("{}…", duration(event.start.duration_until(self.now))),
        };
        let (symbol, status) = match style {
            Style::Colored => (style.symbol(&event.status), String::new()),
            Style::Plain => ("", fit(&event.status, STATUS)),
        };
        let taken: usize = [branch, symbol, &status].map(width).iter().sum();
        let columns = (WIDTH - BAR - TIME - 2).saturating_sub(taken).max(NAME);
        let name = fit(name, columns);
        let name = if branch.is_empty() { style.heading(&name) } else { name };
        let symbol = style.of_status(&event.status, symbol);
        let line = format!("{}{symbol}{name}{status}{time:>TIME$}  {more}", style.faint(branch));
        line.trim_end().to_owned()
    }

    /// Draws when an event ran, between the start and the end of the run.
    fn bar(&self, event: &Found) -> String {
        if event.status == "skipped" {
            return String::new();
        }
        let column = |time: Timestamp| self.column(time);
        let queued = column(event.start.checked_sub(event.queue_time).unwrap_or(event.start));
        let from = column(event.start).min(BAR - 1);
        let to = column(event.end(self.now)).max(from + 1);
        let is_critical = event.level == EventLevel::Job && self.critical.contains(&*event.id);
        let line = if is_critical { "█" } else { "━" };
        let waited = self.style.faint(&"·".repeat(from.saturating_sub(queued)));
        let ran = self.style.of_status(&event.status, &line.repeat(to - from));
        format!("{}{waited}{ran}", " ".repeat(queued.min(from)))
    }

    /// Returns the column of a point in time.
    fn column(&self, time: Timestamp) -> usize {
        let seconds = SignedDuration::as_secs_f64;
        let whole = seconds(&self.run.start.duration_until(self.run.end(self.now)));
        let part = seconds(&self.run.start.duration_until(time));
        let share = if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
        (share * BAR as f64).round() as usize
    }
}

/// Returns the start of an id.
fn short(id: &str) -> String {
    match id.char_indices().nth(9) {
        None => id.to_owned(),
        Some(_) => format!("{}…", id.chars().take(8).collect::<String>()),
    }
}
