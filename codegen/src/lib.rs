//! Generator of typed Rust clients and servers from OpenAPI documents (Swagger 2.0, OpenAPI 3.0 to
//! 3.2).
//!
//! To generate a client on every build, run `cargo add --build specwright` and `cargo add
//! specwright-runtime --features pattern`, and write `build.rs`:
//!
#![cfg_attr(feature = "files", doc = "```no_run")]
#![cfg_attr(not(feature = "files"), doc = "```ignore")]
//! fn main() -> Result<(), specwright::GeneratorError> {
//!     specwright::Generator::new("petstore.yaml").generate()?;
//!     Ok(())
//! }
//! ```
//!
//! Then include the output in a module of any name:
//!
//! ```ignore
//! mod petstore {
//!     include!(concat!(env!("OUT_DIR"), "/petstore.rs"));
//! }
//! ```
//!
//! Other methods to generate the same code are the command `specwright`, which `cargo install
//! specwright-cli` installs, and the macro of [specwright-macro](https://docs.rs/specwright-macro).
//! Servers are generated with `Generator::server`, and need `specwright-server`.
//!
//! Programs can also generate from input in memory:
//!
//! ```
//! use specwright::{Config, Input, Source, generate};
//!
//! let spec = r#"
//! openapi: 3.0.3
//! info: { title: Clock, version: "1" }
//! paths:
//!   /time:
//!     get:
//!       operationId: getTime
//!       responses:
//!         "200":
//!           description: The current time.
//!           content: { application/json: { schema: { type: string, format: date-time } } }
//! "#;
//! let input = Input::new(Source::new("clock.yaml", spec), Config::default());
//! let output = generate(&input).expect("a valid OpenAPI document");
//! assert!(output.files.get("operations/get_time.rs").is_some());
//! ```
//!
//! Create an [`Input`] and call [`generate`].
//! [`Config`] contains the options, [`Diagnostics`] the problems. [`inspect`] shows what would be
//! generated, and [`diff()`] what changes between two documents.
//!
//! The crate reads no file, no environment variable and no clock, so the same input always gives the
//! same output. The exception is [`files`], with the feature of that name, which is on by default.
//!
//! # Pipeline
//!
//! A module imports only modules listed before it.
//!
//! | module | responsibility |
//! |---|---|
//! | `text` | named input files, positions in them, JSON pointers |
//! | `names` | Rust identifiers |
//! | `diagnostics` | problems of the input: table, collection, rendering |
//! | `config` | the configuration |
//! | `spec` | loading: YAML, files, overlays, recovery, versions of OpenAPI |
//! | `select` | selected operations, resolved references |
//! | `ir` | the API as plain data, with every name decided |
//! | `lower` | from OpenAPI objects to `ir` |
//! | `emit` | from `ir` to Rust syntax |
//! | `output` | from syntax to formatted files |
//! | `pipeline` | entry points: generate, inspect, diff, files |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod config;
mod diagnostics;
mod emit;
mod ir;
mod lower;
mod names;
mod output;
mod pipeline;
mod select;
mod spec;
mod text;

pub use config::{
    ClientOptions, CompatibilityOptions, Config, KindOptions, Layout, NameOptions, NameTable,
    Package, SchemaOptions, SelectOptions, ServerOptions, Spanned, Target, TypeOptions, UserType,
};
pub use diagnostics::{Code, Diagnostic, Diagnostics, Location, Position, Severity};
pub use ir::Counts;
pub use output::FileSet;
#[cfg(feature = "files")]
pub use pipeline::files;
#[cfg(feature = "files")]
pub use pipeline::files::error::GeneratorError;
#[cfg(feature = "files")]
pub use pipeline::files::generator::{Generated, Generator};
pub use pipeline::{
    ApiChange, Blame, Bundle, Census, Change, ChangeKind, DecisionMethod, DiffError, Difference,
    Direction, Example, Examples, Ignored, InspectedBody, InspectedKind, InspectedOperation,
    InspectedParameter, InspectedResponse, InspectedRule, InspectedType, Inspection, Output,
    Release, Untyped, UntypedReason, Wire, bundle, diff, examples, generate, inspect, untyped,
};
pub use spec::{Input, references};
pub use text::Source;

/// What the test suites of overlays and of JSONPath check. Not a public API.
#[doc(hidden)]
pub use spec::conformance;

/// What the fuzz targets of this repository check. Not a public API.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::spec::{check_overlay, check_yaml};
}
