//! Facts about the schemas of a document that are known before any type is lowered. They do not
//! depend on the selection.

use crate::lower::context::files::{files_of, multipart_files};
use crate::lower::context::subtypes::Subtypes;
use crate::spec::Document;
use std::collections::BTreeSet;

/// Facts about the schemas of a document.
pub(crate) struct SchemaIndex {
    pub(crate) subtypes: Subtypes,
    /// The pointers of schemas whose values are files in multipart forms.
    pub(crate) files: BTreeSet<String>,
}

impl SchemaIndex {
    pub(crate) fn new(document: &Document) -> Self {
        Self { subtypes: Subtypes::new(document), files: multipart_files(document) }
    }

    /// Returns whether the form at the pointer of a media type has files.
    pub(crate) fn has_files(&self, document: &Document, media_type: &str) -> bool {
        files_of(document, media_type).iter().any(|pointer| self.files.contains(pointer))
    }
}
