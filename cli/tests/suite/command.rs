//! The command as a program: its output, its files and its exit status.

use std::fs;
use std::process::Command;

use crate::workspace::{Workspace, string};

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

fn workspace() -> Workspace {
    Workspace::new(&[("api.yaml", SPEC), ("shapes.yaml", SHAPES)])
}

#[test]
fn inspect_prints_operations_types_and_union_decisions() {
    let work = workspace();
    let output = work.run("inspect --spec api.yaml");
    assert_eq!(output.status.code(), Some(0), "{}", string(&output.stderr));
    insta::assert_snapshot!(string(&output.stdout));
}

#[test]
fn inspect_prints_json() {
    let work = workspace();
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
fn a_check_finds_a_missing_file_and_generate_restores_it() {
    let work = workspace();
    let options = "--spec api.yaml --method get --method put --out client";
    let generated = work.run(&format!("generate {options}"));
    assert_eq!(generated.status.code(), Some(0), "{}", string(&generated.stderr));
    assert!(work.exists("client/src/operations/reading/get_shape.rs"));
    assert!(!work.exists("client/src/operations/writing/delete_shapes_id.rs"));
    assert_eq!(work.run(&format!("check {options}")).status.code(), Some(0));

    fs::remove_file(work.0.join("client/src/client.rs")).unwrap();
    let checked = work.run(&format!("check {options}"));
    assert_eq!(checked.status.code(), Some(1));
    let printed = string(&checked.stderr);
    assert!(printed.contains("missing: client/src/client.rs"), "{printed}");
    assert!(printed.contains(&format!("run `specwright generate {}", &options[..15])), "{printed}");
    assert!(!work.exists("client/src/client.rs"), "a check writes nothing");
    assert_eq!(work.run(&format!("generate {options}")).status.code(), Some(0));
    assert!(work.exists("client/src/client.rs"));
}

#[test]
fn a_module_and_a_server_over_its_models() {
    let work = workspace();
    let options = "--spec api.yaml --operation getShape";
    let client = work.run(&format!("generate {options} --out src/api --module crate::api"));
    assert_eq!(client.status.code(), Some(0), "{}", string(&client.stderr));
    let server = "--out src/served --module crate::served --server crate::api::models";
    let server = work.run(&format!("generate {options} {server}"));
    assert_eq!(server.status.code(), Some(0), "{}", string(&server.stderr));
    let api = fs::read_to_string(work.0.join("src/served/api.rs")).unwrap();
    assert!(api.contains("crate::served::"), "{api}");
    assert!(!work.exists("src/api/Cargo.toml"));
}

#[test]
fn paths_are_relative_to_the_current_directory() {
    let work = workspace();
    fs::create_dir_all(work.0.join("a/b")).unwrap();
    fs::write(work.0.join("a/spec.toml"), "overlays = ['o.yaml']").unwrap();
    let overlay = "overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions: [{ target: \"$.paths.*.delete\", remove: true }]\n";
    fs::write(work.0.join("a/o.yaml"), overlay).unwrap();
    let absolute = format!("inspect --spec {}/api.yaml --config a/spec.toml", work.0.display());
    for arguments in ["inspect --spec ./a/../api.yaml --config ./a/spec.toml", &absolute] {
        let output = work.run(arguments);
        let printed = string(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{}", string(&output.stderr));
        assert!(printed.contains("2 of 2 in the document, 0 skipped"), "{printed}");
        assert!(printed.contains("Circle, Square") && !printed.contains("# warnings"), "{printed}");
    }
}

#[test]
fn errors_have_no_colours_and_set_the_exit_status() {
    let work = workspace();
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
        let printed = string(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {printed}");
        assert!(printed.contains(expected), "{arguments}: {printed}");
        assert!(!printed.contains('\u{1b}'), "{arguments}: {printed}");
    }
    assert!(!work.exists("c"), "a failed run writes nothing");
}

#[test]
fn a_crate_is_a_separate_workspace_only_with_standalone() {
    let work = workspace();
    let member = work.run("generate --spec api.yaml --tag reading --out member");
    assert_eq!(member.status.code(), Some(0), "{}", string(&member.stderr));
    assert!(!work.read("member/Cargo.toml").contains("[workspace]"));
    // A workspace with this crate as a member and a dependency.
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
    assert!(whole.status.success(), "{}", string(&whole.stderr));

    let options = "--spec api.yaml --tag reading --out alone --standalone";
    assert_eq!(work.run(&format!("generate {options}")).status.code(), Some(0));
    assert!(work.read("alone/Cargo.toml").contains("\n[workspace]\n"));
    let alone = metadata("alone");
    assert!(alone.status.success(), "{}", string(&alone.stderr));
}

#[test]
fn the_runtime_path_is_relative_to_the_crate() {
    let work = workspace();
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
        assert_eq!(output.status.code(), Some(0), "{}", string(&output.stderr));
        assert!(!string(&output.stdout).contains("registry"), "{}", string(&output.stdout));
        let manifest = work.read(&format!("{out}/Cargo.toml"));
        assert!(manifest.contains(&format!("{{ path = \"{expected}\", ")), "{out}: {manifest}");
        // Running the command in the header changes nothing.
        let header = manifest.lines().next().unwrap();
        let command = header.split('`').nth(1).unwrap().strip_prefix("specwright ").unwrap();
        let again = work.run(command);
        assert!(string(&again.stdout).contains(" 0 written"), "{}", string(&again.stdout));
    }
    for (runtime, expected) in [
        ("checkout", "error: cannot read checkout/Cargo.toml"),
        ("other", "error: other/Cargo.toml is not the manifest of specwright-runtime"),
    ] {
        fs::create_dir_all(work.0.join("other")).unwrap();
        fs::write(work.0.join("other/Cargo.toml"), "[package]\nname = \"other\"\n").unwrap();
        let output = work.run(&format!("generate --spec api.yaml --out no --runtime {runtime}"));
        let printed = string(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        assert!(printed.contains(expected) && printed.contains("help: --runtime is"), "{printed}");
    }
}

#[test]
fn a_runtime_from_the_registry_is_reported() {
    let work = workspace();
    let output = work.run("generate --spec api.yaml --tag reading --out client");
    let printed = string(&output.stdout);
    assert!(printed.contains("specwright-runtime 0.1.0 from the registry"), "{printed}");
    assert!(printed.contains("--runtime DIR"), "{printed}");
    let module = work.run("generate --spec api.yaml --tag reading --out m --module crate::m");
    assert!(!string(&module.stdout).contains("registry"), "{}", string(&module.stdout));
}

#[test]
fn relative_output_directories_name_the_crate() {
    let work = workspace();
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
        assert_eq!(generated.status.code(), Some(0), "{}", string(&generated.stderr));
        assert!(work.read("pets-client/Cargo.toml").contains("name = \"pets-client\"\n"));
        let checked = run("check");
        assert_eq!(checked.status.code(), Some(0), "{}", string(&checked.stderr));
    }
    for what in ["generate", "check"] {
        let output = work.run(&format!("{what} --spec api.yaml --tag reading --out afile"));
        assert!(string(&output.stderr).contains("error: afile is a file"));
    }
}

#[test]
fn invalid_module_and_crate_names_are_rejected() {
    let work = workspace();
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
        let printed = string(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        assert!(printed.starts_with("error: ") && printed.contains(expected), "{printed}");
        assert!(!printed.contains("panicked") && !work.exists("x"), "{printed}");
    }
}

#[test]
fn addresses_and_standard_input_are_rejected() {
    let work = workspace();
    for (arguments, expected) in [
        ("inspect --spec https://api.example/v1.yaml", "https://api.example/v1.yaml is a URL"),
        ("inspect --spec -", "standard input is not supported"),
        ("inspect --spec api.yaml --overlay http://x/o.yaml", "http://x/o.yaml is a URL"),
    ] {
        let printed = string(&work.run(arguments).stderr);
        assert!(
            printed.contains(expected)
                && printed.contains("help: save the document to a file first"),
            "{printed}"
        );
    }
}

#[test]
fn a_closed_pipe_does_not_panic() {
    let work = workspace();
    for arguments in ["generate --spec api.yaml --tag reading --out c", "inspect --spec none.yaml"]
    {
        // A pipe whose reader is closed.
        let (stdout, stderr) = (std::io::pipe().unwrap().1, std::io::pipe().unwrap().1);
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(arguments.split_whitespace()).current_dir(&work.0);
        let status = command.stdout(stdout).stderr(stderr).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{arguments}: {status}");
    }
    assert!(work.exists("c/src/lib.rs"));
}

#[test]
fn inspect_prints_the_items_of_streams() {
    let work = workspace();
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
        '201': { description: Strings., content: { text/event-stream: { schema: { type: string } } } }
components: { schemas: { Piece: { type: object, properties: { data: { type: string } } } } }
";
    fs::write(work.0.join("streams.yaml"), spec).unwrap();
    let output = work.run("inspect --spec streams.yaml");
    let printed = string(&output.stdout);
    for expected in [
        "stream of Piece (text/event-stream)",
        "stream of Piece (application/x-ndjson)",
        "stream of integer (application/jsonl)",
        " Piece (application/json)",
        "201     stream of string (text/event-stream)",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}{}", string(&output.stderr));
    }
}

#[test]
fn invalid_json_paths_are_reported_with_the_column() {
    let work = workspace();
    for (target, expected) in [
        (
            "$.paths[?(@.x",
            "invalid JSONPath `$.paths[?(@.x` (RFC 9535); unexpected end of the expression",
        ),
        ("$.paths./a", "syntax error at column 9: `/a`"),
        ("paths", "it must start with `$`"),
        ("$.paths.", "unexpected end of the expression"),
    ] {
        let overlay = format!(
            "overlay: 1.0.0\ninfo: {{ title: O, version: '1' }}\nactions: [{{ target: {target:?}, remove: true }}]\n"
        );
        fs::write(work.0.join("o.yaml"), overlay).unwrap();
        let printed = string(&work.run("inspect --spec api.yaml --overlay o.yaml").stderr);
        assert!(printed.contains(expected), "{printed}");
    }
}
