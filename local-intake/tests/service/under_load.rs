//! Events are accepted while queries are processed, and queries end.

use std::time::Duration;

use datadog_ci_intake::{LocalIntake, LocalIntakeBuilder};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::{AGGREGATE, LIST, Response, SEARCH, Server, execute, job, running};

/// Starts an intake with events whose messages take long to match.
async fn filled(builder: LocalIntakeBuilder, count: usize) -> Server {
    let server = Server::with(builder).await;
    let message = |number: usize| format!("{}{number}", "a".repeat(4990));
    let all: Vec<Value> = (0..count)
        .map(|id| job(&id.to_string(), json!({ "error": { "message": message(id) } })))
        .collect();
    for batch in all.chunks(200) {
        server.accept(&Value::from(batch)).await;
    }
    server
}

/// Returns a query that takes minutes: its wildcards match nearly everything in these messages.
fn slow_query() -> String {
    let wildcard = |i: usize| format!("*{}?{}*x*", "a".repeat(10 + i / 20), "a".repeat(i % 20));
    (0..500).map(wildcard).collect::<Vec<_>>().join(" OR ")
}

fn body(query: &str) -> Value {
    json!({ "filter": { "query": query, "from": "now-1d" } })
}

async fn state(server: &Server) -> Value {
    execute(server.bare(Method::GET, "/_intake")).await.json()
}

/// Waits until this many queries are processed.
async fn wait_for_running(server: &Server, count: usize) {
    let expected = Value::from(count);
    let reached = async {
        while state(server).await["queries"]["running"] != expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), reached).await.unwrap();
}

/// Sends a query, and returns the connection without waiting for the response.
async fn start(server: &Server, path: &str, body: &Value) -> TcpStream {
    let address = server.intake.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         DD-API-KEY: a\r\nDD-APPLICATION-KEY: b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn events_are_accepted_while_a_slow_query_runs_until_its_caller_has_gone() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || LocalIntake::builder().query_timeout(Duration::from_secs(3600));
    for builder in [builder(), builder().data_dir(directory.path())] {
        let server = filled(builder, 400).await;
        let connection = start(&server, SEARCH, &body(&slow_query())).await;
        wait_for_running(&server, 1).await;
        for id in 0..20 {
            server.accept(&job(&format!("new {id}"), json!({}))).await;
        }
        let ordinary = server.post(SEARCH, &body("@ci.status:error")).await;
        assert_eq!((ordinary.status, ordinary.json()["data"].clone()), (200, json!([])));
        assert_eq!(server.intake.event_count(), 420);
        assert_eq!(state(&server).await["queries"]["running"], 1);
        drop(connection);
        wait_for_running(&server, 0).await;
    }
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_rejected() {
    let builder = LocalIntake::builder().query_timeout(Duration::from_millis(20));
    let server = filled(builder, 100).await;
    let query = slow_query();
    let expected = "the query takes longer than the limit `query_timeout` of 20ms; \
                    use a shorter time range or fewer clauses";
    let rejected = |response: Response| {
        assert_eq!((response.status, response.errors()), (400, vec![expected.to_owned()]));
    };
    rejected(server.post(SEARCH, &body(&query)).await);
    rejected(server.post(AGGREGATE, &body(&query)).await);
    rejected(server.get(LIST, &[("filter[query]", &query), ("filter[from]", "now-1d")]).await);
    wait_for_running(&server, 0).await;
    assert_eq!(state(&server).await["limits"]["query_timeout"], 0.02);
}

#[tokio::test]
async fn the_computations_of_an_aggregation_count_towards_its_limit() {
    let builder = LocalIntake::builder().query_timeout(Duration::from_millis(150));
    let server = Server::with(builder).await;
    let all: Vec<Value> = (0..1000)
        .map(|id| {
            let tags: Vec<String> = (0..8).map(|tag| format!("t{tag}:{}", id >> tag & 3)).collect();
            job(&id.to_string(), json!({ "tags": tags }))
        })
        .collect();
    server.accept(&Value::from(all)).await;
    let groups: Vec<Value> =
        (0..8).map(|tag| json!({ "facet": format!("t{tag}"), "total": true })).collect();
    let compute = json!({ "aggregation": "pc99", "metric": "@duration" });
    let request = json!({
        "filter": { "from": "now-1d" }, "compute": vec![compute; 100], "group_by": groups,
    });
    let response = server.post(AGGREGATE, &request).await;
    assert_eq!(response.status, 400, "{}", response.body);
    assert!(response.errors()[0].contains("`query_timeout`"), "{}", response.body);
}

#[tokio::test]
async fn the_oldest_events_are_removed() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || LocalIntake::builder().max_events(32).max_history(10);
    let durable = builder().data_dir(directory.path());
    for builder in [builder(), durable] {
        let server = Server::with(builder).await;
        for id in 0..100 {
            server.accept(&job(&id.to_string(), json!({}))).await;
        }
        let events = server.intake.events();
        assert!((30..=32).contains(&events.len()), "{}", events.len());
        assert_eq!(events[events.len() - 1].attributes["ci"]["job"]["id"], "99");
        let state = state(&server).await;
        let (kept, removed) = (&state["events"]["count"], &state["removed"]["count"]);
        assert_eq!((kept, removed), (&json!(events.len()), &json!(100 - events.len())));
        assert_eq!(state["limits"]["max_events"], 32);
        for number in 0..30 {
            server.accept(&running("job", "updated", json!({ "queue_time": number }))).await;
        }
        let id =
            server.intake.events()[events.len() - usize::from(events.len() == 32)..][0].id.clone();
        assert_eq!(server.intake.history(&id).len(), 10);
        server.intake.stop().await.unwrap();
    }
    let server = Server::with(builder().data_dir(directory.path())).await;
    assert!((30..=32).contains(&server.intake.event_count()));
}

