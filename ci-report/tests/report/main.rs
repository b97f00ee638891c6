//! Drives the program against the local intake.
#![cfg(unix)]

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
