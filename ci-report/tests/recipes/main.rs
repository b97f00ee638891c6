//! Runs the recipes of docs/ci-report.md and docs/ci-report-recipes.md in real shells, against the local intake.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unexpected error fails the test")]

mod actions;
mod containers;
mod documentation;
mod machines;
mod shell;
#[path = "../report/support.rs"]
#[allow(dead_code, reason = "shared with another test binary, which uses all of it")]
mod support;
mod system;
