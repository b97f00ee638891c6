//! One run of the generator: its output is compared with a directory.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use specwright::files::{Change, Mode, apply, compare, describe};
use specwright::{DiffError, GeneratorError, Input, Output, Package};

use crate::output::{print, print_error, use_colour};

/// A run of the generator.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The document and its configuration.
    pub input: Input,
    /// The directory of the generated files.
    pub directory: PathBuf,
    /// The directory as it is printed.
    pub shown_directory: String,
    /// Whether differences are written or reported.
    pub mode: Mode,
    /// The time that reading the input took.
    pub read: Duration,
}

impl Plan {
    /// Generates or checks, and prints a summary. Returns the differences that a check found.
    ///
    /// # Errors
    /// Returns an error with the diagnostics, or the file that cannot be read or written.
    pub fn run(&self, shows_warnings: bool) -> Result<Option<String>, String> {
        let started = Instant::now();
        let output = specwright::generate(&self.input).map_err(|found| shown(&found.into()))?;
        let generated = started.elapsed();
        let started = Instant::now();
        // Warnings are located while the files are compared.
        let changes = thread::scope(|scope| {
            let changes = scope.spawn(|| self.changes(&output));
            if shows_warnings && !output.warnings.is_empty() {
                print_error(&output.warnings.render(use_colour()));
            }
            changes.join().unwrap_or_else(|panic| resume_unwind(panic))
        })?;
        self.print_summary(&output, &changes, [self.read, generated, started.elapsed()]);
        Ok(self.verdict(&changes))
    }

    /// Compares, and writes the differences in that mode.
    fn changes(&self, output: &Output) -> Result<Vec<Change>, String> {
        let changes = compare(&self.directory, &output.files)?;
        if self.mode == Mode::Write {
            apply(&self.directory, &changes)?;
        }
        Ok(changes)
    }

    /// Returns the differences between the directory and newly generated files.
    ///
    /// # Errors
    /// Returns an error if the document has errors or a file cannot be read.
    pub fn drift(&self) -> Result<Vec<Change>, String> {
        let output = specwright::generate(&self.input).map_err(|found| found.render(false))?;
        compare(&self.directory, &output.files)
    }

    /// Returns the error of a check that found differences.
    fn verdict(&self, changes: &[Change]) -> Option<String> {
        if self.mode == Mode::Write || changes.is_empty() {
            return None;
        }
        let count = changes.len();
        let (files, differ) = if count == 1 { ("file", "differs") } else { ("files", "differ") };
        Some(format!(
            "{}error: {count} {files} in {} {differ} from the output for {}\nhelp: run `{}` and commit the result",
            describe(&self.shown_directory, changes),
            self.shown_directory,
            self.input.spec.name,
            self.input.config.layout.command,
        ))
    }

    fn print_summary(&self, output: &Output, changes: &[Change], times: [Duration; 3]) {
        let counts = output.counts;
        let removed =
            changes.iter().filter(|change| matches!(change, Change::Orphan { .. })).count();
        let written = changes.len() - removed;
        let unchanged = output.files.len() - written;
        let (verb_written, verb_removed) = match self.mode {
            Mode::Write => ("written", "removed"),
            Mode::Check => ("stale or missing", "orphaned"),
        };
        let skipped = counts.operations_selected - counts.operations;
        let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        // Warnings are printed at the same time, which takes longer if there are many.
        let verbs = match (self.mode, output.warnings.is_empty()) {
            (Mode::Write, true) => "compare and write",
            (Mode::Write, false) => "compare, write and print warnings",
            (Mode::Check, true) => "compare",
            (Mode::Check, false) => "compare and print warnings",
        };
        let [read, generated, compared] = times.map(|time| time.as_secs_f64() * 1000.0);
        let build = if cfg!(debug_assertions) { ", debug build" } else { "" };
        let runtime = self.input.config.layout.package.as_ref().map_or(String::new(), runtime_of);
        print(&format!(
            "{} → {}\n  operations  {} of {} in the document{skipped}\n  \
             schemas     {} ({} unions)\n  \
             files       {written} {verb_written}, {unchanged} unchanged, {removed} {verb_removed}\n  \
             time        {generated:.1} ms to generate, {read:.1} ms to read, {compared:.1} ms to \
             {verbs}{build}{runtime}",
            self.input.spec.name,
            self.shown_directory,
            counts.operations,
            counts.operations_defined,
            counts.schemas,
            counts.unions,
        ));
    }
}

/// Returns a note about the runtime if the crate does not depend on a local one.
fn runtime_of(package: &Package) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match package.runtime.as_str() {
        "" => format!(
            "\n  runtime     specwright-runtime {version} from the registry; use --runtime DIR for a \
             local one"
        ),
        _ => String::new(),
    }
}

/// Renders a failure for this terminal.
#[must_use]
pub fn shown(failure: &GeneratorError) -> String {
    failure.render(use_colour())
}

/// Renders a failed comparison for this terminal.
#[must_use]
pub fn shown_difference_error(failure: &DiffError) -> String {
    failure.render(use_colour())
}
