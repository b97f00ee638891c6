//! Events whose strings control the terminal.

mod down;

use crate::support::{Setup, run};

/// Clears the screen, sets the title, and reverses input; with C1 control characters, too.
const EVIL: &str = "a\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}b\\r\\n\\u001b[1m";

#[test]
fn no_output_has_control_characters_of_events() {
    let setup = Setup::new();
    let event = |level: &str, more: &str| {
        // Written with JSON escapes, as control characters must be.
        let evil = serde_json::to_string(EVIL).unwrap();
        let evil = evil.trim_matches('"');
        format!(
            r#"{{"level":"{level}","name":"{evil}","start":"2026-07-14T10:00:00Z","end":"2026-07-14T10:02:00Z",
                "status":"error","error":{{"message":"{evil}","type":"{evil}","stack":"{evil}"}},
                "tags":["k:{evil}"],{more}}}"#
        )
        .replace('\n', " ")
    };
    let of_run = r#""pipeline_unique_id":"run-1","pipeline_name":"p""#;
    let input = [
        event("pipeline", r#""unique_id":"run-1","url":"","partial_retry":false"#),
        event("job", &format!(r#""id":"j1","url":"",{of_run}"#)),
        event("step", &format!(r#""id":"s1","job_id":"j1",{of_run}"#)),
    ];
    let printed = setup.run_with(&["send", "-"], input.join("\n").as_bytes());
    assert_eq!(printed.stdout, "3 of 3 events accepted\n", "{}", printed.stderr);
    let commands: &[&[&str]] = &[
        &["list"],
        &["search", "*", "--columns", "name,error,tags,@error.stack,@error.type"],
        &["search", "*", "--output", "json"],
        &["search", "*", "--output", "jsonl", "--columns", "name,tags,error"],
        &["show", "run-1"],
        &["show", "run-1", "--stack"],
        &["show", "run-1", "--output", "json"],
        &["show", "run-1", "--output", "jsonl"],
        &[
            "aggregate",
            "--by",
            "@ci.pipeline.name,@error.message",
            "--compute",
            "most_frequent:@error.type",
        ],
        &["aggregate", "--by", "@ci.pipeline.name", "--output", "json"],
        &["wait", "run-1"],
    ];
    for arguments in commands {
        let printed = setup.run(arguments);
        let all = format!("{}{}", printed.stdout, printed.stderr);
        assert!(all.contains("31m"), "{arguments:?}: {all}");
        let is_control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!all.contains(is_control), "{arguments:?}: {all:?}");
    }
}

#[test]
fn problems_of_files_have_no_control_characters() {
    let setup = Setup::new();
    let evil = serde_json::to_string(EVIL).unwrap();
    for input in [format!(r#"{{"level":{evil}}}"#), format!(r#"{{"level":"step","id":[{evil}]}}"#)]
    {
        let message = setup.run_with(&["send", "-"], input.as_bytes()).failure();
        assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{message:?}");
    }
    let message =
        setup.run_with(&["import", "-"], format!("level,name\n{EVIL},a\n").as_bytes()).failure();
    assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{message:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn terminals_get_colors_unless_disabled() {
    let setup = Setup::with_run();
    // `script` gives the program a terminal.
    let is_here = |name: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
    };
    if !is_here("script") {
        return;
    }
    let on_terminal = |variables: &[(&str, &str)], arguments: &str| {
        let program = setup.command();
        let mut script = std::process::Command::new("script");
        script.args([
            "-qec",
            &format!("stty cols 60 rows 20; '{}' {arguments}", env!("CARGO_BIN_EXE_ci-report")),
        ]);
        script.arg("/dev/null").env_clear().env("TERM", "xterm");
        for (name, value) in program.get_envs() {
            script.env(name, value.unwrap_or_default());
        }
        script.envs(variables.iter().copied());
        run(&mut script, b"").stdout
    };
    let colored = on_terminal(&[], "list");
    assert!(colored.contains("\u{1b}[31merror\u{1b}[0m"), "{colored:?}");
    for variables in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let plain = on_terminal(&[variables], "list");
        assert!(plain.contains("error") && !plain.contains('\u{1b}'), "{plain:?}");
        // The terminal has 60 columns.
        assert!(plain.lines().all(|line| line.trim_end().chars().count() <= 60), "{plain:?}");
    }
    assert!(!setup.run(&["list"]).success().contains('\u{1b}'));
}
