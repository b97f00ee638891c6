//! Everything that is generated from.

use crate::config::Config;
use crate::diagnostics::Diagnostics;
use crate::text::Source;

/// Input of the generator.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The OpenAPI document. References in it are relative to its name, which is a path.
    pub spec: Source,
    /// What is generated, and under which names.
    pub config: Config,
    /// Files that the document refers to, directly or indirectly, each under the name that
    /// [`references`](crate::references) returns.
    pub files: Vec<Source>,
    /// Overlays, in the order in which they are applied.
    pub overlays: Vec<Source>,
    /// Names of files that the document refers to and that were not read, because they are not in a
    /// folder from which files may be read. Only diagnostics use them.
    pub forbidden: Vec<String>,
}

impl Input {
    /// Creates the input for a document in a single file.
    #[must_use]
    pub fn new(spec: Source, config: Config) -> Self {
        Self { spec, config, ..Self::default() }
    }

    /// Returns all documents: the OpenAPI document, its files, then the overlays.
    pub fn documents(&self) -> impl Iterator<Item = &Source> {
        [&self.spec].into_iter().chain(&self.files).chain(&self.overlays)
    }

    /// Creates an empty list of diagnostics for this input.
    pub(crate) fn diagnostics(&self) -> Diagnostics {
        Diagnostics::new(self.documents().cloned().collect(), self.config.source.clone())
    }
}
