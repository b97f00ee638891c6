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

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
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
    assert_eq!(value["operations"][0]["responses"][0]["bodies"][0]["type"], "Shape");
    let shape = value["types"].as_array().unwrap().iter().find(|ty| ty["name"] == "Shape").unwrap();
    let rule = &shape["kind"]["decision"][0];
    assert_eq!(rule["type"], "object");
    assert_eq!(rule["how"]["by"], "string");
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
        (
            "generate --spec api.yaml --out c",
            1,
            "error[unresolved-reference]: unresolved reference `#/nowhere`",
        ),
        ("inspect --spec none.yaml", 1, "error: cannot read none.yaml"),
        ("generate --spec api.yaml --tag x --out c", 1, "operation with the tag `x` not found"),
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

#[test]
fn a_crate_is_a_workspace_of_its_own_only_where_it_is_asked_to_be() {
    let work = Workplace::new("standalone");
    let member = work.run("generate --spec api.yaml --tag reading --out member");
    assert_eq!(member.status.code(), Some(0), "{}", text(&member.stderr));
    assert!(!work.read("member/Cargo.toml").contains("[workspace]"));
    // A crate that takes it for a dependency, and is a workspace with it as a member.
    let manifest = "[package]\nname = 'app'\nedition = '2024'\n[dependencies]\n\
                    member = { path = 'member' }\n[workspace]\nmembers = ['member']\n";
    fs::write(work.0.join("Cargo.toml"), manifest).unwrap();
    fs::create_dir_all(work.0.join("src")).unwrap();
    fs::write(work.0.join("src/lib.rs"), "").unwrap();
    let metadata = |directory: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        cargo.current_dir(work.0.join(directory)).output().unwrap()
    };
    let whole = metadata("");
    assert!(whole.status.success(), "{}", text(&whole.stderr));

    let options = "--spec api.yaml --tag reading --out alone --standalone";
    assert_eq!(work.run(&format!("generate {options}")).status.code(), Some(0));
    assert!(work.read("alone/Cargo.toml").contains("\n[workspace]\n"));
    let alone = metadata("alone");
    assert!(alone.status.success(), "{}", text(&alone.stderr));
}

#[test]
fn the_runtime_is_named_as_it_is_seen_from_the_crate() {
    let work = Workplace::new("runtime");
    fs::create_dir_all(work.0.join("checkout/client-runtime")).unwrap();
    let manifest = "[package]\nname = \"specwright-runtime\"\n";
    fs::write(work.0.join("checkout/client-runtime/Cargo.toml"), manifest).unwrap();
    let absolute = work.0.join("checkout/client-runtime").display().to_string();
    for (out, runtime, expected) in [
        ("client", "checkout/client-runtime", "../checkout/client-runtime"),
        ("a/b/client", "./checkout/client-runtime/", "../../../checkout/client-runtime"),
        ("checkout/client", "a/../checkout/client-runtime", "../client-runtime"),
        ("absolute", &absolute, &absolute),
    ] {
        let options = format!("--spec api.yaml --tag reading --out {out} --runtime {runtime}");
        let output = work.run(&format!("generate {options}"));
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(!text(&output.stdout).contains("registry"), "{}", text(&output.stdout));
        let manifest = work.read(&format!("{out}/Cargo.toml"));
        assert!(manifest.contains(&format!("{{ path = \"{expected}\", ")), "{out}: {manifest}");
        // The header is the command, which gives the same again.
        let header = manifest.lines().next().unwrap();
        let command = header.split('`').nth(1).unwrap().strip_prefix("specwright ").unwrap();
        let again = work.run(command);
        assert!(text(&again.stdout).contains(" 0 written"), "{}", text(&again.stdout));
    }
    for (runtime, expected) in [
        ("checkout", "error: cannot read checkout/Cargo.toml"),
        ("other", "error: other/Cargo.toml is not the manifest of specwright-runtime"),
    ] {
        fs::create_dir_all(work.0.join("other")).unwrap();
        fs::write(work.0.join("other/Cargo.toml"), "[package]\nname = \"other\"\n").unwrap();
        let output = work.run(&format!("generate --spec api.yaml --out no --runtime {runtime}"));
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(expected) && said.contains("help: --runtime names"), "{said}");
    }
}

#[test]
fn what_the_registry_must_have_is_said() {
    let work = Workplace::new("registry");
    let output = work.run("generate --spec api.yaml --tag reading --out client");
    let said = text(&output.stdout);
    assert!(said.contains("specwright-runtime 0.1.0 from the registry"), "{said}");
    assert!(said.contains("--runtime DIR"), "{said}");
    let module = work.run("generate --spec api.yaml --tag reading --out m --module crate::m");
    assert!(!text(&module.stdout).contains("registry"), "{}", text(&module.stdout));
}

