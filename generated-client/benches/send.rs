//! Sending a batch, beside what bare reqwest takes for the same bytes, which it has already.
#![expect(clippy::expect_used, reason = "a benchmark of what fails measures nothing")]

#[expect(dead_code, reason = "the data of the other benchmark, of which this needs the batch")]
mod data;

use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::models::{SendDataSingleOrArray, SendRequest};
use tokio::runtime::Runtime;

fn batch(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let intake = runtime.block_on(LocalIntake::builder().any_age(true).start()).expect("an intake");
    let text = data::batch();
    let request: SendRequest = serde_json::from_str(&text).expect("a batch");
    let body = serde_json::to_string(&request).expect("JSON");
    let Some(SendDataSingleOrArray::Array(batch)) = request.data else { return };
    let events: Vec<PipelineEvent> = batch.into_iter().map(PipelineEvent::from).collect();
    let (client, bare) = (intake.client(), reqwest::Client::new());
    let url = format!("{}/api/v2/ci/pipeline", intake.url());

    let mut group = criterion.benchmark_group("send a batch of 1000 events");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.sample_size(60).measurement_time(Duration::from_secs(10));
    // What was sent before must not weigh on what is sent next.
    let forget = || runtime.block_on(intake.reset()).expect("a reset");
    group.bench_function("send_all", |b| {
        b.iter_batched(
            || {
                forget();
                events.clone()
            },
            |events| {
                let report = runtime.block_on(async { client.send_all(events).await });
                assert!(report.is_complete());
                report
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("reqwest", |b| {
        b.iter_batched(
            || {
                forget();
                body.clone()
            },
            |body| {
                let request = bare.post(&url).header("DD-API-KEY", "bench").body(body);
                let answer = runtime.block_on(async {
                    let answer = request.send().await.expect("an answer");
                    (answer.status(), answer.bytes().await.expect("a body"))
                });
                assert_eq!(answer.0, 202);
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, batch);
criterion_main!(benches);
