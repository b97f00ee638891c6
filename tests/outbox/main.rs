//! The outbox: what is in it outlives its process, its neighbours and its disk's bad days.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod damage;
mod delivery;
mod full;
mod kill;
mod lanes;
mod process;

use std::path::Path;
use std::time::Duration;

use datadog_ci_intake::LocalIntake;
use datadog_ci_intake::StoredEvent;
use datadog_ci_pipelines::models::{FinishedJob, JobStatus};
use datadog_ci_pipelines::outbox::{Outbox, OutboxBuilder};
use datadog_ci_pipelines::{Client, RetryPolicy};

/// Longer than anything takes that is to come to an end.
const LONG: Duration = Duration::from_secs(60);

/// An intake a little after the jobs that [`job`] gives.
async fn intake() -> LocalIntake {
    let intake = LocalIntake::start().await.unwrap();
    intake.clock().set("2026-07-14T10:00:00Z".parse().unwrap());
    intake
}

/// A client of an address, which tries nothing again: that is for the outbox to do.
fn client(url: &str) -> Client {
    let client = Client::builder().base_url(url).api_key("k").retry(RetryPolicy::none());
    client.build().unwrap()
}

/// A client of a service that is down: nobody listens there.
fn nobody() -> Client {
    client("http://127.0.0.1:9")
}

/// An outbox that does not wait for long.
fn builder(client: Client) -> OutboxBuilder {
    Outbox::builder(client).longest_wait(Duration::from_millis(20))
}

fn job(id: &str) -> FinishedJob {
    FinishedJob::builder()
        .id(id)
        .name("check-links")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start("2026-07-14T09:05:03Z".parse().unwrap())
        .end("2026-07-14T09:10:31Z".parse().unwrap())
        .status(JobStatus::Success)
        .url("https://ci.example/jobs/1")
        .build()
        .unwrap()
}

/// The ids of the jobs that have arrived, in their order.
fn arrived(intake: &LocalIntake) -> Vec<String> {
    let id = |event: &StoredEvent| event.attributes["ci"]["job"]["id"].as_str().unwrap().to_owned();
    intake.events().iter().map(id).collect()
}

fn ids(prefix: &str, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("{prefix}-{number}")).collect()
}

/// Waits until so many jobs have arrived.
async fn until(intake: &LocalIntake, count: usize) {
    let arrived = async {
        while intake.event_count() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(LONG, arrived).await;
    assert!(in_time.is_ok(), "{} of {count} have arrived", intake.event_count());
}

/// Enqueues jobs, all at once: the disk is asked once for many of them.
async fn enqueue(outbox: &Outbox, ids: &[String]) {
    let enqueued = ids.iter().map(|id| outbox.enqueue(job(id)));
    for enqueued in futures_util::future::join_all(enqueued).await {
        enqueued.unwrap();
    }
}

/// Puts jobs into a directory of whose delivery nothing comes yet.
async fn leave(directory: &Path, prefix: &str, count: usize) {
    let outbox = builder(nobody()).open(directory).await.unwrap();
    enqueue(&outbox, &ids(prefix, 0..count)).await;
    outbox.close().await.unwrap();
}

/// The names of the files in a directory that end like this, in their order.
fn files(directory: &Path, end: &str) -> Vec<String> {
    let names = std::fs::read_dir(directory).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(end)).collect();
    names.sort();
    names
}

/// The generator SplitMix64: what fails once fails again.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
