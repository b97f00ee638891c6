//! A CI system: machines with its variables, on which shells run scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use datadog_ci_pipelines::jiff::{Timestamp, Unit};
use serde_yaml::Value;

use crate::support::{Event, World, code};

/// Calls a test with each shell of this machine, once with tests that succeed and once with tests
/// that fail.
pub(crate) fn each(variables: &[(&str, &str)], test: impl Fn(&mut System)) {
    for shell in shells() {
        for failing in [false, true] {
            let mut system = System::new(&shell, failing);
            system.variables.extend(variables.iter().map(|(name, value)| pair(name, value)));
            test(&mut system);
        }
    }
}

/// Returns the shells that recipes are run with. One that is missing is reported.
pub(crate) fn shells() -> Vec<String> {
    ["dash", "bash"].into_iter().filter(|shell| has(shell)).map(str::to_owned).collect()
}

/// Returns whether a program exists. One that is missing is reported.
pub(crate) fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$0\"", program]).output();
    let has = found.is_ok_and(|output| output.status.success());
    if !has {
        println!("skipped: `{program}` is missing");
    }
    has
}

/// Returns the time in seconds since 1970.
pub(crate) fn now() -> String {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Machines or containers that share nothing but the CI system.
pub(crate) struct System {
    pub(crate) world: World,
    pub(crate) shell: String,
    /// The variables that all scripts have.
    pub(crate) variables: Vec<(String, String)>,
    /// Whether `make test` fails.
    pub(crate) is_failing: bool,
    /// Whether a script has failed.
    pub(crate) has_failed: bool,
    machine: usize,
}

impl System {
    pub(crate) fn new(shell: &str, is_failing: bool) -> Self {
        let world = World::new();
        let shell = shell.to_owned();
        let (variables, machine) = (Vec::new(), 0);
        let system = Self { world, shell, variables, is_failing, has_failed: false, machine };
        system.program("make", "[ \"$*\" != test ] || exit \"$TEST_STATUS\"");
        system
    }

    /// Returns when the run started, as ISO 8601.
    pub(crate) fn started(&self) -> String {
        let path = self.world.directory.join("started");
        if !path.exists() {
            fs::write(&path, Timestamp::now().round(Unit::Second).unwrap().to_string()).unwrap();
        }
        fs::read_to_string(path).unwrap()
    }

    /// Writes a program into the search path.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.world.directory.join("bin").join(name);
        write_program(&path, script);
        path
    }

    /// Continues on another machine or in another container.
    pub(crate) fn next_machine(&mut self) {
        self.machine += 1;
    }

    /// Returns a program with the variables of the system.
    pub(crate) fn command(&self, program: &str, variables: &[(String, String)]) -> Command {
        let mut command = self.world.command(program);
        let home = self.world.directory.join(format!("machine-{}", self.machine));
        let temporary = home.join("tmp");
        fs::create_dir_all(&temporary).unwrap();
        let path = command.get_envs().find(|(name, _)| *name == "PATH").unwrap().1.unwrap();
        let path = format!("{}/bin:{}", self.world.directory.display(), path.to_str().unwrap());
        command.env("PATH", path).env("HOME", &home).env("TMPDIR", &temporary);
        command.env("TEST_STATUS", if self.is_failing { "2" } else { "0" });
        for (name, value) in self.variables.iter().chain(variables) {
            command.env(name, value);
        }
        command
    }

    /// Runs a script with the shell, which stops at the first error. Returns whether it succeeded.
    pub(crate) fn run(&mut self, script: &str, variables: &[(&str, &str)]) -> bool {
        let variables: Vec<_> = variables.iter().map(|(name, value)| pair(name, value)).collect();
        let output = self.command(&self.shell, &variables).args(["-ec", script]).output().unwrap();
        self.check(script, &output)
    }

    /// Notes whether a script succeeded. Only tests fail.
    pub(crate) fn check(&mut self, script: &str, output: &Output) -> bool {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, "", "{} -ec {script}", self.shell);
        let is_test = self.is_failing && script.contains("make test");
        assert_eq!(code(output), if is_test { 2 } else { 0 }, "{} -ec {script}", self.shell);
        self.has_failed |= is_test;
        output.status.success()
    }

    /// Returns the word that a system has for what happened so far.
    pub(crate) fn word<'a>(&self, success: &'a str, failure: &'a str) -> &'a str {
        if self.has_failed { failure } else { success }
    }

    /// Returns what the intake received, one line per event.
    pub(crate) fn received(&self) -> Vec<String> {
        lines(&self.world.intake.events().into_iter().map(Event).collect::<Vec<_>>())
    }

    /// Checks what the intake received. In a line, `RESULT` is the status of what contains the test.
    #[track_caller]
    pub(crate) fn expect(&self, expected: &[&str]) {
        let result = if self.is_failing { "error" } else { "success" };
        let mut expected: Vec<_> =
            expected.iter().map(|line| line.replace("RESULT", result)).collect();
        expected.sort();
        assert_eq!(self.received(), expected, "{}", self.shell);
    }
}

/// Returns `LEVEL NAME STATUS`, and `< NAME` of the parent, which is found by its id.
pub(crate) fn lines(events: &[Event]) -> Vec<String> {
    let parent = |event: &Event, level: &str| {
        let id = event.attribute(&format!("ci.{level}.id"));
        let is_parent = |other: &&Event| {
            other.level() == level && other.attribute(&format!("ci.{level}.id")) == id
        };
        let found = events.iter().find(is_parent).map(Event::name);
        (!id.is_empty()).then(|| found.unwrap_or_else(|| format!("missing {level}")))
    };
    let mut lines: Vec<_> = events
        .iter()
        .map(|event| {
            let parents = ["job", "stage", "pipeline"].into_iter();
            let mut above = parents.skip_while(|level| {
                ["step", "job", "stage", "pipeline"].iter().position(|l| l == level)
                    <= ["step", "job", "stage", "pipeline"].iter().position(|l| *l == event.level())
            });
            let parent = above.find_map(|level| parent(event, level));
            let parent = parent.map(|name| format!(" < {name}")).unwrap_or_default();
            format!("{} {} {}{parent}", event.level(), event.name(), event.status())
        })
        .collect();
    lines.sort();
    lines
}

/// Writes an executable script.
pub(crate) fn write_program(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Parses a YAML file with anchors and merge keys.
pub(crate) fn yaml(source: &str) -> Value {
    let mut value: Value = serde_yaml::from_str(source).unwrap();
    value.apply_merge().unwrap();
    value
}

/// Returns the elements of a sequence, if there is one.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

/// Returns a list of strings, or a string, as the lines of a script.
pub(crate) fn script(value: &Value) -> String {
    match value.as_str() {
        Some(string) => string.to_owned(),
        None => {
            let lines = list(value).iter().map(|line| line.as_str().unwrap());
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Returns the variables of a map, or of a list of names and values. Each secret is the key.
pub(crate) fn variables(value: &Value) -> Vec<(String, String)> {
    let string = |value: &Value| match value.as_str() {
        Some(string) if !string.contains("secrets.") && !string.contains("((") => string.to_owned(),
        _ => "an-api-key".to_owned(),
    };
    let listed = list(value).iter();
    let listed = listed.map(|each| (each["name"].as_str().unwrap(), string(&each["value"])));
    let mapped = value.as_mapping().into_iter().flatten();
    let mapped = mapped.map(|(name, value)| (name.as_str().unwrap(), string(value)));
    listed.chain(mapped).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Returns variables as references.
pub(crate) fn borrowed(variables: &[(String, String)]) -> Vec<(&str, &str)> {
    variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
