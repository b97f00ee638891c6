//! Deterministic events of many runs.

use jiff::Timestamp;
use serde_json::{Value, json};

/// The end of the last event.
pub(crate) const NOW: i64 = 1_752_500_000;

/// Returns one of `count` finished jobs, spread over 12 hours. A run has 20 jobs.
pub(crate) fn event(number: usize, count: usize) -> Value {
    let second = NOW - 43_200 + (number * 43_200 / count.max(1)) as i64;
    let timestamp = |second| Timestamp::from_second(second).map(|time| time.to_string());
    // A pseudo-random number.
    let random = number.wrapping_mul(2_654_435_761) >> 7;
    let (end, start) = (second, second - 30 - (random % 900) as i64);
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
                "start": timestamp(start).ok(), "end": timestamp(end).ok(),
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

/// Returns the bodies of requests that send `count` events in batches.
pub(crate) fn bodies(count: usize, batch: usize) -> Vec<String> {
    let events: Vec<Value> = (0..count).map(|number| event(number, count)).collect();
    events.chunks(batch).map(|events| json!({ "data": events }).to_string()).collect()
}
