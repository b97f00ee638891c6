//! `doctor`.

use std::net::TcpListener;

use crate::support::{Setup, program, run};

#[test]
fn everything_that_works_is_listed() {
    let setup = Setup::with_real_clock();
    let printed = setup.run(&["doctor"]);
    assert_eq!(printed.code, 0, "{printed:?}");
    let shown = printed.stdout.replace(setup.intake.url(), "http://127.0.0.1:PORT");
    insta::assert_snapshot!(shown);
    assert_eq!(setup.intake.events().len(), 0);
}

#[test]
fn missing_and_wrong_settings_fail() {
    let setup = Setup::with_real_clock();
    let mut without_key = program(setup.home.path());
    let printed = run(without_key.args(["doctor", "--offline"]), b"");
    assert_eq!(printed.code, 1);
    assert!(
        printed.stdout.contains("FAIL  API key          DD_API_KEY is not set"),
        "{}",
        printed.stdout
    );
    let printed = run(
        setup
            .command()
            .env_remove("DD_URL")
            .env("DD_SITE", "nowhere")
            .args(["doctor", "--offline"]),
        b"",
    );
    assert!(
        printed.stdout.contains("FAIL  address          unknown site `nowhere`"),
        "{}",
        printed.stdout
    );

    // A port on which nothing listens.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let printed = run(setup.command().env("DD_URL", url).arg("doctor"), b"");
    assert_eq!(printed.code, 1);
    assert!(printed.stdout.contains("FAIL  connection"), "{}", printed.stdout);
    assert!(printed.stdout.contains("Connection refused"), "{}", printed.stdout);

    let url = format!("http://user:pass-word@127.0.0.1:{port}");
    let printed = run(setup.command().env("DD_URL", url).arg("doctor"), b"");
    assert!(printed.stdout.contains("FAIL  address"), "{}", printed.stdout);
    assert!(!printed.stdout.contains("pass-word"), "{}", printed.stdout);
}

#[test]
fn keys_are_tested_and_never_printed() {
    let setup = Setup::with_real_clock();
    let (right, wrong) = ("right-key-right-key", "wrong-key-wrong-key");
    let intake = datadog_ci_intake::LocalIntake::builder().api_key(right).app_key(right);
    let intake = setup.runtime.block_on(intake.start()).unwrap();
    let doctor = |api_key: &str, app_key: &str| {
        let mut command = setup.command();
        command.env("DD_URL", intake.url()).env("DD_API_KEY", api_key).env("DD_APP_KEY", app_key);
        let printed = run(command.arg("doctor"), b"");
        assert!(!printed.stdout.contains(right) && !printed.stdout.contains(wrong), "{printed:?}");
        (printed.code, printed.stdout)
    };
    let (code, shown) = doctor(right, right);
    assert_eq!(code, 0, "{shown}");
    let (code, shown) = doctor(wrong, right);
    assert!(
        code == 1 && shown.contains("FAIL  sending          DD_API_KEY is not accepted (403)"),
        "{shown}"
    );
    let (code, shown) = doctor(right, wrong);
    assert!(code == 1 && shown.contains("ok    sending"), "{shown}");
    assert!(shown.contains("FAIL  reading          the keys are not accepted"), "{shown}");
}

#[test]
fn unavailable_services_and_proxies_are_reported() {
    let setup = Setup::with_real_clock();
    for (status, expected) in [
        (503, "FAIL  connection       the service is not available (503)"),
        (407, "FAIL  connection       the proxy asks for a user"),
        (404, "FAIL  connection       the address is not that of the API"),
    ] {
        setup.intake.fail_next(1, status);
        let printed = setup.run(&["doctor"]);
        assert!(
            printed.code == 1 && printed.stdout.contains(expected),
            "{status}: {}",
            printed.stdout
        );
    }
    let mut command = setup.command();
    command.env("HTTP_PROXY", "http://user:pass-word@127.0.0.1:9").env("NO_PROXY", "127.0.0.1");
    let printed = run(command.arg("doctor"), b"");
    let expected =
        "ok    proxy            http://127.0.0.1:9 (HTTP_PROXY), except for 127.0.0.1 (NO_PROXY)";
    assert!(printed.stdout.contains(expected), "{}", printed.stdout);
}

#[test]
fn variables_without_effect_are_listed() {
    let setup = Setup::with_real_clock();
    let mut command = setup.command();
    command.args(["doctor", "--offline"]).env("CI_REPORT_FLUSH", "soon").env("DD_TAGS", "docs");
    let printed = run(&mut command, b"");
    assert!(
        printed.stdout.contains("note  variables        CI_REPORT_FLUSH"),
        "{}",
        printed.stdout
    );
    assert!(printed.stdout.contains("DD_TAGS: `docs` is not `key:value`"), "{}", printed.stdout);
}
