//! Recipes without a CI system.

use std::fs;
use std::net::TcpListener;

use crate::documentation::block;
use crate::system::{System, each, has, shells, write_program};

#[test]
fn the_first_run_is_shown() {
    for shell in shells() {
        let system = System::new(&shell, false);
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let intake = format!("ci-report intake --listen {free}");
        let script = block("first-run").replace("ci-report intake", &intake);
        assert_eq!(script.lines().count(), 3);
        // Three commands are the guide; the intake ends with them.
        let script = script.replacen('\n', "\ntrap 'kill $!; wait $!' EXIT\n", 1);
        let mut command = system.command(&shell, &[]);
        for name in ["DD_URL", "DD_API_KEY"] {
            command.env_remove(name);
        }
        let output = command.args(["-c", &script]).output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let has_run = |line: &str| line.starts_with("hello ") && line.contains("success");
        assert!(stdout.lines().any(has_run), "{shell}: {stdout}\n{stderr}");
    }
}

#[test]
fn a_script_reports_its_parts() {
    each(&[], |system| {
        let output = system.command(&system.shell, &[]).args(["-c", &block("nightly")]).output();
        assert!(output.unwrap().status.success());
        system.expect(&[
            "pipeline nightly success",
            "job build success < nightly",
            "step compile success < build",
            "job test RESULT < nightly",
        ]);
    });
}

#[test]
fn functions_are_jobs() {
    for shell in shells() {
        let mut system = System::new(&shell, true);
        let script = block("function");
        let output = system.command(&shell, &[]).args(["-c", &script]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b"building\n"[..]));
        system.expect(&[
            "pipeline nightly error",
            "job build success < nightly",
            "job check error < nightly",
        ]);
        // The same, in a script that stops at the first error.
        system = System::new(&shell, true);
        let output = system.command(&shell, &[]).args(["-euc", &script]).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let events = system.received();
        assert!(events.contains(&"pipeline nightly error".to_owned()), "{events:?}");
        assert!(!events.iter().any(|event| event.contains("running")), "{events:?}");
    }
}

#[test]
fn a_makefile_runs_with_and_without_the_command() {
    if !has("make") {
        return;
    }
    for shell in shells() {
        let system = System::new(&shell, false);
        let directory = &system.world.directory;
        fs::remove_file(directory.join("bin/make")).unwrap();
        fs::write(directory.join("Makefile"), block("makefile")).unwrap();
        for name in ["compile", "check"] {
            write_program(&directory.join(name), &format!("echo {name} >> done"));
        }
        let done = || fs::read_to_string(directory.join("done")).unwrap();
        let make = |path: Option<&str>| {
            let mut command = system.command("make", &[]);
            command.args(["--silent", "ci", &format!("SHELL={shell}")]);
            if let Some(path) = path {
                command.env("PATH", path);
            }
            let output = command.output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""));
        };
        make(Some("/usr/local/bin:/usr/bin:/bin"));
        assert_eq!((done().as_str(), system.received().len()), ("compile\ncheck\n", 0));
        make(None);
        assert_eq!(done(), "compile\ncheck\ncompile\ncheck\n");
        assert!(
            system
                .command("ci-report", &[])
                .args(["flush", "--strict"])
                .status()
                .unwrap()
                .success()
        );
        system.expect(&[
            "pipeline nightly-build success",
            "job build success < nightly-build",
            "job check success < nightly-build",
        ]);
    }
}

#[test]
fn a_cron_job_is_reported() {
    for shell in shells() {
        for failing in [false, true] {
            let system = System::new(&shell, failing);
            // Five columns are the time.
            let line = block("cron");
            let line = line.trim_end().splitn(6, ' ').nth(5).unwrap();
            let mut command = system.command(&shell, &[]);
            let home = system.world.directory.join("machine-0");
            write_program(&home.join("bin/backup"), "echo 'disk is full' >&2; exit $TEST_STATUS");
            fs::create_dir_all(home.join(".config")).unwrap();
            fs::write(home.join(".config/datadog.env"), block("cron-environment")).unwrap();
            let output = command.env_remove("DD_API_KEY").args(["-c", line]).output().unwrap();
            assert_eq!(output.status.code(), Some(if failing { 2 } else { 0 }));
            assert_eq!(output.stderr, b"disk is full\n");
            system.expect(&["pipeline backup RESULT"]);
            let error = system.world.event("pipeline", "backup").attribute("error.message");
            assert_eq!(error, if failing { "disk is full" } else { "" });
        }
    }
}