#[tokio::test]
async fn old_events_are_removed_without_a_request() {
    let server = Server::with(LocalIntake::builder().max_age(Duration::from_millis(160))).await;
    server.accept(&job("1", json!({}))).await;
    server.intake.clock().advance(Duration::from_secs(1).try_into().unwrap());
    let removed = async {
        while server.intake.event_count() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), removed).await.unwrap();
}

#[tokio::test]
async fn lists_of_the_control_interface_are_complete() {
    let server = Server::start().await;
    let all: Vec<Value> = (0..300).map(|id| job(&id.to_string(), json!({}))).collect();
    server.accept(&Value::from(all)).await;
    let list = |path: String| {
        let request = server.bare(Method::GET, &path);
        async { execute(request).await.json()["data"].as_array().unwrap().clone() }
    };
    let events = list("/_intake/events".to_owned()).await;
    let ids: Vec<String> = server.intake.events().into_iter().map(|event| event.id).collect();
    assert_eq!(events.iter().map(|event| event["id"].clone()).collect::<Vec<_>>(), ids);
    for number in 0..20 {
        server.accept(&running("job", "updated", json!({ "queue_time": number }))).await;
    }
    let id = server.intake.events()[300].id.clone();
    let history = list(format!("/_intake/events/{id}/history")).await;
    let times: Vec<_> =
        history.iter().map(|it| &it["attributes"]["resource"]["queue_time"]).collect();
    assert_eq!(times, (0..20).collect::<Vec<_>>());
    for _ in 0..200 {
        server.get(LIST, &[]).await;
    }
    assert_eq!(list("/_intake/requests".to_owned()).await.len(), 221);
}

#[tokio::test]
async fn large_responses_share_their_memory() {
    let limits = datadog_ci_intake::Limits { in_flight: 8 << 20, ..Default::default() };
    let builder = LocalIntake::builder().query_timeout(Duration::from_secs(600));
    let server = Server::with(builder.limits(limits)).await;
    server.accept(&job("1", json!({}))).await;
    let compute = json!({ "aggregation": "count", "type": "timeseries", "interval": "1s" });
    let request = json!({
        "filter": { "from": "now-9000s" }, "compute": vec![compute; 25],
    });
    // It takes all of the memory, as long as it is not read.
    let unread = start(&server, AGGREGATE, &request).await;
    while state(&server).await["queries"]["response_bytes"] != 8 << 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut other = std::pin::pin!(server.post(AGGREGATE, &request));
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut other).await.is_err());
    server.accept(&job("2", json!({}))).await;
    drop(unread);
    let response = other.await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert!(response.body.len() > 8 << 20, "{}", response.body.len());
}
