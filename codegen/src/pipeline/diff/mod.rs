//! The difference of two documents: what it means for programs that are deployed, and for those that
//! are compiled with the generated code.
//!
//! The wire is compared in the [`ir`](crate::ir), where names are decided and types resolved. The
//! Rust API is compared in the syntax trees that [`emit`](crate::emit) creates, so that the verdict is
//! that of the generated code. Then each difference of the Rust API is attached to the change that
//! causes it.
//!
//! | module | responsibility |
//! |---|---|
//! | `change` | changes as plain data |
//! | `table` | the kinds of changes, with their verdicts |
//! | `found` | changes as they are found |
//! | `wire` | the comparison of what is sent and received |
//! | `surface` | the comparison of the Rust API |
//! | `candidates` | the most likely cause of a difference of the Rust API |
//! | `attach` | which change causes which difference of the Rust API |
//! | `locate` | where changes are in a document |
//! | `finish` | from what was found to the result |
//! | `ignore` | changes that are intended |
//! | `run` | from two inputs to the changes between them |

mod attach;
mod candidates;
mod change;
mod finish;
mod found;
mod ignore;
mod locate;
mod run;
mod surface;
mod table;
mod wire;

pub use change::{ApiChange, Change, Difference, Direction, Release, Wire};
pub use ignore::Ignored;
pub use run::{DiffError, diff};
pub use table::ChangeKind;
