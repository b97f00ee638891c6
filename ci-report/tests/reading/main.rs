//! The commands that read events, and those around them: the program against a local intake.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod aggregations;
mod doctor;
mod files;
mod guide;
mod hostile;
#[cfg(feature = "intake")]
mod intake;
#[cfg(unix)]
mod junit;
mod listings;
mod runs;
mod support;
mod tail;
