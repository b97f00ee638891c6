//! What must not break the intake: being killed, a damaged disk, and whoever sends to it.
//! Everything here is done to the program, from outside, as it would happen.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod damage;
#[cfg(unix)]
mod end;
mod http;
mod input;
mod kill;
mod pipes;
mod program;
mod queries;
mod random;
