//! The commands of this workspace. Every file that the generator reads or writes is read or
//! written here.

pub mod bench;
pub mod ci;
pub mod demo;
pub mod files;
pub mod generate;
pub mod interop;

use std::path::{Path, PathBuf};

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
