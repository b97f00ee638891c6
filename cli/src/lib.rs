//! The command `specwright`, which generates typed clients and servers from OpenAPI documents:
//!
//! ```sh
//! cargo install specwright-cli
//! specwright generate --spec api.yaml --out src/api --module crate::api
//! ```
//!
//! `specwright help` lists the other commands. This library has what `cargo xtask generate` of the
//! repository shares with it; programs use the crate [specwright](https://docs.rs/specwright).
//!
//! | module | responsibility |
//! |---|---|
//! | `bundle` | `specwright bundle` |
//! | `choice` | the options that all commands have |
//! | `diff` | `specwright diff` |
//! | `generate` | `specwright generate` and `specwright check` |
//! | `inspect` | `specwright inspect` |
//! | `output` | prints to the terminal |
//! | `paths` | the directory of a crate, and the path to its runtime |
//! | `plan` | one run of the generator |
//! | `untyped` | `specwright inspect --untyped` |

pub mod bundle;
pub mod choice;
pub mod diff;
pub mod generate;
pub mod inspect;
mod output;
pub mod paths;
pub mod plan;
mod untyped;

pub use output::print_error;
