//! YAML, and so JSON, as a tree.
//!
//! | module | responsibility |
//! |---|---|
//! | `depth` | how deeply values are nested |
//! | `parse` | the tree, read in one pass |
//! | `hints` | what to look at when the parser stops |
//! | `duplicates` | duplicate keys: found in a second pass, if there are any |
//! | `unquoted` | strings that YAML takes for numbers and booleans |
//! | `write` | a tree as YAML |
//! | `fuzzing` | the check of the fuzz target |

mod depth;
mod duplicates;
#[cfg(feature = "fuzzing")]
mod fuzzing;
mod hints;
mod parse;
mod unquoted;
mod write;

pub(super) use depth::{MAX_DEPTH, depth};
pub(super) use duplicates::Duplicate;
#[cfg(feature = "fuzzing")]
pub use fuzzing::check_yaml;
pub(super) use parse::{Parsed, parse};
pub(crate) use write::to_yaml;
