//! Test reports in the JUnit format: why a job failed.
//!
//! | module | responsibility |
//! |---|---|
//! | `report` | the failures of a report |

mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use datadog_ci_pipelines::models::{CiError, CiErrorDomain};

use self::report::{Report, TestFailure};
use super::input;
use crate::settings::Mask;
use crate::status::Failure;

/// The longest message and type that the API accepts, in characters.
const MESSAGE: usize = 5000;
const TYPE: usize = 100;
/// The longest stack, in characters.
const STACK: usize = 32_000;
/// How precise the times of files are, and how far the clock of their disk may be off.
const PRECISION: Duration = Duration::from_secs(2);
/// The number of failures that the message names.
const NAMED: usize = 10;

/// Returns the error of a job from its test report: a file, or a folder with reports in files
/// `*.xml`. Reports of Surefire, pytest, go-junit-report, Jest and others are understood. Returns
/// `None` if no test failed.
///
/// The message counts the failures and names the first ones, the type is that of the failures if they
/// all have the same one, and the stack has the details of all, up to 32,000 characters.
///
/// Reports that were written before `since` are those of an earlier run, and are ignored. Values are
/// masked before strings are cut.
///
/// # Errors
/// Returns an error if a report cannot be read or is not XML, or there is none.
pub(crate) fn error_of(
    path: &Path,
    since: Option<SystemTime>,
    mask: &Mask,
) -> Result<Option<CiError>, Failure> {
    let mut report = Report::default();
    for file in files(path)? {
        let written = file.metadata().and_then(|metadata| metadata.modified());
        if since.zip(written.ok()).is_some_and(|(since, written)| written + PRECISION < since) {
            continue;
        }
        let input = input::read(&file)?;
        report.read(&input).map_err(|problem| {
            Failure::new(format!("{} is not a test report: {problem}", input::name(&file)))
        })?;
    }
    error(&report, mask)
}

/// Returns the reports: the file itself, or those in a folder, by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let name = input::name(path);
    let failed = |error| Failure::new(format!("cannot read {name}: {error}"));
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
            files.push(path);
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(Failure::new(format!("{name} has no reports (*.xml)"))),
        false => Ok(files),
    }
}

fn error(report: &Report, mask: &Mask) -> Result<Option<CiError>, Failure> {
    let Some(first) = report.failures.first() else { return Ok(None) };
    let count = report.failures.len();
    let tests = if report.tests == 1 { "test" } else { "tests" };
    let mut message = format!("{count} of {} {tests} failed", report.tests);
    for failure in report.failures.iter().take(NAMED) {
        message.push_str(&format!("\n{}", line(failure)));
    }
    if let Some(more @ 1..) = count.checked_sub(NAMED) {
        message.push_str(&format!("\nand {more} more"));
    }
    let mut stack = String::new();
    for failure in report.failures.iter().filter(|failure| !failure.details.is_empty()) {
        // Lengths in bytes bound those in characters.
        if stack.len() > STACK {
            break;
        }
        let gap = if stack.is_empty() { "" } else { "\n\n" };
        stack.push_str(&format!("{gap}{}\n{}", failure.name, failure.details.trim_end()));
    }
    let is_same = report.failures.iter().all(|failure| failure.kind == first.kind);
    let kind = first.kind.as_deref().filter(|_| is_same).unwrap_or("TestFailure");
    let mut error = CiError::builder()
        .message(truncate(&mask.apply(plain(&message)), MESSAGE))
        .r#type(truncate(&mask.apply(kind), TYPE))
        .domain(CiErrorDomain::User);
    if !stack.is_empty() {
        error = error.stack(truncate(&mask.apply(plain(&stack)), STACK));
    }
    let error = error.build();
    error.map(Some).map_err(|error| Failure::new(format!("the test report: {error}")))
}

/// Returns the name of a test and the first line of its message.
fn line(failure: &TestFailure) -> String {
    let message = failure.message.as_deref().unwrap_or(&failure.details);
    let first = message.lines().map(str::trim).find(|line| !line.is_empty());
    first.map_or_else(|| failure.name.clone(), |first| format!("{}: {first}", failure.name))
}

/// Removes the colours and other sequences that test runners write for terminals.
fn plain(input: &str) -> String {
    let (mut out, mut chars) = (String::with_capacity(input.len()), input.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                // The sequence ends with a letter or one of a few other characters.
                let is_inside = |c: &char| !('@'..='~').contains(c);
                chars.next();
                while chars.next_if(is_inside).is_some() {}
                chars.next();
            }
            '\n' | '\t' => out.push(c),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out
}

fn truncate(input: &str, limit: usize) -> String {
    match input.char_indices().nth(limit) {
        None => input.to_owned(),
        Some(_) => {
            let start: String = input.chars().take(limit.saturating_sub(1)).collect();
            format!("{start}…")
        }
    }
}

#[cfg(test)]
mod tests;
