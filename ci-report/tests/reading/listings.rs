//! `list` and `search`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::Value;

use crate::support::Setup;

#[test]
fn runs_and_their_parts_are_listed() {
    let setup = Setup::with_run();
    let lists: &[&[&str]] = &[
        &["list"],
        &["list", "--level", "all", "--sort", "oldest"],
        &[
            "list",
            "--level",
            "step",
            "--status",
            "error",
            "--columns",
            "start,id,queue,error,@error.type",
        ],
        &[
            "search",
            "ci_level:job @duration:>3m",
            "--columns",
            "name,duration,@ci.stage.name,queue",
        ],
        &["list", "--output", "json", "--columns", "time,name,run,duration,level,tags,branch"],
        &["list", "--level", "job", "--output", "jsonl", "--columns", "name,@ci.queue_time"],
    ];
    let mut shown = String::new();
    for arguments in lists {
        shown.push_str(&format!("$ ci-report {}\n", arguments.join(" ")));
        shown.push_str(&setup.run(arguments).success());
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn json_has_whole_events() {
    let setup = Setup::with_run();
    let json = setup.run(&["search", "ci_level:pipeline", "--output", "json"]).success();
    let events: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(
        events[0]["attributes"]["attributes"]["ci"]["pipeline"]["url"],
        "https://ci.example/1"
    );
    let lines = setup.run(&["search", "*", "--output", "jsonl"]).success();
    let names: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(names.len(), 7);
    assert_eq!(names[0]["type"], "cipipeline");
    let nothing = setup.run(&["search", "nothing", "--output", "json"]).success();
    assert_eq!(nothing, "[]\n");
    assert_eq!(setup.run(&["search", "nothing", "--output", "jsonl"]).success(), "");
}

#[test]
fn all_pages_are_read() {
    let setup = Setup::new();
    setup.send_steps(2500);
    let requests = || setup.intake.requests().len();
    let before = requests();
    assert_eq!(setup.run(&["search", "*"]).success().lines().count(), 2501);
    // The last page is not full, and may be followed by an empty one.
    assert!((3..=4).contains(&(requests() - before)));
    let before = requests();
    assert_eq!(setup.run(&["search", "*", "-n", "3"]).success().lines().count(), 4);
    assert_eq!(requests() - before, 1);
    assert_eq!(setup.run(&["search", "*", "-n", "0", "--output", "json"]).success(), "[]\n");
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let setup = Setup::new();
    setup.send_steps(4000);
    for arguments in [["search", "*", "--output", "jsonl"], ["search", "*", "--output", "table"]] {
        let mut command = setup.command();
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn options_are_checked_before_the_request() {
    let setup = Setup::new();
    for arguments in [
        ["list", "--from", "yesterday"],
        ["list", "--columns", "naem"],
        ["list", "--output", "xml"],
    ] {
        let printed = setup.run(&arguments);
        assert_eq!(printed.code, 2, "{arguments:?}: {}", printed.stderr);
    }
    assert_eq!(setup.intake.requests().len(), 0);
    let note = setup.run(&["search", "a:b"]);
    assert_eq!(note.code, 0);
    assert!(note.stderr.contains("no events match `a:b` from now-1d to now"), "{}", note.stderr);
}

#[test]
fn errors_name_the_cause_and_the_fix() {
    let setup = Setup::new();
    let message = setup.run(&["search", "a:("]).failure();
    assert!(message.contains("filter.query") && message.contains("check the query"), "{message}");
    setup.intake.fail_next(1, 403);
    let message = setup.run(&["list"]).failure();
    assert!(message.contains("403") && message.contains("DD_APP_KEY"), "{message}");
    let mut command = setup.command();
    command.env_remove("DD_APP_KEY").arg("list");
    let message = crate::support::run(&mut command, b"").failure();
    assert!(
        message.starts_with("ci-report: DD_APP_KEY not set: reading events needs"),
        "{message}"
    );
}
