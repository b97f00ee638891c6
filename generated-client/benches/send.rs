//! Sending over loopback, compared with bare reqwest: with posting the same bytes, which were encoded
//! before, and with encoding the same value and limiting the time, as the client does. All take
//! turns, so that whatever else the machine does slows all.
#![expect(clippy::expect_used, reason = "a benchmark of what fails measures nothing")]

#[expect(dead_code, reason = "the data of the other benchmark, of which this needs the batch")]
mod data;

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::models::{SendData, SendDataSingleOrArray, SendRequest};
use datadog_ci_pipelines::{Client, PipelineEvent, reqwest};
use tokio::runtime::{Builder, Runtime};

/// Both senders, and what they send.
struct Bench {
    runtime: Runtime,
    client: Client,
    bare: reqwest::Client,
    intake: LocalIntake,
    url: String,
}

impl Bench {
    /// With an intake in a thread of its own, as a server is a process of its own.
    fn new() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            let intake = runtime.block_on(LocalIntake::start()).expect("an intake");
            sender.send(intake).expect("a receiver");
            runtime.block_on(std::future::pending::<()>());
        });
        let intake = receiver.recv().expect("an intake");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = Client::builder().base_url(intake.url()).api_key("bench").build();
        Self {
            runtime,
            client: client.expect("a client"),
            bare: reqwest::Client::new(),
            url: format!("{}/api/v2/ci/pipeline", intake.url()),
            intake,
        }
    }

    /// What was sent before must not weigh on what is sent next.
    fn forget(&self) {
        self.runtime.block_on(self.intake.reset()).expect("a reset");
        self.intake.clock().set("2024-08-22T22:00:00Z".parse().expect("a time"));
    }

    fn by_client(&self, events: &[PipelineEvent]) -> Duration {
        self.forget();
        let events = events.to_vec();
        let started = Instant::now();
        self.runtime.block_on(async {
            match <[PipelineEvent; 1]>::try_from(events) {
                Ok([event]) => drop(self.client.send(event).await.expect("accepted")),
                Err(events) => assert!(self.client.send_all(events).await.is_complete()),
            }
        });
        started.elapsed()
    }

    fn by_reqwest(&self, timeout: Option<Duration>, encode: impl FnOnce() -> String) -> Duration {
        self.forget();
        let started = Instant::now();
        let body = encode();
        self.runtime.block_on(async {
            let request = self.bare.post(&self.url).header("DD-API-KEY", "bench");
            let mut request = request.header("content-type", "application/json").body(body);
            if let Some(timeout) = timeout {
                request = request.timeout(timeout);
            }
            let response = request.send().await.expect("a response");
            assert_eq!(response.status(), 202);
            drop(response.bytes().await.expect("a body"));
        });
        started.elapsed()
    }

    fn compare(&self, criterion: &mut Criterion, name: &str, events: &[PipelineEvent]) {
        let data: Vec<SendData> = events.iter().cloned().map(SendData::from).collect();
        let data = match <[SendData; 1]>::try_from(data) {
            Ok([event]) => SendDataSingleOrArray::from(event),
            Err(events) => events.into(),
        };
        let request = SendRequest::builder().data(data).build().expect("a request");
        let encode = || serde_json::to_string(&request).expect("JSON");
        let body = encode();
        let turn = || {
            let encoded = body.clone();
            let timeout = Some(Duration::from_secs(30));
            let bare = self.by_reqwest(None, || encoded);
            [self.by_client(events), bare, self.by_reqwest(timeout, encode)]
        };
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(body.len() as u64));
        for (i, name) in
            ["client", "reqwest", "reqwest, serde_json, timeout"].into_iter().enumerate()
        {
            group.bench_function(name, |b| {
                b.iter_custom(|turns| (0..turns).filter_map(|_| turn().get(i).copied()).sum());
            });
        }
    }
}

fn sending(criterion: &mut Criterion) {
    let bench = Bench::new();
    let batch: SendRequest = serde_json::from_str(&data::batch()).expect("a batch");
    let Some(SendDataSingleOrArray::Array(events)) = batch.data else { return };
    let events: Vec<PipelineEvent> = events.into_iter().map(PipelineEvent::from).collect();
    bench.compare(criterion, "send one event", &events[..1]);
    bench.compare(criterion, "send a batch of 1000 events", &events);
}

criterion_group!(benches, sending);
criterion_main!(benches);
