//! Updates of runs, retries, blocked pipelines and statuses.

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::models::{FinishedPipeline, PipelineStatus, RunningPipeline};
use datadog_ci_pipelines::{Client, PipelineEvent};
use serde_json::{Value, json};

use crate::support::{AGGREGATE, LIST, NOW, SEARCH, Server, at, event, job, pipeline, running};

#[tokio::test]
async fn running_updates_and_a_final_one_become_one_event() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for more in [
        json!({}),
        json!({ "queue_time": 5 }),
        json!({ "git": {
            "repository_url": "https://git.example/a", "sha": "1", "author_email": "a@git.example",
        } }),
    ] {
        server.accept(&running("pipeline", "run", more)).await;
        let events = server.search("@ci.status:running").await;
        assert_eq!(events.len(), 1);
        ids.push(events[0]["id"].clone());
    }
    server.accept(&pipeline("run", json!({ "status": "error" }))).await;
    let events = server.search("*").await;
    assert_eq!(events.len(), 1);
    ids.push(events[0]["id"].clone());
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    // The properties of all updates are merged.
    assert_eq!(
        server.search("@ci.status:error @ci.queue_time:5ms @git.commit.sha:1").await,
        events
    );
    assert_eq!(server.intake.history(ids[0].as_str().unwrap()).len(), 4);
}

