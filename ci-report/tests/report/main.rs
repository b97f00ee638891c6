//! Drives the program against the local intake.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unexpected error fails the test")]

mod exact;
mod hostile;
mod kills;
mod nesting;
mod parallel;
mod scopes;
mod secrets;
mod signals;
mod state;
mod support;
mod terminal;
