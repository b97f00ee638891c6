//! Git refs, nodes, parameters, errors, tags, metrics, and the levels within a pipeline.

use serde_json::{Value, json};

use super::row::{committed, row};
use crate::support::{Server, at, job, pipeline, running, stage, step, with_attributes};

#[tokio::test]
async fn branch_tag_and_default_branch() {
    row(
        committed(json!({ "branch": "feature/x", "default_branch": "main" })),
        &[
            ("git.branch", json!("feature/x")),
            ("git.tag", Value::Null),
            ("git.default_branch", json!("main")),
        ],
        &["@git.branch:feature/x", "@git.default_branch:main"],
        &["@git.branch:main", "@git.tag:*", "@git.branch:feature"],
    )
    .await;
    row(
        committed(json!({ "tag": "v1.2.0" })),
        &[("git.branch", Value::Null), ("git.tag", json!("v1.2.0"))],
        &["@git.tag:v1.2.0", "@git.tag:v1.*"],
        &["@git.tag:v1", "@git.branch:*"],
    )
    .await;
}

#[tokio::test]
async fn an_empty_branch_or_tag_is_treated_as_absent() {
    row(
        committed(json!({ "branch": "main", "tag": "" })),
        &[("git.branch", json!("main")), ("git.tag", Value::Null)],
        &["@git.branch:main"],
        &["@git.tag:*"],
    )
    .await;
    row(
        committed(json!({ "branch": "", "tag": "v1" })),
        &[("git.branch", Value::Null), ("git.tag", json!("v1"))],
        &["@git.tag:v1"],
        &["@git.branch:*"],
    )
    .await;
}

#[tokio::test]
async fn repository() {
    row(
        committed(json!({})),
        &[
            ("git.repository_url", json!("https://github.com/DataDog/repo.git")),
            ("git.repository.id", json!("github.com/DataDog/repo")),
            ("git.repository.name", json!("DataDog/repo")),
            ("git.repository.host", json!("github.com")),
            ("git.repository.path", json!("/DataDog/repo.git")),
            ("git.repository.scheme", json!("https")),
        ],
        &[
            "@git.repository_url:\"https://github.com/DataDog/repo.git\"",
            "@git.repository.id:github.com/DataDog/repo",
            "@git.repository.name:DataDog/repo",
            "@git.repository.host:github.com",
            "@git.repository.path:/DataDog/repo.git",
            "@git.repository.scheme:https",
        ],
        &["@git.repository.name:repo", "@git.repository.id:github.com"],
    )
    .await;
}

#[tokio::test]
async fn repositories_by_ssh() {
    row(
        committed(json!({ "repository_url": "git@github.com:a/b.git" })),
        &[
            ("git.repository.id", json!("github.com/a/b")),
            ("git.repository.scheme", json!("ssh")),
            ("git.repository.path", json!("/a/b.git")),
        ],
        &["@git.repository.id:github.com/a/b"],
        &["@git.repository.host:git@github.com"],
    )
    .await;
}

#[tokio::test]
async fn node() {
    let node = json!({ "name": "runner-7", "workspace": "/src", "labels": ["linux", "large"] });
    row(
        job("1", json!({ "node": node })),
        &[
            ("ci.node.name", json!("runner-7")),
            ("ci.workspace_path", json!("/src")),
            ("ci.node.labels", json!(["linux", "large"])),
        ],
        &[
            "@ci.node.name:runner-7",
            "@ci.workspace_path:/src",
            "@ci.node.labels:linux",
            "@ci.node.labels:(linux AND large)",
        ],
        &["@ci.node.name:runner", "@ci.workspace_path:src", "@ci.node.labels:small"],
    )
    .await;
}

#[tokio::test]
async fn parameters() {
    row(
        pipeline("1", json!({ "parameters": { "K": "V", "target": "a:b", "empty": "" } })),
        &[("ci.parameters", json!(["K:V", "empty:", "target:a:b"]))],
        &["@ci.parameters:K\\:V", "@ci.parameters:\"target:a:b\"", "@ci.parameters:empty*"],
        &["@ci.parameters:K", "@ci.parameters:\"K:v\"", "@ci.parameters.K:V"],
    )
    .await;
}

