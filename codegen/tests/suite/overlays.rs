//! Overlays and documents in several files: their effect on the document, and that diagnostics
//! point to the file that a part is from.

use proptest::prelude::*;
use specwright::{Config, Diagnostics, Input, Source, inspect, references};

const SPEC: &str = "openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a: { get: { operationId: a, responses: {} } }
  /b:
    get:
      operationId: b
      parameters:
        - { name: first, in: query, schema: { type: string } }
        - { name: second, in: query, schema: { type: string } }
        - { $ref: '#/nowhere' }
      responses: {}
";

fn overlay(name: &str, actions: &str) -> Source {
    Source::new(
        name,
        format!("overlay: 1.0.0\ninfo: {{ title: O, version: '1' }}\nactions:\n{actions}"),
    )
}

fn input(spec: &str, overlays: Vec<Source>) -> Input {
    let spec = Source::new("api.yaml", spec);
    Input { overlays, ..Input::new(spec, Config::default()) }
}

#[expect(clippy::expect_used, reason = "a test helper: the input is part of the test")]
fn rejected(input: &Input) -> Diagnostics {
    specwright::generate(input).expect_err("it is accepted")
}

fn lines(found: &Diagnostics) -> Vec<String> {
    found.lines().collect()
}

#[test]
fn elements_after_a_removed_element_keep_their_positions() {
    let remove = "  - target: $.paths['/b'].get.parameters[?@.name == 'first' || @.name == 'second']\n    remove: true\n";
    let found = rejected(&input(SPEC, vec![overlay("o.yaml", remove)]));
    assert_eq!(
        lines(&found),
        ["api.yaml:11:13: unresolved reference `#/nowhere` [unresolved-reference]"]
    );
}

#[test]
fn what_an_overlay_adds_has_its_position_in_the_overlay() {
    let good = "  - target: $.paths['/b'].get.parameters[2]\n    remove: true\n";
    let append = "  - target: $.paths['/b'].get.parameters\n    update: { $ref: '#/gone' }\n";
    let merge = "  - target: $.paths['/a'].get\n    update:\n      parameters:\n        - { $ref: '#/lost' }\n";
    let overlays =
        vec![overlay("one.yaml", &format!("{good}{append}")), overlay("two.yaml", merge)];
    assert_eq!(
        lines(&rejected(&input(SPEC, overlays))),
        [
            "two.yaml:7:13: unresolved reference `#/lost` [unresolved-reference]",
            "one.yaml:7:15: unresolved reference `#/gone` [unresolved-reference]",
        ]
    );
}

#[test]
fn overlays_are_applied_in_order_and_every_action_must_match() {
    let remove = "  - target: $.paths['/b']\n    remove: true\n";
    let both = vec![overlay("one.yaml", remove), overlay("two.yaml", remove)];
    let found = lines(&rejected(&input(SPEC, both)));
    assert_eq!(
        found,
        ["two.yaml:4:5: overlay target `$.paths['/b']` matches nothing [unmatched-overlay-target]"]
    );
    let one = specwright::generate(&input(SPEC, vec![overlay("one.yaml", remove)])).unwrap();
    assert_eq!((one.counts.operations_defined, one.counts.operations), (1, 1));
}

#[test]
fn a_configured_overlay_that_was_not_loaded_is_reported() {
    let mut input = input(SPEC, Vec::new());
    input.config = Config::parse(Source::new("c.toml", "overlays = ['o.yaml']")).unwrap();
    let found = lines(&rejected(&input));
    assert_eq!(
        found[0],
        "c.toml:1:13: overlay `o.yaml` is listed in the configuration but was not loaded \
         [invalid-config]"
    );
}

