//! A client of Datadog's CI Visibility Pipelines API: report the runs of any CI system, and
//! list, search and aggregate them.
//!
//! # Reporting runs
//!
//! The [`Reporter`] (feature `reporter`) reports runs as they happen. Its scopes fill in times,
//! parents, ids and the commit. Add it with `cargo add datadog-ci-pipelines --features reporter`:
//!
#![cfg_attr(feature = "reporter", doc = "```no_run")]
#![cfg_attr(not(feature = "reporter"), doc = "```ignore")]
//! use datadog_ci_pipelines::Reporter;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Reads DD_API_KEY, and optionally DD_SITE (default datadoghq.com) or DD_URL. It never fails:
//! // without a key, as in pull requests from forks, it sends nothing and prints why.
//! let reporter = Reporter::from_env().provider_name("my-ci").env("ci").git_from_env();
//!
//! let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
//! let test = run.stage("test").start();
//! let job = test.job("cargo test", "https://ci.example/job/7").start();
//! job.success();
//! test.success();
//! println!("{}", run.success().await); // waits for delivery and prints a summary
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | content |
//! |---|---|
//! | `reporter` | [`Reporter`]: runs as scopes, sent in the background |
//! | `git` | the reporter reads the commit from a checkout, also the author; implies `reporter` |
//! | `outbox` | [`outbox::Outbox`]: events are stored on disk before they are sent (Rust 1.90) |
//! | `blocking` | [`blocking::Client`], for programs without an async runtime |
//! | `jiff` | timestamps convert to and from those of [jiff](https://docs.rs/jiff); implied by `reporter` |
//! | `gzip`, `zstd` | compressed requests and responses |
//! | `http2` | HTTP/2, if the server supports it |
//! | `system-proxy` | the proxy settings of macOS and Windows, in addition to `HTTPS_PROXY` and the like |
//! | `tracing` | spans of calls and attempts |
//! | `rustls-ring` (default), `rustls-aws-lc`, `native-tls` | TLS |
//!
#![cfg_attr(not(feature = "reporter"), doc = "[`Reporter`]: #features")]
#![cfg_attr(not(feature = "outbox"), doc = "[`outbox::Outbox`]: #features")]
#![cfg_attr(not(feature = "blocking"), doc = "[`blocking::Client`]: #features")]
//!
//! # Single events and search
//!
//! [`Client::send`] sends one event, [`Client::send_all`] any number.
//! [`Client::search_pipeline_events`] and [`Client::aggregate`] read them:
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
//!         names.extend(event.str("ci.pipeline.name").map(String::from));
//!     }
//!     Ok(names)
//! }
//!
//! // In production.
//! async fn run() -> Result<()> {
//!     // Reads DD_API_KEY, DD_APP_KEY, and optionally DD_SITE or DD_URL.
//!     let client = Client::from_env()?;
//!     println!("{:?}", report(&client).await?);
//!     Ok(())
//! }
//!
//! // In a test: the same API, inside the test process (`datadog-ci-intake`).
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<()> {
//!     let intake = LocalIntake::start().await?;
//!     // Like the service, the intake only accepts runs that ended within the last 18 hours.
//!     intake.clock().set("2024-08-22T22:00:00Z".parse()?);
//!     assert_eq!(report(&intake.client()).await?, ["Documentation Build"]);
//!     assert_eq!(intake.events().len(), 1);
//!     Ok(())
//! }
//! ```
//!
//! # Test doubles
//!
//! If a test only needs canned responses, replace the API with a test double: a type that
//! implements the called [`Operations`]. It receives validated requests. Paging and
//! [`Client::send_all`] work as usual.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! use datadog_ci_pipelines::models::EventsPage;
//! use datadog_ci_pipelines::operations::SearchPipelineEvents;
//! use datadog_ci_pipelines::{ApiError, Client, Error, ErrorBody, Operations, Response};
//!
//! // The code under test takes a client.
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
//!         let query = request.body.and_then(|body| body.filter?.query);
//!         self.0.lock().unwrap().extend(query);
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
//! let queries = Arc::default();
//! let client = Client::from_test_double(Quiet(Arc::clone(&queries)));
//! assert!(is_green(&client, "deploy").await?);
//! assert_eq!(*queries.lock().unwrap(), [r#"@ci.pipeline.name:"deploy" @ci.status:error"#]);
//!
//! let error = is_green(&Client::from_test_double(Overloaded), "deploy").await.unwrap_err();
//! assert_eq!(error.status(), Some(429));
//!
//! // Operations that the test double does not implement return an error.
//! let error = Client::from_test_double(Overloaded).list_pipeline_events().send().await.unwrap_err();
//! assert!(error.to_string().starts_with("`list_pipeline_events` is not implemented"));
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! | module | responsibility |
//! |---|---|
//! | `generated` | models, operations and client, generated from the OpenAPI document |
//! | `event` | events of any level |
//! | `send` | one event, or any number |
//! | `search`, `aggregate` | shorthand for searches and aggregations |
//! | `critical_path` | the jobs that determine the duration of a run |
//! | `rules` | rules of the service that the OpenAPI document cannot express |
//! | `sync` | the hand-written methods of the blocking client |
//! | `reporter` | runs as scopes |
//! | `outbox` | events that survive the process |
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod aggregate;
pub mod critical_path;
mod event;
// Formatted by the generator.
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

/// For `datadog-ci-intake`, which guards a database of its own with the same functions.
#[cfg(feature = "outbox")]
#[doc(hidden)]
pub mod __private {
    pub use crate::outbox::storage::guard::{DatabaseError, guard_database};
}

pub use event::PipelineEvent;
pub use generated::*;
#[cfg(feature = "reporter")]
pub use reporter::Reporter;
pub use send::{MAX_BATCH, Outcome, SendAll, SendAllError, SendReport};
#[cfg(feature = "blocking")]
pub use specwright_runtime::Iter;
#[cfg(feature = "jiff")]
pub use specwright_runtime::jiff;
pub use specwright_runtime::{
    AdditionalProperties, ApiError, Attempt, AttemptOutcome, Compression, ConfigError, DecodeError,
    HttpOptions, Items, Json, JsonObject, JsonView, Nullable, Number, Pages, ParseTimeError,
    RateLimitHeaders, RateLimiter, Response, ResponseSummary, RetryPolicy, Timestamp,
    TransportError, ValidationError, Violation, reqwest,
};
