//! Bodies that are no JSON, other JSON, or far too much of it.

use serde_json::{Value, json};

use super::Target;
use crate::http::{AGGREGATE, SEARCH, SEND, count};
use crate::random::Random;

const JSON: &str = "Content-Type: application/json\r\n";
const SEED: &str = "/_intake/events";

/// A request with one event.
pub(super) fn event() -> Vec<u8> {
    valid(SEND).to_string().into_bytes()
}

/// A request with much in it that can be wrong.
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

/// Texts that are JSON to nobody, or hold something that nobody can.
fn unsound() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| [open.repeat(100_000), close.repeat(100_000)].concat();
    let texts = [
        ("nested arrays", deep("[", "]")),
        ("nested objects", deep("{\"a\":", "}")),
        ("nested and open", "[{\"data\":".repeat(100_000)),
        ("an infinite number", "1e400".to_owned()),
        ("another", "-1e99999999999999999999".to_owned()),
        ("a lone surrogate", r#""\ud800""#.to_owned()),
        ("two in the wrong order", r#""\udc00\ud800""#.to_owned()),
        ("a lone surrogate as a name", r#"{"\ud800":1}"#.to_owned()),
        ("a NUL", "\u{0}".to_owned()),
        ("a NUL in a text", "\"a\u{0}b\"".to_owned()),
        ("a half", "{\"data\":".to_owned()),
        ("a comma", "[1,]".to_owned()),
        ("two values", "{} {}".to_owned()),
        ("not a number", "NaN".to_owned()),
    ];
    let mut all: Vec<_> = texts.map(|(name, text)| (name, text.into_bytes())).into();
    all.push(("no UTF-8", b"\"\xff\xfe\"".to_vec()));
    all.push(("an overlong slash", b"\"\xc0\xaf\"".to_vec()));
    all.push(("a surrogate in UTF-8", b"\"\xed\xa0\x80\"".to_vec()));
    all
}

#[test]
fn what_is_no_sound_json_is_refused_wherever_it_stands() {
    let mut target = Target::start();
    for (name, text) in unsound() {
        println!("{name}");
        for path in [SEND, SEARCH, AGGREGATE, SEED] {
            target.refused(["POST", path, JSON], &text);
            // Also where it would be kept as it is, for a property that nobody knows.
            let valid = valid(path).to_string();
            let within = valid.replacen('{', "{\"unknown\":", 1).into_bytes();
            let within = [&within[..11], &text, b",", &within[11..]].concat();
            target.refused(["POST", path, JSON], &within);
        }
        for path in ["faults", "latency", "rate-limit", "clock"] {
            let method = if path == "faults" { "POST" } else { "PUT" };
            target.refused([method, &format!("/_intake/{path}"), JSON], &text);
        }
    }
    target.assert_untouched();
}

#[test]
fn what_is_far_too_much_is_refused() {
    let mut target = Target::start();
    let text = |length: usize| json!({ "data": "x".repeat(length) }).to_string().into_bytes();
    let event = valid(SEND)["data"].clone();
    let many = |count: usize| json!({ "data": vec![event.clone(); count] }).to_string();
    let digits = format!("{{\"data\":{}}}", "9".repeat(1_000_000)).into_bytes();
    for path in [SEND, SEARCH, AGGREGATE, SEED] {
        target.refused(["POST", path, JSON], &text(6_000_000));
        target.refused(["POST", path, JSON], &text(20_000_000));
        let wrong = vec!["7"; 300_000].join(",");
        for property in ["data", "compute", "group_by", "filter", "page"] {
            let body = format!("{{\"{property}\":[{wrong}]}}");
            if ["data"].contains(&property) == [SEND, SEED].contains(&path) {
                target.answer(["POST", path, JSON], body.as_bytes());
                target.reset();
            }
        }
    }
    for path in [SEND, SEED] {
        target.refused(["POST", path, JSON], &digits);
        target.refused(["POST", path, JSON], &text(4_000_000));
        target.refused(["POST", path, JSON], many(2000).as_bytes());
        let broken = many(900).replace("success", "?");
        target.refused(["POST", path, JSON], broken.as_bytes());
    }
    target.assert_untouched();
}

#[test]
fn moments_that_cannot_be_kept_are_refused() {
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
                let answer = target.answer(["POST", path, JSON], event.to_string().as_bytes());
                // Of a run that goes on, only its start counts.
                let is_taken = answer.status < 300;
                assert!(!is_taken || status == "running", "{start} {end}");
                assert_eq!(count(target.address()), usize::from(is_taken), "{start} {end}");
                target.reset();
            }
        }
    }
    target.assert_untouched();
}

