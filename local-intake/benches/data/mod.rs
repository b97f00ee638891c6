//! Events of many runs, the same at each call.

use jiff::Timestamp;
use serde_json::{Value, json};

/// When the last of the events has ended.
pub(crate) const NOW: i64 = 1_752_500_000;

/// A finished job among `count`, spread over the last 12 hours. Every 20 are of one run.
pub(crate) fn event(number: usize, count: usize) -> Value {
    let second = NOW - 43_200 + (number * 43_200 / count.max(1)) as i64;
    let moment = |second| Timestamp::from_second(second).map(|time| time.to_string());
    // A small generator of numbers that look random.
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
                "start": moment(start).ok(), "end": moment(end).ok(),
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

/// The bodies of requests that send `count` events, so many in each.
pub(crate) fn bodies(count: usize, together: usize) -> Vec<String> {
    let events: Vec<Value> = (0..count).map(|number| event(number, count)).collect();
    events.chunks(together).map(|events| json!({ "data": events }).to_string()).collect()
}
