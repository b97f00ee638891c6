//! A client of Datadog's CI Visibility Pipelines API: send the runs of any CI system, and
//! list, search and aggregate what arrived.
//!
//! ```no_run
//! use datadog_ci_pipelines::models::{FinishedPipeline, GitInfo, PipelineStatus};
//! use datadog_ci_pipelines::{Client, PipelineEvent};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // Keys and site from DD_API_KEY, DD_APP_KEY and DD_SITE, or any address from DD_URL.
//! let client = Client::from_env()?;
//!
//! let run = FinishedPipeline::builder()
//!     .unique_id("b3262537-a573-44eb-b777-4c0f37912b05")
//!     .name("Documentation Build")
//!     .url("https://ci.example/run/1")
//!     .start("2024-08-22T11:36:29-07:00".parse()?)
//!     .end("2024-08-22T14:36:00-07:00".parse()?)
//!     .status(PipelineStatus::Success)
//!     .partial_retry(false)
//!     .git(
//!         GitInfo::builder()
//!             .repository_url("https://git.example/docs")
//!             .sha("cf852e17dea14008ac83036430843a1c")
//!             .author_email("contributor@git.example")
//!             .build()?,
//!     )
//!     .build()?;
//! client.send(PipelineEvent::new(run).provider_name("my-ci").env("ci")).await?;
//!
//! let mut failed = client.search_pipeline_events().query("@ci.status:error").from("now-1d").stream();
//! while let Some(event) = failed.try_next().await? {
//!     println!("{:?}", event.get("ci.pipeline.name"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The models, the operations and the client itself are generated from the description of
//! the API; this crate adds what a description cannot say: events that are easy to put
//! together ([`PipelineEvent`]), batches ([`Client::send_all`]), and the rules that the
//! service has beside its schemas ([`rules`]).
#![forbid(unsafe_code)]

mod event;
// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
mod generated;
pub mod rules;
mod search;
mod send;

pub use event::PipelineEvent;
pub use generated::*;
pub use send::{MAX_BATCH, SendAllError};
pub use specwright_runtime::{
    AdditionalProperties, ApiError, ConfigError, DecodeError, Items, Json, JsonObject, JsonView,
    Nullable, Number, Pages, RateLimit, Response, TransportError, ValidationError, Violation, jiff,
};
