//! Commands inside commands.

use crate::support::{World, code, run};

#[test]
fn commands_inside_a_command_are_its_parts() {
    let world = World::new();
    world.script(
        "ci-report run --pipeline deploy -- sh -euc '
            ci-report run --stage test -- sh -euc \"
                ci-report run --job build -- sh -euc \\\"ci-report run -- true; ci-report run --step lint -- true\\\"
            \"
            ci-report run -- true
            ci-report run --pipeline child -- true
        '",
    );
    let run = world.event("pipeline", "deploy");
    let id = run.attribute("ci.pipeline.id");
    assert_eq!(run.status(), "success");
    let (stage, job) = (world.event("stage", "test"), world.event("job", "build"));
    let lint = world.event("step", "lint");
    for part in [&stage, &job, &lint] {
        assert_eq!(part.attribute("ci.pipeline.id"), id);
        assert_eq!(part.attribute("ci.pipeline.name"), "deploy");
    }
    assert_eq!(job.attribute("ci.stage.id"), stage.attribute("ci.stage.id"));
    assert_eq!(lint.attribute("ci.job.id"), job.attribute("ci.job.id"));
    assert_eq!(lint.attribute("ci.job.name"), "build");
    let steps = world.events();
    let steps = steps.iter().filter(|event| event.level() == "step" && event.name() == "true");
    assert_eq!(steps.count(), 2);
    let child = world.event("pipeline", "child");
    assert_ne!(child.attribute("ci.pipeline.id"), id);
    let sent = &world.intake.history(&child.0.id)[0].sent;
    assert!(sent.contains(&format!("\"parent_pipeline\":{{\"id\":\"{id}\"")), "{sent}");
}

#[test]
fn pipelines_and_jobs_are_reported_when_they_start() {
    let world = World::new();
    let script = "ci-report flush --strict; exit 1";
    let output = run(&mut world.program(&["run", "--job", "build", "--", "sh", "-c", script]), b"");
    assert_eq!(code(&output), 1);
    let job = world.event("job", "build");
    let history = world.intake.history(&job.0.id);
    let mut statuses: Vec<bool> =
        history.iter().map(|update| update.sent.contains("\"running\"")).collect();
    // What is being delivered when the process ends is sent again.
    statuses.dedup();
    assert_eq!(statuses, [true, false]);
    assert_eq!(job.attribute("error.message"), "exit code 1");
}

#[test]
fn the_trace_of_the_caller_continues() {
    let world = World::new();
    let outer = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut command = world.program(&["run", "--", "sh", "-c", "echo $TRACEPARENT"]);
    let output = run(command.env("TRACEPARENT", outer), b"");
    let inner = String::from_utf8(output.stdout).unwrap();
    assert!(inner.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{inner}");
    assert_ne!(inner.trim(), outer);
}

#[test]
fn a_job_on_another_machine_needs_only_the_variables() {
    let (world, other) = (World::new(), World::new());
    let exported = world.script("ci-report start pipeline deploy --export; ci-report finish");
    let script = "eval \"$1\"; unset CI_REPORT_STATE; ci-report run --job build -- true";
    let mut command = other.command("sh");
    // Its own state and outbox, and the same service.
    command.args(["-euc", script, "sh", &exported]).env("DD_URL", world.intake.url());
    assert_eq!(code(&run(&mut command, b"")), 0);
    let mut flush = other.program(&["flush", "--strict"]);
    assert_eq!(code(&run(flush.env("DD_URL", world.intake.url()), b"")), 0);
    let (pipeline, job) = (world.event("pipeline", "deploy"), world.event("job", "build"));
    assert_eq!(job.attribute("ci.pipeline.id"), pipeline.attribute("ci.pipeline.id"));
    assert_eq!(job.attribute("ci.pipeline.name"), "deploy");
}

#[test]
fn the_end_of_stderr_and_the_arguments_are_sent_on_request() {
    let world = World::new();
    let script = "echo one >&2; echo two >&2; echo three >&2; exit 2";
    let arguments = ["--capture-stderr", "2", "--send-arguments", "--", "sh", "-c", script];
    let wrapped =
        run(&mut world.program(&[&["run", "--job", "sent"], &arguments[..]].concat()), b"");
    assert_eq!((code(&wrapped), wrapped.stderr.as_slice()), (2, &b"one\ntwo\nthree\n"[..]));
    run(&mut world.program(&["run", "--job", "not sent", "--", "sh", "-c", script]), b"");
    let (sent, not_sent) = (world.event("job", "sent"), world.event("job", "not sent"));
    assert_eq!(sent.attribute("error.message"), "two\nthree");
    assert!(sent.0.attributes["ci"].to_string().contains("echo one"), "{sent:?}");
    assert_eq!(not_sent.attribute("error.message"), "exit code 2");
    assert!(!not_sent.0.attributes["ci"].to_string().contains("echo one"));
}

#[test]
fn the_last_machine_ends_the_run_of_the_first() {
    let (first, last) = (World::new(), World::new());
    // The CI system gives all machines the same variables.
    let started = seconds();
    let on = |world: &World, script: &str| {
        let mut command = world.command("sh");
        command.args(["-euc", script]).env("DD_URL", first.intake.url());
        command.env("CI", "woodpecker").env("CI_SYSTEM_URL", "https://ci.example");
        command.env("CI_REPO", "team/app").env("CI_PIPELINE_NUMBER", "7");
        command.env("CI_PIPELINE_STARTED", &started).env("CI_PIPELINE_CREATED", &started);
        let output = run(&mut command, b"");
        assert_eq!((code(&output), output.stderr.as_slice()), (0, &b""[..]));
    };
    on(&first, "ci-report start pipeline --started $CI_PIPELINE_STARTED; ci-report flush");
    on(
        &last,
        "ci-report finish pipeline --started $CI_PIPELINE_STARTED --status Failure; ci-report flush",
    );
    let pipeline = first.event("pipeline", "team/app");
    assert_eq!(pipeline.status(), "error");
    assert_eq!(first.intake.history(&pipeline.0.id).len(), 2);
}

#[test]
fn the_run_of_a_ci_system_starts_after_a_job_of_its_hooks() {
    let world = World::new();
    let mut command = world.command("sh");
    command
        .args(["-euc", "ci-report start job; ci-report start pipeline; ci-report finish pipeline"]);
    command.env("BUILDKITE", "true").env("BUILDKITE_BUILD_ID", "b-1");
    command.env("BUILDKITE_LABEL", "start").env("BUILDKITE_PIPELINE_SLUG", "app");
    assert_eq!(code(&run(&mut command, b"")), 0);
    let (pipeline, job) = (world.event("pipeline", "app"), world.event("job", "start"));
    assert_eq!(job.attribute("ci.pipeline.id"), pipeline.attribute("ci.pipeline.id"));
    assert_eq!(job.status(), "success");
}

/// Returns the time in whole seconds since 1970.
fn seconds() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    now.as_secs().to_string()
}