#[tokio::test]
async fn error() {
    let error = json!({
        "message": "exit code 2", "type": "CompilationError", "stack": "at main", "domain": "user",
    });
    row(
        job("1", json!({ "error": error })),
        &[
            ("error.message", json!("exit code 2")),
            ("error.type", json!("CompilationError")),
            ("error.stack", json!("at main")),
            ("error.domain", json!("user")),
        ],
        &[
            "@error.message:\"exit code 2\"",
            "@error.type:CompilationError",
            "@error.stack:at*",
            "@error.domain:user",
            "@error:*",
        ],
        &["@error.message:exit", "@error.domain:provider", "-@error.type:*"],
    )
    .await;
}

#[tokio::test]
async fn tags() {
    row(
        job("1", json!({ "tags": ["team:docs", "team:web", "link:https://a/b"] })),
        &[("team", json!(["docs", "web"])), ("link", json!("https://a/b"))],
        &["@team:docs", "@team:web", "team:docs", "link:https\\://a/b", "@link:\"https://a/b\""],
        &["@team:Docs", "team:ops", "-team:web", "tags:*"],
    )
    .await;
}

#[tokio::test]
async fn a_tag_without_a_value_is_not_an_attribute() {
    row(job("1", json!({ "tags": ["k:"] })), &[("k", Value::Null)], &["k:*"], &["@k:*"]).await;
}

#[tokio::test]
async fn metrics() {
    row(
        job("1", json!({ "metrics": ["size:1048576", "ratio:-0.5"] })),
        &[("size", json!(1_048_576.0)), ("ratio", json!(-0.5))],
        &["@size:1048576", "@size:>1e6", "@ratio:<0", "@ratio:[-1 TO 0]"],
        // They are numbers and not tags.
        &["@size:<1000", "@ratio:0.5", "-@size:*", "size:1048576", "size:*"],
    )
    .await;
}

#[tokio::test]
async fn tags_and_metrics_do_not_replace_standard_attributes() {
    let more = json!({
        "tags": ["env:mine", "ci.status:mine", "ci:mine", "x.y:z"], "metrics": ["duration:1"],
    });
    row(
        with_attributes(job("1", more), json!({ "env": "test" })),
        &[
            ("env", json!("test")),
            ("ci.status", json!("success")),
            ("duration", json!(60_000_000_000_i64)),
        ],
        // As tags they have the values that were sent.
        &["@env:test", "env:mine", "env:test", "ci.status:mine", "@x.y:z"],
        &["@env:mine", "@ci.status:mine", "@duration:1", "@ci:mine"],
    )
    .await;
}

#[tokio::test]
async fn null_is_treated_as_absent() {
    let mut event = pipeline("1", json!({}));
    for name in ["git", "node", "error", "parameters", "parent_pipeline", "tags", "metrics"] {
        event["attributes"]["resource"][name] = Value::Null;
    }
    for name in ["queue_time", "is_manual", "is_resumed"] {
        event["attributes"]["resource"][name] = Value::Null;
    }
    let none = ["git", "ci.node", "error", "ci.parameters", "ci.queue_time", "ci.is_manual"];
    let none = none.map(|path| (path, Value::Null));
    row(
        event,
        &none,
        &["ci_level:pipeline _missing_:@git"],
        &["@git:*", "@ci.is_manual:*", "@ci.node:*"],
    )
    .await;
    let mut event = job(
        "1",
        json!({ "git": {
        "repository_url": "u", "sha": "s", "author_email": "e", "branch": "b",
    } }),
    );
    event["attributes"]["resource"]["git"]["tag"] = Value::Null;
    event["attributes"]["resource"]["git"]["message"] = Value::Null;
    let none = [("git.tag", Value::Null), ("git.commit.message", Value::Null)];
    row(event, &none, &["@git.branch:b"], &["@git.tag:*"]).await;
}

