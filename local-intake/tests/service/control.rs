//! The control interface, `/_intake`, and its errors.

use datadog_ci_intake::{LocalIntake, RateLimit};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{LIST, NOW, Response, Server, execute, gzip, job};

async fn request(
    server: &Server,
    method: Method,
    path: &str,
    body: impl Into<Vec<u8>>,
) -> Response {
    let request = server.bare(method, path).header("content-type", "application/json");
    execute(request.body(body.into())).await
}

/// Asserts that a request was rejected for these reasons, in the format of the interface.
fn assert_rejected(response: &Response, status: u16, expected: &[&str]) {
    assert_eq!(
        (response.status, response.errors()),
        (status, expected.iter().map(ToString::to_string).collect())
    );
    assert_eq!(response.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn bodies_may_be_compressed_as_in_the_api() {
    let server = Server::start().await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    let seed = |body: Vec<u8>| {
        let request = server.bare(Method::POST, "/_intake/events");
        let request = request.header("content-type", "application/json");
        execute(request.header("content-encoding", "gzip").body(body))
    };
    let seeded = seed(gzip(body.as_bytes())).await;
    assert_eq!((seeded.status, seeded.json()), (200, json!({ "events": 1 })));
    let expected = "the body is not in its content encoding, or is truncated";
    assert_rejected(&seed(body.into_bytes()).await, 400, &[expected]);
    assert_eq!(server.intake.event_count(), 1);
}

#[tokio::test]
async fn bodies_have_the_same_limit_as_in_the_api() {
    let server = Server::start().await;
    let large = request(&server, Method::POST, "/_intake/events", vec![b' '; 6 << 20]).await;
    assert_rejected(&large, 413, &["the body is larger than 5242880 bytes"]);
}

#[tokio::test]
async fn all_problems_of_events_are_reported_with_their_locations() {
    let server = Server::start().await;
    let at = "/data/1/attributes/resource";
    let invalid = json!({ "name": 7, "tags": ["bad"], "queue_time": -1 });
    let body = json!({ "data": [job("0", json!({})), job("1", invalid)] }).to_string();
    let response = request(&server, Method::POST, "/_intake/events", body).await;
    let name = format!("{at}/name must be a string, not integer `7`");
    let queue_time = format!("{at}/queue_time must be at least 0, is -1");
    let tags = format!("{at}/tags/0 must be `key:value`");
    assert_rejected(&response, 400, &[&name, &queue_time, &tags]);

    let many: Vec<Value> =
        (0..300).map(|i| job(&i.to_string(), json!({ "tags": ["bad"] }))).collect();
    let body = json!({ "data": many }).to_string();
    let errors = request(&server, Method::POST, "/_intake/events", body).await.errors();
    assert_eq!((errors.len(), errors[101].as_str()), (102, "and 199 more problems"));
    assert_eq!(server.intake.event_count(), 0);
}

#[tokio::test]
async fn errors_are_json() {
    let server = Server::start().await;
    let post = |path, body: &'static [u8]| request(&server, Method::POST, path, body);
    let not_utf8 = "the body is not UTF-8 after byte 1";
    assert_rejected(&post("/_intake/events", b"\"\xFF\"").await, 400, &[not_utf8]);
    let hint = "GET /_intake lists the operations";
    assert_rejected(&post("/_intake/faults", b"\"\xFF\"").await, 400, &[not_utf8, hint]);
    let faults = br#"["none", {"status": {"status": 200}}, {"delay": -1}, {"status": {}}]"#;
    let expected = [
        "/2/delay must be a natural number of 64 bits, not integer `-1`",
        "/3/status/status is required",
        "/1/status/status must be from 400 to 599, is 200",
        hint,
    ];
    assert_rejected(&post("/_intake/faults", faults).await, 400, &expected);
    assert_rejected(&post("/_intake/nothing", b"").await, 404, &["unknown operation", hint]);
    let history = request(&server, Method::GET, "/_intake/events/%FF/history", "").await;
    assert_rejected(&history, 404, &["unknown event"]);
}

#[tokio::test]
async fn the_clock_is_either_set_or_advanced() {
    let server = Server::start().await;
    let put = |body: &'static str| request(&server, Method::PUT, "/_intake/clock", body);
    let hint = "GET /_intake lists the operations";
    let either = "specify either `now` or `advance_milliseconds`";
    let both = r#"{"now": "2026-07-14T11:00:00Z", "advance_milliseconds": 1}"#;
    for body in [both, "{}", r#"{"now": null}"#] {
        assert_rejected(&put(body).await, 400, &[either, hint]);
    }
    for (body, expected) in [
        (
            r#"{"advance_milliseconds": "1"}"#,
            "/advance_milliseconds must be an integer of 64 bits, not string \"1\"",
        ),
        (r#"{"now": 5}"#, "/now must be a timestamp string, not integer `5`"),
        (
            r#"{"advance": 1}"#,
            "/advance is not a known property, expected `now` or `advance_milliseconds`",
        ),
    ] {
        assert_rejected(&put(body).await, 400, &[expected, hint]);
    }
    assert_eq!(server.intake.clock().now(), NOW.parse().unwrap());

    for (body, now) in [
        (r#"{"advance_milliseconds": 60000}"#, "2026-07-14T10:01:00Z"),
        (r#"{"now": "2000-01-01T00:00:00Z"}"#, "2000-01-01T00:00:00Z"),
    ] {
        assert_eq!(put(body).await.status, 200);
        let clock = request(&server, Method::GET, "/_intake/clock", "").await;
        assert_eq!(clock.json(), json!({ "now": now }));
    }
    assert_eq!(put("null").await.status, 200);
    assert!(server.intake.clock().now() > "2020-01-01T00:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn the_period_of_a_rate_limit_is_at_least_a_second() {
    let server = Server::start().await;
    let put = |body: &'static str| request(&server, Method::PUT, "/_intake/rate-limit", body);
    let hint = "GET /_intake lists the operations";
    let response = put(r#"{"limit": 5, "period": 0}"#).await;
    assert_rejected(&response, 400, &["/period must be at least 1, is 0", hint]);
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-limit"), None);
    assert_eq!(put(r#"{"limit": 5, "period": 60}"#).await.status, 200);
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-period"), Some("60"));
    assert_eq!(put("null").await.status, 200);
    // `set_rate_limit` cannot report an error, so it uses one second.
    server.intake.set_rate_limit(Some(RateLimit { limit: 5, period: 0, retry_after: false }));
    assert_eq!(server.get(LIST, &[]).await.header("x-ratelimit-period"), Some("1"));
}

#[tokio::test]
async fn bodies_are_json_and_required_keys_are_required() {
    let server = Server::with(LocalIntake::builder().api_key("one").app_key("two")).await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    for (headers, expected) in [
        (&[("content-type", "application/json")][..], 403),
        (&[("dd-api-key", "one"), ("content-type", "application/json")], 403),
        (&[("dd-api-key", "one"), ("dd-application-key", "two")], 415),
        (
            &[("dd-api-key", "one"), ("dd-application-key", "two"), ("content-type", "text/plain")],
            415,
        ),
        (
            &[
                ("dd-api-key", "one"),
                ("dd-application-key", "two"),
                ("content-type", "application/json; charset=utf-8"),
            ],
            200,
        ),
    ] {
        let request = server.bare(Method::POST, "/_intake/events").body(body.clone());
        let request = headers.iter().fold(request, |request, (k, v)| request.header(*k, *v));
        assert_eq!(execute(request).await.status, expected, "{headers:?}");
    }
    let reading = server.bare(Method::GET, "/_intake/events");
    assert_eq!(execute(reading).await.status, 403);
    assert_eq!(server.intake.event_count(), 1);
}

#[tokio::test]
async fn pages_of_other_origins_and_other_hosts_are_rejected() {
    let server = Server::with(LocalIntake::builder().allow_host("ci.internal")).await;
    let own = server.intake.url().to_owned();
    for (header, value, expected) in [
        ("host", "evil.example", 403),
        ("host", "ci.internal:80", 200),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", own.as_str(), 200),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-origin", 200),
    ] {
        for (method, path) in [(Method::POST, "/_intake/reset"), (Method::GET, LIST)] {
            let request = server.request(method.clone(), path).header(header, value);
            let response = execute(request).await;
            assert_eq!(response.status, expected, "{method} {header}: {value}: {}", response.body);
        }
    }
    let response = execute(server.request(Method::GET, LIST).header("host", "evil.example")).await;
    let reason = "the host `evil.example` is not served; `--allow-host NAME` allows a host name";
    assert_rejected(&response, 403, &[reason]);
}

#[tokio::test]
async fn the_address_itself_describes_the_intake() {
    let server = Server::with(LocalIntake::builder().api_key("right")).await;
    let response = execute(server.bare(Method::GET, "/")).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/plain; charset=utf-8"));
    for part in ["datadog-ci-intake", "DD_URL", "/api/v2/ci/pipeline ", "GET  /_intake "] {
        assert!(response.body.contains(part), "{part}: {}", response.body);
    }
    let hint = "GET /_intake lists the operations";
    let rejected = request(&server, Method::POST, "/", "").await;
    assert_rejected(&rejected, 404, &["unknown operation", hint]);
    assert!(server.intake.requests().is_empty(), "only requests of the API are recorded");
}
