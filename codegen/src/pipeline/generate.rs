//! The pipeline: from an input to a set of files.

use super::stack::with_large_stack;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::ir::Counts;
use crate::output::{self, FileSet};
use crate::spec::Input;
use crate::{lower, select, spec};

/// Result of the generator.
#[derive(Debug)]
pub struct Output {
    /// Generated files, with paths relative to the output directory.
    pub files: FileSet,
    /// Numbers of generated items.
    pub counts: Counts,
    /// Problems that did not prevent generation.
    pub warnings: Diagnostics,
}

/// Generates everything that the configuration selects.
///
/// # Errors
/// Returns all diagnostics, warnings included, if one of them is an error. Nothing is generated
/// then. Set [`skip_unsupported`](crate::Config::skip_unsupported) to leave out operations with
/// errors instead.
///
/// ```
/// let spec = r#"
/// openapi: 3.0.3
/// info: { title: Clock, version: "1" }
/// paths:
///   /time:
///     get:
///       operationId: getTime
///       responses:
///         "200":
///           description: The current time.
///           content: { application/json: { schema: { type: string, format: date-time } } }
/// "#;
/// let spec = specwright::Source::new("clock.yaml", spec);
/// let input = specwright::Input::new(spec, specwright::Config::default());
/// let output = specwright::generate(&input).expect("a valid OpenAPI document");
/// assert_eq!(output.counts.operations, 1);
/// ```
pub fn generate(input: &Input) -> Result<Output, Diagnostics> {
    with_large_stack(input, || generate_here(input))
}

fn generate_here(input: &Input) -> Result<Output, Diagnostics> {
    let mut diagnostics = input.diagnostics();
    if let Err(error) = input.config.layout.check() {
        diagnostics.report(Location::Config(0..0), messages::invalid_config(error));
    }
    let document = spec::load(input, &mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    let api = diagnostics.checkpoint(Some(api))?;
    let files = output::write(&api, &input.config, &mut diagnostics);
    if input.config.deny_warnings {
        diagnostics.deny_warnings();
    }
    let files = diagnostics.checkpoint(Some(files))?;
    Ok(Output { files, counts: api.counts, warnings: diagnostics })
}
