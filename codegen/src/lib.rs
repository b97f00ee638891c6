//! Generates typed Rust clients, and the server side, from OpenAPI descriptions.
//!
//! A pure library: the text of a description and a [`Config`] in, a [`FileSet`] out. It
//! reads no file, no environment and no clock, so the same input always gives the same
//! bytes. [`generate`] is the whole pipeline; each of its lines is a module:
//!
//! ```text
//! text ─ source ─▶ document + positions ─ resolve ─▶ the selected operations
//!      ─ lower ─▶ ir::Api ─ check: every diagnostic, or on ─ emit ─▶ tokens ─ output ─▶ files
//! ```

mod config;
mod diagnostic;
mod emit;
mod examples;
pub mod ir;
mod lower;
mod output;
mod resolve;
mod source;

pub use config::{Config, Layout, Package, Target};
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity, code};
pub use examples::{Example, Examples, examples};
pub use output::FileSet;
pub use source::Source;

/// What there is to generate from.
#[derive(Clone, Debug)]
pub struct Input {
    /// The description.
    pub spec: Source,
    /// What is generated from it, and under which names.
    pub config: Config,
}

/// What was generated.
#[derive(Debug)]
pub struct Output {
    /// The files, each with its path within the output directory.
    pub files: FileSet,
    /// How much of the description they cover.
    pub counts: Counts,
    /// What a person should know although it stopped nothing.
    pub warnings: Diagnostics,
}

/// What of a description was generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The operations that the description has.
    pub operations_defined: usize,
    /// The operations that were selected.
    pub operations_selected: usize,
    /// The operations that were generated.
    pub operations: usize,
    /// The webhooks and callbacks that were generated.
    pub webhooks: usize,
    /// The types that were generated.
    pub schemas: usize,
    /// The unions among them.
    pub unions: usize,
}

/// Generates everything that the configuration selects.
///
/// # Errors
/// Fails with every diagnostic that was found, warnings included, if one of them is an
/// error. Nothing is generated from part of a description unless the configuration asks
/// for it.
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
///           description: Now.
///           content: { application/json: { schema: { type: string, format: date-time } } }
/// "#;
/// let input = specwright::Input {
///     spec: specwright::Source::new("clock.yaml", spec),
///     config: specwright::Config::default(),
/// };
/// let output = specwright::generate(&input).expect("a valid description");
/// assert_eq!(output.counts.operations, 1);
/// ```
pub fn generate(input: &Input) -> Result<Output, Diagnostics> {
    let mut diagnostics = Diagnostics::new(&input.spec, &input.config);
    let document = source::parse(&input.spec, &mut diagnostics);
    let document = diagnostics.barrier(document)?;
    let selection = resolve::select(&document, &input.config, &mut diagnostics);
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    let api = diagnostics.barrier(Some(api))?;
    let files = output::write(&api, &input.config, &mut diagnostics);
    let files = diagnostics.barrier(Some(files))?;
    Ok(Output { files, counts: api.counts, warnings: diagnostics })
}
