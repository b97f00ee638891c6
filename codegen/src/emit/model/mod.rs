//! The models: a file per type.
//!
//! | module | responsibility |
//! |---|---|
//! | `types` | IR types as Rust types |
//! | `user` | types of the user, derives and attributes of the configuration |
//! | `fields` | names, types and documentation of the fields of structs |
//! | `constraints` | checks of the constraints of one value |
//! | `validate` | checks of structs, unions and nested values |
//! | `builder` | builders of structs |
//! | `structs` | structs, and how they are decoded and encoded |
//! | `decode` | how structs are decoded |
//! | `enums` | open enums of strings |
//! | `integers` | open enums of integers |
//! | `unions` | unions, and how a variant is selected |
//! | `file` | the file of any type, and the root of all models |

mod builder;
mod constraints;
mod decode;
mod enums;
mod fields;
pub(super) mod file;
mod integers;
mod structs;
pub(super) mod types;
mod unions;
mod user;
pub(super) mod validate;