#[test]
fn an_overlay_can_repair_a_referenced_file() {
    let spec =
        "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: { /a: { $ref: parts/a.yaml } }\n";
    let extends = "overlay: 1.0.0\ninfo: { title: O, version: '1' }\nextends: ../parts/a.yaml\nactions: [{ target: $.get.parameters, remove: true }]\n";
    let mut input = input(spec, vec![Source::new("overlays/o.yaml", extends)]);
    assert_eq!(references(&input.spec), ["parts/a.yaml"]);
    input.files.push(Source::new(
        "parts/a.yaml",
        "get: { operationId: a, parameters: [{ $ref: '#/nowhere' }] }\n",
    ));
    assert_eq!(specwright::generate(&input).unwrap().counts.operations, 1);
    input.overlays.clear();
    let found = lines(&rejected(&input));
    assert!(found[0].starts_with("parts/a.yaml:1:1: "), "{found:?}");
}

#[test]
fn a_document_split_into_files_generates_the_same_code() {
    let third = "{ $ref: '#/nowhere' }";
    let with = |schema: &str| {
        SPEC.replace(
            third,
            &format!("{{ name: third, in: query, schema: {{ $ref: '{schema}' }} }}"),
        )
    };
    let whole = with("#/components/schemas/Word")
        + "components: { schemas: { Word: { type: string, enum: [a, b] } } }\n";
    let split = with("./words.json#/Word");
    let mut input_of_two = input(&split, Vec::new());
    input_of_two
        .files
        .push(Source::new("words.json", r#"{"Word": {"type": "string", "enum": ["a", "b"]}}"#));
    let one = specwright::generate(&input(&whole, Vec::new())).unwrap();
    let two = specwright::generate(&input_of_two).unwrap();
    assert_eq!(one.files, two.files);
}

#[test]
fn files_may_refer_to_each_other_in_circles() {
    let spec = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: { /a: { get: { responses: { '200': { description: It., content: { application/json: { schema: { $ref: 'a.yaml' } } } } } } } }\n";
    let mut input = input(spec, Vec::new());
    for (name, content) in [
        (
            "a.yaml",
            "type: object\nproperties: { b: { $ref: './b.yaml' }, self: { $ref: '#' }, by-anchor: { $ref: 'b.yaml#here' } }",
        ),
        (
            "b.yaml",
            "type: [object, 'null']\nproperties: { a: { $ref: 'x/../a.yaml' }, c: { $anchor: here, type: string, const: c } }",
        ),
    ] {
        input.files.push(Source::new(name, content));
    }
    let (inspection, warnings) = inspect(&input).unwrap();
    assert!(warnings.is_empty(), "{}", warnings.render(false));
    let names: Vec<_> = inspection.types.iter().map(|ty| ty.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "BC"]);
    // Two references that only refer to each other.
    input.files =
        vec![Source::new("a.yaml", "$ref: b.yaml"), Source::new("b.yaml", "$ref: a.yaml")];
    let (_, warnings) = inspect(&input).unwrap();
    assert!(lines(&warnings)[0].contains("circular-schema"));
}

proptest! {
    #[test]
    fn arbitrary_actions_do_not_panic(
        target in "\\$(\\.[a-z]{1,6}|\\['/[ab]'\\]|\\[[0-9-]{1,2}\\]|\\.\\*|\\.\\.[a-z]{1,4}|\\[\\?@\\.name == 'first'\\]|\\[[0-9]?:[0-9]?:[0-3]\\]){0,5}",
        what in "update: (1|word|\\{\\}|\\{ get: \\{ x: \\[1\\] \\} \\}|\\[a, b\\])|remove: (true|false|1)|copy: \\$\\.(paths|info|\\.\\.get)",
    ) {
        let action = format!("  - {{ target: \"{target}\", {what} }}\n");
        let spec = input(SPEC, vec![overlay("o.yaml", &format!("{action}{action}"))]);
        match specwright::generate(&spec) {
            Ok(output) => prop_assert!(output.counts.operations <= 2),
            Err(found) => prop_assert!(!found.render(false).is_empty()),
        }
    }

    #[test]
    fn arbitrary_targets_do_not_panic(target in "[$@.*\\[\\]()?'a-z0-9:,!=<>&| -]{0,40}") {
        let action = format!("  - {{ target: {target:?}, remove: true }}\n");
        let spec = input(SPEC, vec![overlay("o.yaml", &action)]);
        if let Err(found) = specwright::generate(&spec) {
            prop_assert!(!found.render(false).is_empty());
        }
    }
}
