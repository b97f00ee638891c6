//! How many events are taken in, and how fast they are found again, over HTTP on loopback.
#![expect(clippy::expect_used, reason = "a benchmark of what fails measures nothing")]

mod data;

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datadog_ci_intake::LocalIntake;
use jiff::Timestamp;
use tokio::runtime::Runtime;

/// As in the program.
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
    // The first client of a process sets up TLS, which plain ones do not.
    drop(intake.client());
    intake.clock().set(Timestamp::from_second(data::NOW).expect("a time"));
    intake
}

/// Sends all bodies over one connection, or over several at once, and says how long it took.
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
                        let answer = request.send().await.expect("an answer");
                        assert_eq!(answer.status(), 202);
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

/// Taking in: each round begins with an intake that is empty.
fn take_in(criterion: &mut Criterion) {
    let runtime = runtime();
    for (name, count, together, connections) in [
        ("batches of 1000", 20_000, 1000, 1),
        ("single events", 2000, 1, 1),
        ("single events over 32 connections", 4000, 1, 32),
    ] {
        let bodies = data::bodies(count, together);
        let mut group = criterion.benchmark_group(format!("take in {name}"));
        group.throughput(Throughput::Elements(count as u64)).sample_size(10);
        for durable in [false, true] {
            group.bench_function(if durable { "durable" } else { "in memory" }, |b| {
                b.iter_custom(|rounds| {
                    (0..rounds)
                        .map(|_| {
                            let directory = tempfile::tempdir().expect("a directory");
                            let intake = start(&runtime, durable.then(|| directory.path()));
                            let took = send(&runtime, intake.url(), &bodies, connections);
                            assert_eq!(intake.events().len(), count);
                            runtime.block_on(intake.stop()).expect("an end");
                            took
                        })
                        .sum()
                });
            });
        }
    }
}

/// Finding again, over 100,000 events.
fn find(criterion: &mut Criterion) {
    const COUNT: usize = 100_000;
    let runtime = runtime();
    let intake = start(&runtime, None);
    send(&runtime, intake.url(), &data::bodies(COUNT, 1000), 1);
    let client = reqwest::Client::new();
    let ask = |path: &str, body: &serde_json::Value| {
        runtime.block_on(async {
            let url = format!("{}/api/v2/ci/pipelines/{path}", intake.url());
            let request =
                client.post(url).header("DD-API-KEY", "b").header("DD-APPLICATION-KEY", "b");
            let request = request.body(body.to_string());
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 200);
            answer.bytes().await.expect("a body").len()
        })
    };
    let all = |query: &str| serde_json::json!({"query": query, "from": "now-1d", "to": "now"});
    let mut group = criterion.benchmark_group("search 100,000 events");
    for (name, query, limit) in [
        ("selective", "@ci.pipeline.name:pipeline-3 @ci.status:error @duration:>10m", 10),
        ("nothing", "@ci.job.name:build-7 @ci.status:skipped", 10),
        ("a word that nothing has", "needle", 10),
        ("a page of 1000", "*", 1000),
    ] {
        let body = serde_json::json!({"filter": all(query), "page": {"limit": limit}});
        group.bench_function(name, |b| b.iter(|| ask("events/search", &body)));
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
        group.bench_function(name, |b| b.iter(|| ask("analytics/aggregate", &body)));
    }
    group.finish();
}

criterion_group!(benches, take_in, find);
criterion_main!(benches);
