//! The page of one execution shows what search returns.

use serde_json::{Value, json};

use super::html::{get, link, page, rows, shown, unescaped};
use crate::support::{Server, at, execute, job, pipeline, running, stage, step, with};

/// Returns the part of a page between two strings.
fn between<'h>(html: &'h str, from: &str, to: &str) -> &'h str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("{from} is not in {html}"));
    rest.split(to).next().unwrap()
}

/// Returns the rows of the waterfall: level and status, name with what is below, and duration.
fn waterfall(html: &str) -> Vec<[String; 3]> {
    let tree = between(html, "<div class=\"tree\">", "</section>");
    let rows = tree.split("<li class=\"").skip(1).map(|row| {
        let class = row.split('"').next().unwrap().to_owned();
        let name = shown(between(row, "<bdi>", "</a>")).replace(", on the critical path", "");
        let duration = shown(between(row, "<span class=\"duration\">", "</span>"));
        [class, name, duration]
    });
    rows.collect()
}

fn timed(start: &str, end: &str) -> Value {
    json!({ "start": format!("2026-07-14T09:{start}Z"), "end": format!("2026-07-14T09:{end}Z") })
}

/// Sends a run with two stages, in an order that is not that of time.
async fn seeded() -> Server {
    let server = Server::start().await;
    let git = json!({
        "repository_url": "https://git.example/shop/api.git", "sha": "0123456789abcdef0123456789abcdef01234567",
        "branch": "main", "author_email": "ada@shop.example", "author_name": "Ada", "message": "Fix it\n\nLong.",
    });
    let error = json!({ "message": "1 test failed", "type": "test", "domain": "user", "stack": "at line 1" });
    let of = |stage: &str, start: &str, end: &str, more: Value| {
        with(with(timed(start, end), json!({ "stage_id": stage, "stage_name": stage })), more)
    };
    let events = json!([
        step("s1", with(timed("02:30", "03:00"), json!({ "job_id": "j2", "job_name": "test" }))),
        job(
            "j2",
            of(
                "b",
                "02:30",
                "05:00",
                json!({ "name": "test", "status": "error", "queue_time": 30_000, "error": error })
            )
        ),
        pipeline(
            "run",
            with(
                timed("00:00", "05:00"),
                json!({
                    "name": "deploy", "status": "error", "git": git, "url": "https://ci.example/run", "is_manual": true,
                })
            )
        ),
        job(
            "j1",
            of(
                "a",
                "00:10",
                "02:00",
                json!({ "name": "build", "tags": ["team:x"], "metrics": ["size:7"] })
            )
        ),
        stage("b", with(timed("02:00", "05:00"), json!({ "name": "check", "status": "error" }))),
        stage("a", with(timed("00:00", "02:00"), json!({ "name": "prepare" }))),
        job("other", json!({ "pipeline_unique_id": "other run" })),
    ]);
    server.accept(&events).await;
    server
}

