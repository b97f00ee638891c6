//! `specwright diff` as a program: files and git revisions, output formats, ignored changes, status.

use std::fs;
use std::process::Command;

use crate::workspace::{Workspace, string};

const OLD: &str = "openapi: 3.0.3
info: { title: Shapes, version: '2' }
paths:
  /shapes:
    post:
      operationId: addShape
      requestBody: { required: true, content: { application/json: { schema: { $ref: 'shapes.yaml#/Shape' } } } }
      responses: { '204': { description: Done. } }
";

const OLD_SHAPES: &str = "Shape:
  type: object
  properties:
    name: { type: string }
";

const NEW_SHAPES: &str = "Shape:
  type: object
  required: [size]
  properties:
    name: { type: string, description: 'Its name, 100 % unique.' }
    size: { type: integer }
";

fn workspace() -> Workspace {
    Workspace::new(&[
        ("old/api.yaml", OLD),
        ("old/shapes.yaml", OLD_SHAPES),
        ("new/api.yaml", OLD),
        ("new/shapes.yaml", NEW_SHAPES),
    ])
}

fn git(work: &Workspace, arguments: &[&str]) {
    let mut command = Command::new("git");
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    command.args(identity).args(["-c", "commit.gpgsign=false"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", work.0.join("none")).env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.current_dir(&work.0).output().unwrap();
    assert!(output.status.success(), "{}", string(&output.stderr));
}

#[test]
fn each_format_has_the_changes() {
    let work = workspace();
    for format in ["text", "json", "markdown", "changelog", "github", "gitlab"] {
        let output = work.printed(&format!("diff old/api.yaml new/api.yaml --format {format}"));
        insta::assert_snapshot!(format, output);
    }
    let all = work.printed("diff old/api.yaml new/api.yaml --all");
    assert!(all.contains("new/shapes.yaml:5:5; wire: none, Rust: patch"), "{all}");
    assert_eq!(
        work.printed("diff old/api.yaml old/api.yaml"),
        "Nothing changes on the wire; the generated code does not change.\n"
    );
}

#[test]
fn revisions_have_their_own_files() {
    let work = workspace();
    git(&work, &["init", "--quiet", "--initial-branch", "main"]);
    git(&work, &["add", "."]);
    git(&work, &["commit", "--quiet", "--message", "first"]);
    fs::copy(work.0.join("new/shapes.yaml"), work.0.join("old/shapes.yaml")).unwrap();
    let expected = work.printed("diff main:old/api.yaml new/api.yaml");
    assert!(expected.contains("required-property-added"), "{expected}");
    assert_eq!(
        work.printed("diff main:old/api.yaml old/api.yaml").replace("old/", "new/"),
        expected
    );
    assert!(!work.printed("diff old/api.yaml new/api.yaml").contains("required-property-added"));
    // Paths are relative to the current directory, which need not be the root of the repository.
    let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
    command.args(["diff", "main:api.yaml", "../new/api.yaml", "--format", "json"]);
    let output = command.current_dir(work.0.join("old")).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["changes"][0]["old"], serde_json::Value::Null);
    assert_eq!(json["changes"][0]["new"]["file"], "../new/shapes.yaml");
    assert!(json["changes"].as_array().unwrap().iter().any(|change| {
        change["old"]["file"] == "main:old/shapes.yaml" && change["old"]["line"] == 4
    }));
    for (old, problem) in [
        ("nowhere:old/api.yaml", "`nowhere` is not a git revision"),
        ("main:old/none.yaml", "not found in the revision `main`"),
    ] {
        let output = work.run(&format!("diff {old} new/api.yaml"));
        assert_eq!(output.status.code(), Some(1));
        assert!(string(&output.stderr).contains(problem), "{}", string(&output.stderr));
    }
}

#[test]
fn severe_changes_fail_the_command_unless_they_are_ignored() {
    let work = workspace();
    for (severity, code) in [("major", 1), ("minor", 1), ("wire-breaking", 1)] {
        let output = work.run(&format!("diff old/api.yaml new/api.yaml --fail-on {severity}"));
        assert_eq!(output.status.code(), Some(code), "{severity}");
    }
    let ignore = |entries: &str| {
        fs::write(work.0.join("ignore.toml"), entries).unwrap();
        let arguments = "diff old/api.yaml new/api.yaml --fail-on major --ignore ignore.toml";
        let output = work.run(arguments);
        (output.status.code(), string(&output.stderr))
    };
    let entry = "[[ignore]]\nid = 'required-property-added'\n";
    let reason = "reason = 'all clients send it'\n";
    let item = "item = 'models::Shape'\n";
    assert_eq!(ignore(&format!("{entry}{item}{reason}")).0, Some(0));
    let other = "[[ignore]]\nid = 'property-removed'\nreason = 'old'\n";
    for (entries, problem) in [
        (entry.to_owned(), "missing field `reason`"),
        (format!("{entry}reason = ' '\n"), "ignore.toml:1: the reason is empty"),
        (format!("{entry}{reason}{other}"), "ignore.toml:4: the entry matches no change"),
        (format!("{entry}item = 'models::Sha'\n{reason}"), "matches no change"),
        ("[[ignore]]\nid = 'unknown'\nreason = 'a'\n".to_owned(), "is not a kind of change"),
    ] {
        let (code, error) = ignore(&entries);
        assert_eq!(code, Some(1), "{entries}");
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn an_invalid_document_is_named() {
    let work = workspace();
    let invalid = OLD.replace(
        "      requestBody:",
        "      parameters: [{ $ref: '#/nowhere' }]\n      requestBody:",
    );
    fs::write(work.0.join("new/api.yaml"), invalid).unwrap();
    let output = work.run("diff old/api.yaml new/api.yaml");
    assert_eq!(output.status.code(), Some(1));
    let error = string(&output.stderr);
    assert!(error.contains("unresolved reference"), "{error}");
    assert!(error.contains("the new document is invalid"), "{error}");
}

#[test]
fn the_version_that_follows_is_printed_or_written() {
    let work = workspace();
    let manifest = "[package]\nname = \"shapes\"\nversion = \"0.2.1\" # released\n";
    let path = work.0.join("Cargo.toml");
    fs::write(&path, manifest).unwrap();
    let bump = |rest: &str| {
        let output = work.run(&format!("diff old/api.yaml new/api.yaml {rest}"));
        (output.status.code(), string(&output.stderr), fs::read_to_string(&path).unwrap())
    };
    let (code, error, content) = bump("--bump Cargo.toml");
    assert_eq!((code, content.as_str()), (Some(0), manifest), "{error}");
    assert!(error.contains("Cargo.toml: version 0.2.1, next 0.3.0 (major)"), "{error}");
    let (code, error, content) = bump("--bump Cargo.toml --write");
    assert_eq!((code, content), (Some(0), manifest.replace("0.2.1", "0.3.0")), "{error}");
    assert!(error.contains("Cargo.toml: version 0.2.1 is now 0.3.0 (major)"), "{error}");
    fs::write(&path, "[package]\nversion.workspace = true\n").unwrap();
    let (code, error, _) = bump("--bump Cargo.toml");
    assert_eq!(code, Some(1));
    assert!(error.contains("pass the manifest of the workspace"), "{error}");
    assert_eq!(bump("--write").0, Some(2), "`--write` needs `--bump`");
}
