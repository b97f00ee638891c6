//! Ids, levels, pipelines, times and commits.

use serde_json::{Value, json};

use super::row::{committed, row};
use crate::support::{Server, at, event, job, pipeline, running, with_attributes};

#[tokio::test]
async fn an_event_has_an_id_a_type_and_attributes() {
    let server = Server::start().await;
    let tags = json!({ "tags": ["team:docs", "x:y"] });
    server.accept(&json!([job("1", tags), job("2", json!({}))])).await;
    // Recorded events begin with the same tag twice.
    let recorded = ["source:apm", "source:apm"];
    let expected = [json!([recorded[0], recorded[1], "team:docs", "x:y"]), json!(recorded)];
    for (event, tags) in server.search("*").await.iter().zip(expected) {
        let id = event["id"].as_str().unwrap();
        let inner = &event["attributes"]["attributes"];
        assert!(inner.is_object());
        let expected = json!({
            "id": id, "type": "cipipeline",
            "attributes": { "ci_level": "job", "tags": tags, "attributes": inner },
        });
        // There are no other properties, in particular no timestamp.
        assert_eq!(*event, expected);
    }
}

#[tokio::test]
async fn event_ids_are_base64url_without_padding() {
    let server = Server::start().await;
    let events: Vec<Value> = (0..50).map(|i| job(&i.to_string(), json!({}))).collect();
    server.accept(&json!(events)).await;
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut ids: Vec<String> =
        server.search("*").await.iter().map(|event| event["id"].as_str().unwrap().into()).collect();
    assert!(ids.iter().all(|id| id.len() % 4 != 1 && id.chars().all(is_base64url)), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}

#[tokio::test]
async fn the_timestamp_of_a_finished_event_is_its_end() {
    let server = Server::start().await;
    let times = |start, end| json!({ "start": start, "end": end });
    let early = times("2026-07-14T08:00:00Z", "2026-07-14T09:50:00Z");
    let late = times("2026-07-14T07:00:00Z", "2026-07-14T09:52:00Z");
    server.accept(&json!([job("early", early), job("late", late)])).await;
    for (from, to, expected) in [
        ("2026-07-14T09:50:00Z", "2026-07-14T09:52:00Z", vec!["early", "late"]),
        ("2026-07-14T09:50:00.001Z", "2026-07-14T09:52:00Z", vec!["late"]),
        ("2026-07-14T09:50:00Z", "2026-07-14T09:51:59.999Z", vec!["early"]),
        ("2026-07-14T07:00:00Z", "2026-07-14T08:00:00Z", vec![]),
    ] {
        let parameters = [("filter[from]", from), ("filter[to]", to), ("sort", "timestamp")];
        let page = server.get(crate::support::LIST, &parameters).await.json();
        let events = page["data"].as_array().unwrap();
        let ids: Vec<_> = events.iter().map(|event| at(event, "ci.job.id")).collect();
        assert_eq!(ids, expected, "{from} to {to}");
    }
}

#[tokio::test]
async fn level() {
    for name in ["pipeline", "stage", "job", "step"] {
        let finds = format!("-@ci.step.id:other ci_level:{name}");
        // It is not an attribute.
        row(event(name, "1", json!({})), &[], &[&finds], &["@ci_level:*", "-ci_level:*"]).await;
    }
    row(job("1", json!({})), &[], &["ci_level:job"], &["ci_level:pipeline", "ci_level:Job"]).await;
    // A tag does not change it.
    let tags = json!({ "tags": ["ci_level:pipeline"] });
    row(job("1", tags), &[], &["ci_level:job"], &["ci_level:pipeline"]).await;
}

#[tokio::test]
async fn provider_name() {
    row(
        with_attributes(job("1", json!({})), json!({ "provider_name": "my-ci" })),
        &[("ci.provider.name", json!("my-ci"))],
        &["@ci.provider.name:my-ci"],
        &["@ci.provider.name:custom", "@ci.provider.name:MY-CI"],
    )
    .await;
    row(
        job("1", json!({})),
        &[("ci.provider.name", json!("custom"))],
        &["@ci.provider.name:custom"],
        &["-@ci.provider.name:custom"],
    )
    .await;
}

#[tokio::test]
async fn service() {
    row(
        with_attributes(job("1", json!({})), json!({ "service": "ci-1" })),
        &[("ci.provider.instance", json!("ci-1"))],
        &["@ci.provider.instance:ci-1", "service:ci-1"],
        &["@ci.provider.instance:ci-2", "service:ci", "-@ci.provider.instance:*"],
    )
    .await;
    let none = [("ci.provider.instance", Value::Null)];
    row(job("1", json!({})), &none, &[], &["@ci.provider.instance:*", "service:*"]).await;
}

#[tokio::test]
async fn env() {
    row(
        with_attributes(job("1", json!({})), json!({ "env": "test" })),
        &[("env", json!("test"))],
        &["@env:test", "env:test"],
        &["@env:prod", "env:prod", "-env:*"],
    )
    .await;
    row(job("1", json!({})), &[("env", Value::Null)], &[], &["@env:*", "env:*"]).await;
}

#[tokio::test]
async fn names_of_pipelines() {
    let docs = "@ci.pipeline.name:\"Build Docs\"";
    for (name, level) in [
        ("name", "pipeline"),
        ("pipeline_name", "stage"),
        ("pipeline_name", "job"),
        ("pipeline_name", "step"),
    ] {
        row(
            event(level, "1", json!({ name: "Build Docs" })),
            &[("ci.pipeline.name", json!("Build Docs"))],
            &[docs, "@ci.pipeline.name:Build\\ Docs"],
            &["@ci.pipeline.name:Build", "@ci.pipeline.name:\"build docs\""],
        )
        .await;
    }
}

#[tokio::test]
async fn ids_of_pipelines() {
    for (name, level) in [
        ("unique_id", "pipeline"),
        ("pipeline_unique_id", "stage"),
        ("pipeline_unique_id", "job"),
        ("pipeline_unique_id", "step"),
    ] {
        row(
            event(level, "1", json!({ name: "u-7" })),
            &[("ci.pipeline.id", json!("u-7"))],
            &["@ci.pipeline.id:u-7"],
            &["@ci.pipeline.id:u", "-@ci.pipeline.id:u-7"],
        )
        .await;
    }
}

#[tokio::test]
async fn url_of_a_pipeline() {
    row(
        pipeline("1", json!({ "url": "https://ci.example/runs/1?x=y" })),
        &[("ci.pipeline.url", json!("https://ci.example/runs/1?x=y"))],
        &["@ci.pipeline.url:https\\://ci.example/runs/1\\?x\\=y", "@ci.pipeline.url:*/runs/*"],
        &["@ci.pipeline.url:https"],
    )
    .await;
}

#[tokio::test]
async fn status() {
    row(
        pipeline("1", json!({ "status": "canceled" })),
        &[("ci.status", json!("canceled"))],
        &["@ci.status:canceled"],
        &["@ci.status:error", "@ci.status:success"],
    )
    .await;
}

#[tokio::test]
async fn start() {
    row(
        job("1", json!({ "start": "2026-07-14T11:58:00.000000001+02:00" })),
        &[("start", json!(1_784_023_080_000_000_001_i64))],
        &["@start:>1784023000000000000"],
        &["@start:<1784023000000000000", "-@start:*"],
    )
    .await;
}

#[tokio::test]
async fn duration() {
    row(
        job("1", json!({ "end": "2026-07-14T09:58:02.5Z" })),
        &[("duration", json!(2_500_000_000_i64))],
        &["@duration:2500000000", "@duration:2500ms", "@duration:<3s"],
        &["@duration:>3s", "@duration:2s"],
    )
    .await;
    let none = [("duration", Value::Null)];
    row(running("job", "1", json!({})), &none, &["-@duration:*"], &["@duration:*"]).await;
}

#[tokio::test]
async fn queue_time() {
    row(
        job("1", json!({ "queue_time": 1004 })),
        &[("ci.queue_time", json!(1_004_000_000))],
        &["@ci.queue_time:1004000000", "@ci.queue_time:1004ms", "@ci.queue_time:>1s"],
        &["@ci.queue_time:1004", "@ci.queue_time:>2s"],
    )
    .await;
}

#[tokio::test]
async fn partial_pipelines() {
    for (more, expected) in [
        (json!({ "partial_retry": true }), "retry"),
        (json!({ "status": "blocked" }), "paused"),
        (json!({ "is_resumed": true }), "resumed"),
    ] {
        let query = format!("@ci.partial_pipeline:{expected}");
        row(
            pipeline("1", more),
            &[("ci.partial_pipeline", json!(expected))],
            &[&query],
            &["-@ci.partial_pipeline:*", "@ci.partial_pipeline:blocked"],
        )
        .await;
    }
    let none = [("ci.partial_pipeline", Value::Null)];
    let more = json!({ "partial_retry": false, "is_resumed": false });
    row(pipeline("1", more), &none, &[], &["@ci.partial_pipeline:*"]).await;
}

#[tokio::test]
async fn several_values_of_partial_pipeline_are_a_list() {
    row(
        pipeline("1", json!({ "partial_retry": true, "is_resumed": true, "status": "blocked" })),
        &[("ci.partial_pipeline", json!(["retry", "paused", "resumed"]))],
        &["@ci.partial_pipeline:retry", "@ci.partial_pipeline:(paused AND resumed)"],
        &["@ci.partial_pipeline:none"],
    )
    .await;
}

#[tokio::test]
async fn is_manual() {
    for (is, other) in [("true", "false"), ("false", "true")] {
        let query = |value| format!("@ci.is_manual:{value}");
        row(
            pipeline("1", json!({ "is_manual": is == "true" })),
            &[("ci.is_manual", json!(is == "true"))],
            &[&query(is)],
            &[&query(other), "-@ci.is_manual:*"],
        )
        .await;
    }
}

#[tokio::test]
async fn parent_pipeline() {
    row(
        pipeline("1", json!({ "parent_pipeline": { "id": "up" } })),
        &[("ci.pipeline.downstream", json!(true))],
        &["@ci.pipeline.downstream:true"],
        &["@ci.pipeline.downstream:false"],
    )
    .await;
    let none = [("ci.pipeline.downstream", Value::Null)];
    row(pipeline("1", json!({})), &none, &[], &["@ci.pipeline.downstream:*"]).await;
}

#[tokio::test]
async fn commit() {
    row(
        committed(json!({ "message": "Fix the links\n\nAll of them" })),
        &[
            ("git.commit.sha", json!("abc")),
            ("git.commit.message", json!("Fix the links\n\nAll of them")),
        ],
        &["@git.commit.sha:abc", "@git.commit.message:Fix*"],
        &["@git.commit.sha:ab", "@git.commit.message:fix*"],
    )
    .await;
}

#[tokio::test]
async fn author_and_committer() {
    let people = json!({ "author_name": "Ada", "committer_name": "Bo", "committer_email": "bo@git.example" });
    row(
        committed(people),
        &[
            ("git.commit.author.name", json!("Ada")),
            ("git.commit.author.email", json!("ada@git.example")),
            ("git.commit.committer.name", json!("Bo")),
            ("git.commit.committer.email", json!("bo@git.example")),
        ],
        &[
            "@git.commit.author.name:Ada",
            "@git.commit.author.email:ada@git.example",
            "@git.commit.committer.name:Bo",
            "@git.commit.committer.email:bo@git.example",
        ],
        &["@git.commit.author.name:Bo", "@git.commit.committer.email:ada*"],
    )
    .await;
}

#[tokio::test]
async fn times_of_author_and_committer() {
    let times = json!({ "author_time": "2024-08-22T11:36:29.5-07:00", "commit_time": "2024-08-23T00:00:00Z" });
    row(
        committed(times),
        &[
            ("git.commit.author.date", json!("2024-08-22T11:36:29.5-07:00")),
            ("git.commit.author.date_timestamp", json!(1_724_351_789_500_i64)),
            ("git.commit.committer.date", json!("2024-08-23T00:00:00Z")),
            ("git.commit.committer.date_timestamp", json!(1_724_371_200_000_i64)),
        ],
        &[
            "@git.commit.author.date:2024-08-22*",
            "@git.commit.author.date_timestamp:1724351789500",
            "@git.commit.committer.date:\"2024-08-23T00:00:00Z\"",
            "@git.commit.committer.date_timestamp:>1724351789500",
        ],
        &["@git.commit.author.date:2024-08-23*", "@git.commit.author.date_timestamp:1724351789"],
    )
    .await;
}
