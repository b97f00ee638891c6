//! The document that code is generated from, in one file.

use serde_json::Value;

use super::stack::with_large_stack;
use crate::diagnostics::Diagnostics;
use crate::spec::{Input, load_merged, to_yaml};

/// A document in one file, after overlays were applied and problems were recovered.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The document. Keys have the order of the input.
    pub document: Value,
    /// The problems that were recovered.
    pub warnings: Vec<String>,
}

impl Bundle {
    /// Returns the document as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.document)
    }

    /// Returns the document as YAML.
    ///
    /// # Errors
    /// Returns an error if a value cannot be represented in YAML.
    pub fn to_yaml(&self) -> Result<String, String> {
        to_yaml(&self.document)
    }
}

/// Merges a document with its files and overlays, and recovers problems. Without the overlays, the
/// same code is generated from the result as from the input, apart from operations with errors.
///
/// Parts of other files become components. Swagger 2.0 becomes OpenAPI 3.0.3. Comments are lost.
///
/// # Errors
/// Returns an error if a file is not YAML, an overlay matches nothing, or the document is not OpenAPI.
///
/// ```
/// use specwright::{Config, Input, Source, bundle};
///
/// let spec = "openapi: 3.0.3
/// paths: { /pets: { $ref: 'pets.yaml' } }";
/// let mut input = Input::new(Source::new("api.yaml", spec), Config::default());
/// input.files.push(Source::new("pets.yaml", "get: { responses: {} }"));
/// let bundle = bundle(&input).expect("a valid document");
/// assert_eq!(bundle.document["paths"]["/pets"]["get"]["responses"].to_string(), "{}");
/// ```
pub fn bundle(input: &Input) -> Result<Bundle, Diagnostics> {
    with_large_stack(input, || {
        let mut diagnostics = input.diagnostics();
        let document = load_merged(input, &mut diagnostics);
        if input.config.deny_warnings {
            diagnostics.deny_warnings();
        }
        let document = diagnostics.checkpoint(document)?;
        Ok(Bundle { document, warnings: diagnostics.lines().collect() })
    })
}
