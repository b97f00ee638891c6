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
//! A test that needs no API, only answers that it chooses, puts a double in its place: something
//! that has the [`Operations`] which are called. It is asked what would have been sent, so only
//! what is valid; paging, [`Client::send_all`] and all else are as ever.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! use datadog_ci_pipelines::models::EventsPage;
//! use datadog_ci_pipelines::operations::SearchPipelineEvents;
//! use datadog_ci_pipelines::{ApiError, Client, Error, ErrorBody, Operations, Response};
//!
//! // What is to be tested takes a client, and knows of no double.
//! async fn is_green(client: &Client, pipeline: &str) -> Result<bool, Error> {
//!     let query = format!("@ci.pipeline.name:{pipeline:?} @ci.status:error"); // in quotes
//!     let mut failed = client.search_pipeline_events().query(query).stream();
//!     Ok(failed.try_next().await?.is_none())
//! }
//!
//! struct Quiet(Arc<Mutex<Vec<String>>>);
//!
//! impl Operations for Quiet {
//!     async fn search_pipeline_events(
//!         &self,
//!         request: SearchPipelineEvents,
//!     ) -> Result<Response<EventsPage>, Error> {
//!         let asked = request.body.and_then(|body| body.filter?.query);
//!         self.0.lock().unwrap().extend(asked);
//!         Ok(Response::new(EventsPage::default()))
//!     }
//! }
//!
//! struct Overloaded;
//!
//! impl Operations for Overloaded {
//!     async fn search_pipeline_events(
//!         &self,
//!         _: SearchPipelineEvents,
//!     ) -> Result<Response<EventsPage>, Error> {
//!         Err(ApiError::new("search", 429, ErrorBody::Other("slow down".to_owned())).into())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let asked = Arc::default();
//! let client = Client::from_test_double(Quiet(Arc::clone(&asked)));
//! assert!(is_green(&client, "deploy").await?);
//! assert_eq!(*asked.lock().unwrap(), [r#"@ci.pipeline.name:"deploy" @ci.status:error"#]);
//!
//! let error = is_green(&Client::from_test_double(Overloaded), "deploy").await.unwrap_err();
//! assert_eq!(error.status(), Some(429));
//!
//! // What a double does not have is an error that names it.
//! let error = Client::from_test_double(Overloaded).list_pipeline_events().send().await.unwrap_err();
//! assert!(error.to_string().starts_with("`list_pipeline_events` is not implemented"));
//! # Ok(())
//! # }
//! ```
//!
//! Programs without an async runtime turn on the feature `blocking`, and use `blocking::Client`:
//! the same methods, each of which waits for its answer.
//!
//! The models, the operations and the client itself are generated from the description of
//! the API; this crate adds what a description cannot say: events that are easy to put
//! together ([`PipelineEvent`]), any number of them at once ([`Client::send_all`]), aggregations
//! in few words ([`Client::aggregate`]), and the rules that the service has beside its schemas
//! ([`rules`]). With the feature `reporter` there is also `Reporter`, which most people want first:
//! runs as scopes that fill in the events, and a background that sends them. With the feature
//! `outbox` (Rust 1.90) events are on disk before they are sent, and survive the process
//! (`outbox::Outbox`).
#![forbid(unsafe_code)]

mod aggregate;
mod event;
// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
mod generated;
#[cfg(feature = "outbox")]
pub mod outbox;
#[cfg(feature = "reporter")]
pub mod reporter;
pub mod rules;
mod search;
mod send;
#[cfg(feature = "blocking")]
mod sync;

/// For `datadog-ci-intake`, which keeps its events with the same database.
#[cfg(feature = "outbox")]
#[doc(hidden)]
pub mod __private {
    pub use crate::outbox::guard::{DatabaseError, guard_database};
}

pub use event::PipelineEvent;
pub use generated::*;
#[cfg(feature = "reporter")]
pub use reporter::Reporter;
pub use send::{MAX_BATCH, Outcome, SendAll, SendAllError, SendReport};
#[cfg(feature = "blocking")]
pub use specwright_runtime::Iter;
pub use specwright_runtime::{
    AdditionalProperties, ApiError, Attempt, AttemptOutcome, Compression, ConfigError, DecodeError,
    HttpOptions, Items, Json, JsonObject, JsonView, Nullable, Number, Pages, RateLimitHeaders,
    RateLimiter, Response, ResponseSummary, RetryPolicy, TransportError, ValidationError,
    Violation, jiff, reqwest,
};
