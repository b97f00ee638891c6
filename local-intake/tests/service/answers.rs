//! What requests are answered with, and what they must come with.

mod bodies;
mod keys;

use std::time::Duration;

use datadog_ci_intake::{Fault, LocalIntake, RateLimit};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{AGGREGATE, Answer, LIST, SEARCH, SEND, Server, answer, event, job, pipeline};

#[tokio::test]
async fn an_event_or_an_array_of_them_is_accepted() {
    let server = Server::start().await;
    let (one, two) = (job("1", json!({})), pipeline("2", json!({})));
    for data in [one.clone(), json!([one]), json!([one, two])] {
        let answer = server.send(&data).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
        assert_eq!(answer.text, r#"{"data":null}"#);
    }
    assert_eq!(server.found("*").await.len(), 2);
}

#[tokio::test]
async fn events_are_read_as_json() {
    let server = Server::start().await;
    server.accept(&job("1", json!({}))).await;
    let list = server.get(LIST, &[]).await;
    let search = server.post(SEARCH, &json!({})).await;
    let aggregate = server.post(AGGREGATE, &json!({})).await;
    for answer in [list, search, aggregate] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

/// Holds a refusal to take events against its one form.
fn refused_to_send(answer: &Answer, status: u16, title: &str, detail: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let error = json!({ "status": status.to_string(), "title": title, "detail": detail });
    assert_eq!(answer.json(), json!({ "errors": [error] }));
}

/// Holds a refusal to read events against its one form, to the byte.
fn refused_to_read(answer: &Answer, status: u16, text: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.text, format!(r#"{{"errors":["{text}"]}}"#));
}

#[tokio::test]
async fn sending_fails_with_status_title_and_detail() {
    let server = Server::of(LocalIntake::builder().api_key("right")).await;
    let with_key = |key: Option<&str>| {
        let request = server.bare(Method::POST, SEND);
        let request = key.iter().fold(request, |request, key| request.header("DD-API-KEY", *key));
        answer(request.body("{}"))
    };
    let needs = "this request needs DD-API-KEY";
    refused_to_send(&with_key(None).await, 401, "Unauthorized", needs);
    let wrong = "this request was sent with keys that are not those of DD-API-KEY";
    refused_to_send(&with_key(Some("wrong")).await, 403, "Forbidden", wrong);
    refused_to_send(&with_key(Some("right")).await, 400, "Bad Request", "/data is required");
    for (status, title) in [
        (408, "Request Timeout"),
        (413, "Payload Too Large"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
    ] {
        server.intake.fail_next(1, status);
        let answer = with_key(Some("right")).await;
        refused_to_send(&answer, status, title, "a fault that was asked for");
    }
    assert!(server.intake.events().is_empty());
}

#[tokio::test]
async fn reading_fails_with_texts() {
    let server = Server::of(LocalIntake::builder().app_key("right")).await;
    let reads = |app_key: &'static str| {
        let server = &server;
        async move {
            let mut answers = Vec::new();
            for (method, path) in
                [(Method::GET, LIST), (Method::POST, SEARCH), (Method::POST, AGGREGATE)]
            {
                // Wrong for all three, each in its own place.
                let path = format!("{path}?filter%5Bquery%5D=(a");
                let request = server.bare(method, &path).header("DD-API-KEY", "any");
                let request = request.header("DD-APPLICATION-KEY", app_key);
                answers.push(answer(request.body(r#"{"filter":{"query":"(a"}}"#)).await);
            }
            answers
        }
    };
    for answer in reads("wrong").await {
        let keys = "this request was sent with keys that are not those of DD-API-KEY and DD-APPLICATION-KEY";
        refused_to_read(&answer, 403, keys);
    }
    for answer in reads("right").await {
        let query = "input_validation_error(Field 'filter.query' is invalid: at character 1: this bracket is never closed)";
        refused_to_read(&answer, 400, query);
    }
    server.intake.set_rate_limit(Some(RateLimit { limit: 0, period: 60, retry_after: false }));
    for answer in reads("right").await {
        refused_to_read(&answer, 429, "too many requests");
    }
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_answered_with_408() {
    let limits = specwright_server::Limits {
        body_timeout: Duration::from_millis(20),
        ..specwright_server::Limits::default()
    };
    let server = Server::of(LocalIntake::builder().limits(limits)).await;
    let address = server.intake.url().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {SEND} HTTP/1.1\r\nhost: {address}\r\ndd-api-key: a\r\ncontent-length: 99\r\nconnection: close\r\n\r\n{{"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut text = String::new();
    connection.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{text}");
    let body = r#"{"errors":[{"detail":"the body took too long to arrive","status":"408","title":"Request Timeout"}]}"#;
    assert!(text.ends_with(body), "{text}");
}

#[tokio::test]
async fn bad_aggregation() {
    let server = Server::start().await;
    let compute =
        json!([{ "aggregation": "count" }, { "aggregation": "p50", "metric": "@duration" }]);
    let answer = server.post(AGGREGATE, &json!({ "compute": compute })).await;
    let error = "input_validation_error(Field 'compute[1].aggregation' is invalid: Unknown aggregation function: p50)";
    refused_to_read(&answer, 400, error);
}

#[tokio::test]
async fn bad_cursor() {
    let server = Server::start().await;
    server.accept(&json!([job("1", json!({})), job("2", json!({}))])).await;
    let unknown = "eyJhZnRlciI6IkFBQUEifQ";
    let good = server.get(LIST, &[("page[limit]", "1")]).await.json();
    let good = good["meta"]["page"]["after"].as_str().unwrap();
    for cursor in ["x", "e30", "bm90IGpzb24", unknown, &good[1..]] {
        let get = server.get(LIST, &[("page[cursor]", cursor)]).await;
        let post = server.post(SEARCH, &json!({ "page": { "cursor": cursor } })).await;
        for answer in [get, post] {
            let error = "input_validation_error(Field 'page' is invalid: invalid cursor)";
            refused_to_read(&answer, 400, error);
        }
    }
    assert_eq!(server.get(LIST, &[("page[cursor]", good)]).await.status, 200);
}

#[tokio::test]
async fn from_after_to() {
    let server = Server::start().await;
    let range = json!({ "filter": { "from": "now-1m", "to": "now-2m" } });
    let list = server.get(LIST, &[("filter[from]", "now-1m"), ("filter[to]", "now-2m")]).await;
    let search = server.post(SEARCH, &range).await;
    let aggregate = server.post(AGGREGATE, &range).await;
    for answer in [list, search, aggregate] {
        let error =
            "input_validation_error(Field 'filter' is invalid: `from` must not be after `to`)";
        refused_to_read(&answer, 400, error);
    }
    let same = [("filter[from]", "now-1m"), ("filter[to]", "now-1m")];
    assert_eq!(server.get(LIST, &same).await.status, 200);
}

/// Sends events of which at least one is bad: all of them are refused, for these reasons.
async fn refused(events: Value, expected: &[&str]) {
    let server = Server::start().await;
    let answer = server.send(&events).await;
    assert_eq!(
        (answer.status, answer.errors()),
        (400, expected.iter().map(ToString::to_string).collect())
    );
    let is_form = |error: &Value| error["status"] == "400" && error["title"] == "Bad Request";
    assert!(answer.json()["errors"].as_array().unwrap().iter().all(is_form), "{}", answer.text);
    assert!(server.intake.events().is_empty());
    assert!(server.found("*").await.is_empty());
}

#[tokio::test]
async fn one_bad_event_refuses_the_array_and_every_violation_is_named() {
    let good = || job("good", json!({}));
    let long = json!({ "error": { "type": "x".repeat(101) }, "queue_time": -1 });
    refused(
        json!([good(), job("1", long.clone()), good(), pipeline("2", json!({ "queue_time": -7 }))]),
        &[
            "/data/1/attributes/resource/error/type must have at most 100 characters, has 101",
            "/data/1/attributes/resource/queue_time must be at least 0, is -1",
            "/data/3/attributes/resource/queue_time must be at least 0, is -7",
        ],
    )
    .await;
    // Rules that no schema has.
    let both =
        json!({ "end": "2026-07-14T09:00:00Z", "tags": ["fine:1", "bad"], "metrics": ["a:b"] });
    refused(
        json!([good(), job("1", both), event("step", "2", json!({ "status": "skipped" }))]),
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
async fn what_an_event_lacks_is_named() {
    let missing = |level: &str, names: &[&str]| {
        let none = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        event(level, "1", Value::Object(none))
    };
    refused(
        json!([missing("job", &["id", "url"]), job("2", json!({})), missing("step", &["end"])]),
        &[
            "/data/0/attributes/resource/id is required",
            "/data/0/attributes/resource/url is required",
            "/data/2/attributes/resource/end is required",
        ],
    )
    .await;
    refused(json!([{}]), &["/data/0/attributes is required"]).await;
    refused(json!({ "attributes": {} }), &["/data/attributes/resource is required"]).await;
    refused(json!("event"), &["/data must be an event or an array of events"]).await;
    refused(
        event("workflow", "1", json!({})),
        &["/data/attributes/resource/level must be one of pipeline, stage, job, step"],
    )
    .await;
}

#[tokio::test]
async fn violations_of_the_schema_and_of_rules_are_named_together() {
    refused(
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
async fn what_follows_from_something_wrong_is_not_told() {
    let server = Server::start().await;
    let answer = server.send(&job("1", json!({ "start": "yesterday", "queue_time": -1 }))).await;
    let errors = answer.errors();
    assert_eq!((answer.status, errors.len()), (400, 2), "{errors:?}");
    assert!(errors[0].starts_with("/data/attributes/resource/start "), "{errors:?}");
    assert_eq!(errors[1], "/data/attributes/resource/queue_time must be at least 0, is -1");
}

#[tokio::test]
async fn rate_limit_headers_are_on_every_answer_while_there_is_a_limit() {
    let names =
        ["limit", "period", "remaining", "reset", "name"].map(|name| format!("x-ratelimit-{name}"));
    let server = Server::start().await;
    let answer = server.get(LIST, &[]).await;
    assert!(names.iter().all(|name| answer.header(name).is_none()));

    for retry_after in [false, true] {
        server.intake.set_rate_limit(Some(RateLimit { limit: 3, period: 3600, retry_after }));
        for (status, remaining) in [(200, "2"), (202, "1"), (400, "0"), (429, "0"), (429, "0")] {
            let answer = match status {
                202 => server.send(&job("1", json!({}))).await,
                400 => server.get(LIST, &[("sort", "name")]).await,
                _ => server.get(LIST, &[]).await,
            };
            assert_eq!(answer.status, status);
            let [limit, period, left, reset, name] =
                names.each_ref().map(|name| answer.header(name).unwrap());
            assert_eq!([limit, period, left, name], ["3", "3600", remaining, "local_intake"]);
            // Less by as many seconds as have passed meanwhile.
            assert!((3500..=3600).contains(&reset.parse().unwrap()), "{reset}");
            let wait = (retry_after && status == 429).then_some(reset);
            assert_eq!(answer.header("retry-after"), wait);
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
    // What it says is what it does. (Where a second has passed by now, it has ended already.)
    let answer = server.get(LIST, &[]).await;
    if answer.status == 429 {
        let seconds = answer.header("x-ratelimit-reset").unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        assert_eq!(server.get(LIST, &[]).await.status, 200);
    }
}

#[tokio::test]
async fn a_refusal_may_say_when_to_try_again() {
    let server = Server::start().await;
    for retry_after in [None, Some(7)] {
        server.intake.queue_faults([Fault::Status { status: 503, retry_after }]);
        let answer = server.send(&job("1", json!({}))).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, retry_after.map(|_| "7")));
    }
}

#[tokio::test]
async fn there_is_nothing_at_other_paths() {
    let server = Server::start().await;
    let other = answer(server.request(Method::GET, "/api/v2/ci")).await;
    refused_to_read(&other, 404, "there is nothing at this path");
    let other = answer(server.request(Method::GET, SEND)).await;
    refused_to_read(&other, 405, "this path does not take GET");
    assert_eq!(other.header("allow"), Some("POST"));
}

#[tokio::test]
async fn what_nobody_knows_is_ignored() {
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
