//! Tests of robustness: crashes, damaged files, and invalid or excessive requests. They run the
//! program and only use it from outside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod closed_pipes;
mod crash;
mod damage;
mod http;
mod input;
mod program;
mod queries;
#[cfg(unix)]
mod shutdown;
