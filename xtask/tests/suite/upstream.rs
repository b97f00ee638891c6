//! `cargo xtask upstream`: the spec in several files, against published documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::copy;

/// A workspace in a temporary directory, removed when dropped.
struct Garden(PathBuf);

impl Garden {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let fixture = xtask::root().unwrap().join("xtask/tests/fixtures/upstream");
        copy(&fixture, &directory);
        fs::write(directory.join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
        Self(directory)
    }

    /// Runs the command. Returns whether it succeeded, and its output.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(&self.0).env_remove("CARGO_MANIFEST_DIR");
        let output = command.output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(printed).unwrap())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let content = self.read(name);
        assert!(content.contains(from), "{from}");
        fs::write(self.0.join(name), content.replace(from, to)).unwrap();
    }
}

impl Drop for Garden {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn equal_documents_have_intended_differences_only() {
    let garden = Garden::new("same");
    let (passed, output) = garden.run(&["upstream", "same.yaml", "--mutations"]);
    assert!(passed, "{output}");
    assert!(output.contains("2 operations compared: 1 intended differences, 0 others"), "{output}");
    assert!(output.contains("7 mutations of properties: 0 are not reported exactly"), "{output}");
}

#[test]
fn differences_have_their_locations() {
    let garden = Garden::new("changed");
    let (passed, output) = garden.run(&["upstream", "changed.yaml"]);
    assert!(!passed);
    insta::assert_snapshot!(output);
}

#[test]
fn an_intended_difference_expires() {
    let garden = Garden::new("expired");
    garden.replace("same.yaml", "^[a-z]+$", "^[a-z ]+$");
    let (passed, output) = garden.run(&["upstream", "same.yaml"]);
    assert!(!passed);
    assert!(output.contains("spec/schemas.yaml:10:5: `pattern` of property `name`"), "{output}");
    assert!(output.contains("error: spec/upstream.toml:1: expired"), "{output}");
    garden.replace("same.yaml", ", pattern: \"^[a-z ]+$\"", "");
    let (passed, output) = garden.run(&["upstream", "same.yaml"]);
    assert!(!passed);
    assert!(output.contains("error: spec/upstream.toml:1: expired: no difference"), "{output}");
    garden.replace("spec/upstream.toml", "real names do not match it", " ");
    let (_, output) = garden.run(&["upstream", "same.yaml"]);
    assert!(output.contains("spec/upstream.toml:1: the reason is empty"), "{output}");
}

#[test]
fn accepted_differences_are_written_with_placeholders() {
    let garden = Garden::new("accepted");
    let (passed, output) = garden.run(&["upstream", "changed.yaml", "--accept"]);
    assert!(passed, "{output}");
    insta::assert_snapshot!("openapi", garden.read("spec/openapi.yaml"));
    insta::assert_snapshot!("schemas", garden.read("spec/schemas.yaml"));
    let (passed, output) = garden.run(&["upstream", "changed.yaml"]);
    assert!(passed, "{output}");
    // Nothing is generated until the words are written.
    fs::write(garden.0.join("spec/specwright.toml"), "").unwrap();
    let (passed, output) = garden.run(&["generate", "--check"]);
    assert!(!passed);
    assert!(output.contains("spec/schemas.yaml:"), "{output}");
    assert!(output.contains("help: replace `TO BE WRITTEN`"), "{output}");
    let before = garden.read("spec/openapi.yaml");
    let (_, output) = garden.run(&["upstream", "changed.yaml", "--accept"]);
    assert!(output.contains("The spec does not change."), "{output}");
    assert_eq!(garden.read("spec/openapi.yaml"), before);
}

#[test]
fn compressed_documents_are_read() {
    let garden = Garden::new("compressed");
    let mut command = Command::new("gzip");
    let compressed = command.arg(Path::new("same.yaml")).current_dir(&garden.0).status();
    if compressed.is_ok_and(|status| status.success()) {
        let (passed, output) = garden.run(&["upstream", "same.yaml.gz"]);
        assert!(passed, "{output}");
    }
}