#[tokio::test]
async fn the_waterfall_has_the_events_that_search_returns() {
    let server = seeded().await;
    let html = page(&server, "/execution", &[("id", "run")]).await;
    let found = waterfall(&html);
    let expected = [
        ["pipeline error", "deploy pipeline, error", "5 min"],
        ["stage success", "prepare stage, success1 job", "2 min"],
        ["job success", "build job, success", "1 min 50 s"],
        ["stage error", "check stage, error1 job, 1 step", "3 min"],
        ["job error", "test job, error1 step", "2 min 30 s"],
        ["step success", "step s1 step, success", "30 s"],
    ];
    // The jobs on the critical path are those that are found so.
    let critical = server.values("@ci.on_critical_path:true", "ci.job.name").await;
    let expected = expected.map(|[class, name, duration]| {
        let is_critical = critical.iter().any(|it| name.starts_with(it.as_str().unwrap()));
        let class = if is_critical { format!("{class} critical") } else { class.to_owned() };
        [class, name.to_owned(), duration.to_owned()]
    });
    assert_eq!(found, expected);
    assert_eq!(server.search("@ci.pipeline.id:run").await.len(), found.len());
    // The queue is drawn before the job, in the same axis.
    let tree = between(&html, "<div class=\"tree\">", "</section>");
    let test = between(tree, "test</bdi>", "</li>");
    assert!(
        test.contains(r#"<rect class="queue" x="40%" width="10%"/><rect x="50%" width="50%"/>"#),
        "{test}"
    );
    assert!(test.contains("30 s in the queue, then 2 min 30 s from 2 min 30 s on"), "{test}");

    let head = between(&html, "<div data-live=\"head\">", "<div data-live=\"waterfall\">");
    let head = shown(&head.replace("</dt>", "</dt> "));
    for fact in [
        "deploy ✕ error manual",
        "Duration 5 min",
        "Execution time 4 min 20 s",
        "Branch main",
        "Commit 0123456",
        "Author Ada",
        "Message Fix it…",
        "Started 2026-07-14 09:00:00",
        "Why it failed ✕ job test of b · test · domain user1 test failed Stack traceat line 1",
    ] {
        assert!(head.contains(fact), "{fact}: {head}");
    }
    assert!(html.contains(r#"<a href="https://ci.example/run" rel="noreferrer""#), "{html}");
    assert!(!html.contains("data-running"));
}

#[tokio::test]
async fn a_row_leads_to_all_that_is_known_of_its_event() {
    let server = seeded().await;
    server.accept(&job("j1", with(timed("00:10", "02:00"), json!({
        "name": "build", "stage_id": "a", "tags": ["team:x"], "metrics": ["size:8"], "parameters": { "target": "all" },
    })))).await;
    let html = page(&server, "/execution", &[("id", "run")]).await;
    let event = &server.search("@ci.job.id:j1").await[0];
    let id = event["id"].as_str().unwrap();
    let path = unescaped(link(&html, "build").unwrap());
    assert_eq!(path, format!("/execution?id=run&event={id}#r-{id}"));

    let html = execute(server.bare(reqwest::Method::GET, &path)).await.body;
    assert!(html.contains(&format!("id=\"r-{id}\"")));
    let row = between(&html, "<li class=\"job success", "</li>");
    assert!(row.contains("aria-current=\"true\""), "{row}");
    let details = between(&html, "data-live=\"event\"", "</main>");
    let attributes = shown(&details.replace("</th>", "</th> "));
    for expected in [
        "@ci.job.name build",
        "@duration 1 min 50 s (110000000000)",
        "team x",
        "target all",
        "@size 8",
        "2 updates, the newest first.",
        "Update 2 · ✓ success · 2026-07-14 10:00:00",
    ] {
        assert!(attributes.contains(expected), "{expected}: {attributes}");
    }
    // Both updates, and the same attributes as in the API.
    for (update, size) in [(2, "size:8"), (1, "size:7")] {
        let update = between(details, &format!("data-key=\"update-{update}\""), "</details>");
        assert!(update.contains(size), "{update}");
    }
    let json = between(between(details, "data-key=\"json\"", "</details>"), "<code>", "</code>");
    let json = json.replace("&#34;", "\"").replace("&#60;", "<").replace("&#38;", "&");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json, event["attributes"]["attributes"]);

    let of_other = &server.search("@ci.job.id:other").await[0]["id"];
    let of_other = [("id", "run"), ("event", of_other.as_str().unwrap())];
    let html = page(&server, "/execution", &of_other).await;
    assert!(html.contains("This event is not part of the execution"), "{html}");
}

#[tokio::test]
async fn unknown_executions_are_not_found() {
    let server = seeded().await;
    for id in ["no \"such\" <run>", "", "*", "run OR run"] {
        let response = get(&server, "/execution", &[("id", id)]).await;
        assert_eq!(response.status, 404, "{id}");
        assert_eq!(link(&response.body, "Search all executions"), Some("/executions?from=0"));
        assert!(shown(&response.body).contains(id), "{}", response.body);
    }
    // Jobs may be received before their pipeline.
    let html = page(&server, "/execution", &[("id", "other run")]).await;
    assert!(html.contains("The event of the pipeline itself has not been received."), "{html}");
    assert_eq!(waterfall(&html).len(), 1);
}

#[tokio::test]
async fn other_attempts_for_the_commit_are_listed() {
    let server = Server::start().await;
    let git = json!({
        "repository_url": "https://git.example/a.git", "sha": "a".repeat(40), "author_email": "a@b.example",
    });
    let run = |id: &str, start: &str, more: Value| {
        let own = json!({ "name": "deploy", "git": git, "status": "error" });
        pipeline(id, with(with(timed(start, "50:00"), own), more))
    };
    let previous = json!({ "id": "1", "url": "https://ci.example/1" });
    let retry = json!({ "partial_retry": true, "previous_attempt": previous, "status": "success" });
    let events = json!([
        run("1", "10:00", json!({})),
        run("2", "20:00", json!({})),
        run("3", "30:00", retry),
        run("of another pipeline", "30:00", json!({ "name": "other" })),
    ]);
    server.accept(&events).await;
    let html = page(&server, "/execution", &[("id", "2")]).await;
    let attempts = between(&html, "data-live=\"attempts\"", "data-live=\"event\"")
        .replace(" class=\"this\"", "");
    let expected = [
        ["2026-07-14 09:10:00", "✕ error", "40 min", ""],
        ["↳ 2026-07-14 09:30:00", "✓ success", "20 min", "partial retry"],
        ["2026-07-14 09:20:00 this one", "✕ error", "30 min", ""],
    ];
    assert_eq!(rows(&attempts), expected);
    let sent = "ci_level:pipeline @ci.pipeline.name:deploy @git.commit.sha:a*";
    assert_eq!(server.search(sent).await.len(), expected.len());
    let alone = page(&server, "/execution", &[("id", "of another pipeline")]).await;
    assert!(!alone.contains("Attempts for this commit"), "{alone}");
}

#[tokio::test]
async fn running_executions_last_until_now() {
    let server = Server::start().await;
    let start = json!({ "start": "2026-07-14T09:50:00Z" });
    let unfinished = with(start.clone(), json!({ "pipeline_unique_id": "1" }));
    server.accept(&json!([running("pipeline", "1", start), running("job", "j", unfinished)])).await;
    let html = page(&server, "/execution", &[("id", "1")]).await;
    assert!(html.contains("<body data-running>"));
    assert!(shown(&html).contains("Running for10 min"));
    let durations: Vec<String> = waterfall(&html).into_iter().map(|[.., it]| it).collect();
    assert_eq!(durations, ["10 min", "10 min"]);
    // The run ends without the job.
    server.accept(&pipeline("1", timed("50:00", "55:00"))).await;
    let html = page(&server, "/execution", &[("id", "1")]).await;
    assert!(!html.contains("data-running"));
    let durations: Vec<String> = waterfall(&html).into_iter().map(|[.., it]| it).collect();
    assert_eq!(durations, ["5 min", "5 min"]);
}

#[tokio::test]
async fn hostile_events_are_shown_and_not_run() {
    let server = Server::start().await;
    let script = "</code></script><script>alert(1)</script>";
    let error = json!({ "message": script, "type": script, "stack": script });
    let hostile = json!({
        "name": script, "status": "error", "error": error, "url": "javascript:alert(1)",
        "tags": [format!("{script}:{script}")], "parameters": { script: script },
    });
    let events = json!([
        pipeline(script, with(hostile.clone(), json!({ "name": "\u{202e}\n".repeat(2000) }))),
        job("j", with(hostile, json!({ "pipeline_unique_id": script, "stage_id": script }))),
    ]);
    server.accept(&events).await;
    let job = server.search("ci_level:job").await;
    let id = job[0]["id"].as_str().unwrap();
    assert_eq!(at(&job[0], "ci.job.name"), script);
    let html = page(&server, "/execution", &[("id", script), ("event", id)]).await;
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    assert!(!html.contains("href=\"javascript:") && !html.contains("style="), "{html}");
    assert!(shown(&html).contains(script), "{html}");
    assert_eq!(waterfall(&html).len(), 2);
}

#[tokio::test]
async fn runs_with_very_many_events_are_cut() {
    let server = Server::start().await;
    let of = json!({ "pipeline_unique_id": "big" });
    let jobs: Vec<Value> = (0..400).map(|i| job(&format!("j{i}"), of.clone())).collect();
    let step = |i: usize| {
        let status = if i == 5_999 { "error" } else { "success" };
        let job = format!("j{}", i % 400);
        let more = json!({ "job_id": job, "job_name": job, "name": format!("step {i}"), "status": status });
        step(&format!("s{i}"), with(more, of.clone()))
    };
    let steps: Vec<Value> = (0..6_000).map(step).collect();
    server.accept(&json!([pipeline("big", json!({}))])).await;
    for events in jobs.chunks(1000).chain(steps.chunks(1000)) {
        server.accept(&json!(events)).await;
    }
    let html = page(&server, "/execution", &[("id", "big")]).await;
    let rows = waterfall(&html);
    let failed = rows.iter().filter(|[class, ..]| class == "step error").count();
    assert_eq!((rows.len(), failed), (6_001, 1));
    assert!(shown(&html).contains("400 steps are left out, because there are too many."));
    let search = unescaped(link(&html, "Search all steps of this execution").unwrap());
    assert_eq!(search, "/executions?query=%40ci.pipeline.id%3A%22big%22&from=0&level=step");
}
