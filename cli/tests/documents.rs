//! `specwright bundle` and `specwright inspect --untyped` as programs.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const SPEC: &str = "openapi: 3.0.3
info: { title: Shapes, version: '2' } # a comment
paths:
  /shapes:
    get:
      operationId: listShapes
      responses:
        '200': { description: All., content: { application/json: { schema: { $ref: 'shapes.yaml#/Shape' } } } }
";

/// A temporary directory with a document, removed when dropped.
struct Workspace(PathBuf);

impl Workspace {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("specwright-cli-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("api.yaml"), SPEC).unwrap();
        fs::write(path.join("shapes.yaml"), "Shape: { type: object }\n").unwrap();
        Self(path)
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).output().unwrap()
    }

    fn printed(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn bundles_are_yaml_or_json_by_extension() {
    let workspace = Workspace::new("bundle");
    let yaml = workspace.printed("bundle --spec api.yaml");
    assert!(yaml.starts_with("openapi: 3.0.3\ninfo:\n"), "{yaml}");
    assert!(yaml.contains("$ref: '#/components/schemas/Shape'"), "{yaml}");
    let json = workspace.printed("bundle --spec api.yaml --format json");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["components"]["schemas"]["Shape"]["type"], "object");
    assert_eq!(workspace.printed("bundle --spec api.yaml --output all.json"), "");
    assert_eq!(fs::read_to_string(workspace.0.join("all.json")).unwrap(), json);
    assert_eq!(workspace.printed("bundle --spec api.yaml --format yaml -o all.json"), "");
    assert_eq!(fs::read_to_string(workspace.0.join("all.json")).unwrap(), yaml);
}

#[test]
fn bundles_replace_no_input() {
    let workspace = Workspace::new("bundle-input");
    for file in ["api.yaml", "./shapes.yaml"] {
        let output = workspace.run(&format!("bundle --spec api.yaml -o {file}"));
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("is a part of the input"), "{error}");
    }
    assert_eq!(fs::read_to_string(workspace.0.join("api.yaml")).unwrap(), SPEC);
}

#[test]
fn untyped_schemas_are_listed_with_their_position() {
    let workspace = Workspace::new("untyped");
    let expected = "1 of 2 untyped
       1  document

# reasons
     1  is an object without properties (document)

# locations
shapes.yaml:1:1: #/Shape is an object without properties: `JsonObject` (document)
";
    assert_eq!(workspace.printed("inspect --spec api.yaml --untyped"), expected);
    let json = workspace.printed("inspect --spec api.yaml --untyped --json");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["counts"]["free-form-object"], 1);
    assert_eq!(value["locations"][0]["pointer"], "/components/schemas/Shape");
    assert_eq!(value["locations"][0]["position"]["file"], "shapes.yaml");
    assert_eq!(value["locations"][0]["blame"], "document");
}
