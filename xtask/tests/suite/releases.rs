//! `cargo xtask release-notes`, in a temporary repository.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const SPEC: &str = "openapi: 3.0.3
info: { title: Garden, version: '1' }
security: [{ key: [] }]
paths:
  /plants:
    post:
      operationId: addPlant
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Plant' } } } }
      responses: { '204': { description: Added. } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Plant:
      type: object
      required: [name]
      properties:
        name: { type: string, maxLength: 50 }
        colour: { type: string }
";

const MANIFEST: &str = "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"0.1.0\"\n";

/// A repository with a release, removed when dropped.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("spec")).unwrap();
        let repository = Self(directory);
        repository.write("spec/openapi.yaml", SPEC);
        repository.write("spec/specwright.toml", "");
        repository.write("Cargo.toml", MANIFEST);
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.0.join(name), content).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "a commit"]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        command.args(identity).args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]);
        command.env("GIT_CONFIG_GLOBAL", self.0.join("none")).env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.args(arguments).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs the command. Returns whether it succeeded, and its output.
    fn notes(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("release-notes").args(arguments);
        command.current_dir(&self.0).env_remove("CARGO_MANIFEST_DIR");
        let output = command.output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(printed).unwrap())
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn changes_since_the_last_release_are_in_sections() {
    let repository = Repository::new("notes");
    let (passed, output) = repository.notes(&[]);
    assert!(!passed);
    assert!(output.contains("there is not a release to compare with"), "{output}");
    repository.git(&["tag", "v0.1.0"]);
    let (_, output) = repository.notes(&[]);
    assert!(output.contains("## datadog-ci-pipelines\n\nNothing changes for users."), "{output}");

    let changed = SPEC
        .replace("maxLength: 50", "maxLength: 60")
        .replace("        colour: { type: string }\n", "        height: { type: number }\n")
        .replace("components:\n", "    get:\n      operationId: listPlants\n      responses: { '200': { description: All., content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Plant' } } } } } }\ncomponents:\n");
    repository.write("spec/openapi.yaml", &changed);
    let (passed, output) = repository.notes(&[]);
    assert!(passed, "{output}");
    insta::assert_snapshot!(output);

    // The version has to follow.
    let (passed, output) = repository.notes(&["--check"]);
    assert!(!passed);
    assert!(output.contains("version 0.1.0 is too low"), "{output}");
    assert!(output.contains("set the version to 0.2.0 in Cargo.toml"), "{output}");
    repository.write("Cargo.toml", &MANIFEST.replace("0.1.0", "0.2.0"));
    let (passed, output) = repository.notes(&["--check"]);
    assert!(passed, "{output}");

    // Each release starts again; an older revision can be selected.
    repository.commit();
    repository.git(&["tag", "v0.2.0"]);
    let (_, output) = repository.notes(&[]);
    assert!(output.contains("since v0.2.0: nothing to release"), "{output}");
    let (_, output) = repository.notes(&["--since", "v0.1.0"]);
    assert!(output.contains("### Breaking"), "{output}");
    let (passed, output) = repository.notes(&["--since", "nothing"]);
    assert!(!passed);
    assert!(output.contains("`nothing` is not a git revision"), "{output}");
}
