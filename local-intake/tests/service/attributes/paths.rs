//! The critical path: attributes of jobs that follow from the other jobs of their run.

use datadog_ci_intake::LocalIntake;
use serde_json::{Value, json};

use crate::support::{Server, at, job, pipeline, running, stage, with};

const CRITICAL: &str = "@ci.on_critical_path:true";

/// Returns a job that started and ended at these seconds after 09:00.
fn timed(id: &str, start: u32, end: u32, more: Value) -> Value {
    let time = |second: u32| format!("2026-07-14T09:{:02}:{:02}Z", second / 60, second % 60);
    let times = json!({ "name": id, "start": time(start), "end": time(end) });
    job(id, with(times, more))
}

/// Sends two runs with a build next to a lint, and tests after it.
async fn two_runs(server: &Server) {
    for (run, length) in [("1", 100), ("2", 200)] {
        let own = || json!({ "pipeline_unique_id": run });
        server
            .accept(&json!([
                timed("test", length, length + 300, own()),
                pipeline(run, json!({ "start": "2026-07-14T09:00:00Z" })),
                timed("build", 0, length, own()),
                timed("lint", 0, 80, own()),
            ]))
            .await;
    }
}

#[tokio::test]
async fn jobs_on_the_critical_path_have_an_exclusive_time() {
    let server = Server::start().await;
    two_runs(&server).await;
    let events = server.search("@ci.pipeline.id:1 @ci.on_critical_path:*").await;
    let facts = |event: &Value| {
        let exclusive = at(event, "ci.critical_path.exclusive_time").as_i64();
        let name = at(event, "ci.job.name").as_str().unwrap().to_owned();
        (name, at(event, "ci.on_critical_path").as_bool(), exclusive.map(|it| it / 1_000_000_000))
    };
    let actual: Vec<_> = events.iter().map(facts).collect();
    let expected = [("lint", false, None), ("build", true, Some(20)), ("test", true, Some(300))];
    assert_eq!(actual, expected.map(|(name, is, time)| (name.to_owned(), Some(is), time)));
    let exclusive = server.search("@ci.critical_path.exclusive_time:>=2m").await;
    assert_eq!(exclusive.len(), 3);
    let names = "@ci.on_critical_path:false OR @ci.critical_path.exclusive_time:20s";
    assert_eq!(server.values(names, "ci.job.name").await, ["lint", "lint", "build"]);
    assert!(server.search("-ci_level:job @ci.on_critical_path:*").await.is_empty());
}

#[tokio::test]
async fn exclusive_times_are_aggregated_by_job() {
    let server = Server::start().await;
    two_runs(&server).await;
    let metric = "@ci.critical_path.exclusive_time";
    let buckets = server
        .buckets(json!({
            "compute": [
                {"aggregation": "sum", "metric": metric},
                {"aggregation": "avg", "metric": metric},
                {"aggregation": "count"},
            ],
            "group_by": [{"facet": "@ci.job.name"}],
            "filter": {"query": "ci_level:job", "from": "now-1d"},
        }))
        .await;
    let expected = json!([
        {"by": {"@ci.job.name": "build"}, "computes": {"c0": 140e9, "c1": 70e9, "c2": 2}},
        {"by": {"@ci.job.name": "lint"}, "computes": {"c2": 2}},
        {"by": {"@ci.job.name": "test"}, "computes": {"c0": 600e9, "c1": 300e9, "c2": 2}},
    ]);
    assert_eq!(buckets, expected);
    let buckets = server
        .buckets(json!({
            "compute": [{"aggregation": "count"}],
            "group_by": [{"facet": "@ci.on_critical_path"}],
        }))
        .await;
    let expected = json!([
        {"by": {"@ci.on_critical_path": "false"}, "computes": {"c0": 2}},
        {"by": {"@ci.on_critical_path": "true"}, "computes": {"c0": 4}},
    ]);
    assert_eq!(buckets, expected);
}

#[tokio::test]
async fn late_and_changed_jobs_change_the_critical_path() {
    let server = Server::start().await;
    let critical = async || server.values(CRITICAL, "ci.job.name").await;
    server.accept(&json!([timed("a", 0, 60, json!({})), timed("b", 60, 90, json!({}))])).await;
    assert_eq!(critical().await, ["a", "b"]);
    server
        .accept(&json!([timed("late", 10, 60, json!({})), timed("end", 90, 95, json!({}))]))
        .await;
    assert_eq!(critical().await, ["late", "b", "end"]);
    // A final update replaces another one.
    server.accept(&timed("late", 10, 61, json!({}))).await;
    assert_eq!(critical().await, ["a", "b", "end"]);
    server.accept(&timed("end", 90, 95, json!({ "dependencies": ["late"] }))).await;
    assert_eq!(critical().await, ["late", "end"]);
}

#[tokio::test]
async fn running_and_skipped_jobs_are_not_on_the_critical_path() {
    let server = Server::start().await;
    let unfinished = json!({ "name": "running", "start": "2026-07-14T09:00:10Z" });
    server
        .accept(&json!([
            timed("a", 0, 60, json!({})),
            timed("skipped", 70, 90, json!({ "status": "skipped" })),
            running("job", "running", unfinished),
        ]))
        .await;
    assert_eq!(server.values(CRITICAL, "ci.job.name").await, ["a"]);
    let not_critical = "@ci.on_critical_path:false";
    assert_eq!(server.values(not_critical, "ci.job.name").await, ["skipped"]);
    // A running job has no effect until it is finished.
    let exclusive = "@ci.critical_path.exclusive_time:1m";
    assert_eq!(server.values(exclusive, "ci.job.name").await, ["a"]);
    server.accept(&timed("running", 10, 65, json!({}))).await;
    assert_eq!(server.values(CRITICAL, "ci.job.name").await, ["running"]);
}

#[tokio::test]
async fn dependencies_of_stages_and_jobs_limit_the_critical_path() {
    let server = Server::start().await;
    let of = |stage: &str| json!({ "stage_id": stage });
    server
        .accept(&json!([
            stage("deploy", json!({ "dependencies": ["build"] })),
            timed("compile", 0, 60, of("build")),
            timed("docs", 0, 99, of("docs")),
            timed("upload", 100, 120, of("deploy")),
            timed("check", 120, 140, of("deploy")),
            timed("notify", 150, 160, json!({ "dependencies": ["check"] })),
            timed("other", 0, 149, json!({})),
        ]))
        .await;
    let critical = async || server.values(CRITICAL, "ci.job.name").await;
    assert_eq!(critical().await, ["compile", "upload", "check", "notify"]);
    server.accept(&stage("deploy", json!({ "dependencies": ["docs"] }))).await;
    assert_eq!(critical().await, ["docs", "upload", "check", "notify"]);
    server.accept(&stage("deploy", json!({ "dependencies": [] }))).await;
    assert_eq!(critical().await, ["docs", "upload", "check", "notify"]);
}

#[tokio::test]
async fn the_critical_path_is_the_same_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let start = || Server::with(LocalIntake::builder().data_dir(directory.path()));
    let server = start().await;
    two_runs(&server).await;
    server.accept(&timed("build", 0, 100, json!({ "pipeline_unique_id": "2" }))).await;
    let before = server.search("ci_level:job").await;
    assert_eq!(server.search(CRITICAL).await.len(), 4);
    server.intake.stop().await.unwrap();
    let server = start().await;
    assert_eq!(server.search("ci_level:job").await, before);
    assert_eq!(server.search(CRITICAL).await.len(), 4);
    assert_eq!(server.intake.events().len(), 8);
}
