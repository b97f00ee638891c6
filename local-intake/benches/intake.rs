//! Throughput of inserting events, and latency of searching and aggregating them, over HTTP on
//! the loopback interface.
#![expect(clippy::expect_used, reason = "a failure must not be measured")]

mod data;
#[cfg(feature = "pages")]
mod pages;

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datadog_ci_intake::LocalIntake;
use tokio::runtime::Runtime;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn start(runtime: &Runtime, directory: Option<&std::path::Path>) -> LocalIntake {
    let mut builder = LocalIntake::builder();
    if let Some(directory) = directory {
        builder = builder.data_dir(directory);
    }
    let intake = runtime.block_on(builder.start()).expect("an intake");
    // The first client of a process installs the TLS provider, which `reqwest` requires.
    drop(intake.client());
    // After the last event.
    intake.clock().set("2026-07-14T13:30:00Z".parse().expect("a time"));
    intake
}

/// Sends all bodies over one or several connections, and returns the duration.
fn send(runtime: &Runtime, url: &str, bodies: &[String], connections: usize) -> Duration {
    let client = reqwest::Client::new();
    let share = bodies.len().div_ceil(connections);
    let started = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = bodies
            .chunks(share)
            .map(|bodies| {
                let (client, url) = (client.clone(), format!("{url}/api/v2/ci/pipeline"));
                let bodies = bodies.to_vec();
                tokio::spawn(async move {
                    for body in bodies {
                        let request = client.post(&url).header("DD-API-KEY", "bench").body(body);
                        let response = request.send().await.expect("a response");
                        assert_eq!(response.status(), 202);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("a sender");
        }
    });
    started.elapsed()
}

/// Inserting events. Each iteration starts with an empty intake.
fn insert(criterion: &mut Criterion) {
    let runtime = runtime();
    for (name, count, batch, connections) in [
        ("batches of 1000", 20_000, 1000, 1),
        ("single events", 2000, 1, 1),
        ("single events over 32 connections", 4000, 1, 32),
    ] {
        let bodies: Vec<String> = data::bodies(count, batch).collect();
        let mut group = criterion.benchmark_group(format!("insert {name}"));
        group.throughput(Throughput::Elements(count as u64)).sample_size(10);
        for durable in [false, true] {
            group.bench_function(if durable { "durable" } else { "in memory" }, |b| {
                b.iter_custom(|rounds| {
                    (0..rounds)
                        .map(|_| {
                            let directory = tempfile::tempdir().expect("a directory");
                            let intake = start(&runtime, durable.then(|| directory.path()));
                            let duration = send(&runtime, intake.url(), &bodies, connections);
                            assert_eq!(intake.events().len(), count);
                            runtime.block_on(intake.stop()).expect("a graceful shutdown");
                            duration
                        })
                        .sum()
                });
            });
        }
    }
}

/// Searching and aggregating 100,000 events.
fn read(criterion: &mut Criterion) {
    const COUNT: usize = 100_000;
    let runtime = runtime();
    let intake = start(&runtime, None);
    let bodies: Vec<String> = data::bodies(COUNT, 1000).collect();
    send(&runtime, intake.url(), &bodies, 1);
    let client = reqwest::Client::new();
    let post = |path: &str, body: &serde_json::Value| {
        runtime.block_on(async {
            let url = format!("{}/api/v2/ci/pipelines/{path}", intake.url());
            let request =
                client.post(url).header("DD-API-KEY", "b").header("DD-APPLICATION-KEY", "b");
            let request = request.body(body.to_string());
            let response = request.send().await.expect("a response");
            assert_eq!(response.status(), 200);
            response.bytes().await.expect("a body").len()
        })
    };
    let all = |query: &str| serde_json::json!({"query": query, "from": "now-1d", "to": "now"});
    let mut group = criterion.benchmark_group("search 100,000 events");
    for (name, query, limit) in [
        ("selective", "@ci.pipeline.name:pipeline-3 @ci.status:error @duration:>10m", 10),
        ("no match", "@ci.job.name:build-7 @ci.status:skipped", 10),
        ("a word without a match", "needle", 10),
        ("a page of 1000", "*", 1000),
    ] {
        let body = serde_json::json!({"filter": all(query), "page": {"limit": limit}});
        group.bench_function(name, |b| b.iter(|| post("events/search", &body)));
    }
    group.finish();
    let mut group = criterion.benchmark_group("aggregate 100,000 events");
    let pc95 = serde_json::json!({"aggregation": "pc95", "metric": "@duration"});
    let count = serde_json::json!({"aggregation": "count"});
    let by = |facet: &str| serde_json::json!({"facet": facet, "limit": 50});
    for (name, compute, group_by) in [
        ("pc95 by pipeline", vec![count.clone(), pc95.clone()], vec![by("@ci.pipeline.name")]),
        (
            "pc95 by pipeline and status",
            vec![pc95],
            vec![by("@ci.pipeline.name"), by("@ci.status")],
        ),
        (
            "count over time",
            vec![serde_json::json!({"aggregation": "count", "type": "timeseries"})],
            vec![],
        ),
    ] {
        let body =
            serde_json::json!({"filter": all("*"), "compute": compute, "group_by": group_by});
        group.bench_function(name, |b| b.iter(|| post("analytics/aggregate", &body)));
    }
    group.finish();
    #[cfg(feature = "pages")]
    pages::of_jobs(criterion, &runtime, &intake);
}

/// Pages over events of all levels, with many distinct names.
#[cfg(feature = "pages")]
fn varied(criterion: &mut Criterion) {
    const COUNT: usize = 100_000;
    let runtime = runtime();
    let intake = start(&runtime, None);
    let bodies: Vec<String> = pages::bodies(COUNT, 1000).collect();
    send(&runtime, intake.url(), &bodies, 1);
    pages::of_all_levels(criterion, &runtime, &intake);
}

#[cfg(not(feature = "pages"))]
fn varied(_: &mut Criterion) {}

criterion_group!(benches, insert, read, varied);
criterion_main!(benches);
