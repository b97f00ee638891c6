//! `tail`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use crate::support::{Setup, run};

/// A run that began at a time, which is a part of its identity.
fn timeline(start: Timestamp, id: &str, status: &str, end: bool) -> String {
    let end = if end { Timestamp::now().to_string() } else { String::new() };
    format!("level,name,id,start,end,status\npipeline,deploy,{id},{start},{end},{status}\n")
}

#[test]
fn new_events_and_updates_are_followed() {
    let setup = Setup::with_real_clock();
    let start = Timestamp::now() - SignedDuration::from_mins(1);
    let import =
        |input: String| assert_eq!(setup.run_with(&["import", "-"], input.as_bytes()).code, 0);
    import(timeline(start, "run-1", "success", true));
    let mut command = setup.command();
    command.args(["tail", "ci_level:pipeline", "--every", "50ms", "--limit", "4", "--from", "1h"]);
    command.args(["--lookback", "1h", "--columns", "run,status", "--output", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert_eq!(next(), r#"{"run":"run-1","status":"success"}"#);
    import(timeline(start, "run-2", "running", false));
    assert_eq!(next(), r#"{"run":"run-2","status":"running"}"#);
    import(timeline(start, "run-2", "error", true));
    assert_eq!(next(), r#"{"run":"run-2","status":"error"}"#);
    // The service fails for longer than one search takes.
    setup.intake.fail_next(2, 503);
    import(timeline(start, "run-3", "canceled", true));
    assert_eq!(next(), r#"{"run":"run-3","status":"canceled"}"#);
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_cannot_succeed_ends_the_program() {
    let setup = Setup::with_real_clock();
    let message = setup.run(&["tail", "a:("]).failure();
    assert!(message.contains("check the query"), "{message}");
    let mut command = setup.command();
    let message = run(command.env_remove("DD_API_KEY").arg("tail"), b"").failure();
    assert!(message.contains("DD_API_KEY not set"), "{message}");
}
