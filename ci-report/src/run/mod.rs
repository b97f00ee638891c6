//! `ci-report run`: runs a command as a scope.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | the options |
//! | `program` | what to run: assignments, a program or a line of shell |
//! | `signals` | signals for the command |
//! | `stderr` | the end of what the command writes to stderr |
//! | `child` | starts the command and waits for it |
//! | `panics` | keeps faults of this program away from the command |
//! | `wrap` | reports the command |

mod arguments;
mod child;
mod panics;
mod program;
mod signals;
mod stderr;
mod wrap;

pub(crate) use arguments::Arguments;
pub(crate) use stderr::{RELAY, relay};
pub(crate) use wrap::run;
