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
mod pipeline;
mod select;
mod spec;
mod text;

pub use config::{Config, Layout, Package, Target};
pub use diagnostics::{Code, Diagnostic, Diagnostics, Location, Severity};

#[cfg(feature = "files")]
pub use files::{Failure, Generator};
pub use inspect::{
    DecisionMethod, Example, Examples, InspectedBody, InspectedKind, InspectedOperation,
    InspectedParameter, InspectedResponse, InspectedRule, InspectedType, Inspection, examples,
    inspect,
};
pub use ir::Counts;
pub use output::FileSet;
pub use pipeline::{Output, generate};
pub use spec::{Input, references};
pub use text::Source;
