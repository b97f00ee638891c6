//! The page of executions shows what search and aggregate return.

use serde_json::{Value, json};

use super::html::{get, link, page, rows, shown, unescaped, visit};
use crate::support::{Server, at, execute, job, pipeline, running};

const STATUSES: [&str; 3] = ["success", "error", "canceled"];

/// Sends 120 runs, two per minute, of three pipelines.
async fn seeded() -> Server {
    let server = Server::start().await;
    let runs: Vec<Value> = (0..120)
        .map(|i: usize| {
            let (minute, second) = (58 - i / 2 % 58, i % 60);
            let more = json!({
                "name": format!("pipeline {}", i % 3), "status": STATUSES[i % 7 % 3],
                "start": format!("2026-07-14T08:{minute:02}:{second:02}Z"),
                "end": format!("2026-07-14T09:{minute:02}:{second:02}Z"),
                "error": (i % 7 % 3 == 1).then(|| json!({ "domain": "user", "message": format!("failure {i}") })),
            });
            pipeline(&format!("run-{i}"), more)
        })
        .collect();
    server.accept(&runs.into()).await;
    server
}

#[tokio::test]
async fn the_table_has_the_events_that_search_returns() {
    let server = seeded().await;
    for query in ["", "@ci.status:error", "failure -@ci.pipeline.name:\"pipeline 1\"", "nothing"] {
        let mut path = String::from("/executions?query=");
        path.extend(form_urlencoded::byte_serialize(query.as_bytes()));
        let mut found = Vec::new();
        // Follows the links to all pages.
        loop {
            let response = execute(visit(&server, &path)).await;
            assert_eq!(response.status, 200, "{}", response.body);
            found.extend(rows(&response.body));
            let Some(next) = link(&response.body, "rel=\"next\"") else { break };
            path = unescaped(next);
        }
        let full = format!("ci_level:pipeline {query}");
        let mut expected = server.search(&full).await;
        expected.reverse();
        let expected: Vec<(String, String, String)> = expected
            .iter()
            .map(|event| {
                let string = |path| at(event, path).as_str().unwrap_or_default().to_owned();
                (string("ci.status"), string("ci.pipeline.name"), string("error.message"))
            })
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|row| {
                let status = row[1].split(' ').next_back().unwrap_or_default().to_owned();
                (status, row[2].clone(), row.last().unwrap().clone())
            })
            .collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn totals_and_facets_are_those_of_aggregations() {
    let server = seeded().await;
    for query in ["*", "@ci.status:error", "@ci.pipeline.name:(\"pipeline 0\" OR \"pipeline 2\")"] {
        let html = page(&server, "/executions", &[("query", query)]).await;
        let filter = json!({ "query": format!("ci_level:pipeline ({query})"), "from": "now-1d" });
        let count = json!([{ "aggregation": "count" }]);
        let total = server.buckets(json!({ "compute": count, "filter": filter })).await;
        let (_, rest) = html.split_once("class=\"total\"").unwrap();
        let total = total[0]["computes"]["c0"].to_string();
        assert!(shown(rest.split("</strong>").next().unwrap()).ends_with(&total), "{total}");
        for (title, facet) in [("Status", "@ci.status"), ("Pipeline", "@ci.pipeline.name")] {
            let request = json!({
                "compute": count, "filter": filter,
                "group_by": [{ "facet": facet, "sort": { "aggregation": "count", "type": "measure" } }],
            });
            let buckets = server.buckets(request).await;
            let (_, facet_html) = html.split_once(&format!(">{title}</summary>")).unwrap();
            let items = facet_html.split("</ul>").next().unwrap().split("<li>").skip(1);
            let mut items: Vec<String> = items.map(shown).collect();
            let mut expected: Vec<String> = buckets
                .as_array()
                .unwrap()
                .iter()
                .map(|it| format!("{} {}", it["by"][facet].as_str().unwrap(), it["computes"]["c0"]))
                .collect();
            items.sort();
            expected.sort();
            assert_eq!(items, expected, "{query}");
        }
    }
}

#[tokio::test]
async fn a_value_of_a_facet_is_added_to_the_query_and_removed_from_it() {
    let server = seeded().await;
    let mut path = "/executions?query=@ci.status:error".to_owned();
    for (value, expected) in [
        ("pipeline 1", "query=%40ci.status%3Aerror+%40ci.pipeline.name%3A%22pipeline+1%22"),
        ("pipeline 1", "query=%40ci.status%3Aerror"),
    ] {
        let html = execute(visit(&server, &path)).await.body;
        let (_, facets) = html.split_once("class=\"facets\"").unwrap();
        path = unescaped(link(facets, &format!(">{value}</bdi>")).unwrap());
        assert!(path.contains(expected) && path.matches('=').count() == 1, "{path}");
    }
    // What is only part of a condition is not removed, so the links are valid queries.
    for query in
        ["-@ci.status:\"error\"", "none OR @ci.status:\"error\"", "NOT @ci.status:\"error\""]
    {
        let html = page(&server, "/executions", &[("query", query)]).await;
        let (_, facets) = html.split_once("class=\"facets\"").unwrap();
        assert!(!facets.contains("aria-current"), "{query}");
        for facet in facets.split("</aside>").next().unwrap().split("<li>").skip(1) {
            let linked = execute(visit(&server, &unescaped(link(facet, "<bdi>").unwrap()))).await;
            assert!(!linked.body.contains("query-error"), "{query}: {facet}");
        }
    }
}

#[tokio::test]
async fn a_column_is_shown_once() {
    let server = seeded().await;
    let columns = ["a", "b", "a"].map(|name| ("column", name));
    let html = page(&server, "/executions", &columns).await;
    assert_eq!(rows(&html)[0].len(), 3 + 2);
    let names: Vec<String> = (0..200).map(|i| format!("column{i}")).collect();
    let columns: Vec<_> = names.iter().map(|name| ("column", name.as_str())).collect();
    let html = page(&server, "/executions", &columns).await;
    assert_eq!(rows(&html)[0].len(), 3 + 50);
}

#[tokio::test]
async fn syntax_errors_are_shown_at_their_position() {
    let server = seeded().await;
    for path in ["/", "/executions", "/jobs"] {
        let html = page(&server, path, &[("query", "@ci.status:(error")]).await;
        let (_, rest) = html.split_once("id=\"query-error\"").unwrap();
        assert!(rest.contains("@ci.status:<mark>(error</mark>"), "{path}: {html}");
        assert!(html.contains("aria-invalid"), "{path}");
    }
    let rejected = get(&server, "/executions", &[("from", "yesterday")]).await;
    assert_eq!(rejected.status, 400);
    assert!(rejected.body.contains("yesterday"), "{}", rejected.body);
    let rejected = get(&server, "/executions", &[("cursor", "invalid")]).await;
    assert_eq!(rejected.status, 400);
    let path = unescaped(link(&rejected.body, "First page").unwrap());
    assert_eq!(execute(visit(&server, &path)).await.status, 200);
    let times = [("query", "pipeline"), ("from", "now"), ("to", "now-1d")];
    let rejected = get(&server, "/executions", &times).await;
    assert_eq!(rejected.status, 400);
    assert_eq!(link(&rejected.body, "last day"), Some("/executions?query=pipeline"));
    let custom = page(&server, "/executions", &[("from", "now-4h"), ("to", "now-1h")]).await;
    assert!(custom.contains("<input name=\"to\" value=\"now-1h\""), "{custom}");
}

#[tokio::test]
async fn columns_are_attributes_and_tags_of_choice() {
    let server = Server::start().await;
    let more =
        json!({ "tags": ["team:web", "team:shop"], "metrics": ["size:12.5"], "queue_time": 1500 });
    server.accept(&json!([job("1", more), running("job", "2", json!({}))])).await;
    let parameters =
        [("level", "job"), ("column", "team"), ("column", "@size"), ("column", "@ci.queue_time")];
    let html = page(&server, "/executions", &parameters).await;
    let cells: Vec<Vec<String>> = rows(&html).iter().map(|row| row[3..].to_vec()).collect();
    assert!(cells.contains(&vec!["web, shop".into(), "12.5".into(), "1.5 s".into()]), "{cells:?}");
    assert!(html.contains("<body data-running>"));
}

#[tokio::test]
async fn hostile_strings_are_shown_as_they_are() {
    let server = Server::start().await;
    let name = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}";
    let more = json!({
        "name": format!("{name}{}", "x".repeat(10_000)),
        "tags": [format!("{}:{name}", "t".repeat(50))],
        "error": { "message": format!("{name}\n{name}"), "type": name[..20] },
        "status": "error",
    });
    server.accept(&pipeline("1", more)).await;
    for (path, parameters) in [
        ("/", vec![]),
        ("/executions", vec![("column", name), ("column", "@error.message")]),
        ("/executions", vec![("query", name), ("from", "0")]),
        ("/executions", vec![("from", name)]),
        ("/jobs", vec![("query", name)]),
        ("/requests", vec![("before", name)]),
    ] {
        let html = get(&server, path, &parameters).await.body;
        assert!(!html.contains("<script>") && !html.contains("<img"), "{path} {parameters:?}");
    }
}

