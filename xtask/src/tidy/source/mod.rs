//! The sources of the workspace, read as far as the rules need.
//!
//! | module | responsibility |
//! |---|---|
//! | `krate` | the module tree of a crate, and what a path in it names |
//! | `scope` | what a file declares, imports and names |
//! | `tokens` | Rust source as tokens with line numbers |
//! | `tree` | all files, and the packages |

mod krate;
mod scope;
mod tokens;
mod tree;

pub(super) use krate::{Crate, Module, ModulePath, Target};
pub(super) use scope::without_tests;
pub(super) use tokens::code;
pub(super) use tree::{SourceFile, Tree};
