//! Scripts that use the command: the check of the action for GitHub, the job for GitLab, and the
//! example.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::workspace::Workspace;

const SPEC: &str = "openapi: 3.0.3
info: { title: Clock, version: '1' }
paths:
  /time:
    get:
      operationId: getTime
      responses: { '204': { description: Done. } }
";
/// The options of two outputs, with an empty line between them.
const ARGUMENTS: &str = "--spec api.yaml --out src/api --module crate::api\n\n\
                         --spec api.yaml --out src/served --module crate::served --server crate::api::models\n";

/// A directory with a document.
struct Directory(Workspace);

impl Directory {
    fn new() -> Self {
        Self(Workspace::new(&[("api.yaml", SPEC)]))
    }

    /// Runs a shell with the command in its path.
    fn run(&self, shell: &str, arguments: &[&str]) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_specwright"));
        let others = env::var_os("PATH").unwrap();
        let paths = [program.parent().unwrap().to_owned()];
        let paths = paths.into_iter().chain(env::split_paths(&others));
        let mut command = Command::new(shell);
        command.args(arguments).env("PATH", env::join_paths(paths).unwrap());
        command.env("SPECWRIGHT_ARGUMENTS", ARGUMENTS).current_dir(&self.0.0).output().unwrap()
    }

    fn generate(&self) {
        for line in ARGUMENTS.lines().filter(|line| !line.is_empty()) {
            let output = self.run("sh", &["-c", &format!("specwright generate {line}")]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn change(&self) {
        let path = "src/served/mod.rs";
        self.0.write(path, &self.0.read(path).replacen("\n\n", "\n\n// Changed.\n", 1));
    }
}

fn in_repository(path: &str) -> String {
    format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_action_shows_differences() {
    let directory = Directory::new();
    directory.generate();
    let script = in_repository(".github/actions/specwright-check/check.sh");
    let output = directory.run("bash", &[&script, "summary"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let summary = || directory.0.read("summary");
    assert_eq!(summary(), "### Generated code is up to date\n");

    directory.change();
    assert_eq!(directory.run("bash", &[&script, "summary"]).status.code(), Some(1));
    let summary = summary();
    assert!(
        summary.contains("### Generated code differs: `specwright generate --spec"),
        "{summary}"
    );
    assert!(summary.contains("\n-// Changed.\n"), "{summary}");
    assert!(!summary.contains("--out src/api"), "{summary}");
}

#[test]
fn the_action_shows_what_changes_of_the_document_mean() {
    let directory = Directory::new();
    directory.generate();
    directory.0.write("new.yaml", &SPEC.replace("/time:", "/now:"));
    let script = in_repository(".github/actions/specwright-check/check.sh");
    for (old, code) in [("api.yaml", 1), ("new.yaml", 0)] {
        directory.0.write("summary", "");
        let compare = format!(
            "SPECWRIGHT_DIFF='{old} new.yaml --fail-on wire-breaking' bash '{script}' summary"
        );
        let output = directory.run("sh", &["-c", &compare]);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stdout));
        let summary = directory.0.read("summary");
        assert!(summary.contains("### Changes of the API: `specwright diff "), "{summary}");
        assert_eq!(summary.contains("`GET /time`"), code == 1, "{summary}");
    }
}

#[test]
fn the_job_for_gitlab_fails_if_code_differs() {
    let file = fs::read_to_string(in_repository(".gitlab/specwright-check.yml")).unwrap();
    let (_, script) = file.split_once("    - |\n").unwrap();
    let lines = script.lines().map_while(|line| line.strip_prefix("      "));
    let script = lines.collect::<Vec<_>>().join("\n");
    let directory = Directory::new();
    directory.generate();
    assert!(directory.run("sh", &["-euc", &script]).status.success());
    directory.change();
    assert_eq!(directory.run("sh", &["-euc", &script]).status.code(), Some(1));
}

#[test]
fn the_example_generates_everything() {
    let directory = Directory::new();
    let output = directory.run("sh", &[&in_repository("examples/command.sh"), "."]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for path in ["weather-client/Cargo.toml", "src/api/mod.rs", "src/served/mod.rs"] {
        assert!(directory.0.exists(path), "{path}");
    }
}
