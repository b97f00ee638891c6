//! The models: a file per type.
//!
//! | module | responsibility |
//! |---|---|
//! | `types` | IR types as Rust types |
//! | `user` | types of the user, derives and attributes of the configuration |
//! | `fields` | names, types and documentation of the fields of structs |
//! | `constraints` | checks of the constraints of one value |
//! | `validate` | checks of structs, unions and nested values |
//! | `structs` | structs, their builders, and how they are decoded and encoded |
//! | `secret` | types that are secret as a whole |
//! | `enums` | open enums of strings |
//! | `integers` | open enums of integers |
//! | `unions` | unions, and how a variant is selected |
//! | `file` | the file of any type, and the root of all models |

mod constraints;
mod enums;
mod fields;
pub(super) mod file;
mod integers;
mod secret;
mod structs;
pub(super) mod types;
mod unions;
mod user;
pub(super) mod validate;
