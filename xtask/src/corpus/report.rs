//! What came of each description: a line of the table, and below it what has to be said.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Made;
use super::examples::Outcome;
use super::one::Reason;
use super::table::{grouped, table};
use crate::timed::Cost;

/// How many examples of one kind are shown.
const SHOWN: usize = 20;

/// What came of one description.
#[derive(Debug)]
pub(super) struct Report {
    name: String,
    /// What was generated, whole or in part.
    made: Made,
    /// Why it is only a part.
    left_out: Option<Vec<Reason>>,
    pub(super) checked: Option<Cost>,
    pub(super) examples: Option<Outcome>,
}

impl Report {
    /// All of it was generated.
    pub(super) fn whole(name: &str, made: Made) -> Self {
        Self { name: name.to_owned(), made, left_out: None, checked: None, examples: None }
    }

    /// Whole it failed; without what cannot be generated it may not have.
    pub(super) fn part(name: &str, whole: Made, made: Made) -> Self {
        Self { left_out: Some(whole.errors), ..Self::whole(name, made) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_generated(&self) -> bool {
        self.made.counts.is_some()
    }

    pub(super) fn is_part(&self) -> bool {
        self.left_out.is_some()
    }

    /// Whether anything is not as it should be.
    pub(super) fn has_failed(&self, part_will_do: bool) -> bool {
        !self.is_generated()
            || (self.is_part() && !part_will_do)
            || self.checked.as_ref().is_some_and(|checked| checked.failed.is_some())
            || self.examples.as_ref().is_some_and(|examples| !examples.failed.is_empty())
    }

    fn tried(&self) -> usize {
        let tried = self.made.warnings.iter().filter(|reason| reason.code == "ambiguous-union");
        tried.map(|reason| reason.count).sum()
    }

    fn row(&self) -> Vec<String> {
        let counts = self.made.counts.unwrap_or_default();
        let warnings: usize = self.made.warnings.iter().map(|reason| reason.count).sum();
        let checked = |value: fn(&Cost) -> String| match &self.checked {
            Some(Cost { failed: Some(_), .. }) => "failed".to_owned(),
            Some(checked) => value(checked),
            None => "–".to_owned(),
        };
        vec![
            self.name.clone(),
            format!("{} / {}", grouped(counts.operations), grouped(counts.defined)),
            grouped(counts.schemas),
            format!("{} ({})", grouped(counts.unions), self.tried()),
            grouped(warnings),
            format!("{:.2} s", self.made.seconds),
            format!("{:.2} s", self.made.process_seconds),
            self.made.mebibytes.map_or("–".to_owned(), |memory| format!("{memory:.0} MiB")),
            grouped(counts.files),
            grouped(counts.lines),
            checked(|checked| format!("{:.1} s", checked.seconds)),
            checked(|checked| format!("{:.1} s", checked.processor_seconds)),
            checked(|checked| format!("{:.0} MiB", checked.mebibytes)),
        ]
    }

    fn examples_row(&self) -> Option<Vec<String>> {
        let examples = self.examples.as_ref()?;
        Some(vec![
            self.name.clone(),
            grouped(examples.agree + examples.contradict.len() + examples.failed.len()),
            grouped(examples.agree),
            grouped(examples.contradict.len()),
            grouped(examples.failed.len()),
            grouped(examples.without_type),
        ])
    }

    fn details(&self) -> String {
        let mut text = String::new();
        if let Some(errors) = self.left_out.as_ref().filter(|errors| !errors.is_empty()) {
            let _ = writeln!(text, "\n{}: what kept it from being generated whole", self.name);
            text += &reasons(errors);
        }
        if !self.is_generated() && !self.made.errors.is_empty() {
            let _ = writeln!(text, "\n{}: even in part it is not generated", self.name);
            text += &reasons(&self.made.errors);
        }
        // What was left out is a warning in the rest, and has been told.
        let known = |reason: &&Reason| {
            let told = self.left_out.iter().flatten();
            told.filter(|known| known.code == reason.code).all(|known| known.place != reason.place)
        };
        let mut by_code: BTreeMap<&str, Reason> = BTreeMap::new();
        for reason in self.made.warnings.iter().filter(known) {
            let of_code = by_code.entry(&reason.code);
            let sum = of_code.or_insert_with(|| Reason { count: 0, ..reason.clone() });
            sum.count += reason.count;
        }
        if !by_code.is_empty() {
            let _ = writeln!(text, "\n{}: warnings, and the first of each code", self.name);
            text += &reasons(&by_code.into_values().collect::<Vec<_>>());
        }
        if let Some(Cost { failed: Some(why), .. }) = &self.checked {
            let _ = writeln!(text, "\n{}: it does not compile without warnings\n{why}", self.name);
        }
        if let Some(examples) = &self.examples {
            text += &listed(&self.name, "contradict their own schema", &examples.contradict);
            text += &listed(&self.name, "do not come back as they are", &examples.failed);
        }
        text
    }
}

/// The table of all, and what is to be said of each.
pub(super) fn render(reports: &[Report]) -> String {
    let head = [
        "description",
        "operations",
        "schemas",
        "unions (tried)",
        "warnings",
        "generate",
        "process",
        "memory",
        "files",
        "lines",
        "check",
        "processors",
        "its memory",
    ];
    let mut text = table(&head, &reports.iter().map(Report::row).collect::<Vec<_>>());
    let examples: Vec<Vec<String>> = reports.iter().filter_map(Report::examples_row).collect();
    if !examples.is_empty() {
        let head = ["description", "examples", "agree", "contradict", "failed", "without a type"];
        let _ = write!(text, "\n{}", table(&head, &examples));
    }
    reports.iter().for_each(|report| text += &report.details());
    text
}

fn reasons(reasons: &[Reason]) -> String {
    let line = |reason: &Reason| {
        let Reason { code, count, message, place } = reason;
        format!("  {count:>5} {code}: {message} ({place})\n")
    };
    reasons.iter().map(line).collect()
}

fn listed(name: &str, what: &str, all: &[String]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{name}: {} examples {what}\n", all.len());
    for one in all.iter().take(SHOWN) {
        let _ = writeln!(text, "  {one}");
    }
    if all.len() > SHOWN {
        let _ = writeln!(text, "  … {} more, all in the file beside the crate", all.len() - SHOWN);
    }
    text
}
