//! The results of all documents: a table, followed by details.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::examples::Outcome;
use super::one::{Generated, Reason};
use super::sample::{self, Sampled};
use super::table::{grouped, table};
use crate::timed::Cost;

/// How many examples of one kind are printed.
const SHOWN: usize = 20;

/// The results of one document.
#[derive(Debug)]
pub(super) struct Report {
    name: String,
    generated: Generated,
    /// Why only a part was generated.
    left_out: Option<Vec<Reason>>,
    pub(super) checked: Option<Cost>,
    pub(super) examples: Option<Outcome>,
    pub(super) sampled: Option<Sampled>,
}

impl Report {
    /// Creates the report of a document that was generated completely.
    pub(super) fn whole(name: &str, generated: Generated) -> Self {
        Self {
            name: name.to_owned(),
            generated,
            left_out: None,
            checked: None,
            examples: None,
            sampled: None,
        }
    }

    /// Creates the report of a document whose unsupported operations were left out.
    pub(super) fn part(name: &str, whole: Generated, generated: Generated) -> Self {
        Self { left_out: Some(whole.errors), ..Self::whole(name, generated) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_generated(&self) -> bool {
        self.generated.counts.is_some()
    }

    pub(super) fn is_part(&self) -> bool {
        self.left_out.is_some()
    }

    /// Returns whether a check failed.
    pub(super) fn has_failed(&self, accepts_part: bool) -> bool {
        !self.is_generated()
            || (self.is_part() && !accepts_part)
            || self.checked.as_ref().is_some_and(|checked| checked.failed.is_some())
            || self.examples.as_ref().is_some_and(|examples| !examples.failed.is_empty())
    }

    /// The number of unions that are decoded by trial.
    fn trial_unions(&self) -> usize {
        let unions =
            self.generated.warnings.iter().filter(|reason| reason.code == "ambiguous-union");
        unions.map(|reason| reason.count).sum()
    }

    fn row(&self) -> Vec<String> {
        let counts = self.generated.counts.unwrap_or_default();
        let warnings: usize = self.generated.warnings.iter().map(|reason| reason.count).sum();
        let checked = |value: fn(&Cost) -> String| match &self.checked {
            Some(Cost { failed: Some(_), .. }) => "failed".to_owned(),
            Some(checked) => value(checked),
            None => "–".to_owned(),
        };
        vec![
            self.name.clone(),
            format!("{} / {}", grouped(counts.operations), grouped(counts.defined)),
            grouped(counts.schemas),
            format!("{} ({})", grouped(counts.unions), self.trial_unions()),
            grouped(warnings),
            format!("{:.2} s", self.generated.seconds),
            format!("{:.2} s", self.generated.process_seconds),
            self.generated.mebibytes.map_or("–".to_owned(), |memory| format!("{memory:.0} MiB")),
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
        let mut output = String::new();
        if let Some(errors) = self.left_out.as_ref().filter(|errors| !errors.is_empty()) {
            let _ = writeln!(output, "\n{}: why it was only generated in part", self.name);
            output += &reasons(errors);
        }
        if !self.is_generated() && !self.generated.errors.is_empty() {
            let _ = writeln!(
                output,
                "\n{}: could not be generated, even without unsupported operations",
                self.name
            );
            output += &reasons(&self.generated.errors);
        }
        // What was left out is a warning of the partial run, and was printed above.
        let known = |reason: &&Reason| {
            let mut printed = self.left_out.iter().flatten();
            printed.all(|known| known.code != reason.code || known.location != reason.location)
        };
        let mut by_code: BTreeMap<&str, Reason> = BTreeMap::new();
        for reason in self.generated.warnings.iter().filter(known) {
            let entry = by_code.entry(&reason.code);
            let sum = entry.or_insert_with(|| Reason { count: 0, ..reason.clone() });
            sum.count += reason.count;
        }
        if !by_code.is_empty() {
            let _ =
                writeln!(output, "\n{}: number of warnings and the first of each code", self.name);
            output += &reasons(&by_code.into_values().collect::<Vec<_>>());
        }
        if let Some(Cost { failed: Some(why), .. }) = &self.checked {
            let _ = writeln!(output, "\n{}: compile errors or warnings\n{why}", self.name);
        }
        if let Some(examples) = &self.examples {
            output += &listed(&self.name, "examples contradict their schema", &examples.contradict);
            output += &listed(&self.name, "examples change in the round trip", &examples.failed);
        }
        if let Some(sampled) = &self.sampled {
            output +=
                &listed(&self.name, "reasons why schemas were left out", &sampled.not_reached);
            output += &listed(&self.name, "schemas do not come back equal", &sampled.failed);
        }
        output
    }
}

/// Renders the table and the details.
pub(super) fn render(reports: &[Report]) -> String {
    let head = [
        "document",
        "operations",
        "schemas",
        "unions (by trial)",
        "warnings",
        "generate",
        "process",
        "memory",
        "files",
        "lines",
        "check",
        "processors",
        "check memory",
    ];
    let mut output = table(&head, &reports.iter().map(Report::row).collect::<Vec<_>>());
    let of = |report: &Report| Some(report.sampled.as_ref()?.row(&report.name));
    let mut sampled: Vec<Vec<String>> = reports.iter().filter_map(of).collect();
    if !sampled.is_empty() {
        sampled.push(all_sampled(reports).row("all"));
        let _ = write!(output, "\n{}", table(&sample::HEAD, &sampled));
    }
    let examples: Vec<Vec<String>> = reports.iter().filter_map(Report::examples_row).collect();
    if !examples.is_empty() {
        let head = ["document", "examples", "agree", "contradict", "failed", "without a type"];
        let _ = write!(output, "\n{}", table(&head, &examples));
    }
    reports.iter().for_each(|report| output += &report.details());
    output
}

/// Returns the sum of what was drawn from all documents.
pub(super) fn all_sampled(reports: &[Report]) -> Sampled {
    reports.iter().filter_map(|report| report.sampled.as_ref()).sum()
}

fn reasons(reasons: &[Reason]) -> String {
    let line = |reason: &Reason| {
        let Reason { code, count, message, location } = reason;
        format!("  {count:>5} {code}: {message} ({location})\n")
    };
    reasons.iter().map(line).collect()
}

fn listed(name: &str, what: &str, all: &[String]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut output = format!("\n{name}: {} {what}\n", all.len());
    for one in all.iter().take(SHOWN) {
        let _ = writeln!(output, "  {one}");
    }
    if all.len() > SHOWN {
        let _ = writeln!(output, "  … {} more, in the folder of the results", all.len() - SHOWN);
    }
    output
}
