//! Datadog's CI Visibility Pipelines API on your machine, for testing without an account.
//! Add it to tests with `cargo add --dev datadog-ci-intake --no-default-features`:
//!
//! ```
//! use datadog_ci_intake::LocalIntake;
//! use datadog_ci_pipelines::PipelineEvent;
//! use datadog_ci_pipelines::models::{Step, StepStatus};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let intake = LocalIntake::start().await?;
//! intake.clock().set("2026-07-14T10:00:00Z".parse()?);
//! let client = intake.client(); // or any client, with `intake.url()`
//!
//! let step = Step::builder()
//!     .id("1")
//!     .name("cargo test")
//!     .pipeline_unique_id("run-1")
//!     .pipeline_name("deploy")
//!     .start("2026-07-14T09:58:00Z".parse()?)
//!     .end("2026-07-14T09:59:00Z".parse()?)
//!     .status(StepStatus::Success)
//!     .build()?;
//! client.send(PipelineEvent::new(step)).await?;
//!
//! assert_eq!(intake.events()[0].attributes["ci"]["step"]["name"], "cargo test");
//! # Ok(())
//! # }
//! ```
//!
//! [`LocalIntake`] runs inside your test process; the program `datadog-ci-intake` runs on its own.
//! Both implement all operations: sending, listing, searching and aggregating events. Tests can
//!
//! - read the [`StoredEvent`]s, their [`Update`]s and the [`RecordedRequest`]s,
//! - set the [`Clock`], and
//! - inject a [`Fault`], latency or a [`RateLimit`].
//!
//! The differences from the service are listed in
//! [`DIFFERENCES.md`](https://docs.rs/crate/datadog-ci-intake/latest/source/DIFFERENCES.md). What
//! the intake keeps on disk is documented in `src/journal/mod.rs`: file format, durability,
//! recovery, and what is not kept.
//!
//! # Modules
//! A module may use the ones listed after it, not the ones before it.
//!
//! | module | responsibility |
//! |---|---|
//! | `local` | a running intake, in the process of a test or of the program |
//! | `http` | the implementation of the generated trait, the control interface, the pages, and injected faults |
//! | `generated` | the server's trait, operations and routes, generated from the OpenAPI document |
//! | `operations` | what each operation does, without HTTP |
//! | `journal` | what the intake keeps on disk |
//! | `aggregate` | grouping events, and computing statistics of each group |
//! | `store` | merged events in memory, ordered by time |
//! | `query` | the search syntax: parser, printer and evaluator |
//! | `event` | what was sent, the attributes it is searched by, and validation |
//! | `time` | the clock, timestamps in requests, units and time zones |
//! | `common` | locks, and lists of validation errors |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod aggregate;
mod common;
mod event;
// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated code is the same for public modules")]
mod generated;
mod http;
mod journal;
mod local;
mod operations;
mod query;
mod store;
mod time;

pub use common::IntakeError;
pub use event::Level;
pub use http::{Fault, RateLimit, RecordedRequest};
#[cfg(feature = "program")]
pub use local::program;
pub use local::{LocalIntake, LocalIntakeBuilder};
#[doc(no_inline)]
pub use specwright_server::Limits;
pub use store::{StoredEvent, Update};
pub use time::Clock;

/// What the fuzz targets of this repository check. Not a public API.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::query::check_query;
}

/// Tests the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
