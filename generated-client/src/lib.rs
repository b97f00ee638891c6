//! A client of Datadog's CI Visibility Pipelines API.
#![forbid(unsafe_code)]

// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
mod generated;

pub use generated::*;
