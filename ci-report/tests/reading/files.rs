//! `send` and `import`.

use std::fs;

use crate::support::{Setup, TIMELINE, program, run};

const STEP: &str = r#"{"level":"step","id":"s1","name":"test","pipeline_unique_id":"run-1","pipeline_name":"deploy","start":"2026-07-14T10:00:00Z","end":"2026-07-14T10:02:00Z","status":"success"}"#;

#[test]
fn events_are_sent() {
    let setup = Setup::new();
    let file = setup.home.path().join("events.jsonl");
    fs::write(&file, format!("{STEP}\n{}\n", STEP.replace("s1", "s2"))).unwrap();
    let file = file.to_str().unwrap();
    let arguments =
        ["send", file, "--provider-name", "my-ci", "--env", "prod", "--service", "ci-2"];
    assert_eq!(setup.run(&arguments).success(), "2 of 2 events accepted\n");
    let events = setup.intake.events();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].attributes["ci"]["provider"]["name"], "my-ci");
    assert_eq!(events[0].attributes["ci"]["provider"]["instance"], "ci-2");
    assert_eq!(events[0].attributes["env"], "prod");
    let array = format!("[{STEP}]");
    assert_eq!(
        setup.run_with(&["send", "-"], array.as_bytes()).success(),
        "1 of 1 events accepted\n"
    );
    assert_eq!(setup.intake.events().len(), 2);
}

#[test]
fn invalid_events_are_explained_and_not_sent() {
    let setup = Setup::new();
    let wrong =
        STEP.replace("10:02", "09:02").replace("\"success\"", "\"success\",\"tags\":[\"x\"]");
    let input = format!("{STEP}\n{wrong}\nnot json\n");
    let message = setup.run_with(&["send", "-"], input.as_bytes()).failure();
    insta::assert_snapshot!(message);
    assert_eq!(setup.intake.requests().len(), 0);

    let printed = setup.run_with(&["send", "-", "--skip-invalid"], input.as_bytes());
    assert_eq!((printed.stdout.as_str(), printed.code), ("1 of 1 events accepted\n", 1));
    assert_eq!(setup.intake.events().len(), 1);
}

#[test]
fn rejections_of_the_service_are_explained() {
    let setup = Setup::new();
    let old = STEP.replace("2026-07-14", "2026-07-10");
    let input = format!("{STEP}\n{old}\n");
    let printed = setup.run_with(&["send", "-"], input.as_bytes());
    assert_eq!((printed.stdout.as_str(), printed.code), ("1 of 2 events accepted\n", 1));
    assert!(printed.stderr.starts_with("ci-report: stdin, line 2: "), "{}", printed.stderr);
    assert!(printed.stderr.contains("18 hours"), "{}", printed.stderr);
    setup.intake.fail_next(1, 403);
    let message = setup.run_with(&["send", "-"], STEP.as_bytes()).failure();
    assert!(
        message.contains("1 of 1 events were not sent") && message.contains("DD_API_KEY"),
        "{message}"
    );
}

#[test]
fn a_dry_run_needs_no_key() {
    let home = tempfile::tempdir().unwrap();
    let mut shown = String::new();
    for (command, input) in [("send", STEP), ("import", TIMELINE)] {
        let mut program = program(home.path());
        program.env("DD_ENV", "ci").args([command, "-", "--dry-run"]);
        let printed = run(&mut program, input.as_bytes());
        assert_eq!(printed.code, 0, "{}", printed.stderr);
        shown.push_str(&printed.stdout);
    }
    insta::assert_snapshot!(shown);
    let message = run(program(home.path()).args(["send", "-"]), STEP.as_bytes()).failure();
    assert_eq!(message, "ci-report: DD_API_KEY is not set; --dry-run works without it\n");
}

#[test]
fn credentials_are_masked() {
    let home = tempfile::tempdir().unwrap();
    let secret = "hunter2-hunter2";
    let event = STEP.replace("\"name\":\"test\"", "\"name\":\"login hunter2-hunter2\"");
    let wrong = event.replace("\"s1\"", "[\"hunter2-hunter2\"]");
    for (arguments, input) in
        [(["send", "-", "--dry-run"], event), (["send", "-", "--dry-run"], wrong)]
    {
        let mut program = program(home.path());
        let printed = run(program.env("MY_PASSWORD", secret).args(arguments), input.as_bytes());
        assert!(
            !printed.stdout.contains(secret) && !printed.stderr.contains(secret),
            "{printed:?}"
        );
        assert!(printed.stdout.contains("login ***") || printed.code == 1, "{printed:?}");
    }
}

#[test]
fn importing_again_updates_the_same_events() {
    let setup = Setup::new();
    let without_ids: String = TIMELINE.replace("run-1", "").replace("j-1", "").replace("j-2", "");
    for _ in 0..2 {
        let printed = setup.run_with(&["import", "-"], without_ids.as_bytes());
        assert_eq!(printed.stdout, "7 of 7 events accepted\n", "{}", printed.stderr);
        assert_eq!(setup.intake.events().len(), 7);
    }
}

#[test]
fn a_wrong_timeline_is_explained() {
    let setup = Setup::new();
    let wrong = TIMELINE.replace("10:04:50Z", "09:04:50Z").replace("job,lint", "jobb,lint");
    let message = setup.run_with(&["import", "-"], wrong.as_bytes()).failure();
    assert!(message.contains("stdin, line 6: `jobb` is not a level"), "{message}");
    assert!(message.ends_with("ci-report: 1 problem; nothing was sent\n"), "{message}");
    let message = setup.run(&["import", "nothing.csv"]).failure();
    assert!(message.starts_with("ci-report: cannot read nothing.csv: "), "{message}");
    let message = setup.run_with(&["import", "-"], b"level,name\njob,\xff\n").failure();
    assert!(message.starts_with("ci-report: stdin, line 2: not UTF-8"), "{message}");
}
