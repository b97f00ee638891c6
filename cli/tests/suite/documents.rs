//! `specwright bundle` and `specwright inspect --untyped` as programs.

use crate::workspace::Workspace;

const SPEC: &str = "openapi: 3.0.3
info: { title: Shapes, version: '2' } # a comment
paths:
  /shapes:
    get:
      operationId: listShapes
      responses:
        '200': { description: All., content: { application/json: { schema: { $ref: 'shapes.yaml#/Shape' } } } }
";

fn workspace() -> Workspace {
    Workspace::new(&[("api.yaml", SPEC), ("shapes.yaml", "Shape: { type: object }\n")])
}

#[test]
fn bundles_are_yaml_or_json_by_extension() {
    let workspace = workspace();
    let yaml = workspace.printed("bundle --spec api.yaml");
    assert!(yaml.starts_with("openapi: 3.0.3\ninfo:\n"), "{yaml}");
    assert!(yaml.contains("$ref: '#/components/schemas/Shape'"), "{yaml}");
    let json = workspace.printed("bundle --spec api.yaml --format json");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["components"]["schemas"]["Shape"]["type"], "object");
    assert_eq!(workspace.printed("bundle --spec api.yaml --output all.json"), "");
    assert_eq!(workspace.read("all.json"), json);
    assert_eq!(workspace.printed("bundle --spec api.yaml --format yaml -o all.json"), "");
    assert_eq!(workspace.read("all.json"), yaml);
}

#[test]
fn bundles_replace_no_input() {
    let workspace = workspace();
    for file in ["api.yaml", "./shapes.yaml"] {
        let output = workspace.run(&format!("bundle --spec api.yaml -o {file}"));
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("is a part of the input"), "{error}");
    }
    assert_eq!(workspace.read("api.yaml"), SPEC);
}

#[test]
fn untyped_schemas_are_listed_with_their_position() {
    let workspace = workspace();
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
