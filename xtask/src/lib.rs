//! The commands of this workspace.
//!
//! | module | responsibility |
//! |---|---|
//! | `api` | compares the public API of each crate with its snapshot |
//! | `bench` | compares the compile time of generated code with that of hand-written code |
//! | `ci` | runs all checks; rehearses a release |
//! | `corpus` | generates from a folder of OpenAPI documents and checks the results |
//! | `demo` | builds and runs the demo |
//! | `generate` | generates the client and server of this workspace, or another crate; what changes of the document mean |
//! | `outside` | checks against external programs and test suites |
//! | `tidy` | checks the structure and the words of this workspace |
//! | `timed` | measures Cargo commands |
//! | `workspace` | finds the workspace, and runs Cargo in it |

pub mod api;
pub mod bench;
pub mod ci;
pub mod corpus;
pub mod demo;
pub mod generate;
pub mod outside;
pub mod tidy;
mod timed;
mod workspace;

pub use specwright::files;
pub use workspace::root;
