//! `intake`.

use std::net::TcpListener;
use std::process::Stdio;

use crate::support::{program, run};

/// Returns a port on which nothing listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[cfg(unix)]
#[test]
fn one_line_of_shell_starts_and_selects_the_intake() {
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        "\"$CI_REPORT\" intake --listen 127.0.0.1:{port} >/dev/null 2>&1 & \
         eval \"$(\"$CI_REPORT\" intake --env --listen 127.0.0.1:{port})\" && \
         \"$CI_REPORT\" send event.json && \"$CI_REPORT\" search '*' --columns name; \
         kill $!; wait $!",
        port = free_port()
    );
    let now = datadog_ci_pipelines::jiff::Timestamp::now();
    let event = format!(
        r#"{{"level":"step","id":"s1","name":"hello","pipeline_unique_id":"r","pipeline_name":"p",
            "start":"{now}","end":"{now}","status":"success"}}"#
    );
    std::fs::write(home.path().join("event.json"), event).unwrap();
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(script).current_dir(home.path()).env_clear();
    shell.env("CI_REPORT", env!("CARGO_BIN_EXE_ci-report")).env("HOME", home.path());
    let printed = run(&mut shell, b"");
    assert_eq!(printed.stdout, "1 of 1 events accepted\nname\nhello\n", "{}", printed.stderr);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
}

#[test]
fn keys_are_not_printed() {
    let home = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap().to_string();
    let env = ["intake", "--env", "--listen", &listen];
    let mut command = program(home.path());
    let printed = run(command.args(env).env("INTAKE_API_KEY", "secret-1"), b"");
    let expected = format!(
        "export DD_URL=http://{listen}\nexport DD_API_KEY=\"$INTAKE_API_KEY\"\nexport DD_APP_KEY=local\n"
    );
    assert_eq!(printed.success(), expected);
    let message =
        run(program(home.path()).args(env).args(["--app-key", "secret-2"]), b"").failure();
    assert!(message.contains("INTAKE_APP_KEY") && !message.contains("secret-2"), "{message}");
    let message =
        run(program(home.path()).args(["intake", "--env", "--listen", "[::]:0"]), b"").failure();
    assert!(message.contains("select a port"), "{message}");
}

#[test]
fn a_port_in_use_is_explained() {
    let home = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap().to_string();
    let mut command = program(home.path());
    command.args(["intake", "--listen", &listen]).stdin(Stdio::null());
    let message = run(&mut command, b"").failure();
    assert!(message.contains("use --listen with another port"), "{message}");
}
