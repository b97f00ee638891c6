//! Help, completions and man pages.

use crate::support::{Printed, program, run};

fn ci_report(arguments: &[&str]) -> Printed {
    let home = tempfile::tempdir().unwrap();
    run(program(home.path()).args(arguments), b"")
}

/// Returns the commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = ci_report(&["--help"]).success();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let is_command = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let names = list.lines().filter(is_command).map(|line| line.split_whitespace().next().unwrap());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_first_run_is_helped() {
    let printed = ci_report(&[]);
    assert_eq!((printed.code, printed.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(printed.stderr);
}

#[test]
fn every_command_has_examples() {
    for command in commands() {
        let help = ci_report(&[&command, "--help"]).success();
        assert!(help.contains("Example") && help.contains("  ci-report "), "{command}: {help}");
    }
}

#[test]
fn completions_and_pages_have_all_commands() {
    let commands = commands();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = ci_report(&["completions", shell]).success();
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell}: {command}");
        }
    }
    let home = tempfile::tempdir().unwrap();
    let written = run(program(home.path()).args(["man", "--out", "pages"]), b"").success();
    assert_eq!(written.lines().count(), commands.len() + 1);
    for command in &commands {
        let path = home.path().join(format!("pages/ci-report-{command}.1"));
        let page = std::fs::read_to_string(path).unwrap();
        assert_eq!(page, ci_report(&["man", command]).success());
        assert!(page.contains(&format!(".TH ci-report-{command} 1")), "{page}");
    }
    let message = ci_report(&["man", "nothing"]).failure();
    assert!(message.contains("no such command; the commands are "), "{message}");
}

#[cfg(unix)]
#[test]
fn completions_work_in_bash() {
    let home = tempfile::tempdir().unwrap();
    let script = ci_report(&["completions", "bash"]).success();
    let file = home.path().join("completions");
    let rest = "\nCOMP_WORDS=(ci-report sho); COMP_CWORD=1; _ci__report ci-report sho ci-report; echo ${COMPREPLY[*]}\n";
    std::fs::write(&file, script + rest).unwrap();
    let Ok(output) = std::process::Command::new("bash").arg(&file).output() else { return };
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "show\n");
}

#[test]
fn mistakes_in_options_are_explained() {
    for (arguments, expected) in [
        (
            &["run", "--pipline", "x", "--", "true"][..],
            &["'--pipeline'", "`ci-report run --help`"][..],
        ),
        (&["start", "pipline", "x"], &["'pipeline'", "`ci-report start --help`"]),
        (&["strat"], &["'start'", "`ci-report --help`"]),
        (&["tag", "docs"], &["`docs` is not `key:value`", "`ci-report tag --help`"]),
        (&["-v", "finish", "--status", "sucess"], &["'success'", "`ci-report finish --help`"]),
    ] {
        let printed = ci_report(arguments);
        assert_eq!((printed.code, printed.stdout.as_str()), (2, ""));
        assert!(printed.stderr.starts_with("ci-report: "), "{}", printed.stderr);
        for part in expected {
            assert!(printed.stderr.contains(part), "{part}: {}", printed.stderr);
        }
    }
}
