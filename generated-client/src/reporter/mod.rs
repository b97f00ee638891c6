//! Reports CI runs as they happen: pipelines, stages, jobs and steps are scopes that fill in
//! times, parents, ids and the commit.
//!
//! ```
//! use datadog_ci_pipelines::Reporter;
//! use datadog_ci_pipelines::models::PipelineStatus;
//! # use datadog_ci_intake::LocalIntake;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let intake = LocalIntake::start().await?;
//! # let client = intake.client();
//! # fn lint() -> Result<(), String> { Ok(()) }
//! # fn cargo_test() -> Result<(), String> { Err("1 of 412 tests failed".to_owned()) }
//! let reporter = Reporter::new(client).provider_name("my-ci").env("ci").git_from_env();
//!
//! let run = reporter.pipeline("deploy", "https://ci.example/run/1").manual(true).start();
//! let test = run.stage("test").start();
//! let mut job = test.job("cargo test", "https://ci.example/job/7").tag("team", "docs").start();
//! job.step("lint").start().outcome(lint())?;
//! let tested = job.step("unit tests").start().outcome(cargo_test());
//! job.metric("tests", 412);
//! job.failed(tested.unwrap_err());
//! test.failed("not all tests passed");
//!
//! let report = run.finish(PipelineStatus::Error).await;
//! assert!(report.is_complete(), "{report}");
//! // The run and the job are each sent as running and as finished: 7 events, 5 after merging.
//! assert_eq!((report.accepted, intake.event_count()), (7, 5));
//! # Ok(())
//! # }
//! ```
//!
//! **No method fails.** A report must not break the build that it is about. Invalid values are
//! corrected where possible, and listed in the [`Report`] and passed to [`Reporter::on_problem`].
//!
//! **Dropped scopes are reported** as [`OnDrop`] specifies, so that an early return, a panic or an
//! aborted task leaves nothing running.
//!
//! **Events are sent in the background**, in order and in batches, by a thread of the reporter. A
//! scope can be used with or without an async runtime, and events that are not yet sent outlive
//! the runtime. If the service is unavailable, sending is retried as long as the reporter lives; at
//! most [`MAX_WAITING`] events wait.
//!
//! **Waiting for delivery.** [`Scope::finish`] of a run, and [`Reporter::flush`], return a
//! [`Delivery`] that resolves to a [`Report`]. Dropping the last scope and the last clone of a
//! reporter blocks the thread for at most [`Reporter::delivery_timeout`], if events are left that
//! no report has mentioned. In a test whose intake runs on the same thread, await a [`Delivery`]
//! first. `std::process::exit` and `static` values run no destructors: await a [`Delivery`] there,
//! too.
//!
//! **Several processes can report one run.** One process starts the run, and ends it or hands it
//! over ([`Scope::hand_over`]). Others report parts of it ([`Reporter::within`]). A scope of any level
//! that one process has started can be ended by another one ([`ScopeBuilder::reopen`]).
//!
//! | module | responsibility |
//! |---|---|
//! | `reporter` | the configured reporter |
//! | `scope` | builders and scopes of the four levels |
//! | `delivery` | queue, background thread, reports |
//! | `git` | facts about the commit |
//! | `clock`, `id` | times within a run, random ids |

mod clock;
mod delivery;
mod git;
mod id;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
mod reporter;
mod scope;

pub use delivery::{Delivery, EventFn, MAX_WAITING, Problem, ProblemKind, Report, Sink};
pub use git::{GitError, GitFacts};
pub use reporter::Reporter;
pub use scope::{
    Failure, FinalStatus, Level, OnDrop, Scope, ScopeBuilder, ScopeHandle, ScopeResult,
};
