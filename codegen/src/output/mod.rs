//! From the [`ir`](crate::ir) to formatted files.
//!
//! | module | responsibility |
//! |---|---|
//! | `file_set` | generated files and their header |
//! | `format` | Rust code from syntax trees |
//! | `layout` | names that the configuration gives to modules and crates |
//! | `manifest` | the manifest of a generated crate |
//! | `parallel` | work on all cores |
//! | `paths` | paths that every file system takes |
//! | `write` | all files of a target |

mod file_set;
mod format;
mod layout;
mod manifest;
mod parallel;
mod paths;
mod write;

pub use file_set::FileSet;
pub(crate) use manifest::features_of_crate;
pub(crate) use parallel::{LARGE_STACK, SMALL_STACK, map as parallel_map};
pub(crate) use write::write;
