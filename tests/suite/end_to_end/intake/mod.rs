//! The client against the API itself: an intake in the test's own process. What the intake
//! would never say is in the modules beside this one, against a server that follows a script.

mod aggregates;
mod delivery;
mod faults;
mod keys;
mod limits;
mod listings;
mod many;
mod refusals;
mod retries;
mod round_trip;

use std::error::Error as StdError;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::models::{Event, FinishedJob};
use datadog_ci_pipelines::{Client, ClientBuilder, RetryPolicy};

use super::job;

/// What time it is: a little after the jobs that [`job`] gives.
const NOW: &str = "2026-07-14T10:00:00Z";

/// An intake where it is [`NOW`], and a client of it.
async fn start() -> Result<(LocalIntake, Client), Box<dyn StdError>> {
    let intake = LocalIntake::start().await?;
    intake.clock().set(NOW.parse()?);
    let client = intake.client();
    Ok((intake, client))
}

/// A client of an intake without keys, which tries nothing again.
fn client_builder(intake: &LocalIntake) -> ClientBuilder {
    Client::builder().base_url(intake.url()).retry(RetryPolicy::none())
}

/// A job of this id that was over at this time.
fn job_at(id: &str, end: &str) -> Result<FinishedJob, Box<dyn StdError>> {
    let mut job = job(id)?;
    job.end = end.parse::<Timestamp>()?;
    Ok(job)
}

/// The ids of jobs as their sender knows them.
fn job_ids<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<String> {
    let id = |event: &Event| Some(event.get("ci.job.id")?.as_str()?.into_owned());
    events.into_iter().map(|event| id(event).unwrap_or_default()).collect()
}

/// The statuses of the answers so far; none where the connection was closed instead.
fn statuses(intake: &LocalIntake) -> Vec<Option<u16>> {
    intake.requests().iter().map(|request| request.status).collect()
}