#[test]
fn a_long_name_before_many_others_takes_up_its_length_once() {
    let target = Target::start();
    let mut event = valid(SEND);
    let many: serde_json::Map<_, _> = (0..50_000).map(|i| (format!("a{i}"), 1.into())).collect();
    let previous = &mut event["data"]["attributes"]["resource"]["previous_attempt"];
    previous["k".repeat(100_000)] = many.into();
    let answer = target.answer(["POST", SEND, JSON], event.to_string().as_bytes());
    assert_eq!(answer.status, 202, "{}", answer.text());
    // It was 5 GB.
    #[cfg(target_os = "linux")]
    assert!(target.program.memory() < 300 * 1024 * 1024, "{} bytes", target.program.memory());
}

/// Values that fit almost nowhere, as JSON.
const STRANGE: &[&str] = &[
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
fn mutated_requests_are_taken_whole_or_refused() {
    let mut target = Target::start();
    let mut random = Random(21);
    let mut taken = 0;
    for case in 0..700 {
        let path = random.of(&[SEND, SEND, SEARCH, AGGREGATE, AGGREGATE, SEED]);
        let body = match case % 4 {
            0 => bytes(valid(path).to_string().into_bytes(), &mut random),
            _ => values(valid(path), &mut random).into_bytes(),
        };
        let answer = target.answer(["POST", path, JSON], &body);
        let is_taken = (200..300).contains(&answer.status);
        assert!(is_taken || answer.status < 500, "{}", answer.text());
        if [SEND, SEED].contains(&path) {
            let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
            let one = usize::from(!sent["data"].is_array());
            let expected = if is_taken { sent["data"].as_array().map_or(one, Vec::len) } else { 0 };
            let shown = String::from_utf8_lossy(&body);
            assert_eq!(count(target.address()), expected, "{}: {shown}", answer.status);
            target.reset();
        }
        taken += usize::from(is_taken);
    }
    println!("{taken} of 700 were taken");
    assert!((50..650).contains(&taken), "{taken} were taken");
    target.assert_untouched();
}

/// Some values replaced, removed or doubled.
fn values(body: Value, random: &mut Random) -> String {
    let mut body = body;
    let mut marks = Vec::new();
    for _ in 0..1 + random.below(2) {
        let mut paths = Vec::new();
        pointers(&body, String::new(), &mut paths);
        let path = paths[random.below(paths.len())].clone();
        let mark = format!("<{}>", marks.len());
        if let Some(place) = body.pointer_mut(&path) {
            *place = mark.clone().into();
            marks.push(mark);
        }
    }
    // Replaced as text: some are no values to any library.
    marks.iter().fold(body.to_string(), |text, mark| {
        text.replace(&format!("\"{mark}\""), random.of(STRANGE))
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

/// Some bytes replaced, removed, put in or repeated.
fn bytes(mut body: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..1 + random.below(4) {
        let at = random.below(body.len());
        match random.below(4) {
            0 if !body.is_empty() => body[at] = random.next() as u8,
            1 => body.truncate(at),
            2 => body.insert(at, random.of(b"{}[]\",:\\0e-\0\xff")),
            _ => {
                let part = body[at..(at + random.below(50)).min(body.len())].to_vec();
                body.splice(at..at, part);
            }
        }
    }
    body
}
