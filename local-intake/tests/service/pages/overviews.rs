//! The pages of pipelines, jobs and requests.

use datadog_ci_intake::Fault;
use serde_json::{Value, json};

use super::html::{get, link, page, rows, shown, unescaped, visit};
use crate::support::{SEND, Server, execute, job, pipeline, running};

#[tokio::test]
async fn pipelines_have_their_numbers_and_last_result() {
    let server = Server::start().await;
    let run = |id: &str, end: &str, status: &str| {
        let times = json!({
            "name": "deploy \"it\"", "status": status,
            "start": "2026-07-14T08:00:00Z", "end": format!("2026-07-14T{end}:00Z"),
        });
        pipeline(id, times)
    };
    let before = json!({ "name": "deploy \"it\"", "start": "2026-07-13T08:00:00Z", "end": "2026-07-13T08:30:00Z" });
    let now = running("pipeline", "5", json!({ "name": "other", "start": "2026-07-14T09:55:00Z" }));
    let events = json!([
        run("1", "09:00", "success"),
        run("2", "09:10", "success"),
        run("3", "09:20", "error"),
        now
    ]);
    server.accept(&events).await;
    let seed = json!({ "data": pipeline("0", before) });
    assert_eq!(server.post("/_intake/events", &seed).await.status, 200);

    let html = page(&server, "/", &[]).await;
    let found = rows(&html);
    let deploy: Vec<&str> = found[0][..6].iter().map(String::as_str).collect();
    assert_eq!(deploy[0], "deploy \"it\"");
    assert!(deploy[1].starts_with("✕ error 1 h 20 min · 2026-07-14 09:20:00"), "{deploy:?}");
    assert_eq!(deploy[2..], ["3", "33 %", "1 h 10 min", "▲ 133 % slower"]);
    let other: Vec<&str> = found[1][..4].iter().map(String::as_str).collect();
    assert!(other[1].starts_with("▶ running 5 min · "), "{other:?}");
    assert!(html.contains("<body data-running>"));

    // The links lead to what the row counts.
    let path = unescaped(link(&html, "deploy").unwrap());
    let executions = execute(visit(&server, &path)).await.body;
    assert_eq!(rows(&executions).len(), 3);
    // Also with a filter.
    let html = page(&server, "/", &[("query", "@ci.status:success OR @ci.status:running")]).await;
    assert_eq!(rows(&html)[0][2], "2");
    let path = unescaped(link(&html, "deploy").unwrap());
    let executions = execute(visit(&server, &path)).await.body;
    assert_eq!(rows(&executions).len(), 2);
    // A filter of the name.
    let filtered = page(&server, "/", &[("query", "@ci.pipeline.name:oth*")]).await;
    assert_eq!(rows(&filtered).len(), 1);
    let nothing = page(&server, "/", &[("query", "@ci.pipeline.name:none")]).await;
    assert!(shown(&nothing).contains("No event matches"), "{nothing}");
}

#[tokio::test]
async fn jobs_are_those_of_aggregations() {
    let server = Server::start().await;
    let jobs: Vec<Value> = (0..40)
        .map(|i: u32| {
            let more = json!({
                "name": format!("job {}", i % 4), "pipeline_unique_id": format!("run {}", i / 4),
                "status": if i.is_multiple_of(5) { "error" } else { "success" },
                "start": format!("2026-07-14T09:{:02}:00Z", i), "queue_time": 1000 * i,
                "end": format!("2026-07-14T09:{:02}:00Z", i + 1 + i % 3),
            });
            job(&i.to_string(), more)
        })
        .collect();
    server.accept(&jobs.into()).await;
    let found = rows(&page(&server, "/jobs", &[]).await);
    assert_eq!(found.len(), 4);
    let filter =
        |query: &str| json!({ "query": format!("ci_level:job {query}"), "from": "now-1d" });
    let exclusive = "@ci.critical_path.exclusive_time";
    for row in &found {
        let name = format!("@ci.job.name:\"{}\"", row[0]);
        let numbers = |query: String, compute: Value| {
            let body = json!({ "compute": compute, "filter": filter(&query) });
            let server = &server;
            async move { server.buckets(body).await[0]["computes"].clone() }
        };
        let count =
            json!([{ "aggregation": "count" }, { "aggregation": "sum", "metric": exclusive }]);
        let all = numbers(name.clone(), count.clone()).await;
        assert_eq!(row[8], all["c0"].to_string());
        let failed = numbers(format!("{name} @ci.status:error"), count.clone()).await;
        let share = failed["c0"].as_f64().unwrap_or_default() / all["c0"].as_f64().unwrap();
        assert_eq!(row[9], format!("{:.0} %", share * 100.0));
        let path = numbers(format!("{name} @ci.on_critical_path:true"), count).await;
        let share = path["c0"].as_f64().unwrap_or_default() / all["c0"].as_f64().unwrap();
        assert_eq!(row[6 - 1], format!("{:.0} %", share * 100.0));
    }
}

