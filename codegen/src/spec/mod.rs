//! The OpenAPI document: loaded, merged with its files and overlays, and brought to OpenAPI 3.0.
//! Later modules know neither YAML, nor files, nor versions of OpenAPI.
//!
//! | module | responsibility |
//! |---|---|
//! | `input` | everything that is generated from |
//! | `load` | from the input to the document |
//! | `document` | the document, whose parts are typed on demand |
//! | `yaml` | YAML and JSON as trees |
//! | `tree` | a tree with the origins of its parts |
//! | `overlay` | OpenAPI overlays |
//! | `identifiers` | references by the `$id` of a schema, or the `$self` of a document |
//! | `bundle` | documents in several files as one |
//! | `structure` | which parts of a document are which OpenAPI objects |
//! | `recover` | invalid input whose intent is clear |
//! | `versions` | Swagger 2.0, OpenAPI 3.1 and 3.2 as 3.0 |

mod bundle;
mod document;
mod identifiers;
mod input;
mod load;
mod overlay;
mod recover;
mod structure;
mod tree;
mod versions;
mod yaml;

pub(crate) use document::Document;
pub use input::Input;
pub use load::references;
pub(crate) use load::{load, load_merged};
pub use overlay::conformance;
#[cfg(feature = "fuzzing")]
pub use overlay::fuzzing::check_overlay;
pub(crate) use structure::{Kind, visit_all};
pub(crate) use versions::{
    CONDITIONAL, DEFAULT_MAPPING, DELIMITER, FLOWS, LINKS, LOCATION, PLAIN_COOKIE,
};
#[cfg(feature = "fuzzing")]
pub use yaml::check_yaml;
pub(crate) use yaml::to_yaml;
