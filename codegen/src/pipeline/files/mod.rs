//! Reading input files and writing generated files. No other module accesses the file system.
//!
//! [`load`] returns an [`Input`](crate::Input). [`compare`] and [`apply`] bring a directory up to
//! date. [`Generator`](crate::Generator) combines them for build scripts.
//!
//! | module | responsibility |
//! |---|---|
//! | `error` | errors of generating from files |
//! | `generator` | generating in a build script |
//! | `include` | the file that a crate includes |
//! | `read` | reading a document with its configuration, overlays and files |
//! | `replace` | replacing the content of files: all of them, or none |
//! | `write` | comparing generated files with a directory, and writing them |

pub(crate) mod error;
pub(crate) mod generator;
mod include;
mod read;
mod replace;
mod write;

pub use read::{Loaded, load, load_allowing, load_with};
pub use write::{Change, Mode, apply, compare, describe};
