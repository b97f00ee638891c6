//! Reports CI runs from any shell, and reads what was reported:
//!
//! ```sh
//! cargo install ci-report
//! ci-report intake & eval "$(ci-report intake --env)" # without an account; or set DD_API_KEY and DD_SITE
//! ci-report run --pipeline hello -- echo hello
//! ci-report show
//! ```
//!
//! The package is a program; its library has only what other programs of its repository draw with.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | the commands and their options |
//! | `run` | runs a command as a scope |
//! | `commands` | commands that neither run a command nor read events |
//! | `files` | events from files |
//! | `reading` | the commands that read events |
//! | `drawing` | runs, tables and time series in characters, and what commands print |
//! | `status` | why a command fails, its exit code, and the process |
//! | `report` | runs and their parts, between processes |
//! | `settings` | settings from the environment |
//! | `spool` | events on disk that are not yet delivered |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod arguments;
mod commands;
pub mod drawing;
mod files;
mod reading;
mod report;
mod run;
mod settings;
mod spool;
mod status;

// For the commands that finish jobs.
use files::junit;

/// Runs the program with the arguments of the process, and returns the exit code.
#[must_use]
pub fn main() -> u8 {
    status::exit(arguments::run()).code()
}

/// Runs the program without the runtime of Rust, and ends the process.
#[cfg(unix)]
pub fn main_without_runtime() -> ! {
    status::run_without_runtime(main)
}
