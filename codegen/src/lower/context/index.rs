//! Facts about the schemas of a document that are known before any type is lowered. They do not
//! depend on the selection.

use crate::lower::context::files::{files_of, multipart_files};
use crate::lower::context::subtypes::Subtypes;
use crate::spec::Document;
use serde_json::Value;
use std::collections::BTreeSet;

/// The extension of a schema, a parameter or a header whose values are secret.
pub(crate) const SENSITIVE: &str = "x-sensitive";
/// The keyword of values that are only sent in requests.
pub(crate) const WRITE_ONLY: &str = "writeOnly";
/// The format of secret strings.
pub(crate) const PASSWORD: &str = "password";

/// Facts about the schemas of a document.
pub(crate) struct SchemaIndex {
    pub(crate) subtypes: Subtypes,
    /// The pointers of schemas whose values are files in multipart forms.
    pub(crate) files: BTreeSet<String>,
    /// Whether any value may be secret.
    pub(crate) has_secrets: bool,
}

impl SchemaIndex {
    pub(crate) fn new(document: &Document) -> Self {
        Self {
            subtypes: Subtypes::new(document),
            files: multipart_files(document),
            has_secrets: document.get("").is_some_and(has_secrets),
        }
    }

    /// Returns whether the form at the pointer of a media type has files.
    pub(crate) fn has_files(&self, document: &Document, media_type: &str) -> bool {
        files_of(document, media_type).iter().any(|pointer| self.files.contains(pointer))
    }
}

/// Returns whether any value may be secret. Most documents have none.
fn has_secrets(root: &Value) -> bool {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                let is_secret = |(key, value): (&String, &Value)| match key.as_str() {
                    SENSITIVE | WRITE_ONLY => *value == Value::Bool(true),
                    "format" => *value == PASSWORD,
                    _ => false,
                };
                if entries.iter().any(is_secret) {
                    return true;
                }
                open.extend(entries.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    false
}
