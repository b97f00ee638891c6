//! Tests of the facts known about the service, over HTTP: a module for each subject, a test for
//! each fact. What is unknown, and what was decided instead, is in `DIFFERENCES.md`.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a panic fails the test")]

mod aggregations;
mod attributes;
mod control;
mod differences;
mod listings;
#[cfg(feature = "pages")]
mod pages;
mod responses;
mod search_syntax;
mod support;
mod under_load;
mod updates;
