//! The diagnostics of one input.

use std::collections::HashSet;

use super::code::{Code, Message, Severity};
use super::location::Location;
use crate::text::{Origins, Source, visible};

/// One problem of the input.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Severity, which can differ from the default of the code.
    pub severity: Severity,
    /// Kind of the problem.
    pub code: &'static Code,
    /// What is wrong, and what is done about it.
    pub message: String,
    /// Location in the input.
    pub location: Location,
    pub(super) help: &'static str,
}

/// Sources that locations refer to.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The OpenAPI document, then the files that it refers to, then the overlays.
    pub(super) documents: Vec<Source>,
    pub(super) config: Source,
    /// Origins of the parts of the merged OpenAPI document.
    pub(super) origins: Origins,
}

/// A point in the list of diagnostics, to handle later ones together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Savepoint {
    entries: usize,
    errors: usize,
}

/// All problems of one input.
#[derive(Debug)]
pub struct Diagnostics {
    /// Boxed to keep `Result<_, Diagnostics>` small.
    pub(super) sources: Box<Sources>,
    entries: Vec<Diagnostic>,
    /// The code, location and message of each entry.
    known: HashSet<(&'static str, Location, String)>,
    /// Number of reported errors, duplicates included.
    errors: usize,
}

impl Diagnostics {
    /// Creates an empty list for these documents and this configuration.
    pub(crate) fn new(documents: Vec<Source>, config: Source) -> Self {
        let sources = Box::new(Sources { documents, config, origins: Origins::default() });
        Self { sources, entries: Vec::new(), known: HashSet::new(), errors: 0 }
    }

    /// Sets the origins of the parts of the merged OpenAPI document.
    pub(crate) fn set_origins(&mut self, origins: Origins) {
        self.sources.origins = origins;
    }

    /// Adds a diagnostic, unless it is known: operations share schemas, and so their problems. A
    /// message can contain strings of the document, so characters that are not shown are escaped.
    pub(crate) fn report(&mut self, location: Location, message: Message) {
        let Message { code, content, help } = message;
        let content = visible(&content).into_owned();
        self.errors += usize::from(code.severity == Severity::Error);
        if self.known.insert((code.id, location.clone(), content.clone())) {
            let severity = code.severity;
            self.entries.push(Diagnostic { severity, code, message: content, location, help });
        }
    }

    /// Returns whether a reference without a target was reported.
    pub(crate) fn has_unresolved(&self) -> bool {
        self.entries.iter().any(|entry| entry.code.id.starts_with("unresolved-"))
    }

    /// Returns the current end of the list.
    pub(crate) fn savepoint(&self) -> Savepoint {
        Savepoint { entries: self.entries.len(), errors: self.errors }
    }

    /// Returns whether an error was reported after a savepoint, even one that was known before.
    pub(crate) fn has_error_since(&self, savepoint: Savepoint) -> bool {
        self.errors > savepoint.errors
    }

    /// Turns errors after a savepoint into warnings.
    pub(crate) fn downgrade_since(&mut self, savepoint: Savepoint) {
        for entry in self.entries.iter_mut().skip(savepoint.entries) {
            entry.severity = Severity::Warning;
        }
    }

    /// Changes the severity of the entries that a function selects.
    pub(crate) fn set_severity(
        &mut self,
        severity: Severity,
        is_selected: impl Fn(&Diagnostic) -> bool,
    ) {
        let selected = self.entries.iter_mut().filter(|entry| is_selected(entry));
        selected.for_each(|entry| entry.severity = severity);
    }

    /// Turns all warnings into errors.
    pub(crate) fn deny_warnings(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.severity = Severity::Error);
    }

    /// Returns the value if no error was reported so far. Otherwise, moves the diagnostics out.
    pub(crate) fn checkpoint<T>(&mut self, value: Option<T>) -> Result<T, Diagnostics> {
        match value {
            Some(value) if self.entries.iter().all(|entry| entry.severity < Severity::Error) => {
                Ok(value)
            }
            _ => Err(Diagnostics {
                sources: std::mem::take(&mut self.sources),
                entries: std::mem::take(&mut self.entries),
                known: HashSet::new(),
                errors: self.errors,
            }),
        }
    }

    /// Returns the diagnostics in the order in which they were found.
    #[must_use]
    pub fn entries(&self) -> &[Diagnostic] {
        &self.entries
    }

    /// Returns whether there are no diagnostics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