#[tokio::test]
async fn names_and_values_are_completed() {
    let server = seeded().await;
    let names = server.get("/_intake/names", &[("contains", "@ci.st")]).await.json();
    assert_eq!(names, json!({ "data": ["@ci.status"] }));
    // Those of the chosen level only.
    server.accept(&job("7", json!({ "tags": ["only-jobs:1"] }))).await;
    for (level, expected) in [("pipeline", 0), ("job", 2), ("step", 0)] {
        let parameters = [("contains", "only-jobs"), ("level", level)];
        let names = server.get("/_intake/names", &parameters).await.json();
        assert_eq!(names["data"].as_array().unwrap().len(), expected, "{level}: {names}");
    }
    let invalid = server.get("/_intake/names", &[("from", "soon")]).await;
    assert_eq!(invalid.status, 400);
    let parameters = [("name", "@ci.status"), ("name", "@none"), ("query", "@ci.pipeline.name:*0")];
    let values = server.get("/_intake/values", &parameters).await.json();
    assert_eq!(values["events"], 40);
    assert_eq!(values["data"][1], json!({ "name": "@none", "values": [] }));
    let counts = values["data"][0]["values"].as_array().unwrap();
    assert_eq!(counts.iter().map(|it| it["count"].as_u64().unwrap()).sum::<u64>(), 40);
    // Rare values are found, too.
    let parameters = [("name", "@ci.pipeline.id"), ("contains", "RUN-11")];
    let rare = server.get("/_intake/values", &parameters).await.json();
    assert_eq!(rare["data"][0]["values"].as_array().unwrap().len(), 11);
    for (number, status) in [(20, 200), (21, 400)] {
        let names = vec![("name", "@ci.status"); number];
        assert_eq!(server.get("/_intake/values", &names).await.status, status);
    }
    // Brackets around the query do not make it valid.
    for query in ["(", "@ci.status:error) OR (ci_level:job", "a\\"] {
        let invalid = server.get("/_intake/values", &[("query", query), ("name", "a")]).await;
        assert_eq!((invalid.status, invalid.errors().len()), (400, 1), "{query}");
    }
}
