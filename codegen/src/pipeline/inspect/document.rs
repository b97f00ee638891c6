//! Inspecting a document.

use std::collections::BTreeSet;

use super::super::stack::with_large_stack;
use super::inspection::Inspection;
use super::operations::Inspector;
use super::types::types;
use crate::diagnostics::Diagnostics;
use crate::spec::Input;
use crate::{lower, select, spec};

/// Inspects an OpenAPI document. Unsupported operations are skipped with a warning, regardless of
/// the configuration.
///
/// # Errors
///
/// Returns an error if no part of the document can be read, or if the configuration is invalid.
pub fn inspect(input: &Input) -> Result<(Inspection, Diagnostics), Diagnostics> {
    with_large_stack(input, || inspect_here(input))
}

fn inspect_here(input: &Input) -> Result<(Inspection, Diagnostics), Diagnostics> {
    let mut input = input.clone();
    input.config.skip_unsupported = true;
    let mut diagnostics = input.diagnostics();
    let document = spec::load(&input, &mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let selected: BTreeSet<String> = selection.all.iter().cloned().collect();
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    let api = diagnostics.checkpoint(Some(api))?;
    let string = |pointer| {
        let value = document.get(pointer);
        value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default()
    };
    let inspector = Inspector::new(&document, &api);
    let inspection = Inspection {
        format: document.version().to_owned(),
        title: api.title.clone(),
        version: string("/info/version"),
        counts: api.counts,
        operations: inspector.operations(&selected),
        types: types(&api, &document),
    };
    Ok((inspection, diagnostics))
}
