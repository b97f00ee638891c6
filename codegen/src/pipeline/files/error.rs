//! Errors of generating from files.

use std::fmt;
use std::io;
use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::text::visible_lines;

/// Error of generating from files.
///
/// `Display` and `Debug` both print the complete error, so a build script can return it from `main`.
pub enum GeneratorError {
    /// A file cannot be read or written, or an option is invalid.
    File(String),
    /// The OpenAPI document, its configuration or an overlay was rejected.
    Rejected(Box<Diagnostics>),
}

impl GeneratorError {
    /// Renders the error, with all diagnostics.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        match self {
            // Names of files can contain what a terminal would act on.
            Self::File(message) => visible_lines(message).into_owned(),
            Self::Rejected(diagnostics) => diagnostics.render(colour),
        }
    }
}

impl From<Diagnostics> for GeneratorError {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Rejected(Box::new(diagnostics))
    }
}

impl From<String> for GeneratorError {
    fn from(message: String) -> Self {
        Self::File(message)
    }
}

impl fmt::Display for GeneratorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for GeneratorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A build script prints its error with this, after `Error: `.
        write!(f, "\n{self}")
    }
}

impl std::error::Error for GeneratorError {}

/// Returns the message of an error of the file system.
pub(super) fn file_error(action: &str, path: &Path, error: &io::Error) -> String {
    format!("error: cannot {action} {}: {error}", path.display())
}
