//! Generation of the client of this workspace, from the OpenAPI document to formatted files.
#![expect(clippy::expect_used, reason = "a benchmark without its input measures nothing")]

use criterion::{Criterion, criterion_group, criterion_main};
use specwright::{Config, Input, Source};

/// The allocator of `cargo xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn generate(criterion: &mut Criterion) {
    let config = Source::new("specwright.toml", include_str!("../../spec/specwright.toml"));
    let spec = Source::new("openapi.yaml", include_str!("../../spec/openapi.yaml"));
    let config = Config::parse(config).expect("the configuration of this workspace");
    let mut input = Input::new(spec, config);
    let overlay = include_str!("../../spec/overlay.yaml");
    input.overlays.push(Source::new("overlay.yaml", overlay));
    criterion.bench_function("generate from spec/", |b| {
        b.iter(|| specwright::generate(&input).expect("a valid OpenAPI document"));
    });
}

criterion_group!(benches, generate);
criterion_main!(benches);
