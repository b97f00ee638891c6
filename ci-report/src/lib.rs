//! Reports CI runs from any shell, and reads what was reported.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | the commands and their options |
//! | `status` | why a command fails, and its exit code |
//! | `settings` | settings from the environment |
//! | `spool` | events on disk that are not yet delivered |
//! | `report` | runs and their parts, between processes |
//! | `commands` | commands that report without running a command |
//! | `run` | runs a command as a scope |

mod arguments;
mod commands;
mod report;
mod run;
mod settings;
mod spool;
mod status;

use std::process::ExitCode;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    status::exit(arguments::run())
}
