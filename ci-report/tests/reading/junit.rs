//! `run --junit` and `finish --junit`.

use std::fs;

use crate::support::{Printed, Setup, run};

const REPORT: &str = "<testsuite><testcase name='adds' classname='cart'><failure type='E' message='1 is not 2'>at \
                      line 3</failure></testcase><testcase name='ok'/></testsuite>";

/// Runs a line of shell with `ci-report` in it, and returns the error of the job.
fn error(line: &str) -> (Printed, serde_json::Value) {
    let setup = Setup::with_real_clock();
    fs::write(setup.home.path().join("old.xml"), REPORT).unwrap();
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let old = fs::File::options().write(true).open(setup.home.path().join("old.xml")).unwrap();
    old.set_modified(hour_ago).unwrap();
    let mut shell = std::process::Command::new("sh");
    let program = setup.command();
    shell.args(["-c", line]).current_dir(setup.home.path()).env_clear();
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.env("CI", env!("CARGO_BIN_EXE_ci-report")).env("REPORT", REPORT);
    let printed = run(&mut shell, b"");
    let events = setup.intake.events();
    let is_job =
        |event: &&datadog_ci_intake::StoredEvent| event.attributes["ci"]["job"]["name"] == "test";
    let job = events.iter().find(is_job);
    let job = job.unwrap_or_else(|| panic!("no job: {printed:?}"));
    (printed, job.attributes.get("error").cloned().unwrap_or_default())
}

#[test]
fn the_error_of_a_command_is_that_of_its_tests() {
    let line = |command: &str, report: &str| {
        format!(
            "\"$CI\" run --job test --run-id 1 --flush 10s --junit {report} -- sh -c '{command}'"
        )
    };
    let (printed, found) = error(&line(r#"echo "$REPORT" > r.xml; exit 3"#, "r.xml"));
    assert_eq!((printed.code, printed.stdout.as_str(), printed.stderr.as_str()), (3, "", ""));
    assert_eq!(found["message"], "1 of 2 tests failed\ncart.adds: 1 is not 2");
    assert_eq!((&found["type"], &found["domain"]), (&"E".into(), &"user".into()));
    assert_eq!(found["stack"], "cart.adds\nat line 3");

    // A report of an earlier run, and one that is missing.
    for report in ["old.xml", "none.xml"] {
        let (printed, found) = error(&line("exit 3", report));
        assert_eq!((printed.code, printed.stderr.as_str()), (3, ""));
        assert_eq!(found["message"], "exit code 3", "{report}");
    }
    let (_, found) = error(&line(r#"echo "$REPORT" > r.xml"#, "r.xml"));
    assert!(found.is_null(), "{found}");
}

#[test]
fn finish_takes_the_error_of_tests() {
    let line = |options: &str| {
        format!(
            "\"$CI\" start pipeline p --run-id 1 && \"$CI\" start job test --run-id 1 && \
             \"$CI\" finish job --run-id 1 {options} --flush 10s"
        )
    };
    for options in ["--junit old.xml", "--junit old.xml --exit-code 1"] {
        let (printed, found) = error(&line(options));
        assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
        assert_eq!(found["type"], "E", "{options}: {found}");
    }
    let (_, found) = error(&line("--junit none.xml --exit-code 1"));
    assert_eq!(found["message"], "exit code 1");
    let (_, found) = error(&line("--junit old.xml --status success"));
    assert!(found.is_null(), "{found}");
}
