//! The command as it is called: what it prints, what it writes, and how it ends.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SPEC: &str = "openapi: 3.0.3
info: { title: Shapes, version: '2' }
paths:
  /shapes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      tags: [reading]
      operationId: getShape
      parameters: [{ name: unit, in: query, schema: { type: string } }]
      responses:
        '200': { description: It., content: { application/json: { schema: { $ref: 'shapes.yaml#/Shape' } } } }
        '404': { description: Not there. }
    put:
      tags: [writing]
      operationId: putShape
      requestBody: { content: { application/json: { schema: { $ref: 'shapes.yaml#/Shape' } } } }
      responses: { '204': { description: Done. } }
    delete: { tags: [writing], parameters: [{ $ref: '#/nowhere' }], responses: {} }
";

const SHAPES: &str = "Shape:
  oneOf: [{ $ref: '#/Circle' }, { $ref: '#/Square' }, { type: array, items: { type: number } }]
Circle: { type: object, required: [kind, r], properties: { kind: { type: string, enum: [circle] }, r: { type: number } } }
Square: { type: object, required: [kind, a], properties: { kind: { type: string, enum: [square] }, a: { type: number } } }
";

/// A directory with a description, gone when the test ends.
struct Workplace(PathBuf);

impl Workplace {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("specwright-cli-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("api.yaml"), SPEC).unwrap();
        fs::write(path.join("shapes.yaml"), SHAPES).unwrap();
        Self(path)
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).output().unwrap()
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(&self.0).join(path).exists()
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn inspect_says_what_is_there_and_how_unions_are_decided() {
    let work = Workplace::new("inspect");
    let output = work.run("inspect --spec api.yaml");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    insta::assert_snapshot!(text(&output.stdout));
}

#[test]
fn inspect_says_the_same_to_programs() {
    let work = Workplace::new("json");
    let output = work.run("inspect --spec api.yaml --json --tag reading");
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["operations"].as_array().map(Vec::len), Some(1));
    assert_eq!(value["operations"][0]["answers"][0]["bodies"][0]["type"], "Shape");
    let shape = value["types"].as_array().unwrap().iter().find(|ty| ty["name"] == "Shape").unwrap();
    let rule = &shape["kind"]["decision"][0];
    assert_eq!(rule["type"], "object");
    assert_eq!(rule["how"]["by"], "text");
    assert_eq!(rule["how"]["property"], "kind");
    assert_eq!(value["warnings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_generated_is_checked_and_mended() {
    let work = Workplace::new("generate");
    let options = "--spec api.yaml --method get --method put --out client";
    let generated = work.run(&format!("generate {options}"));
    assert_eq!(generated.status.code(), Some(0), "{}", text(&generated.stderr));
    assert!(work.exists("client/src/operations/reading/get_shape.rs"));
    assert!(!work.exists("client/src/operations/writing/delete_shapes_id.rs"));
    assert_eq!(work.run(&format!("check {options}")).status.code(), Some(0));

    fs::remove_file(work.0.join("client/src/client.rs")).unwrap();
    let checked = work.run(&format!("check {options}"));
    assert_eq!(checked.status.code(), Some(1));
    let said = text(&checked.stderr);
    assert!(said.contains("missing: client/src/client.rs"), "{said}");
    assert!(said.contains(&format!("run `specwright generate {}", &options[..15])), "{said}");
    assert!(!work.exists("client/src/client.rs"), "a check writes nothing");
    assert_eq!(work.run(&format!("generate {options}")).status.code(), Some(0));
    assert!(work.exists("client/src/client.rs"));
}

#[test]
fn a_module_and_a_server_over_its_models() {
    let work = Workplace::new("module");
    let options = "--spec api.yaml --operation getShape";
    let client = work.run(&format!("generate {options} --out src/api --module crate::api"));
    assert_eq!(client.status.code(), Some(0), "{}", text(&client.stderr));
    let server = "--out src/served --module crate::served --server crate::api::models";
    let server = work.run(&format!("generate {options} {server}"));
    assert_eq!(server.status.code(), Some(0), "{}", text(&server.stderr));
    let api = fs::read_to_string(work.0.join("src/served/api.rs")).unwrap();
    assert!(api.contains("crate::served::"), "{api}");
    assert!(!work.exists("src/api/Cargo.toml"));
}

#[test]
fn files_and_overlays_are_found_from_wherever_the_command_is_called() {
    let work = Workplace::new("elsewhere");
    fs::create_dir_all(work.0.join("a/b")).unwrap();
    fs::write(work.0.join("a/spec.toml"), "overlays = ['o.yaml']").unwrap();
    let overlay = "overlay: 1.0.0\nactions: [{ target: \"$.paths.*.delete\", remove: true }]\n";
    fs::write(work.0.join("a/o.yaml"), overlay).unwrap();
    let absolute = format!("inspect --spec {}/api.yaml --config a/spec.toml", work.0.display());
    for arguments in ["inspect --spec ./a/../api.yaml --config ./a/spec.toml", &absolute] {
        let output = work.run(arguments);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(said.contains("2 of 2 in the description, 0 left out"), "{said}");
        assert!(said.contains("Circle, Square") && !said.contains("# warnings"), "{said}");
    }
}

#[test]
fn what_is_wrong_is_said_without_colours_and_ends_with_one() {
    let work = Workplace::new("refused");
    for (arguments, code, expected) in [
        ("generate --spec api.yaml --out c", 1, "error[unknown-ref]: `#/nowhere` leads nowhere"),
        ("inspect --spec none.yaml", 1, "error: cannot read none.yaml"),
        ("generate --spec api.yaml --tag x --out c", 1, "there is no operation with the tag `x`"),
        ("generate --spec api.yaml", 2, "--out <DIR>"),
        ("frobnicate", 2, "unrecognized subcommand"),
        ("--version", 0, ""),
    ] {
        let output = work.run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
        assert!(said.contains(expected), "{arguments}: {said}");
        assert!(!said.contains('\u{1b}'), "{arguments}: {said}");
    }
    assert!(!work.exists("c"), "nothing is written of what is refused");
}
