//! Reports CI runs from any shell, and reads what was reported.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | the commands and their options |
//! | `status` | why a command fails, and its exit code |
//! | `settings` | settings from the environment |
//! | `spool` | events on disk that are not yet delivered |

mod arguments;
mod settings;
mod spool;
mod status;

use std::process::ExitCode;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    status::exit(arguments::run())
}
