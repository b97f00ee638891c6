//! Unusual queries: processed, or rejected with the position of the error.

use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::json;

use crate::http::{AGGREGATE, SEARCH, SEND, post};
use crate::program::Program;

/// The maximum duration of a query, in a debug build on a busy machine.
const MAX_DURATION: Duration = Duration::from_secs(10);

/// Starts the program with some events.
fn filled() -> Program {
    let program = Program::start::<&str>([]);
    let event = |number: usize| {
        json!({ "type": "cipipeline_resource_request", "attributes": { "resource": {
            "level": "job", "id": number.to_string(), "name": "a".repeat(number),
            "url": "http://ci/1", "pipeline_unique_id": "p", "pipeline_name": "deploy",
            "start": "2026-07-14T10:00:00Z", "end": "2026-07-14T10:01:00Z", "status": "error",
            "error": { "message": "a b ".repeat(1000) }, "tags": [format!("t{number}:v")],
        } } })
    };
    let body = json!({ "data": (1..50).map(event).collect::<Vec<_>>() }).to_string();
    assert_eq!(post(&program.address, SEND, body.as_bytes()).unwrap().status, 202);
    program
}

/// Sends a query, and returns whether it is valid. An error has a position.
fn is_valid(program: &Program, query: &str) -> bool {
    let shown: String = query.chars().take(200).collect();
    let filter = json!({ "query": query, "from": "2026-07-14", "to": "2026-07-15" });
    let search = json!({ "filter": filter });
    let aggregate = json!({ "filter": filter, "compute": [{ "aggregation": "count" }] });
    let responses = [(SEARCH, search), (AGGREGATE, aggregate)].map(|(path, body)| {
        let started = Instant::now();
        let response = post(&program.address, path, body.to_string().as_bytes()).unwrap();
        assert!(started.elapsed() < MAX_DURATION, "{:?}: {shown}", started.elapsed());
        if response.status != 200 {
            assert_eq!(response.status, 400, "{shown}: {}", response.body_str());
            let error = response.json()["errors"][0].to_string();
            assert!(error.contains("at character "), "{shown}: {error}");
        }
        response.status
    });
    assert_eq!(responses[0], responses[1], "{shown}");
    responses[0] == 200
}

#[test]
fn deep_and_long_queries_are_processed_or_rejected() {
    let mut program = filled();
    let many = |part: &str, count: usize| part.repeat(count);
    for (expected, query) in [
        (true, format!("{}a{}", many("(", 50), many(")", 50))),
        (true, format!("{}a", many("-", 50))),
        (false, many("(", 10_000)),
        (false, many("-", 10_000)),
        (false, many("NOT ", 1_000_000)),
        (false, format!("{}a{}", many("(", 100_000), many(")", 100_000))),
        (false, format!("a:{}b{}", many("(", 100_000), many(")", 100_000))),
        (false, many("(a OR -", 100_000)),
        (true, many("*", 10_000)),
        (true, format!("a{}", many("?", 10_000))),
        (true, format!("@ci.job.name:{}b", many("a*", 4_000))),
        (true, format!("@error.message:*{}c*", many("a b ", 1_000).replace(' ', "\\ "))),
        (true, many("a*?", 3_000)),
        (true, format!("{}a", many("a OR ", 1_000))),
        (true, format!("@ci.job.name:({}a)", many("a* OR ", 1_000))),
        (true, many("@ci.job.name:* ", 500)),
        (false, format!("{}a", many("a OR ", 5_000))),
        (false, many("a ", 2_000_000)),
        (false, format!("{}:({}a)", many("k", 1_000_000), many("a OR ", 500_000))),
        (false, many("x", 4_000_000)),
        (false, many("\\", 9_999)),
        (false, many("\"", 9_999)),
        (false, many("[", 10_000)),
        (false, many("a:[", 3_000)),
        (false, many(":", 10_000)),
        (false, many(")", 10_000)),
        (false, format!("@a:>{}", many("9", 10_000))),
        (true, format!("@a:{}", many("9", 10_000))),
    ] {
        let shown: String = query.chars().take(60).collect();
        assert_eq!(is_valid(&program, &query), expected, "{shown} ({} characters)", query.len());
    }
    program.assert_healthy();
}

#[test]
fn random_queries_are_processed_or_rejected() {
    const PARTS: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        " ",
        "\"",
        "\\",
        ":",
        "*",
        "?",
        "-",
        "+",
        ">",
        "<",
        ">=",
        "@",
        " TO ",
        " OR ",
        " AND ",
        "NOT ",
        "a",
        "é",
        "\u{1f600}",
        "\0",
        "\n",
        "5",
        "2min",
        "1e999",
        "_exists_:",
        "_missing_:",
        "@ci.status",
        "@duration",
        "ci_level:job",
        "\u{202e}",
        "\u{a0}",
    ];
    let mut program = filled();
    let mut random = Rng::with_seed(41);
    let mut valid = 0;
    for case in 0..400 {
        let max = *random.choice(&[6, 6, 20, 3_000]).unwrap();
        let count = random.usize(..max);
        let query: String = match case % 3 {
            0 => {
                (0..count).filter_map(|_| char::from_u32(random.usize(..0x2_0000) as u32)).collect()
            }
            _ => (0..count).map(|_| *random.choice(PARTS).unwrap()).collect(),
        };
        valid += usize::from(is_valid(&program, &query));
    }
    assert!((20..380).contains(&valid), "{valid} were valid");
    program.assert_healthy();
}
