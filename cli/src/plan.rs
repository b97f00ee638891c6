//! One run of the generator: what is read is there, what it gives is compared with a directory.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use specwright::files::{Change, Mode, apply, compare, describe};
use specwright::{Failure, Input, Output, Package};

use crate::{print, print_error, use_colour};

/// What one run does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is generated from.
    pub input: Input,
    /// Where it goes.
    pub directory: PathBuf,
    /// The directory as people name it.
    pub shown_directory: String,
    /// What is done with differences.
    pub mode: Mode,
    /// How long it took to read the input.
    pub read: Duration,
}

impl Plan {
    /// Generates, or checks, and prints what came of it. Gives what is wrong with what is there,
    /// if something is.
    ///
    /// # Errors
    /// Fails with the text to show: diagnostics, or the file that cannot be read or written.
    pub fn run(&self, shows_warnings: bool) -> Result<Option<String>, String> {
        let started = Instant::now();
        let output = specwright::generate(&self.input).map_err(|found| shown(&found.into()))?;
        let generated = started.elapsed();
        let started = Instant::now();
        // Where the warnings are is looked for while the files are.
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

    /// What differs; if it is to be written, it is.
    fn changes(&self, output: &Output) -> Result<Vec<Change>, String> {
        let changes = compare(&self.directory, &output.files)?;
        if self.mode == Mode::Write {
            apply(&self.directory, &changes)?;
        }
        Ok(changes)
    }

    /// How a directory differs from what is generated for it.
    ///
    /// # Errors
    /// Fails with the diagnostics of the description, or where a file cannot be read.
    pub fn drift(&self) -> Result<Vec<Change>, String> {
        let output = specwright::generate(&self.input).map_err(|found| found.render(false))?;
        compare(&self.directory, &output.files)
    }

    /// In a check, any difference is a failure.
    fn verdict(&self, changes: &[Change]) -> Option<String> {
        if self.mode == Mode::Write || changes.is_empty() {
            return None;
        }
        let count = changes.len();
        let (files, differ) = if count == 1 { ("file", "differs") } else { ("files", "differ") };
        Some(format!(
            "{}error: {count} {files} in {} {differ} from what {} gives.\nhelp: run `{}` and commit the result",
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
        // The warnings are shown meanwhile, which takes longer where there are many.
        let verbs = match (self.mode, output.warnings.is_empty()) {
            (Mode::Write, true) => "compare and write",
            (Mode::Write, false) => "compare, write and show warnings",
            (Mode::Check, true) => "compare",
            (Mode::Check, false) => "compare and show warnings",
        };
        let [read, generated, compared] = times.map(|time| time.as_secs_f64() * 1000.0);
        let build = if cfg!(debug_assertions) { ", debug build" } else { "" };
        let runtime = self.input.config.layout.package.as_ref().map_or(String::new(), runtime_of);
        print(&format!(
            "{} → {}\n  operations  {} of {} in the description{skipped}\n  \
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

/// What a crate depends on, where that is nothing on this machine.
fn runtime_of(package: &Package) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match package.runtime.as_str() {
        "" => format!(
            "\n  runtime     specwright-runtime {version} from the registry; to use one that is here, \
             give --runtime DIR"
        ),
        _ => String::new(),
    }
}

/// A failure as it is shown on this terminal.
#[must_use]
pub fn shown(failure: &Failure) -> String {
    failure.render(use_colour())
}
