//! Generates typed Rust clients, and the server side, from OpenAPI descriptions.
//!
//! A pure library: the text of a description and a [`Config`] in, a [`FileSet`] out. It
//! reads no file, no environment and no clock, so the same input always gives the same
//! bytes. Only `files`, a feature, reads and writes, before and after all else: a build script
//! calls its `Generator`. [`generate`] is the whole pipeline; each of its lines is a module:
//!
//! ```text
//! text ─ source ─▶ document + positions ─ resolve ─▶ the selected operations
//!      ─ lower ─▶ ir::Api ─ check: every diagnostic, or on ─ emit ─▶ tokens ─ output ─▶ files
//! ```

mod config;
mod diagnostics;
mod emit;
#[cfg(feature = "files")]
pub mod files;
mod inspect;
mod ir;
mod lower;
mod names;
mod output;
mod select;
mod spec;
mod text;

pub use config::{Config, Layout, Package, Target};
pub use diagnostics::{Diagnostic, Diagnostics, Location, Severity, code};

#[cfg(feature = "files")]
pub use files::{Failure, Generator};
pub use inspect::{
    Example, Examples, How, InspectedAnswer, InspectedBody, InspectedOperation, InspectedParameter,
    InspectedRule, InspectedType, Inspection, Kind, examples, inspect,
};
pub use ir::Counts;
pub use output::FileSet;
pub use spec::references;
pub use text::Source;

/// What there is to generate from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The description. References in it are seen from its name, which is a path.
    pub spec: Source,
    /// What is generated from it, and under which names.
    pub config: Config,
    /// The files that the description refers to, and those that they refer to, each under the
    /// name that [`references`] gives it.
    pub files: Vec<Source>,
    /// Overlays, in the order in which they are applied.
    pub overlays: Vec<Source>,
}

impl Input {
    /// A description in one file.
    #[must_use]
    pub fn new(spec: Source, config: Config) -> Self {
        Self { spec, config, ..Self::default() }
    }

    /// All texts of the description: its own, those of its files, then those of its overlays.
    pub fn documents(&self) -> impl Iterator<Item = &Source> {
        [&self.spec].into_iter().chain(&self.files).chain(&self.overlays)
    }
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
/// let spec = specwright::Source::new("clock.yaml", spec);
/// let input = specwright::Input::new(spec, specwright::Config::default());
/// let output = specwright::generate(&input).expect("a valid description");
/// assert_eq!(output.counts.operations, 1);
/// ```
pub fn generate(input: &Input) -> Result<Output, Diagnostics> {
    let mut diagnostics = Diagnostics::new(input);
    if let Err(message) = input.config.layout.check() {
        diagnostics.error(&code::BAD_CONFIG, Location::Config(0..0), message);
    }
    let document = spec::parse(input, &mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    let api = diagnostics.checkpoint(Some(api))?;
    let files = output::write(&api, &input.config, &mut diagnostics);
    if input.config.deny_warnings {
        diagnostics.deny();
    }
    let files = diagnostics.checkpoint(Some(files))?;
    Ok(Output { files, counts: api.counts, warnings: diagnostics })
}
