//! Finished jobs, 20 per run, spread over 12 hours.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

/// The path that events are sent to.
pub(super) const PATH: &str = "/api/v2/ci/pipeline";

/// Returns requests that send `count` events.
pub(super) fn batches(count: usize) -> impl Iterator<Item = String> {
    let starts = (0..count).step_by(1000);
    starts.map(move |start| body(&(start..count.min(start + 1000)).collect::<Vec<_>>()))
}

/// Returns a number that was not yet returned.
pub(super) fn next() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Returns the request that sends events.
pub(super) fn body(numbers: &[usize]) -> String {
    json!({ "data": numbers.iter().map(|number| event(*number)).collect::<Vec<_>>() }).to_string()
}

fn event(number: usize) -> Value {
    // A pseudo-random number.
    let random = number.wrapping_mul(2_654_435_761) >> 7;
    let end = number % 43_200;
    let time = |second: usize| {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("2026-07-14T{hour:02}:{minute:02}:{second:02}Z")
    };
    let status = ["success", "success", "error", "canceled"][random % 4];
    let stage = ["build", "test", "deploy"][random % 3];
    json!({
        "type": "cipipeline_resource_request",
        "attributes": {
            "env": "ci", "provider_name": "bench", "service": "ci-1",
            "resource": {
                "level": "job", "id": format!("job-{number}"),
                "status": status,
                "name": format!("build-{}", random % 50),
                "pipeline_unique_id": format!("run-{}", number / 20),
                "pipeline_name": format!("pipeline-{}", number / 20 % 40),
                "stage_name": stage,
                "start": time(3600 + end), "end": time(3630 + end + random % 900),
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
