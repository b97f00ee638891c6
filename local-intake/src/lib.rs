//! The CI Visibility Pipelines API on one's own machine.

pub mod event;
pub mod query;
pub mod store;
