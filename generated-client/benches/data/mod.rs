//! The data that the benchmarks decode: made up, the same at every run, and of the size that
//! the service sends.

use serde_json::{Map, Value, json};

/// How many events a page or a batch holds.
pub(crate) const EVENTS: usize = 1000;

/// A page of events as the list and search operations return it, each with about 2.3 kB of
/// attributes.
pub(crate) fn page() -> String {
    let events: Vec<Value> = (0..EVENTS)
        .map(|i| {
            json!({
                "id": format!("AwAAAY{i:08}aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"),
                "type": "cipipeline",
                "attributes": {
                    "ci_level": (["pipeline", "stage", "job", "step"][i % 4]),
                    "tags": ["env:ci", "team:delivery", "service:checkout"],
                    "attributes": attributes(i),
                },
            })
        })
        .collect();
    json!({
        "data": events,
        "links": {"next": "https://api.datadoghq.com/api/v2/ci/pipelines/events?page%5Bcursor%5D=abc"},
        "meta": {"elapsed": 132, "page": {"after": "abc"}, "request_id": "pddv1ChZ", "status": "done"},
    })
    .to_string()
}

/// The attributes of an event of a CI run.
fn attributes(i: usize) -> Value {
    let labels: Vec<String> = (0..12).map(|n| format!("runner-label-{n}-{}", i * 7 + n)).collect();
    let parameters: Vec<String> =
        (0..6).map(|n| format!("PARAMETER_{n}:value number {}", i * 31 + n)).collect();
    let mut custom = Map::new();
    for n in 0..30 {
        custom.insert(format!("measure_{n}"), json!((i * 17 + n) as f64 * 1.25));
    }
    json!({
        "ci": {
            "pipeline": {"id": format!("b3262537-a573-44eb-b777-{i:012}"), "name": "Documentation Build", "url": format!("https://ci.example/run/{i}")},
            "job": {"id": format!("job-{i}"), "name": "compile and test", "url": format!("https://ci.example/job/{i}")},
            "stage": {"name": "verify"},
            "status": (["success", "error", "canceled", "skipped"][i % 4]),
            "provider": {"name": "my-ci", "instance": "production"},
            "node": {"name": format!("runner-{}", i % 64), "labels": labels},
            "parameters": parameters,
            "queue_time": i * 1_000_003,
        },
        "git": {
            "repository_url": "https://git.example/team/documentation.git",
            "repository": {"id": "git.example/team/documentation", "host": "git.example", "path": "/team/documentation.git", "scheme": "https"},
            "branch": format!("feature/number-{i}"),
            "default_branch": "main",
            "commit": {
                "sha": format!("{i:040x}"),
                "message": "Explain how events are merged\n\nThe documentation claimed \"latest wins\", which is not always so.",
                "author": {"name": "A. Contributor", "email": "contributor@git.example", "date": "2024-08-22T11:36:29Z"},
                "committer": {"name": "A. Contributor", "email": "contributor@git.example", "date": "2024-08-22T11:36:29Z"},
            },
        },
        "start": 1_724_351_789_000_000_000_u64 + i as u64,
        "duration": 10_771_000_000_u64 + i as u64,
        "env": "ci",
        "_top_level": 1,
        "custom": custom,
    })
}

/// A batch of events as they are sent: finished and running pipelines, stages, jobs and steps,
/// each with its properties in the order of the documentation.
pub(crate) fn batch() -> String {
    let events: Vec<String> = (0..EVENTS)
        .map(|i| {
            format!(
                r#"{{"type":"cipipeline_resource_request","attributes":{{"provider_name":"my-ci","service":"production","env":"ci","resource":{}}}}}"#,
                resource(i)
            )
        })
        .collect();
    format!(r#"{{"data":[{}]}}"#, events.join(","))
}

fn resource(i: usize) -> String {
    let git = format!(
        r#""git":{{"repository_url":"https://git.example/team/documentation.git","sha":"{i:040x}","author_email":"contributor@git.example","branch":"main"}}"#
    );
    let run = r#""unique_id":"b3262537-a573-44eb-b777-4c0f37912b05","name":"Documentation Build","url":"https://ci.example/run/1""#;
    let part = format!(
        r#""id":"job-{i}","name":"compile","pipeline_unique_id":"b3262537-a573-44eb-b777-4c0f37912b05","pipeline_name":"Documentation Build""#
    );
    let start = r#""start":"2024-08-22T11:36:29-07:00""#;
    let end = r#""end":"2024-08-22T14:36:00-07:00""#;
    match i % 6 {
        0 => format!(
            r#"{{"level":"pipeline",{run},{start},{end},"status":"success","partial_retry":false,{git},"tags":["team:docs"]}}"#
        ),
        1 => format!(
            r#"{{"level":"pipeline",{run},{start},"status":"running","partial_retry":false,{git}}}"#
        ),
        2 => format!(
            r#"{{"level":"stage",{part},{start},{end},"status":"success",{git},"metrics":["files:12"]}}"#
        ),
        3 => format!(
            r#"{{"level":"job",{part},{start},{end},"status":"error","url":"https://ci.example/job/1",{git},"queue_time":1200,"error":{{"type":"exit","message":"exit code 1","domain":"user"}}}}"#
        ),
        4 => format!(
            r#"{{"level":"job",{part},{start},"status":"running","url":"https://ci.example/job/1",{git}}}"#
        ),
        _ => format!(
            r#"{{"level":"step",{part},{start},{end},"status":"success","job_id":"job-1",{git}}}"#
        ),
    }
}