#[test]
fn directories_have_their_own_names_and_are_no_files() {
    let work = Workplace::new("places");
    fs::create_dir_all(work.0.join("pets-client/deep")).unwrap();
    fs::write(work.0.join("afile"), "").unwrap();
    for (directory, out) in [("pets-client", "."), ("pets-client/deep", "..")] {
        let run = |what: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
            command.current_dir(work.0.join(directory));
            command.args([what, "--tag", "reading", "--out", out, "--spec"]);
            command.arg(work.0.join("api.yaml")).output().unwrap()
        };
        let generated = run("generate");
        assert_eq!(generated.status.code(), Some(0), "{}", text(&generated.stderr));
        assert!(work.read("pets-client/Cargo.toml").contains("name = \"pets-client\"\n"));
        let checked = run("check");
        assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    }
    for what in ["generate", "check"] {
        let output = work.run(&format!("{what} --spec api.yaml --tag reading --out afile"));
        assert!(text(&output.stderr).contains("error: afile is a file"));
    }
}

#[test]
fn names_that_rust_does_not_take_are_refused() {
    let work = Workplace::new("names");
    for (arguments, expected) in [
        (&["--module", "crate::a b"][..], "invalid module path `crate::a b`"),
        (&["--module", "crate::fn"], "`fn` is a Rust keyword"),
        (&["--module", "api"], "it must start with `crate`"),
        (&["--module", "crate::b", "--server", "crate::"], "invalid module path `crate::`"),
        (&["--name", "test"], "crate name `test` is reserved"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(["generate", "--spec", "api.yaml", "--tag", "reading", "--out", "x"]);
        let output = command.args(arguments).current_dir(&work.0).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("error: ") && said.contains(expected), "{said}");
        assert!(!said.contains("panicked") && !work.exists("x"), "{said}");
    }
}

#[test]
fn what_is_no_file_is_not_looked_for() {
    let work = Workplace::new("address");
    for (arguments, expected) in [
        ("inspect --spec https://api.example/v1.yaml", "https://api.example/v1.yaml is an address"),
        ("inspect --spec -", "nothing is read from standard input"),
        ("inspect --spec api.yaml --overlay http://x/o.yaml", "http://x/o.yaml is an address"),
    ] {
        let said = text(&work.run(arguments).stderr);
        assert!(said.contains(expected) && said.contains("help: save it first"), "{said}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_panic() {
    let work = Workplace::new("pipe");
    for arguments in ["generate --spec api.yaml --tag reading --out c", "inspect --spec none.yaml"]
    {
        // A pipe that nobody reads.
        let (stdout, stderr) = (std::io::pipe().unwrap().1, std::io::pipe().unwrap().1);
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(arguments.split_whitespace()).current_dir(&work.0);
        let status = command.stdout(stdout).stderr(stderr).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{arguments}: {status}");
    }
    assert!(work.exists("c/src/lib.rs"));
}

#[test]
fn inspect_says_what_streams_bring() {
    let work = Workplace::new("streams");
    let spec = "openapi: 3.1.0
info: { title: Streams, version: '1' }
paths:
  /all:
    get:
      responses:
        '200':
          description: All.
          content:
            text/event-stream:
              itemSchema: { properties: { data: { contentSchema: { $ref: '#/components/schemas/Piece' } } } }
            application/x-ndjson: { schema: { type: array, items: { $ref: '#/components/schemas/Piece' } } }
            application/jsonl: { itemSchema: { type: integer } }
            application/json: { schema: { $ref: '#/components/schemas/Piece' } }
        '201': { description: Texts., content: { text/event-stream: { schema: { type: string } } } }
components: { schemas: { Piece: { type: object, properties: { data: { type: string } } } } }
";
    fs::write(work.0.join("streams.yaml"), spec).unwrap();
    let output = work.run("inspect --spec streams.yaml");
    let said = text(&output.stdout);
    for expected in [
        "stream of Piece (text/event-stream)",
        "stream of Piece (application/x-ndjson)",
        "stream of integer (application/jsonl)",
        " Piece (application/json)",
        "201     stream of string (text/event-stream)",
    ] {
        assert!(said.contains(expected), "{expected}: {said}{}", text(&output.stderr));
    }
}

#[test]
fn a_jsonpath_that_is_none_is_shown_with_the_place_of_the_fault() {
    let work = Workplace::new("jsonpath");
    for (target, expected) in [
        (
            "$.paths[?(@.x",
            "invalid JSONPath `$.paths[?(@.x` (RFC 9535); syntax error at column 10: `(@.x`",
        ),
        ("$.paths./a", "syntax error at column 9: `/a`"),
        ("paths", "it must start with `$`"),
        ("$.paths.", "unexpected end of the expression"),
    ] {
        let overlay =
            format!("overlay: 1.0.0\nactions: [{{ target: {target:?}, remove: true }}]\n");
        fs::write(work.0.join("o.yaml"), overlay).unwrap();
        let said = text(&work.run("inspect --spec api.yaml --overlay o.yaml").stderr);
        assert!(said.contains(expected), "{said}");
    }
}
