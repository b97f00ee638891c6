//! Bodies that are invalid, unexpected or too large.

use fastrand::Rng;
use serde_json::{Value, json};

use super::Target;
use crate::http::{AGGREGATE, SEARCH, SEND, count};

const JSON: &str = "Content-Type: application/json\r\n";
const SEED: &str = "/_intake/events";

/// Returns a body with one event.
pub(super) fn event() -> Vec<u8> {
    valid(SEND).to_string().into_bytes()
}

/// Returns a valid body with many properties, to be mutated.
fn valid(target: &str) -> Value {
    match target {
        SEND | SEED => json!({ "data": {
            "type": "cipipeline_resource_request",
            "attributes": { "env": "ci", "provider_name": "gitlab", "service": "s", "resource": {
                "level": "pipeline", "unique_id": "p", "name": "deploy", "url": "http://ci/1",
                "start": "2026-07-14T10:00:00Z", "end": "2026-07-14T10:01:00.5Z",
                "status": "success", "partial_retry": false, "is_manual": true,
                "queue_time": 5, "tags": ["a:b"], "metrics": ["m:1.5"],
                "previous_attempt": { "id": "o", "url": "http://ci/0", "more": { "x": [1.5] } },
                "parameters": { "p": "q" }, "node": { "labels": ["l"], "name": "n" },
                "git": {
                    "repository_url": "http://g/r", "sha": "0123456789abcdef0123456789abcdef01234567",
                    "author_email": "a@b.c", "commit_time": "2026-07-14T10:00:00Z",
                },
                "error": { "message": "m", "type": "t", "stack": "s", "domain": "user" },
            } },
        } }),
        AGGREGATE => json!({
            "compute": [
                { "aggregation": "pc99", "metric": "@duration", "type": "total" },
                { "aggregation": "count", "interval": "5m", "type": "timeseries" },
            ],
            "filter": { "query": "@ci.status:success", "from": "now-15m", "to": "now" },
            "group_by": [{
                "facet": "@ci.status", "limit": 10, "total": "all", "missing": "none",
                "sort": { "aggregation": "count", "order": "desc", "type": "measure" },
            }, {
                "facet": "@duration", "histogram": { "interval": 5, "min": 0, "max": 100 },
            }],
            "options": { "timezone": "Europe/Berlin" },
        }),
        _ => json!({
            "filter": { "query": "ci_level:job -a:b", "from": "now-1h", "to": "now" },
            "options": { "timezone": "UTC", "time_offset": 5 },
            "page": { "limit": 5, "cursor": "" }, "sort": "timestamp",
        }),
    }
}

