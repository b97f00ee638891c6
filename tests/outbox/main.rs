//! The outbox. Events survive the end of their process, other processes and damaged files.
//!
//! | module | responsibility |
//! |---|---|
//! | `child` | starts, limits and kills the helper process |
//! | `damage` | damaged files |
//! | `delivery` | order, retries, rejected events, flushing |
//! | `full` | full outboxes and full disks |
//! | `jobs` | jobs and builders, also for the helper process |
//! | `kill` | killed processes |
//! | `lanes` | several processes with one directory |

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod child;
mod damage;
mod delivery;
mod full;
mod jobs;
mod kill;
mod lanes;

use std::path::Path;
use std::time::Duration;

use datadog_ci_intake::LocalIntake;
use datadog_ci_intake::StoredEvent;
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::outbox::Outbox;
use jobs::{builder, client, job};

/// A timeout that only a test that hangs exceeds.
const LONG: Duration = Duration::from_secs(60);

/// Starts an intake whose time is shortly after the jobs that [`job`] returns.
async fn intake() -> LocalIntake {
    let intake = LocalIntake::start().await.unwrap();
    intake.clock().set("2026-07-14T10:00:00Z".parse().unwrap());
    intake
}

/// Returns a client of a service that is down: no process listens on this port.
fn unreachable() -> Client {
    client("http://127.0.0.1:9")
}

/// Returns the ids of the jobs that have arrived, in order.
fn arrived(intake: &LocalIntake) -> Vec<String> {
    let id = |event: &StoredEvent| event.attributes["ci"]["job"]["id"].as_str().unwrap().to_owned();
    intake.events().iter().map(id).collect()
}

fn ids(prefix: &str, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("{prefix}-{number}")).collect()
}

/// Waits until `count` jobs have arrived.
async fn wait_for(intake: &LocalIntake, count: usize) {
    let arrived = async {
        while intake.event_count() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(LONG, arrived).await;
    assert!(in_time.is_ok(), "{} of {count} have arrived", intake.event_count());
}

/// Enqueues jobs concurrently, so that they are written in groups.
async fn enqueue(outbox: &Outbox, ids: &[String]) {
    let enqueued = ids.iter().map(|id| outbox.enqueue(job(id)));
    for enqueued in futures_util::future::join_all(enqueued).await {
        enqueued.unwrap();
    }
}

/// Leaves undelivered jobs in a directory.
async fn leave(directory: &Path, prefix: &str, count: usize) {
    let outbox = builder(unreachable()).open(directory).await.unwrap();
    enqueue(&outbox, &ids(prefix, 0..count)).await;
    outbox.close().await.unwrap();
}

/// Returns the names of the files in a directory with this suffix, sorted.
fn files(directory: &Path, suffix: &str) -> Vec<String> {
    let names = std::fs::read_dir(directory).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(suffix)).collect();
    names.sort();
    names
}
