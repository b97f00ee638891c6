//! Calls to an intake in the process of the test.
//!
//! | module | responsibility |
//! |---|---|
//! | `aggregations` | aggregations |
//! | `credentials` | correct, wrong and missing credentials |
//! | `delivery` | sending events of every level |
//! | `faults` | injected faults |
//! | `limits` | the rate limiter |
//! | `listings` | listing and searching |
//! | `many` | sending many events |
//! | `rejections` | rejected requests |
//! | `retries` | retries |
//! | `round_trip` | random events are stored and found as they were sent |

mod aggregations;
mod credentials;
mod delivery;
mod faults;
mod limits;
mod listings;
mod many;
mod rejections;
mod retries;
mod round_trip;

use std::error::Error as StdError;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::models::{Event, FinishedJob};
use datadog_ci_pipelines::{Client, ClientBuilder, RetryPolicy};

use crate::end_to_end::support::job;

/// The time of the intake: shortly after the jobs that [`job`] returns.
const NOW: &str = "2026-07-14T10:00:00Z";

/// Starts an intake whose time is [`NOW`]. Returns a client as well.
async fn start() -> Result<(LocalIntake, Client), Box<dyn StdError>> {
    let intake = LocalIntake::start().await?;
    intake.clock().set(NOW.parse()?);
    let client = intake.client();
    Ok((intake, client))
}

/// Returns a builder of a client without credentials and retries.
fn client_builder(intake: &LocalIntake) -> ClientBuilder {
    Client::builder().base_url(intake.url()).retry(RetryPolicy::none())
}

/// Returns a job with this end.
fn job_at(id: &str, end: &str) -> Result<FinishedJob, Box<dyn StdError>> {
    let mut job = job(id)?;
    job.end = end.parse()?;
    Ok(job)
}

/// Returns the ids of jobs as the sender set them.
fn job_ids<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<String> {
    let id = |event: &Event| Some(event.get("ci.job.id")?.as_str()?.into_owned());
    events.into_iter().map(|event| id(event).unwrap_or_default()).collect()
}

/// Returns the statuses of the responses so far; `None` where the connection was closed instead.
fn statuses(intake: &LocalIntake) -> Vec<Option<u16>> {
    intake.requests().iter().map(|request| request.status).collect()
}
