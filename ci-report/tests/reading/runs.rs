//! `show` and `wait`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::support::Setup;

#[test]
fn a_run_is_shown_as_a_tree() {
    let setup = Setup::with_run();
    let tree = setup.run(&["show", "run-1"]).success();
    // The port of the intake is a different one each time.
    insta::assert_snapshot!(tree.replace(setup.intake.url(), "http://127.0.0.1:8127"));
}

#[test]
fn the_page_of_a_run_is_served_by_the_intake() {
    let setup = Setup::with_run();
    let tree = setup.run(&["show", "run-1"]).success();
    let page = tree.lines().find_map(|line| line.strip_prefix("In a browser: ")).unwrap();
    let (address, path) = page.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\n").unwrap();
    write!(stream, "Connection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200") && response.contains("run-1"), "{response}");
    // Programs read the same as from the service.
    for format in ["json", "jsonl"] {
        let json = setup.run(&["show", "run-1", "--output", format]).success();
        assert!(!json.contains("/execution"), "{json}");
    }
}

#[test]
fn a_run_is_shown_as_json() {
    let setup = Setup::with_run();
    let json = setup.run(&["show", "run-1", "--output", "json"]).success();
    let run: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(run["children"][0]["children"][0]["children"][0]["name"], "cargo build");
    let path = run["critical_path"].as_array().unwrap();
    let path: Vec<_> =
        path.iter().map(|job| (job["id"].clone(), job["exclusive_time_ns"].clone())).collect();
    // `lint` ran for two minutes alongside.
    assert_eq!(
        path,
        [("j-1".into(), 160_000_000_000_u64.into()), ("j-3".into(), 240_000_000_000_u64.into())]
    );
    assert_eq!(run["critical_path_ns"], 520_000_000_000_u64);

    let lines = setup.run(&["show", "run-1", "--output", "jsonl"]).success();
    let parts: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let parents: Vec<_> =
        parts.iter().map(|part| (part["id"].clone(), part["parent"].clone())).collect();
    let expected = [
        ("run-1", None),
        ("s-1", Some("run-1")),
        ("j-1", Some("s-1")),
        ("p-1", Some("j-1")),
        ("j-2", Some("s-1")),
        ("j-3", Some("run-1")),
        ("p-2", Some("j-3")),
    ];
    assert_eq!(parents, expected.map(|(id, parent)| (Value::from(id), Value::from(parent))));
    let critical = parts.iter().filter(|part| part["on_critical_path"] == true).count();
    assert_eq!(critical, 2);
}

#[test]
fn parts_are_shown_without_their_pipeline() {
    let setup = Setup::new();
    setup.send_steps(2);
    let tree = setup.run(&["show", "run-2"]).success();
    assert!(tree.starts_with("many  "), "{tree}");
    assert!(tree.contains("unique_id run-2"), "{tree}");
    assert!(tree.contains("└─ step number 1"), "{tree}");
}

#[test]
fn the_latest_run_is_the_default() {
    let setup = Setup::with_run();
    assert_eq!(setup.run(&["show"]).success(), setup.run(&["show", "run-1"]).success());
}

#[test]
fn an_unknown_run_is_an_error() {
    let setup = Setup::with_run();
    for id in ["run", "run-*", "run-1\" OR \"x", "\u{1b}[2J"] {
        let message = setup.run(&["show", id]).failure();
        assert!(message.contains("no run with the id"), "{message}");
        assert!(!message.contains('\u{1b}'), "{message}");
    }
}

#[test]
fn waiting_ends_with_the_status() {
    let setup = Setup::with_run();
    let printed = setup.run(&["wait", "run-1"]);
    assert_eq!((printed.stdout.as_str(), printed.code), ("deploy: error after 9m 00s\n", 1));
    let printed = setup.run(&["wait", "run-1", "--status", "success,error", "--quiet"]);
    assert_eq!((printed.stdout.as_str(), printed.code), ("", 0));
    assert_eq!(setup.run(&["wait", "run-1", "--status", "great"]).code, 2);
}

#[test]
fn waiting_has_a_timeout() {
    let setup = Setup::new();
    let arguments = ["wait", "x", "--timeout", "300ms", "--every", "50ms"];
    let printed = setup.run(&arguments);
    assert_eq!(printed.code, 124);
    assert!(printed.stderr.contains("no run with the id x was found"), "{}", printed.stderr);
    assert!(setup.intake.requests().len() > 1);
    let running = "level,name,id,start\npipeline,deploy,x,2026-07-14T11:00:00Z\n";
    assert_eq!(setup.run_with(&["import", "-"], running.as_bytes()).code, 0);
    let printed = setup.run(&arguments);
    assert_eq!(printed.code, 124);
    assert!(printed.stderr.contains("the run x is still running"), "{}", printed.stderr);
    assert_eq!(setup.run(&["wait", "x", "--status", "running"]).code, 0);
}

#[test]
fn waiting_survives_failures_of_the_service() {
    let setup = Setup::with_run();
    // More than the retries of one search would take.
    setup.intake.fail_next(1, 503);
    assert_eq!(setup.run(&["wait", "run-1", "--status", "error"]).code, 0);
    setup.intake.fail_next(1, 403);
    let message = setup.run(&["wait", "run-1"]).failure();
    assert!(message.contains("403"), "{message}");
}

#[test]
fn the_error_of_a_run_without_failed_parts_is_shown() {
    let setup = Setup::with_real_clock();
    let printed = setup.run(&["run", "--pipeline", "hello", "--", "sh", "-c", "exit 7"]);
    assert_eq!(printed.code, 7);
    let tree = setup.run(&["show"]).success();
    assert!(tree.contains("exit code 7"), "{tree}");
}

#[test]
fn runs_are_found_by_the_start_of_the_id_and_by_the_name() {
    let setup = Setup::with_real_clock();
    for (id, name) in
        [("0dba483f-1", "nightly"), ("0dba483f-2", "nightly"), ("de8e0bf1-1", "other")]
    {
        let run = ["run", "--pipeline", name, "--id", id, "--flush", "5s", "--", "true"];
        assert_eq!(setup.run(&run).code, 0);
    }
    let shown = |run: &str| setup.run(&["show", run, "--output", "jsonl"]).success();
    assert!(shown("nightly").contains("0dba483f-2"));
    assert!(shown("de8e0bf1").contains("de8e0bf1-1"));
    assert!(shown("0dba483f-1").contains("0dba483f-1"));
    assert!(
        setup.run(&["show", "unknown"]).failure().contains("no run with the id or name unknown")
    );
}

#[test]
fn a_job_without_a_pipeline_is_the_latest_run() {
    let setup = Setup::with_real_clock();
    assert_eq!(setup.run(&["run", "--pipeline", "earlier", "--", "true"]).code, 0);
    assert_eq!(setup.run(&["run", "--job", "alone", "--", "true"]).code, 0);
    let tree = setup.run(&["show"]).success();
    assert!(tree.contains("└─ alone") && !tree.contains("earlier"), "{tree}");
}
