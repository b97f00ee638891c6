//! What the test suites of overlays and of JSONPath check.

use serde_json::Value;

use super::apply::apply;
use super::json_path::{pointer, query};
use crate::diagnostics::{Diagnostics, Severity};
use crate::spec::tree::Tree;
use crate::spec::yaml;
use crate::text::{Budget, Origins, Source};

/// Returns the JSON pointers of what a JSONPath selects, each once.
///
/// # Errors
/// Returns the message of the diagnostic.
pub fn json_path(expression: &str, value: &Value) -> Result<Vec<String>, String> {
    let found = query(expression, value, &mut Budget::new(0)).map_err(|message| message.content)?;
    Ok(found.iter().map(|location| pointer(location)).collect())
}

/// Applies an overlay to a document of any kind.
///
/// # Errors
/// Returns each error as its code and its message.
pub fn apply_overlay(
    document: &Value,
    overlay: &str,
) -> Result<Value, Vec<(&'static str, String)>> {
    let overlay =
        yaml::parse(overlay).map_err(|error| vec![("invalid-yaml", error.message)])?.value;
    let overlay = Tree { value: overlay, origins: Origins::new(1) };
    let mut target = Tree { value: document.clone(), origins: Origins::new(0) };
    let sources = vec![Source::new("document", ""), Source::new("overlay", "")];
    let mut diagnostics = Diagnostics::new(sources, Source::default());
    apply(&overlay, 1, &mut target, &mut Budget::new(0), &mut diagnostics);
    let errors = diagnostics.entries().iter().filter(|entry| entry.severity == Severity::Error);
    let errors: Vec<_> = errors.map(|entry| (entry.code.id, entry.message.clone())).collect();
    if errors.is_empty() { Ok(target.value) } else { Err(errors) }
}
