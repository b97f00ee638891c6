//! The commands of this workspace.

pub mod bench;
pub mod ci;
pub mod corpus;
pub mod demo;
pub mod generate;
pub mod interop;
pub mod tidy;
mod timed;
mod workspace;

pub use specwright::files;
pub use workspace::root;