#[tokio::test]
async fn jobs() {
    row(
        job("j-7", json!({ "name": "check", "url": "https://ci.example/j/7" })),
        &[
            ("ci.job.id", json!("j-7")),
            ("ci.job.name", json!("check")),
            ("ci.job.url", json!("https://ci.example/j/7")),
        ],
        &["@ci.job.id:j-7", "@ci.job.name:check", "@ci.job.url:*/j/7"],
        &["@ci.job.id:j", "@ci.job.name:Check", "@ci.stage.name:*", "@ci.step.name:*"],
    )
    .await;
}

#[tokio::test]
async fn stages() {
    let own = stage("s-7", json!({ "name": "build" }));
    let of_job = job("1", json!({ "stage_id": "s-7", "stage_name": "build" }));
    let of_step = step("1", json!({ "stage_id": "s-7", "stage_name": "build" }));
    for event in [own, of_job, of_step] {
        row(
            event,
            &[("ci.stage.id", json!("s-7")), ("ci.stage.name", json!("build"))],
            &["@ci.stage.id:s-7", "@ci.stage.name:build"],
            &["@ci.stage.id:s", "@ci.stage.name:deploy"],
        )
        .await;
    }
}

#[tokio::test]
async fn steps() {
    let more = json!({
        "name": "cargo test", "url": "https://ci.example/s/7", "job_id": "j-7", "job_name": "check",
    });
    row(
        step("s-7", more),
        &[
            ("ci.step.id", json!("s-7")),
            ("ci.step.name", json!("cargo test")),
            ("ci.step.url", json!("https://ci.example/s/7")),
            ("ci.job.id", json!("j-7")),
            ("ci.job.name", json!("check")),
        ],
        &["@ci.step.id:s-7", "@ci.step.name:\"cargo test\"", "@ci.step.url:*s/7", "@ci.job.id:j-7"],
        &["@ci.step.name:cargo", "@ci.step.id:j-7"],
    )
    .await;
}

#[tokio::test]
async fn only_pipelines_have_top_level() {
    row(
        pipeline("1", json!({})),
        &[("_top_level", json!(1))],
        &["@_top_level:1"],
        &["@_top_level:0", "-@_top_level:*"],
    )
    .await;
    for event in [stage("1", json!({})), job("1", json!({})), step("1", json!({}))] {
        row(
            event,
            &[("_top_level", Value::Null)],
            &["-@_top_level:* -@ci.step.id:other"],
            &["@_top_level:*"],
        )
        .await;
    }
}

#[tokio::test]
async fn the_execution_time_of_a_pipeline_is_the_union_of_its_jobs() {
    let server = Server::start().await;
    let run = |id: &str, start: &str, end: &str| {
        let times = json!({ "start": format!("2026-07-14T09:{start}Z"), "end": format!("2026-07-14T09:{end}Z") });
        job(id, times)
    };
    // Two overlapping jobs, a pause, and one more job.
    server
        .accept(&json!([
            pipeline("run", json!({ "start": "2026-07-14T09:00:00Z" })),
            pipeline("without", json!({})),
            run("a", "10:00", "12:00"),
            run("b", "11:00", "13:00"),
            run("c", "20:00", "20:30"),
            running("job", "d", json!({ "start": "2026-07-14T09:30:00Z" })),
        ]))
        .await;
    let time = 210_000_000_000_i64;
    let events = server.search("@ci.execution_time:210s").await;
    assert_eq!(events.len(), 1);
    assert_eq!(at(&events[0], "ci.pipeline.id"), "run");
    assert_eq!(at(&events[0], "ci.execution_time"), time);
    assert_eq!(
        server.values("ci_level:pipeline -@ci.execution_time:*", "ci.pipeline.id").await,
        ["without"]
    );
    assert!(server.search("ci_level:job @ci.execution_time:*").await.is_empty());
}
