//! A client of Datadog's CI Visibility Pipelines API: send the runs of any CI system, and
//! list, search and aggregate what arrived.
//!
//! ```
//! use datadog_ci_intake::LocalIntake;
//! use datadog_ci_pipelines::models::{FinishedPipeline, GitInfo, PipelineStatus};
//! use datadog_ci_pipelines::{Client, PipelineEvent};
//!
//! type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
//!
//! async fn report(client: &Client) -> Result<Vec<String>> {
//!     let run = FinishedPipeline::builder()
//!         .unique_id("b3262537-a573-44eb-b777-4c0f37912b05")
//!         .name("Documentation Build")
//!         .url("https://ci.example/run/1")
//!         .start("2024-08-22T11:36:29-07:00".parse()?)
//!         .end("2024-08-22T14:36:00-07:00".parse()?)
//!         .status(PipelineStatus::Error)
//!         .partial_retry(false)
//!         .git(
//!             GitInfo::builder()
//!                 .repository_url("https://git.example/docs")
//!                 .sha("cf852e17dea14008ac83036430843a1c")
//!                 .author_email("contributor@git.example")
//!                 .build()?,
//!         )
//!         .build()?;
//!     client.send(PipelineEvent::new(run).provider_name("my-ci").env("ci")).await?;
//!
//!     let mut names = Vec::new();
//!     let search = client.search_pipeline_events().query("@ci.status:error").from("now-1d");
//!     let mut failed = search.stream();
//!     while let Some(event) = failed.try_next().await? {
//!         names.extend(event.get("ci.pipeline.name").and_then(|name| name.as_str()).map(String::from));
//!     }
//!     Ok(names)
//! }
//!
//! // In production.
//! async fn run() -> Result<()> {
//!     // Keys and site from DD_API_KEY, DD_APP_KEY and DD_SITE, or any address from DD_URL.
//!     let client = Client::from_env()?;
//!     println!("{:?}", report(&client).await?);
//!     Ok(())
//! }
//!
//! // In a test: the same API in the test's own process (`datadog-ci-intake`).
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<()> {
//!     let intake = LocalIntake::start().await?;
//!     // Like the service it takes what ended within the last 18 hours, so here it is that day.
//!     intake.clock().set("2024-08-22T22:00:00Z".parse()?);
//!     assert_eq!(report(&intake.client()).await?, ["Documentation Build"]);
//!     assert_eq!(intake.events().len(), 1);
//!     Ok(())
//! }
//! ```
//!
//! The models, the operations and the client itself are generated from the description of
//! the API; this crate adds what a description cannot say: events that are easy to put
//! together ([`PipelineEvent`]), any number of them at once ([`Client::send_all`]), aggregations
//! in few words ([`Client::aggregate`]), and the rules that the service has beside its schemas
//! ([`rules`]). With the feature `outbox` (Rust 1.90) events are on disk before they are sent,
//! and survive the process (`outbox::Outbox`).
#![forbid(unsafe_code)]

mod aggregate;
mod event;
// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
mod generated;
#[cfg(feature = "outbox")]
pub mod outbox;
pub mod rules;
mod search;
mod send;

pub use event::PipelineEvent;
pub use generated::*;
pub use send::{MAX_BATCH, Outcome, SendAll, SendAllError, SendReport};
pub use specwright_runtime::{
    AdditionalProperties, ApiError, ConfigError, DecodeError, Items, Json, JsonObject, JsonView,
    Nullable, Number, Pages, RateLimit, Response, RetryPolicy, TransportError, ValidationError,
    Violation, jiff,
};
