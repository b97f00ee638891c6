//! The configuration: what is generated from an OpenAPI document, and under which names.
//!
//! Options that name items of the document must match. An option that matches nothing is an error,
//! so that stale options are found.
//!
//! | module | responsibility |
//! |---|---|
//! | `options` | the options |
//! | `parse` | reading them from TOML |
//! | `types` | what types become |
//! | `layout` | crate or module, client or server |
//! | `renames` | configured names, and options that match nothing |
//! | `former` | former names that stay as aliases |

mod former;
mod layout;
mod options;
mod parse;
mod renames;
mod types;

pub(crate) use former::FormerNames;
pub use layout::{Layout, Package, Target};
pub use options::{
    ClientOptions, CompatibilityOptions, Config, NameOptions, NameTable, SelectOptions,
    ServerOptions,
};
pub(crate) use renames::{Renames, report_unmatched};
pub use toml::Spanned;
pub use types::{KindOptions, SchemaOptions, TypeOptions, UserType};
