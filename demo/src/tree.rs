//! Runs as trees: pipeline, stages, jobs and steps, assembled from the events found.

use std::collections::BTreeSet;

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::EventLevel;

use crate::found::Found;
use crate::style::{Style, WIDTH, duration, fit};

/// The width of a duration.
const TIME: usize = 8;
/// The width of a status.
const STATUS: usize = 8;
/// The width of a bar, which shows when something ran.
const BAR: usize = 36;

/// Draws the runs that have stages, jobs or steps, oldest first.
pub(crate) fn draw(found: &[Found], now: Timestamp, style: Style) -> Vec<String> {
    let with_parts: BTreeSet<&str> = found
        .iter()
        .filter(|event| event.level != EventLevel::Pipeline)
        .map(|event| event.pipeline_id.as_str())
        .collect();
    let mut runs: Vec<&Found> = found
        .iter()
        .filter(|event| event.level == EventLevel::Pipeline)
        .filter(|run| with_parts.contains(run.id.as_str()))
        .collect();
    runs.sort_by_key(|run| run.start);
    let mut lines = Vec::new();
    for (i, run) in runs.into_iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        let mut tree = Tree { found, run, now, style, lines: Vec::new() };
        tree.run();
        lines.append(&mut tree.lines);
    }
    lines
}

/// The tree of one run.
struct Tree<'a> {
    found: &'a [Found],
    run: &'a Found,
    now: Timestamp,
    style: Style,
    lines: Vec<String>,
}

impl<'a> Tree<'a> {
    fn run(&mut self) {
        let run = self.run;
        let number = run.number.as_deref().unwrap_or(&run.id);
        let short = run.id.get(..8).unwrap_or(&run.id);
        let name = format!("{} #{number}", run.name);
        let commit = self.style.faint(fit(&run.commit, BAR).trim_end());
        self.line("", &name, run, &commit);
        let link = self.link();
        let notes = [Some(format!("unique_id {short}…")), link];
        let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(", ");
        self.note("│  ", &notes);
        self.children(run, "");
    }

    /// Describes how the run relates to the previous or the next attempt.
    fn link(&self) -> Option<String> {
        let runs = || self.found.iter().filter(|event| event.level == EventLevel::Pipeline);
        let short = |run: &Found| run.id.get(..8).unwrap_or(&run.id).to_owned();
        if let Some(previous) = &self.run.previous {
            let kind = match self.run.partial.as_deref() {
                Some("resumed") => "continues",
                Some("retry") => "a partial retry of",
                _ => "repeats",
            };
            let status = runs().find(|run| run.id == *previous);
            let status = status.map_or("not found", |run| run.status.as_str());
            return Some(format!("{kind} {}… ({status})", previous.get(..8).unwrap_or(previous)));
        }
        let next = runs().find(|run| run.previous.as_deref() == Some(&self.run.id))?;
        let kind = if self.run.status == "blocked" { "resumed as" } else { "retried as" };
        Some(format!("{kind} {}… ({})", short(next), next.status))
    }

    fn children(&mut self, parent: &'a Found, indent: &str) {
        let mut children: Vec<&Found> =
            self.found.iter().filter(|event| self.is_parent(parent, event)).collect();
        children.sort_by(|a, b| (a.start, &a.name).cmp(&(b.start, &b.name)));
        let count = children.len();
        for (i, child) in children.into_iter().enumerate() {
            let (branch, below) =
                if i + 1 == count { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let bar = self.bar(child);
            self.line(&format!("{indent}{branch}"), &child.name, child, &bar);
            let below = format!("{indent}{below}");
            // The error is shown where it occurred, and not again for the parents.
            if let Some(error) = child.error.as_ref().filter(|_| !self.has_failed_part(child)) {
                let message = fit(error, WIDTH - below.chars().count());
                let message = self.style.of_status(&child.status, message.trim_end());
                self.lines.push(format!("{}{message}", self.style.faint(&below)));
            }
            self.children(child, &below);
        }
    }

    fn has_failed_part(&self, parent: &Found) -> bool {
        self.found.iter().any(|event| event.error.is_some() && self.is_parent(parent, event))
    }

    /// Whether an event is a child of another. Stages are sent only when they are finished; until
    /// then their jobs are children of the pipeline.
    fn is_parent(&self, parent: &Found, event: &Found) -> bool {
        let of_run = event.pipeline_id == self.run.id;
        of_run
            && match (&parent.level, &event.level) {
                (EventLevel::Pipeline, EventLevel::Stage) => true,
                (EventLevel::Pipeline, EventLevel::Job) => {
                    let is_own = |stage: &&Found| {
                        stage.level == EventLevel::Stage
                            && stage.pipeline_id == event.pipeline_id
                            && event.stage_id.as_ref() == Some(&stage.id)
                    };
                    !self.found.iter().any(|stage| is_own(&stage))
                }
                (EventLevel::Stage, EventLevel::Job) => event.stage_id.as_ref() == Some(&parent.id),
                (EventLevel::Job, EventLevel::Step) => event.job_id.as_ref() == Some(&parent.id),
                _ => false,
            }
    }

    /// Adds the line of an event: its branch, name, status, duration, and more.
    fn line(&mut self, branch: &str, name: &str, event: &Found, more: &str) {
        let style = self.style;
        let time = match (event.duration, event.status.as_str()) {
            (_, "skipped") => "–".to_owned(),
            (Some(time), _) => duration(time),
            (None, _) => format!("{}…", duration(event.start.duration_until(self.now))),
        };
        let (symbol, status) = match style {
            Style::Colored => (style.symbol(&event.status), String::new()),
            Style::Plain => ("", fit(&event.status, STATUS)),
        };
        let taken = [branch, symbol, &status].map(|part| part.chars().count());
        let columns = WIDTH - BAR - TIME - 2 - taken.iter().sum::<usize>();
        let name = fit(name, columns);
        let name = if branch.is_empty() { style.heading(&name) } else { name };
        let symbol = style.of_status(&event.status, symbol);
        let line = format!("{}{symbol}{name}{status}{time:>TIME$}  {more}", style.faint(branch));
        self.lines.push(line.trim_end().to_owned());
    }

    fn note(&mut self, branch: &str, note: &str) {
        let line = self.style.faint(&format!("{branch}{note}"));
        self.lines.push(line);
    }

    /// Draws when an event ran, between the start and the end of the run.
    fn bar(&self, event: &Found) -> String {
        if event.status == "skipped" {
            return String::new();
        }
        let column = |time: Timestamp| self.column(time);
        let queued = column(event.start - event.queue_time);
        let from = column(event.start).min(BAR - 1);
        let to = column(event.end(self.now)).max(from + 1);
        let waited = self.style.faint(&"·".repeat(from.saturating_sub(queued)));
        let ran = self.style.of_status(&event.status, &"━".repeat(to - from));
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
