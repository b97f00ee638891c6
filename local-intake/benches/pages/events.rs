//! Deterministic events of all levels with many distinct names: 400 pipelines, 10,000 names of jobs,
//! 1,000 branches, and one run with 2,000 jobs and steps.

use serde_json::{Value, json};

/// The events of a run: a pipeline, three stages, eight jobs and eight steps.
const RUN: usize = 20;
/// The number of jobs, and of steps, of the large run.
const LARGE: usize = 1000;
/// The length of the time that the runs end in, in seconds.
const PERIOD: usize = 43_200;

/// Returns the bodies of requests that send `count` events in batches, and then a large run.
pub(crate) fn bodies(count: usize, batch: usize) -> impl Iterator<Item = String> {
    let small = (0..count).map(move |number| event(number / RUN, number % RUN, count / RUN));
    let large = (0..=2 * LARGE).map(large);
    let all: Vec<Value> = small.chain(large).collect();
    let bodies: Vec<String> =
        all.chunks(batch).map(|events| json!({ "data": events }).to_string()).collect();
    bodies.into_iter()
}

/// Returns the time of a second of the day.
fn time(second: usize) -> String {
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("2026-07-14T{hour:02}:{minute:02}:{second:02}Z")
}

/// Returns an event of one of `runs` runs.
fn event(run: usize, part: usize, runs: usize) -> Value {
    let end = 5400 + run * PERIOD / runs.max(1) % PERIOD;
    // A pseudo-random number.
    let random = (run * RUN + part).wrapping_mul(2_654_435_761) >> 7;
    let job = part.saturating_sub(4) % 8;
    let name = format!("job-{}", (run * 8 + job).wrapping_mul(2_654_435_761) % 10_007 % 10_000);
    let pipeline = format!("pipeline-{}", run % 400);
    let id = format!("run-{run}");
    let of_part = match part {
        0 => {
            json!({ "level": "pipeline", "unique_id": id, "name": pipeline, "partial_retry": false })
        }
        1..=3 => {
            json!({ "level": "stage", "id": format!("s-{part}"), "name": format!("stage-{part}") })
        }
        4..=11 => json!({
            "level": "job", "id": format!("j-{job}"), "name": name,
            "stage_id": format!("s-{}", 1 + job % 3), "stage_name": format!("stage-{}", 1 + job % 3),
        }),
        _ => json!({
            "level": "step", "id": format!("t-{job}"), "name": format!("step-{}", random % 500),
            "job_id": format!("j-{job}"), "job_name": name,
        }),
    };
    sent(of_part, &id, &pipeline, run, random, end - 30 - random % 900, end)
}

/// Returns an event of the large run: the pipeline, its jobs, or their steps.
fn large(number: usize) -> Value {
    let (start, end) = (43_200, 46_800);
    let random = number.wrapping_mul(2_654_435_761) >> 7;
    let job = number % LARGE;
    let of_part = match number {
        number if number < LARGE => {
            json!({ "level": "job", "id": format!("j-{job}"), "name": format!("large-{job}") })
        }
        number if number < 2 * LARGE => json!({
            "level": "step", "id": format!("t-{job}"), "name": format!("step-{job}"),
            "job_id": format!("j-{job}"), "job_name": format!("large-{job}"),
        }),
        _ => {
            json!({ "level": "pipeline", "unique_id": "large", "name": "large", "partial_retry": false })
        }
    };
    let own = if number == 2 * LARGE { start } else { start + random % 3000 };
    sent(of_part, "large", "large", 0, random, own, end)
}

fn sent(
    mut resource: Value,
    id: &str,
    pipeline: &str,
    run: usize,
    random: usize,
    start: usize,
    end: usize,
) -> Value {
    let status = ["success", "success", "success", "success", "error"][random % 5];
    let more = json!({
        "status": status, "start": time(start), "end": time(end),
        "url": format!("https://ci.example/run/{id}/{random}"),
        "git": {
            "repository_url": "https://git.example/team/service.git",
            "sha": format!("{run:040x}"), "branch": format!("branch-{}", run % 1000),
            "author_email": format!("dev-{}@git.example", run % 300), "author_name": "A Developer",
            "message": "Make the build faster",
        },
        "node": {"name": format!("runner-{}", random % 30), "labels": ["linux", "large"]},
        "tags": ["team:build", format!("shard:{}", random % 8)],
    });
    let is_pipeline = resource["level"] == "pipeline";
    let Value::Object(fields) = &mut resource else { return resource };
    fields.extend(more.as_object().cloned().unwrap_or_default());
    if !is_pipeline {
        fields.insert("pipeline_unique_id".to_owned(), json!(id));
        fields.insert("pipeline_name".to_owned(), json!(pipeline));
    }
    if fields["level"] == "job" || is_pipeline {
        fields.insert("queue_time".to_owned(), json!(random % 5000));
    }
    if status == "error" {
        let domain = ["user", "provider"][random / 5 % 2];
        let error = json!({"message": "It failed", "type": "Failure", "domain": domain});
        fields.insert("error".to_owned(), error);
    }
    json!({
        "type": "cipipeline_resource_request",
        "attributes": {
            "env": "ci", "provider_name": "bench", "service": "ci-1", "resource": resource,
        },
    })
}
