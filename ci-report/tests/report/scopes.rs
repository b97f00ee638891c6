//! Scopes that one command starts and another one finishes.

use crate::support::{World, code, run};

#[test]
fn the_page_of_a_run_is_printed_on_request() {
    let world = World::new();
    let address = format!("{}/execution?", world.intake.url());
    let script = "ci-report --verbose run --step inner -- true";
    let output = run(
        &mut world.program(&["--verbose", "run", "--pipeline", "p", "--", "sh", "-c", script]),
        b"",
    );
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    // Once, by the outermost command.
    assert_eq!(stderr.matches(&address).count(), 1, "{stderr}");
    assert!(stderr.contains(" shows the run in a browser"), "{stderr}");
    // Not for another service.
    let mut other = world.program(&["--verbose", "run", "--", "true"]);
    let output = run(other.env("DD_URL", "http://nowhere.invalid"), b"");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("browser"));
}

#[test]
fn a_script_starts_and_finishes_scopes() {
    let world = World::new();
    world.script(
        "ci-report start pipeline nightly --tags team:docs --url https://ci.example/1
        ci-report start stage test
        test_job() { ci-report start job \"$1\"; ci-report measure tests:412; ci-report finish --exit-code $2; }
        test_job one 0
        (test_job two 3)
        ci-report start job three
        ci-report error 'no space' --type disk --domain provider
        ci-report parameters target:x86
        ci-report dependencies one two
        ci-report tag on:run --on pipeline
        ci-report finish
        ci-report run --job four -- sh -c 'ci-report tag inner:yes; ci-report start step s; ci-report finish'
        ci-report finish
        ci-report finish",
    );
    let pipeline = world.event("pipeline", "nightly");
    assert_eq!(pipeline.status(), "success");
    assert!(pipeline.has_tag("team:docs") && pipeline.has_tag("on:run"), "{pipeline:?}");
    let stage = world.event("stage", "test");
    let job = |name| world.event("job", name);
    for name in ["one", "two", "three", "four"] {
        assert_eq!(job(name).attribute("ci.stage.id"), stage.attribute("ci.stage.id"), "{name}");
        assert_eq!(
            job(name).attribute("ci.pipeline.id"),
            pipeline.attribute("ci.pipeline.id"),
            "{name}"
        );
    }
    assert_eq!((job("one").status().as_str(), job("two").status().as_str()), ("success", "error"));
    assert_eq!(job("one").attribute("tests"), "412.0");
    assert_eq!(job("two").attribute("error.message"), "exit code 3");
    let three = job("three");
    assert_eq!(
        (three.status().as_str(), three.attribute("error.type").as_str()),
        ("error", "disk")
    );
    assert_eq!(three.attribute("error.domain"), "provider");
    assert!(job("four").has_tag("inner:yes"));
    assert_eq!(world.event("step", "s").attribute("ci.job.name"), "four");
    assert_eq!(world.status()["open"].as_array().unwrap().len(), 0);
}

#[test]
fn a_script_that_stops_leaves_nothing_running() {
    let world = World::new();
    world.script(
        "ci-report run --pipeline p -- sh -euc 'ci-report start stage s; ci-report start job j; false' || true
        ci-report run --job without-separator echo -n all --options are of the command",
    );
    assert_eq!(world.event("stage", "s").status(), "error");
    let job = world.event("job", "j");
    assert_eq!(
        (job.status(), job.attribute("error.message")),
        ("error".into(), "exit code 1".into())
    );
    assert_eq!(world.event("pipeline", "p").status(), "error");
    assert_eq!(world.event("job", "without-separator").status(), "success");
    assert_eq!(world.status()["open"].as_array().unwrap().len(), 0);
}

#[test]
fn a_shell_may_replace_itself_by_its_last_command() {
    let world = World::new();
    let script =
        "ci-report start pipeline p; (ci-report start job j; exec ci-report run --step s -- true)
        ci-report finish job j; exec ci-report finish";
    world.script(script);
    assert_eq!(world.event("step", "s").attribute("ci.job.name"), "j");
    assert_eq!(world.event("pipeline", "p").status(), "success");
    assert_eq!(world.status()["open"].as_array().unwrap().len(), 0);
}

#[test]
fn finishing_a_scope_finishes_what_is_open_inside() {
    let world = World::new();
    world.script(
        "ci-report start pipeline p; ci-report start stage s; ci-report start job j; ci-report start step t
        ci-report finish pipeline --status canceled",
    );
    let events = world.events();
    let status = |level: &str| events.iter().find(|event| event.level() == level).unwrap().status();
    assert_eq!(
        ["pipeline", "stage", "job", "step"].map(status),
        ["canceled", "canceled", "canceled", "error"]
    );
}

#[test]
fn blocked_runs_are_resumed_as_runs_of_their_own() {
    let world = World::new();
    world.script("ci-report start pipeline p --id first; ci-report finish --status blocked");
    world.script("ci-report start pipeline p --resumes first; ci-report finish");
    let events = world.events();
    assert_eq!(events.len(), 2);
    let blocked = events.iter().find(|event| event.status() == "blocked").unwrap();
    let resumed = events.iter().find(|event| event.status() == "success").unwrap();
    assert_eq!(blocked.attribute("ci.pipeline.id"), "first");
    assert_ne!(resumed.attribute("ci.pipeline.id"), "first");
    assert!(world.intake.history(&resumed.0.id)[0].sent.contains("\"is_resumed\":true"));
}

#[test]
fn hooks_of_a_ci_system_share_the_run() {
    let world = World::new();
    let hook = |script: &str, job: &str| {
        let mut command = world.command("sh");
        command
            .args(["-euc", script])
            .env("GITLAB_CI", "true")
            .env("CI_SERVER_URL", "https://gitlab.example")
            .env("CI_PIPELINE_ID", "42")
            .env("CI_PIPELINE_URL", "https://gitlab.example/p/42")
            .env("CI_PIPELINE_SOURCE", "web")
            .env("CI_PROJECT_PATH", "team/app")
            .env("CI_JOB_ID", job)
            .env("CI_JOB_NAME", format!("job {job}"))
            .env("CI_JOB_URL", format!("https://gitlab.example/j/{job}"))
            .env("CI_COMMIT_SHA", "a18ebf361cc831f5535e58ec4fae04ffd98d8152")
            .env("CI_RUNNER_DESCRIPTION", "runner 1")
            .env("CI_REPOSITORY_URL", "https://token:very-secret@gitlab.example/team/app.git")
            .env("CI_COMMIT_AUTHOR", "Ada <ada@x.y>");
        let output = run(&mut command, b"");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    hook("ci-report start pipeline", "1");
    hook("ci-report start job", "1");
    hook("ci-report start job", "2");
    hook("ci-report run -- true", "1");
    hook("ci-report finish --exit-code 1", "1");
    hook("ci-report finish --exit-code 0", "2");
    hook("ci-report finish", "3");
    let (pipeline, first) = (world.event("pipeline", "team/app"), world.event("job", "job 1"));
    assert_eq!(pipeline.attribute("ci.pipeline.url"), "https://gitlab.example/p/42");
    assert_eq!(first.attribute("ci.job.url"), "https://gitlab.example/j/1");
    assert_eq!(
        (first.status(), world.event("job", "job 2").status()),
        ("error".into(), "success".into())
    );
    assert_eq!(world.event("step", "true").attribute("ci.job.name"), "job 1");
    assert_eq!(first.attribute("git.commit.sha"), "a18ebf361cc831f5535e58ec4fae04ffd98d8152");
    assert_eq!(first.attribute("git.repository_url"), "https://gitlab.example/team/app.git");
    assert_eq!(first.attribute("ci.node.name"), "runner 1");
    assert_eq!(pipeline.attribute("ci.provider.name"), "gitlab");
    assert_eq!(pipeline.status(), "success");
    let sent = &world.intake.history(&pipeline.0.id)[0].sent;
    assert!(
        sent.contains("\"is_manual\":true") && sent.contains("\"pipeline_id\":\"42\""),
        "{sent}"
    );
}

#[test]
fn repeated_commands_of_a_ci_job_are_runs_of_their_own() {
    let world = World::new();
    for _ in 0..2 {
        let mut command = world.program(&["run", "--", "true"]);
        command.env("BITRISE_BUILD_SLUG", "7").env("BITRISE_TRIGGERED_WORKFLOW_ID", "primary");
        assert!(run(&mut command, b"").status.success());
    }
    let events = world.events();
    assert_eq!(events.len(), 2, "{events:?}");
}

#[cfg(feature = "git")]
#[test]
fn the_commit_is_read_from_the_checkout() {
    let world = World::new();
    let git = "git -c user.name=Ada -c user.email=ada@x.y -c init.defaultBranch=main";
    world.script(&format!(
        "{git} init -q; {git} remote add origin https://u:very-secret@git.example/app.git
        {git} commit -q --allow-empty -m 'Fix it'; ci-report run --job build -- true"
    ));
    let job = world.event("job", "build");
    assert_eq!(job.attribute("git.commit.message"), "Fix it");
    assert_eq!(job.attribute("git.commit.author.email"), "ada@x.y");
    assert_eq!(job.attribute("git.repository_url"), "https://git.example/app.git");
}

#[test]
fn commands_that_read_deliver_first() {
    let world = World::new();
    world.script("DD_URL=http://127.0.0.1:9 ci-report start pipeline p");
    let read = |arguments: &[&str]| {
        let output = run(world.program(arguments).env("DD_APP_KEY", "an-app-key"), b"");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(read(&["list"]).contains("running"));
    for arguments in [&["show"][..], &["search"], &["aggregate"]] {
        world.script("DD_URL=http://127.0.0.1:9 ci-report run --step s -- true");
        read(arguments);
    }
    let events = world.intake.events();
    assert_eq!(events.iter().filter(|event| event.level.name() == "step").count(), 3);
}

#[test]
fn the_last_lines_of_stderr_are_kept_if_there_are_too_many() {
    let world = World::new();
    let script = "n=0; while [ $n -lt 300 ]; do n=$((n+1)); echo \"line $n of a long output, the end of which counts\" >&2; done; exit 1";
    let arguments = ["run", "--step", "s", "--capture-stderr", "1000", "--", "sh", "-c", script];
    assert_eq!(code(&run(&mut world.program(&arguments), b"")), 1);
    let message = world.event("step", "s").attribute("error.message");
    assert!(message.ends_with("line 300 of a long output, the end of which counts"), "{message}");
    assert!(
        message.starts_with("line ") && message.len() > 4900 && message.len() <= 5000,
        "{message}"
    );
}

#[test]
fn options_and_arguments_of_unset_variables_are_ignored() {
    let world = World::new();
    world.script(
        "ci-report run --pipeline p --tags \"$UNSET\" --tags a:b, --measures \"$UNSET,tests:$UNSET,n:1\" \
            --parameter \"$UNSET\" -- sh -euc 'ci-report tag \"$UNSET\" c:d; ci-report measure tests:; ci-report parameters \"$UNSET\"'"
            .replace("$UNSET", "${UNSET-}")
            .as_str(),
    );
    let event = world.event("pipeline", "p");
    assert!(event.has_tag("a:b") && event.has_tag("c:d"));
}
