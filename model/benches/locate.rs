//! Locating a decoding error in a body of 1 MB, compared with decoding the same bytes.
#![expect(clippy::expect_used, reason = "a benchmark of data that decodes measures nothing")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use specwright_model::json::Json;
use specwright_model::union::locate;

/// The length of each body in bytes, about.
const SIZE: usize = 1_000_000;

#[derive(Deserialize)]
struct Entry {
    #[allow(dead_code, reason = "only its type matters")]
    id: u64,
}

fn measure<T: for<'de> Deserialize<'de>>(criterion: &mut Criterion, name: &str, body: &str) {
    let decode = || serde_json::from_str::<T>(black_box(body)).err().expect("an error");
    let error = decode();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("decode until the error", |b| b.iter(decode));
    group.bench_function("locate the error", |b| b.iter(|| locate(black_box(body), &error)));
}

fn benches(criterion: &mut Criterion) {
    let deep = format!("{{\"raw\":{}!", "[".repeat(SIZE));
    measure::<BTreeMap<String, Json>>(criterion, "1,000,000 nested arrays", &deep);

    let objects = "{\"a\":".repeat(SIZE / 5);
    measure::<BTreeMap<String, Json>>(
        criterion,
        "200,000 nested objects",
        &format!("{{\"raw\":{objects}!"),
    );

    let entries = "{\"id\":1,\"name\":\"0123456789\"},".repeat(SIZE / 28);
    measure::<Vec<Entry>>(
        criterion,
        "the last of 35,000 entries",
        &format!("[{entries}{{\"id\":\"x\"}}]"),
    );
}

criterion_group!(locating, benches);
criterion_main!(locating);
