//! Decoding and encoding, compared with a tree of `serde_json::Value` for the same bytes.
#![expect(clippy::expect_used, reason = "a benchmark of data that does not fit measures nothing")]

mod data;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datadog_ci_pipelines::models::{EventsPage, SendRequest};
use serde_json::Value;

fn page(criterion: &mut Criterion) {
    let json = data::page();
    let mut group = criterion.benchmark_group("decode a page of 1000 events");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("typed", |b| {
        b.iter(|| serde_json::from_str::<EventsPage>(black_box(&json)).expect("a page"));
    });
    group.bench_function("Value", |b| {
        b.iter(|| serde_json::from_str::<Value>(black_box(&json)).expect("a page"));
    });
}

fn batch(criterion: &mut Criterion) {
    let json = data::batch();
    let mut group = criterion.benchmark_group("decode a batch of 1000 events");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("typed", |b| {
        b.iter(|| serde_json::from_str::<SendRequest>(black_box(&json)).expect("a batch"));
    });
    group.bench_function("Value", |b| {
        b.iter(|| serde_json::from_str::<Value>(black_box(&json)).expect("a batch"));
    });
    group.finish();

    let typed: SendRequest = serde_json::from_str(&json).expect("a batch");
    let value: Value = serde_json::from_str(&json).expect("a batch");
    let mut group = criterion.benchmark_group("encode a batch of 1000 events");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("typed", |b| {
        b.iter(|| serde_json::to_vec(black_box(&typed)).expect("JSON"))
    });
    group.bench_function("Value", |b| {
        b.iter(|| serde_json::to_vec(black_box(&value)).expect("JSON"))
    });
}

criterion_group!(benches, page, batch);
criterion_main!(benches);
