//! What is wrong with an input: collected, then shown together, each with its place.

pub mod code;
mod render;

use std::ops::Range;

use crate::Input;
use crate::config::Config;
use crate::text::{Origins, Source};
use code::Code;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The output is complete, but a person should know.
    Warning,
    /// There is no output.
    Error,
}

/// Where in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// At a JSON pointer in the description.
    Pointer(String),
    /// At a byte of the description, where known.
    Offset(Option<usize>),
    /// At a JSON pointer in one of the other documents, by its place in
    /// [`Input::documents`](crate::Input::documents).
    Document(usize, String),
    /// At a byte of one of the other documents, where known.
    DocumentOffset(usize, Option<usize>),
    /// In the configuration; nowhere in its text if the range is empty.
    Config(Range<usize>),
}

impl Location {
    /// A place in the description.
    pub fn pointer(pointer: impl Into<String>) -> Self {
        Self::Pointer(pointer.into())
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is, with the general way to mend it.
    pub code: &'static Code,
    /// What is wrong in this case.
    pub message: String,
    /// Where.
    pub place: Location,
}

/// The texts that places lie in.
#[derive(Debug, Default)]
struct Sources {
    /// The description, then the files that it refers to, then the overlays.
    documents: Vec<Source>,
    config: Source,
    /// Where the parts of the description come from.
    origins: Origins,
}

/// How far reporting has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    entries: usize,
    raised: usize,
}

/// Everything that is wrong with one input.
#[derive(Debug)]
pub struct Diagnostics {
    /// Boxed, so that a `Result` with diagnostics stays small.
    sources: Box<Sources>,
    entries: Vec<Diagnostic>,
    /// How many errors were reported, those that were known already included.
    raised: usize,
}

impl Diagnostics {
    pub(crate) fn new(input: &Input) -> Self {
        let documents = input.documents().cloned().collect();
        let config = input.config.source.clone();
        let sources = Box::new(Sources { documents, config, origins: Origins::default() });
        Self { sources, entries: Vec::new(), raised: 0 }
    }

    /// Those of a configuration that cannot be read.
    pub(crate) fn of_config(config: &Config) -> Self {
        Self::new(&Input { config: config.clone(), ..Input::default() })
    }

    /// Says where the parts of the description come from.
    pub(crate) fn come_from(&mut self, origins: Origins) {
        self.sources.origins = origins;
    }

    pub(crate) fn error(
        &mut self,
        code: &'static Code,
        place: Location,
        message: impl Into<String>,
    ) {
        self.push(Severity::Error, code, place, message.into());
    }

    pub(crate) fn warning(
        &mut self,
        code: &'static Code,
        place: Location,
        message: impl Into<String>,
    ) {
        self.push(Severity::Warning, code, place, message.into());
    }

    fn push(&mut self, severity: Severity, code: &'static Code, place: Location, message: String) {
        self.raised += usize::from(severity == Severity::Error);
        // Many operations share a schema: its flaws are told once.
        let known =
            |d: &Diagnostic| d.code.id == code.id && d.place == place && d.message == message;
        if !self.entries.iter().any(known) {
            self.entries.push(Diagnostic { severity, code, message, place });
        }
    }

    /// A mark, to take back what is reported behind it.
    pub(crate) fn mark(&self) -> Mark {
        Mark { entries: self.entries.len(), raised: self.raised }
    }

    /// Whether an error was reported behind a mark.
    pub(crate) fn has_error_since(&self, mark: Mark) -> bool {
        self.raised > mark.raised
    }

    /// Turns the errors behind a mark into warnings.
    pub(crate) fn take_back(&mut self, mark: Mark) {
        for entry in self.entries.iter_mut().skip(mark.entries) {
            entry.severity = Severity::Warning;
        }
    }

    /// Turns every warning into an error.
    pub(crate) fn deny(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.severity = Severity::Error);
    }

    /// Goes on only where no stage so far has found an error.
    pub(crate) fn checkpoint<T>(&mut self, value: Option<T>) -> Result<T, Diagnostics> {
        match value {
            Some(value) if self.entries.iter().all(|entry| entry.severity < Severity::Error) => {
                Ok(value)
            }
            _ => Err(Diagnostics {
                sources: std::mem::take(&mut self.sources),
                entries: std::mem::take(&mut self.entries),
                raised: self.raised,
            }),
        }
    }

    /// The diagnostics in the order in which they were found.
    #[must_use]
    pub fn entries(&self) -> &[Diagnostic] {
        &self.entries
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Each diagnostic on one line, with its place.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        render::lines(self).into_iter()
    }

    /// All diagnostics as text, with the lines of the input around each place.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        render::render(self, colour)
    }
}
