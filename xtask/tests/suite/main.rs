//! Tests of the generator with the commands of this workspace.
//!
//! | module | responsibility |
//! |---|---|
//! | `drift` | the committed client and server are what the generator makes of the document |
//! | `mutations` | mutated documents do not make the generator panic |
//! | `releases` | changes since a release in the words of a changelog |
//! | `tidy` | the workspace follows the rules of `cargo xtask tidy` |
//! | `upstream` | the spec is compared with published documents |
//! | `workspace` | the commands work on the workspace that they run in |

#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

mod drift;
mod mutations;
mod releases;
mod tidy;
mod upstream;
mod workspace;
