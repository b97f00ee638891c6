//! Deterministic events of many runs, also for `cargo xtask bench intake`.

use std::ops::Range;

use serde_json::{Value, json};

/// How long the runs take together, in seconds.
const PERIOD: usize = 43_200;

/// Returns the bodies of requests that send `count` events in batches.
pub(crate) fn bodies(count: usize, batch: usize) -> impl Iterator<Item = String> {
    let starts = (0..count).step_by(batch);
    starts.map(move |start| body(start..count.min(start + batch), count))
}

/// Returns the body of a request that sends some of `count` events. Further ones start again at the
/// first time.
pub(crate) fn body(numbers: Range<usize>, count: usize) -> String {
    let events: Vec<Value> = numbers.map(|number| event(number, count)).collect();
    json!({ "data": events }).to_string()
}

/// Returns a finished job. A run has 20 jobs. Together they end from 01:30 to 13:30.
fn event(number: usize, count: usize) -> Value {
    let end = 5400 + number * PERIOD / count.max(1) % PERIOD;
    let time = |second: usize| {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("2026-07-14T{hour:02}:{minute:02}:{second:02}Z")
    };
    // A pseudo-random number.
    let random = number.wrapping_mul(2_654_435_761) >> 7;
    let status = ["success", "success", "success", "error", "canceled"][random % 5];
    let stage = ["build", "test", "deploy"][random % 3];
    json!({
        "type": "cipipeline_resource_request",
        "attributes": {
            "env": "ci", "provider_name": "bench", "service": "ci-1",
            "resource": {
                "level": "job", "id": format!("job-{number}"), "status": status,
                "name": format!("build-{}", random % 50),
                "pipeline_unique_id": format!("run-{}", number / 20),
                "pipeline_name": format!("pipeline-{}", number / 20 % 40),
                "stage_name": stage,
                "start": time(end - 30 - random % 900), "end": time(end),
                "url": format!("https://ci.example/run/{}/job/{number}", number / 20),
                "queue_time": random % 5000,
                "git": {
                    "repository_url": "https://git.example/team/service.git",
                    "sha": format!("{:040x}", number / 20), "branch": "main",
                    "author_email": "dev@git.example", "author_name": "A Developer",
                    "message": "Make the build faster",
                },
                "node": {"name": format!("runner-{}", random % 30), "labels": ["linux", "large"]},
                "tags": ["team:build", format!("shard:{}", random % 8)],
                "metrics": [format!("tests:{}", random % 400)],
            },
        },
    })
}
