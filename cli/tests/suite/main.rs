//! The command as a program.
//!
//! | module | responsibility |
//! |---|---|
//! | `workspace` | temporary directories with documents |
//! | `choices` | options with unknown names |
//! | `command` | `generate`, `check` and `inspect` |
//! | `differences` | `diff` |
//! | `documents` | `bundle` and `inspect --untyped` |
//! | `scripts` | scripts that use the command |
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

mod choices;
mod command;
mod differences;
mod documents;
#[cfg(unix)]
mod scripts;
mod workspace;