#[tokio::test]
async fn the_client_sends_running_and_final_updates() {
    let intake = LocalIntake::start().await.unwrap();
    intake.clock().set(NOW.parse().unwrap());
    let client: Client = intake.client();
    let start: datadog_ci_pipelines::Timestamp = "2026-07-14T09:55:00Z".parse().unwrap();
    let run = RunningPipeline::builder()
        .unique_id("run")
        .name("deploy")
        .url("https://ci/1")
        .start(start.clone())
        .partial_retry(false)
        .build()
        .unwrap();
    client.send(PipelineEvent::new(run)).await.unwrap();
    let run = FinishedPipeline::builder()
        .unique_id("run")
        .name("deploy")
        .url("https://ci/1")
        .start(start)
        .end("2026-07-14T09:56:00Z".parse().unwrap())
        .status(PipelineStatus::Success)
        .partial_retry(false)
        .build()
        .unwrap();
    client.send(PipelineEvent::new(run)).await.unwrap();
    let mut events = client.search_pipeline_events().query("*").stream();
    let event = events.try_next().await.unwrap().unwrap();
    assert_eq!(event.get("ci.status").unwrap().as_str().as_deref(), Some("success"));
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn updates_add_fields() {
    let server = Server::start().await;
    let first = json!({ "parameters": { "K": "V" }, "tags": ["team:docs"], "is_manual": true });
    server.accept(&running("pipeline", "run", first)).await;
    let second = json!({ "parameters": { "L": "W" }, "node": { "name": "n" } });
    let mut second = running("pipeline", "run", second);
    second["attributes"]["resource"]["tags"] = Value::Null;
    server.accept(&second).await;
    let query = "@ci.parameters:(\"K:V\" AND \"L:W\") team:docs @ci.is_manual:true @ci.node.name:n";
    assert_eq!(server.search(query).await.len(), 1);
}

#[tokio::test]
async fn the_latest_value_of_a_changed_field_wins() {
    let server = Server::start().await;
    for name in ["first", "second"] {
        server.accept(&running("pipeline", "run", json!({ "name": name }))).await;
    }
    assert_eq!(server.values("*", "ci.pipeline.name").await, ["second"]);
}

#[tokio::test]
async fn only_updates_with_the_same_start_are_merged() {
    let server = Server::start().await;
    server.accept(&running("job", "1", json!({ "start": "2026-07-14T09:57:59Z" }))).await;
    server.accept(&job("1", json!({}))).await;
    assert_eq!(server.values("*", "ci.status").await, ["running", "success"]);
    // The same time in another format is the same start.
    server.accept(&job("1", json!({ "start": "2026-07-14T11:57:59+02:00" }))).await;
    assert_eq!(server.values("*", "ci.status").await, ["success", "success"]);
}

#[tokio::test]
async fn the_last_received_of_identical_runs_is_kept() {
    let server = Server::start().await;
    server.accept(&job("1", json!({ "status": "error", "error": { "message": "m" } }))).await;
    server.accept(&json!([job("1", json!({ "status": "skipped" })), job("1", json!({}))])).await;
    let events = server.search("*").await;
    assert_eq!(events.len(), 1);
    assert_eq!(at(&events[0], "ci.status"), "success");
    // Final updates are replaced, not merged.
    assert_eq!(*at(&events[0], "error"), Value::Null);
}

#[tokio::test]
async fn ids_are_unique_per_level_and_pipeline() {
    let server = Server::start().await;
    let same = ["pipeline", "stage", "job", "step"].map(|level| event(level, "same", json!({})));
    server.accept(&json!(same)).await;
    assert_eq!(server.search("*").await.len(), 4);
    for level in ["pipeline", "stage", "job", "step"] {
        assert_eq!(server.search(&format!("ci_level:{level}")).await.len(), 1, "{level}");
    }
    // A job's id is unique within its pipeline.
    server.accept(&job("same", json!({ "pipeline_unique_id": "another" }))).await;
    assert_eq!(server.search("ci_level:job").await.len(), 2);
}

#[tokio::test]
async fn a_late_running_update_does_not_change_final_properties() {
    let server = Server::start().await;
    server.accept(&pipeline("run", json!({ "name": "final" }))).await;
    server.accept(&running("pipeline", "run", json!({ "name": "late", "queue_time": 5 }))).await;
    let events = server.search("*").await;
    assert_eq!(events.len(), 1);
    assert_eq!(at(&events[0], "ci.status"), "success");
    assert_eq!(at(&events[0], "ci.pipeline.name"), "final");
    assert_eq!(at(&events[0], "duration"), 60_000_000_000_i64);
    // It adds properties that the final update lacks.
    assert_eq!(at(&events[0], "ci.queue_time"), 5_000_000);
}

#[tokio::test]
async fn a_retry_has_a_new_unique_id() {
    let server = Server::start().await;
    let second = json!({ "partial_retry": true, "previous_attempt": { "id": "run-1" } });
    server.accept(&pipeline("run-1", json!({ "status": "error" }))).await;
    server.accept(&pipeline("run-2", second)).await;
    assert_eq!(server.search("*").await.len(), 2);
    assert_eq!(server.values("@ci.partial_pipeline:retry", "ci.pipeline.id").await, ["run-2"]);
    assert_eq!(server.search("@ci.pipeline.previous_attempt.id:run-1").await.len(), 1);
}

#[tokio::test]
async fn run_times_exclude_partial_retries() {
    let server = Server::start().await;
    let short = json!({ "end": "2026-07-14T09:58:10Z", "queue_time": 1, "partial_retry": true });
    server
        .accept(&json!([
            pipeline("whole", json!({ "queue_time": 3 })),
            pipeline("retry", short),
            pipeline("resumed", json!({ "end": "2026-07-14T09:58:20Z", "is_resumed": true })),
        ]))
        .await;
    let compute = |aggregation, metric| json!({ "aggregation": aggregation, "metric": metric });
    let body = json!({ "filter": { "from": "now-1d" }, "compute": [
        compute("min", "@duration"), compute("avg", "@duration"), compute("min", "@ci.queue_time"),
        compute("count", "@duration"),
    ] });
    let computes = &server.buckets(body).await[0]["computes"];
    let expected = json!({ "c0": 20e9, "c1": 40e9, "c2": 1e6, "c3": 3 });
    assert_eq!(*computes, expected);
}

#[tokio::test]
async fn a_blocked_run_is_resumed_under_a_new_id() {
    let server = Server::start().await;
    server.accept(&pipeline("run-1", json!({ "status": "blocked" }))).await;
    server.accept(&pipeline("run-2", json!({ "is_resumed": true }))).await;
    assert_eq!(server.search("*").await.len(), 2);
    let query = "@ci.status:blocked @ci.partial_pipeline:paused";
    assert_eq!(server.values(query, "ci.pipeline.id").await, ["run-1"]);
    let query = "@ci.status:success @ci.partial_pipeline:resumed";
    assert_eq!(server.values(query, "ci.pipeline.id").await, ["run-2"]);
}

#[tokio::test]
async fn running_events_are_listed_for_three_days() {
    let server = Server::start().await;
    let start = json!({ "start": "2026-07-14T10:00:00Z" });
    for level in ["pipeline", "job"] {
        server.accept(&running(level, "1", start.clone())).await;
    }
    let filter = json!({ "from": "now-30d" });
    for (now, listed) in [("2026-07-17T10:00:00Z", 2), ("2026-07-17T10:00:00.001Z", 0)] {
        server.intake.clock().set(now.parse().unwrap());
        let page = server.post(SEARCH, &json!({ "filter": filter })).await.json();
        assert_eq!(page["data"].as_array().unwrap().len(), listed, "{now}");
        let buckets = server.post(AGGREGATE, &json!({ "filter": filter })).await.json();
        let count =
            buckets.pointer("/data/buckets/0/computes/c0").map_or(0, |c| c.as_u64().unwrap());
        assert_eq!(count, listed as u64, "{now}");
    }
    // The event is still stored: its end makes it visible again.
    let end = json!({ "start": "2026-07-14T10:00:00Z", "end": "2026-07-17T09:59:00Z" });
    server.accept(&job("1", end)).await;
    assert_eq!(server.values("*", "ci.status").await, ["success"]);
}

#[tokio::test]
async fn the_timestamp_of_a_running_event_is_its_start() {
    let server = Server::start().await;
    server
        .accept(&json!([
            running("job", "runs", json!({ "start": "2026-07-14T09:30:00Z" })),
            job("ended", json!({ "start": "2026-07-14T09:00:00Z", "end": "2026-07-14T09:40:00Z" })),
        ]))
        .await;
    assert_eq!(server.values("*", "ci.job.id").await, ["runs", "ended"]);
    let page = server.get(LIST, &[("filter[from]", "2026-07-14T09:30:00.001Z")]).await;
    assert_eq!(page.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_running_event_with_an_end_is_not_finished() {
    let server = Server::start().await;
    server.accept(&job("1", json!({ "status": "running" }))).await;
    let page = server.get(LIST, &[("filter[from]", "2026-07-14T09:58:30Z")]).await;
    assert_eq!(page.json()["data"], json!([]));
    assert_eq!(server.values("*", "duration").await, [60_000_000_000_i64]);
    server.accept(&job("1", json!({}))).await;
    assert_eq!(server.values("*", "ci.status").await, ["success"]);
}

#[tokio::test]
async fn an_event_may_end_in_the_future() {
    let server = Server::start().await;
    server.accept(&job("1", json!({ "end": "2026-07-14T10:00:01Z" }))).await;
    // It is listed from its end on.
    assert!(server.search("*").await.is_empty());
    server.intake.clock().advance(datadog_ci_pipelines::jiff::SignedDuration::from_secs(1));
    assert_eq!(server.search("*").await.len(), 1);
}

#[tokio::test]
async fn the_allowed_statuses_depend_on_the_level() {
    let server = Server::start().await;
    let all = ["success", "error", "canceled", "skipped", "blocked", "running", "failed", ""];
    for (level, allowed) in [
        ("pipeline", &all[..6]),
        ("job", &["success", "error", "canceled", "skipped", "running"]),
        ("stage", &all[..4]),
        ("step", &all[..2]),
    ] {
        for status in all {
            let end = if status == "running" { Value::Null } else { json!("2026-07-14T09:59:00Z") };
            let more = json!({ "status": status, "end": end });
            let response = server.send(&event(level, status, more)).await;
            let expected = if allowed.contains(&status) { 202 } else { 400 };
            assert_eq!(response.status, expected, "{level} {status}: {}", response.body);
            if expected == 400 {
                let errors = response.errors();
                assert!(
                    errors.iter().all(|e| e.starts_with("/data/attributes/resource")),
                    "{errors:?}"
                );
            }
        }
    }
    assert_eq!(server.search("*").await.len(), 6 + 5 + 4 + 2);
    let response = server.send(&event("job", "1", json!({ "status": "failed" }))).await;
    let expected = "/data/attributes/resource/status must be one of success, error, canceled, skipped, running";
    assert_eq!(response.errors(), [expected]);
    let response = server.send(&event("stage", "1", json!({ "status": "running" }))).await;
    let expected =
        "/data/attributes/resource/status must be one of success, error, canceled, skipped";
    assert_eq!(response.errors(), [expected]);
}