#[tokio::test]
async fn requests_have_reasons_and_bodies() {
    let server = Server::start().await;
    server.accept(&pipeline("1", json!({}))).await;
    let rejected = server.send(&job("1", json!({ "status": null, "queue_time": -1 }))).await;
    assert_eq!(rejected.status, 400);
    let html = page(&server, "/requests", &[]).await;
    let requests: Vec<&str> = html.split("<li id=\"request-").skip(1).collect();
    assert_eq!(requests.len(), 2);
    let newest = shown(requests[0]);
    assert!(newest.contains("400 POST /api/v2/ci/pipeline"), "{newest}");
    for reason in rejected.errors() {
        assert!(newest.contains(&reason), "{newest}");
    }
    assert!(newest.contains("dd-api-key: <redacted>"), "{newest}");
    assert!(newest.contains("\"queue_time\": -1"), "{newest}");
    let only = page(&server, "/requests", &[("status", "rejected")]).await;
    assert_eq!(only.matches("<li id=\"request-").count(), 1);

    let recorded = server.intake.requests();
    assert_eq!(recorded[1].problems, rejected.errors());
    assert_eq!(recorded[1].received, 1_784_023_200_000_000_000);
    assert!(recorded[1].duration > 0 && recorded[0].problems.is_empty());

    // A body that is not UTF-8, and one that is too long.
    for body in [vec![0xFF; 10], vec![b' '; 100_000]] {
        let request = server.request(reqwest::Method::POST, SEND);
        execute(request.header("content-type", "application/json").body(body)).await;
    }
    let html = shown(&get(&server, "/requests", &[]).await.body);
    assert!(html.contains("10 bytes of application/json that are not UTF-8"), "{html}");
    assert!(html.contains("(100000 bytes)"), "{html}");
}

#[tokio::test]
async fn all_time_starts_at_the_first_event() {
    let server = Server::start().await;
    let old =
        pipeline("1", json!({ "start": "2019-01-01T00:00:00Z", "end": "2019-01-01T01:00:00Z" }));
    let body = json!({ "data": [old, pipeline("2", json!({})), job("3", json!({}))] });
    assert_eq!(server.post("/_intake/events", &body).await.status, 200);
    for (path, count) in [("/", 2), ("/executions", 2), ("/jobs", 1)] {
        let html = page(&server, path, &[("from", "0")]).await;
        assert_eq!(rows(&html).len(), count, "{path}");
        assert!(html.contains("<rect"), "{path}");
    }
}

#[tokio::test]
async fn last_results_are_found_by_long_ids() {
    let server = Server::start().await;
    let long = |i: usize, length: usize| {
        pipeline(&format!("{i}-{}", "x".repeat(length)), json!({ "name": format!("p{i}") }))
    };
    let runs: Vec<Value> = (0..20).map(|i| long(i, 4000)).chain([long(20, 60_000)]).collect();
    let body = json!({ "data": runs });
    assert_eq!(server.post("/_intake/events", &body).await.status, 200);
    let found = rows(&page(&server, "/", &[]).await);
    let known = found.iter().filter(|row| row[1].starts_with("✓ success")).count();
    assert_eq!((found.len(), known), (21, 21));
}

#[tokio::test]
async fn a_body_that_was_not_read_is_not_called_missing() {
    let server = Server::start().await;
    let request = server.bare(reqwest::Method::POST, SEND);
    server.intake.queue_faults([Fault::Drop]);
    assert!(request.body("{\"data\":1}").send().await.is_err());
    execute(server.bare(reqwest::Method::GET, "/api/v2/ci/pipelines/events")).await;
    let html = page(&server, "/requests", &[]).await;
    let shown: Vec<String> = html.split("<li id=\"request-").skip(1).map(shown).collect();
    assert!(shown[0].contains("The request has no body."), "{}", shown[0]);
    assert!(shown[1].contains("The body was not read."), "{}", shown[1]);
}