/// Returns invalid JSON, and JSON with values that cannot be represented.
fn invalid_json() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| [open.repeat(100_000), close.repeat(100_000)].concat();
    let inputs = [
        ("nested arrays", deep("[", "]")),
        ("nested objects", deep("{\"a\":", "}")),
        ("nested and open", "[{\"data\":".repeat(100_000)),
        ("a lone surrogate", r#""\ud800""#.to_owned()),
        ("two in the wrong order", r#""\udc00\ud800""#.to_owned()),
        ("a lone surrogate as a name", r#"{"\ud800":1}"#.to_owned()),
        ("a NUL", "\u{0}".to_owned()),
        ("a NUL in a string", "\"a\u{0}b\"".to_owned()),
        ("a half", "{\"data\":".to_owned()),
        ("a comma", "[1,]".to_owned()),
        ("two values", "{} {}".to_owned()),
        ("not a number", "NaN".to_owned()),
    ];
    let mut all: Vec<_> = inputs.map(|(name, input)| (name, input.into_bytes())).into();
    all.push(("invalid UTF-8", b"\"\xff\xfe\"".to_vec()));
    all.push(("an overlong slash", b"\"\xc0\xaf\"".to_vec()));
    all.push(("a surrogate in UTF-8", b"\"\xed\xa0\x80\"".to_vec()));
    all
}

#[test]
fn invalid_json_is_rejected_at_any_location() {
    let mut target = Target::start();
    for (name, input) in invalid_json() {
        println!("{name}");
        for path in [SEND, SEARCH, AGGREGATE, SEED] {
            target.assert_rejected(["POST", path, JSON], &input);
            // Also in an unknown property, whose value would be kept as it is.
            let valid = valid(path).to_string();
            let within = valid.replacen('{', "{\"unknown\":", 1).into_bytes();
            let within = [&within[..11], &input, b",", &within[11..]].concat();
            target.assert_rejected(["POST", path, JSON], &within);
        }
        for path in ["faults", "latency", "rate-limit", "clock"] {
            let method = if path == "faults" { "POST" } else { "PUT" };
            target.assert_rejected([method, &format!("/_intake/{path}"), JSON], &input);
        }
    }
    target.assert_unchanged();
}

#[test]
fn too_large_bodies_are_rejected() {
    let mut target = Target::start();
    let string = |length: usize| json!({ "data": "x".repeat(length) }).to_string().into_bytes();
    let event = valid(SEND)["data"].clone();
    let many = |count: usize| json!({ "data": vec![event.clone(); count] }).to_string();
    let digits = format!("{{\"data\":{}}}", "9".repeat(1_000_000)).into_bytes();
    for path in [SEND, SEARCH, AGGREGATE, SEED] {
        target.assert_rejected(["POST", path, JSON], &string(6_000_000));
        target.assert_rejected(["POST", path, JSON], &string(20_000_000));
        let wrong = vec!["7"; 300_000].join(",");
        for property in ["data", "compute", "group_by", "filter", "page"] {
            let body = format!("{{\"{property}\":[{wrong}]}}");
            if ["data"].contains(&property) == [SEND, SEED].contains(&path) {
                let response = target.send(["POST", path, JSON], body.as_bytes());
                // Properties that an operation does not have are ignored.
                let is_known = match path {
                    SEARCH => ["filter", "page"].contains(&property),
                    AGGREGATE => ["compute", "group_by", "filter"].contains(&property),
                    _ => true,
                };
                let expected = if is_known { 400 } else { 200 };
                assert_eq!(response.status, expected, "{path} {property}");
            }
        }
    }
    for path in [SEND, SEED] {
        target.assert_rejected(["POST", path, JSON], &digits);
        target.assert_rejected(["POST", path, JSON], &string(4_000_000));
        target.assert_rejected(["POST", path, JSON], many(2000).as_bytes());
        let broken = many(900).replace("success", "?");
        target.assert_rejected(["POST", path, JSON], broken.as_bytes());
    }
    target.assert_unchanged();
}

#[test]
fn timestamps_outside_the_supported_range_are_rejected() {
    let mut target = Target::start();
    for (start, end) in [
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:01Z"),
        ("1677-09-21T00:00:00Z", "1677-09-22T00:00:00Z"),
        ("2262-04-11T00:00:00Z", "2262-04-12T00:00:00Z"),
        ("9998-12-31T00:00:00Z", "9999-01-01T00:00:00Z"),
    ] {
        for status in ["success", "running"] {
            let mut event = valid(SEND);
            let resource = &mut event["data"]["attributes"]["resource"];
            resource["start"] = start.into();
            resource["end"] = end.into();
            resource["status"] = status.into();
            for path in [SEND, SEED] {
                let response = target.send(["POST", path, JSON], event.to_string().as_bytes());
                // The end of a running event is ignored.
                let is_accepted = response.status < 300;
                assert!(!is_accepted || status == "running", "{start} {end}");
                assert_eq!(count(target.address()), usize::from(is_accepted), "{start} {end}");
                target.reset();
            }
        }
    }
    target.assert_unchanged();
}

#[test]
fn a_long_name_is_not_repeated_for_each_nested_value() {
    let target = Target::start();
    let mut event = valid(SEND);
    let many: serde_json::Map<_, _> = (0..50_000).map(|i| (format!("a{i}"), 1.into())).collect();
    let previous = &mut event["data"]["attributes"]["resource"]["previous_attempt"];
    previous["k".repeat(100_000)] = many.into();
    let response = target.send(["POST", SEND, JSON], event.to_string().as_bytes());
    assert_eq!(response.status, 202, "{}", response.body_str());
    // If the name were repeated, this would be 5 GB.
    #[cfg(target_os = "linux")]
    assert!(target.program.memory() < 300 * 1024 * 1024, "{} bytes", target.program.memory());
}

/// Values that are invalid almost everywhere, as JSON.
const UNUSUAL: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1e308",
    "-0.0",
    "9223372036854775808",
    "-9223372036854775809",
    "340282366920938463463374607431768211456",
    "1e400",
    "0.1e-400",
    "\"\"",
    "\" \"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"a\":null}",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"x\"",
    "\"now\"",
    "\"now-9999999999999d\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"0000-01-01T00:00:00Z\"",
    "\"-009999-01-02T01:59:59Z\"",
    "\"2262-04-11T23:47:16.854775808Z\"",
    "\"9223372036854775807\"",
    "\"-9223372036854\"",
    "\"2026-07-14T10:00:00+25:59\"",
    "\"2026-02-30T00:00:00Z\"",
    "\"running\"",
    "\"job\"",
    "\"step\"",
    "\"1ns\"",
    "\"0s\"",
    "\"9999999999w\"",
    "\"*\"",
    "\"@\"",
    "2147483648",
    "\"pc100\"",
    "\"timeseries\"",
    "\"UTC+99\"",
    "1e-300",
    "\"@duration\"",
    "\"cardinality\"",
];

#[test]
fn mutated_requests_are_accepted_completely_or_rejected() {
    let mut target = Target::start();
    let mut random = Rng::with_seed(21);
    let mut accepted = 0;
    for case in 0..700 {
        let path = *random.choice(&[SEND, SEND, SEARCH, AGGREGATE, AGGREGATE, SEED]).unwrap();
        let body = match case % 4 {
            0 => bytes(valid(path).to_string().into_bytes(), &mut random),
            _ => values(valid(path), &mut random).into_bytes(),
        };
        let response = target.send(["POST", path, JSON], &body);
        let is_accepted = (200..300).contains(&response.status);
        assert!(is_accepted || response.status < 500, "{}", response.body_str());
        if [SEND, SEED].contains(&path) {
            let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
            let one = usize::from(!sent["data"].is_array());
            let expected =
                if is_accepted { sent["data"].as_array().map_or(one, Vec::len) } else { 0 };
            let shown = String::from_utf8_lossy(&body);
            assert_eq!(count(target.address()), expected, "{}: {shown}", response.status);
            target.reset();
        }
        accepted += usize::from(is_accepted);
    }
    println!("{accepted} of 700 were accepted");
    assert!((50..650).contains(&accepted), "{accepted} were accepted");
    target.assert_unchanged();
}

/// Replaces some values.
fn values(body: Value, random: &mut Rng) -> String {
    let mut body = body;
    let mut placeholders = Vec::new();
    for _ in 0..1 + random.usize(..2) {
        let mut paths = Vec::new();
        pointers(&body, String::new(), &mut paths);
        let path = paths[random.usize(..paths.len())].clone();
        let placeholder = format!("<{}>", placeholders.len());
        if let Some(value) = body.pointer_mut(&path) {
            *value = placeholder.clone().into();
            placeholders.push(placeholder);
        }
    }
    // The replacements are inserted as strings, because not all of them can be parsed.
    placeholders.iter().fold(body.to_string(), |json, placeholder| {
        json.replace(&format!("\"{placeholder}\""), random.choice(UNUSUAL).unwrap())
    })
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            entries.iter().for_each(|(name, value)| pointers(value, format!("{at}/{name}"), all));
        }
        Value::Array(items) => {
            (0..)
                .zip(items)
                .for_each(|(i, item): (usize, _)| pointers(item, format!("{at}/{i}"), all));
        }
        _ => {}
    }
    all.push(at);
}

/// Replaces, removes, inserts or repeats some bytes.
fn bytes(mut body: Vec<u8>, random: &mut Rng) -> Vec<u8> {
    for _ in 0..1 + random.usize(..4) {
        let at = random.usize(..body.len().max(1));
        match random.usize(..4) {
            0 if !body.is_empty() => body[at] = random.u8(..),
            1 => body.truncate(at),
            2 => body.insert(at, *random.choice(b"{}[]\",:\\0e-\0\xff").unwrap()),
            _ => {
                let part = body[at..(at + random.usize(..50)).min(body.len())].to_vec();
                body.splice(at..at, part);
            }
        }
    }
    body
}
