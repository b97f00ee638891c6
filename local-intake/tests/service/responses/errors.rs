//! Statuses, errors and rate-limit headers.

use std::time::Duration;

use datadog_ci_intake::{Fault, Limits, LocalIntake, RateLimit};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{
    AGGREGATE, LIST, Response, SEARCH, SEND, Server, event, execute, job, pipeline,
};

#[tokio::test]
async fn an_event_or_an_array_of_events_is_accepted() {
    let server = Server::start().await;
    let (one, two) = (job("1", json!({})), pipeline("2", json!({})));
    for data in [one.clone(), json!([one]), json!([one, two])] {
        let response = server.send(&data).await;
        assert_eq!(response.status, 202);
        assert_eq!(response.header("content-type"), Some("application/vnd.api+json"));
        assert_eq!(response.body, r#"{"data":null}"#);
    }
    assert_eq!(server.search("*").await.len(), 2);
}

#[tokio::test]
async fn reads_return_json() {
    let server = Server::start().await;
    server.accept(&job("1", json!({}))).await;
    let list = server.get(LIST, &[]).await;
    let search = server.post(SEARCH, &json!({})).await;
    let aggregate = server.post(AGGREGATE, &json!({})).await;
    for response in [list, search, aggregate] {
        assert_eq!(response.status, 200);
        assert_eq!(response.header("content-type"), Some("application/json"));
    }
}

/// Asserts that sending events was rejected, in the format of that operation.
fn assert_send_error(response: &Response, status: u16, title: &str, detail: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let error = json!({ "status": status.to_string(), "title": title, "detail": detail });
    assert_eq!(response.json(), json!({ "errors": [error] }));
}

/// Asserts that reading events was rejected, in the exact format of those operations.
fn assert_read_error(response: &Response, status: u16, message: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.body, format!(r#"{{"errors":["{message}"]}}"#));
}

#[tokio::test]
async fn send_errors_have_status_title_and_detail() {
    let server = Server::with(LocalIntake::builder().api_key("right")).await;
    let with_key = |key: Option<&str>| {
        let request = server.bare(Method::POST, SEND);
        let request = key.iter().fold(request, |request, key| request.header("DD-API-KEY", *key));
        execute(request.body("{}"))
    };
    let missing = "this request requires DD-API-KEY";
    assert_send_error(&with_key(None).await, 401, "Unauthorized", missing);
    let wrong = "the credentials in DD-API-KEY are not accepted";
    assert_send_error(&with_key(Some("wrong")).await, 403, "Forbidden", wrong);
    assert_send_error(&with_key(Some("right")).await, 400, "Bad Request", "/data is required");
    for (status, title) in [
        (408, "Request Timeout"),
        (413, "Payload Too Large"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
    ] {
        server.intake.fail_next(1, status);
        let response = with_key(Some("right")).await;
        assert_send_error(&response, status, title, "injected fault");
    }
    assert!(server.intake.events().is_empty());
}

#[tokio::test]
async fn read_errors_are_strings() {
    let server = Server::with(LocalIntake::builder().app_key("right")).await;
    let reads = |app_key: &'static str| {
        let server = &server;
        async move {
            let mut responses = Vec::new();
            for (method, path) in
                [(Method::GET, LIST), (Method::POST, SEARCH), (Method::POST, AGGREGATE)]
            {
                // The query is invalid for each of the three operations.
                let path = format!("{path}?filter%5Bquery%5D=(a");
                let request = server.bare(method, &path).header("DD-API-KEY", "any");
                let request = request.header("DD-APPLICATION-KEY", app_key);
                responses.push(execute(request.body(r#"{"filter":{"query":"(a"}}"#)).await);
            }
            responses
        }
    };
    for response in reads("wrong").await {
        let credentials = "the credentials in DD-API-KEY and DD-APPLICATION-KEY are not accepted";
        assert_read_error(&response, 403, credentials);
    }
    for response in reads("right").await {
        let query = "input_validation_error(Field 'filter.query' is invalid: at character 1: unclosed bracket)";
        assert_read_error(&response, 400, query);
    }
    server.intake.set_rate_limit(Some(RateLimit { limit: 0, period: 60, retry_after: false }));
    for response in reads("right").await {
        assert_read_error(&response, 429, "too many requests");
    }
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_rejected_with_408() {
    let limits = Limits { body_timeout: Duration::from_millis(20), ..Limits::default() };
    let server = Server::with(LocalIntake::builder().limits(limits)).await;
    let address = server.intake.url().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {SEND} HTTP/1.1\r\nhost: {address}\r\ndd-api-key: a\r\ncontent-length: 99\r\nconnection: close\r\n\r\n{{"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{response}");
    let body = r#"{"errors":[{"detail":"the body took too long to arrive","status":"408","title":"Request Timeout"}]}"#;
    assert!(response.ends_with(body), "{response}");
}

#[tokio::test]
async fn unknown_aggregation_functions_are_rejected() {
    let server = Server::start().await;
    let compute =
        json!([{ "aggregation": "count" }, { "aggregation": "p50", "metric": "@duration" }]);
    let response = server.post(AGGREGATE, &json!({ "compute": compute })).await;
    let error = "input_validation_error(Field 'compute[1].aggregation' is invalid: Unknown aggregation function: p50)";
    assert_read_error(&response, 400, error);
}

#[tokio::test]
async fn invalid_cursors_are_rejected() {
    let server = Server::start().await;
    server.accept(&json!([job("1", json!({})), job("2", json!({}))])).await;
    let unknown = "eyJhZnRlciI6IkFBQUEifQ";
    let first = server.get(LIST, &[("page[limit]", "1")]).await.json();
    let valid = first["meta"]["page"]["after"].as_str().unwrap();
    for cursor in ["x", "e30", "bm90IGpzb24", unknown, &valid[1..]] {
        let get = server.get(LIST, &[("page[cursor]", cursor)]).await;
        let post = server.post(SEARCH, &json!({ "page": { "cursor": cursor } })).await;
        for response in [get, post] {
            let error = "input_validation_error(Field 'page' is invalid: invalid cursor)";
            assert_read_error(&response, 400, error);
        }
    }
    assert_eq!(server.get(LIST, &[("page[cursor]", valid)]).await.status, 200);
}

#[tokio::test]
async fn from_must_not_be_after_to() {
    let server = Server::start().await;
    let range = json!({ "filter": { "from": "now-1m", "to": "now-2m" } });
    let list = server.get(LIST, &[("filter[from]", "now-1m"), ("filter[to]", "now-2m")]).await;
    let search = server.post(SEARCH, &range).await;
    let aggregate = server.post(AGGREGATE, &range).await;
    for response in [list, search, aggregate] {
        let error =
            "input_validation_error(Field 'filter' is invalid: `from` must not be after `to`)";
        assert_read_error(&response, 400, error);
    }
    let same = [("filter[from]", "now-1m"), ("filter[to]", "now-1m")];
    assert_eq!(server.get(LIST, &same).await.status, 200);
}

/// Asserts that these events are rejected for these reasons, and none of them is stored.
async fn assert_rejected(events: Value, expected: &[&str]) {
    let server = Server::start().await;
    let response = server.send(&events).await;
    assert_eq!(
        (response.status, response.errors()),
        (400, expected.iter().map(ToString::to_string).collect())
    );
    let has_format = |error: &Value| error["status"] == "400" && error["title"] == "Bad Request";
    assert!(
        response.json()["errors"].as_array().unwrap().iter().all(has_format),
        "{}",
        response.body
    );
    assert!(server.intake.events().is_empty());
    assert!(server.search("*").await.is_empty());
}

#[tokio::test]
async fn one_invalid_event_rejects_the_array_and_all_violations_are_reported() {
    let valid = || job("valid", json!({}));
    let long = json!({ "error": { "type": "x".repeat(101) }, "queue_time": -1 });
    assert_rejected(
        json!([
            valid(),
            job("1", long.clone()),
            valid(),
            pipeline("2", json!({ "queue_time": -7 }))
        ]),
        &[
            "/data/1/attributes/resource/error/type must have at most 100 characters, has 101",
            "/data/1/attributes/resource/queue_time must be at least 0, is -1",
            "/data/3/attributes/resource/queue_time must be at least 0, is -7",
        ],
    )
    .await;
    // Rules beyond the schema.
    let both =
        json!({ "end": "2026-07-14T09:00:00Z", "tags": ["fine:1", "bad"], "metrics": ["a:b"] });
    assert_rejected(
        json!([valid(), job("1", both), event("step", "2", json!({ "status": "skipped" }))]),
        &[
            "/data/1/attributes/resource/end must not be before `start`",
            "/data/1/attributes/resource/tags/1 must be `key:value`",
            "/data/1/attributes/resource/metrics/0 must be `key:value` with a number as value",
            "/data/2/attributes/resource/status must be one of success, error",
        ],
    )
    .await;
}

#[tokio::test]
async fn missing_properties_are_reported() {
    let missing = |level: &str, names: &[&str]| {
        let none = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        event(level, "1", Value::Object(none))
    };
    assert_rejected(
        json!([missing("job", &["id", "url"]), job("2", json!({})), missing("step", &["end"])]),
        &[
            "/data/0/attributes/resource/id is required",
            "/data/0/attributes/resource/url is required",
            "/data/2/attributes/resource/end is required",
        ],
    )
    .await;
    assert_rejected(json!([{}]), &["/data/0/attributes is required"]).await;
    assert_rejected(json!({ "attributes": {} }), &["/data/attributes/resource is required"]).await;
    assert_rejected(json!("event"), &["/data must be an event or an array of events"]).await;
    assert_rejected(
        event("workflow", "1", json!({})),
        &["/data/attributes/resource/level must be one of pipeline, stage, job, step"],
    )
    .await;
}

#[tokio::test]
async fn violations_of_the_schema_and_of_rules_are_reported_together() {
    assert_rejected(
        json!([
            job("1", json!({ "tags": ["bad"], "queue_time": -1 })),
            job("2", json!({ "queue_time": -2 })),
        ]),
        &[
            "/data/0/attributes/resource/queue_time must be at least 0, is -1",
            "/data/1/attributes/resource/queue_time must be at least 0, is -2",
            "/data/0/attributes/resource/tags/0 must be `key:value`",
        ],
    )
    .await;
}

#[tokio::test]
async fn consequential_errors_are_not_reported() {
    let server = Server::start().await;
    let response = server.send(&job("1", json!({ "start": "yesterday", "queue_time": -1 }))).await;
    let errors = response.errors();
    assert_eq!((response.status, errors.len()), (400, 2), "{errors:?}");
    assert!(errors[0].starts_with("/data/attributes/resource/start "), "{errors:?}");
    assert_eq!(errors[1], "/data/attributes/resource/queue_time must be at least 0, is -1");
}

#[tokio::test]
async fn rate_limit_headers_are_on_every_response_while_there_is_a_limit() {
    let names =
        ["limit", "period", "remaining", "reset", "name"].map(|name| format!("x-ratelimit-{name}"));
    let server = Server::start().await;
    let response = server.get(LIST, &[]).await;
    assert!(names.iter().all(|name| response.header(name).is_none()));

    for retry_after in [false, true] {
        server.intake.set_rate_limit(Some(RateLimit { limit: 3, period: 3600, retry_after }));
        for (status, remaining) in [(200, "2"), (202, "1"), (400, "0"), (429, "0"), (429, "0")] {
            let response = match status {
                202 => server.send(&job("1", json!({}))).await,
                400 => server.get(LIST, &[("sort", "name")]).await,
                _ => server.get(LIST, &[]).await,
            };
            assert_eq!(response.status, status);
            let [limit, period, left, reset, name] =
                names.each_ref().map(|name| response.header(name).unwrap());
            assert_eq!([limit, period, left, name], ["3", "3600", remaining, "local_intake"]);
            // Less the seconds that have passed.
            assert!((3500..=3600).contains(&reset.parse().unwrap()), "{reset}");
            let wait = (retry_after && status == 429).then_some(reset);
            assert_eq!(response.header("retry-after"), wait);
        }
    }
    server.intake.set_rate_limit(None);
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-limit"), None);
}

#[tokio::test]
async fn a_rate_limit_ends_with_its_period() {
    let server = Server::start().await;
    server.intake.set_rate_limit(Some(RateLimit { limit: 1, period: 1, retry_after: true }));
    assert_eq!(server.get(LIST, &[]).await.status, 200);
    // After the time in the header, requests are accepted. On a slow machine the period may have
    // ended already.
    let response = server.get(LIST, &[]).await;
    if response.status == 429 {
        let seconds = response.header("x-ratelimit-reset").unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        assert_eq!(server.get(LIST, &[]).await.status, 200);
    }
}

#[tokio::test]
async fn a_rejection_may_have_retry_after() {
    let server = Server::start().await;
    for retry_after in [None, Some(7)] {
        server.intake.queue_faults([Fault::Status { status: 503, retry_after }]);
        let response = server.send(&job("1", json!({}))).await;
        assert_eq!(
            (response.status, response.header("retry-after")),
            (503, retry_after.map(|_| "7"))
        );
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_rejected() {
    let server = Server::start().await;
    let other = execute(server.request(Method::GET, "/api/v2/ci")).await;
    assert_read_error(&other, 404, "no route matches this path");
    let other = execute(server.request(Method::GET, SEND)).await;
    assert_read_error(&other, 405, "this path does not support GET");
    assert_eq!(other.header("allow"), Some("POST"));
}

#[tokio::test]
async fn unknown_properties_and_parameters_are_ignored() {
    let server = Server::start().await;
    let mut event = job("1", json!({ "colour": "green" }));
    event["more"] = json!(1);
    event["attributes"]["more"] = json!(1);
    server.accept(&event).await;
    let parameters = [("page[size]", "0"), ("filter[colour]", "green")];
    let page = server.get(LIST, &parameters).await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    let body = json!({ "filter": { "colour": "green" }, "more": 1, "page": { "size": 0 } });
    let page = server.post(SEARCH, &body).await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    let body = json!({ "filter": { "colour": "green" }, "more": 1 });
    assert_eq!(
        server.post(AGGREGATE, &body).await.json()["data"]["buckets"][0]["computes"]["c0"],
        1
    );
}
