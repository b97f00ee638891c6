//! Locations in the input.

use std::ops::Range;

/// Location of a diagnostic.
///
/// Documents are counted from 0: the OpenAPI document, then the files that it refers to, then the
/// overlays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A JSON pointer in the OpenAPI document, after its files and overlays were merged into it.
    Pointer(String),
    /// A JSON pointer in one of the documents as it was read.
    InDocument {
        /// Number of the document.
        document: usize,
        /// JSON pointer in it.
        pointer: String,
    },
    /// A byte offset in one of the documents, if it is known.
    Offset {
        /// Number of the document.
        document: usize,
        /// Byte offset in it.
        offset: Option<usize>,
    },
    /// A byte range in the configuration. Empty for options that are set in code or on the command
    /// line.
    Config(Range<usize>),
}

impl Location {
    /// Creates a location in the OpenAPI document.
    pub fn pointer(pointer: impl Into<String>) -> Self {
        Self::Pointer(pointer.into())
    }
}
