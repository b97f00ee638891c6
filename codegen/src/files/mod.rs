//! Files in and out: the only module that reads or writes any. What is read becomes an [`Input`],
//! and what is generated from it is compared with a directory. [`Generator`] is all of it for a
//! build script; the programs of this workspace use the parts.

mod generator;
mod read;
mod write;

use std::fmt;
use std::path::Path;

use crate::diagnostics::Diagnostics;
#[cfg(doc)]
use crate::spec::Input;

pub use generator::{Generated, Generator};
pub use read::{Loaded, load};
pub use write::{Change, Mode, apply, compare, describe};

/// Why something could not be generated from files, or not be written.
///
/// Both `Display` and `Debug` are the text to show, so that a build script can end with it.
pub enum Failure {
    /// A file cannot be read or written.
    File(String),
    /// The description, its configuration or an overlay is not right.
    Refused(Box<Diagnostics>),
}

impl Failure {
    /// The text to show.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        match self {
            Self::File(message) => message.clone(),
            Self::Refused(diagnostics) => diagnostics.render(colour),
        }
    }

    fn file(what: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::File(write::failed(what, path, error))
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Refused(Box::new(diagnostics))
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::File(message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a build script returns is shown as this, behind `Error: `.
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Failure {}
