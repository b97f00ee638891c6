//! Inputs that need care: each flaw is reported once and quickly, valid input is accepted, and
//! nothing is lost silently.

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::time::Duration;

use specwright::{Config, Diagnostics, Input, Layout, Output, Severity, Source, Target};

use crate::case::ids;

/// Returns a document with these operations (an indented block below `paths:`) and schemas (one
/// below `schemas:`).
fn spec(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths:\n{paths}\n\
         components:\n  schemas:\n    Any: {{}}\n{schemas}\n"
    )
}

/// Returns an operation whose response has a schema.
fn returns(path: &str, schema: &str) -> String {
    format!(
        "  {path}: {{ get: {{ responses: {{ '200': {{ description: It., content: \
         {{ application/json: {{ schema: {schema} }} }} }} }} }} }}\n"
    )
}

fn generate(spec: &str, config: &str) -> Result<Output, Diagnostics> {
    let config = Config::parse(Source::new("config.toml", config))?;
    specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
}

/// Returns the codes of the errors, in their order; none if the document is accepted.
fn errors(spec: &str, config: &str) -> Vec<&'static str> {
    generate(spec, config).err().map_or_else(Vec::new, |found| ids(&found, Severity::Error))
}

/// Returns the codes of all diagnostics.
fn codes(spec: &str, config: &str) -> Vec<&'static str> {
    let found = generate(spec, config).map_or_else(|found| found, |output| output.warnings);
    found.entries().iter().map(|entry| entry.code.id).collect()
}

const THING: &str = "{ $ref: '#/components/schemas/Thing' }";

#[test]
fn all_independent_errors_are_reported() {
    let found = generate(SEVERAL, "[names.schemas]\nThink = \"Thought\"\n").unwrap_err();
    let wanted = [
        "unresolved-external-reference",
        "circular-reference",
        "unresolved-reference",
        "unmatched-option",
    ];
    let errors = ids(&found, Severity::Error);
    assert_eq!(BTreeSet::from_iter(errors.iter().copied()), BTreeSet::from(wanted));
    assert_eq!(errors.len(), wanted.len(), "each is reported once: {errors:?}");
    let shown = found.render(false);
    for id in wanted {
        assert_eq!(shown.matches(&format!("error[{id}]")).count(), 1, "{shown}");
    }
    // Each is reported in the file that has the error.
    assert_eq!(shown.matches("--> spec.yaml:").count(), wanted.len() - 1, "{shown}");
    assert_eq!(shown.matches("--> config.toml:2:1").count(), 1, "{shown}");
}

const SEVERAL: &str = r##"
openapi: 3.0.3
info: { title: Several flaws, version: "1" }
paths:
  /things:
    get:
      operationId: getThings
      responses:
        "200": { $ref: "#/components/responses/Round" }
    post:
      operationId: addThing
      requestBody: { $ref: "other.yaml#/Body" }
      responses:
        "204": { description: Done. }
  /thing:
    get:
      operationId: getThing
      responses:
        "200": { $ref: "#/components/responses/Thing" }
components:
  responses:
    Round: { $ref: "#/components/responses/Round" }
"##;

#[test]
fn a_flaw_that_several_operations_share_is_reported_once() {
    let paths = returns("/a", THING) + &returns("/b", THING);
    let thing = "    Thing: { type: object, properties: { a: { $ref: '#/nowhere' } } }";
    assert_eq!(codes(&spec(&paths, thing), ""), ["unresolved-schema"]);
}

#[test]
fn flaws_of_unselected_operations_are_not_reported() {
    let paths = returns("/a", "{ type: string }") + &returns("/b", THING);
    let thing = "    Thing: { type: object, properties: { a: { $ref: '#/nowhere' } } }";
    assert_eq!(codes(&spec(&paths, thing), "select.paths = ['/a']"), [""; 0]);
    assert_eq!(codes(&spec(&paths, thing), "select.paths = ['/b']"), ["unresolved-schema"]);
    let recovered = "    Thing: { type: Object, properties: { a: { type: int } } }";
    assert_eq!(codes(&spec(&paths, recovered), "select.paths = ['/a']"), [""; 0]);
    assert_eq!(
        codes(&spec(&paths, recovered), "select.paths = ['/b']"),
        ["recovered", "recovered"]
    );
}

#[test]
fn circular_references_between_schemas_are_reported() {
    let circle = "    Thing: { $ref: '#/components/schemas/Other' }\n    Other: { $ref: '#/components/schemas/Thing' }";
    assert_eq!(codes(&spec(&returns("/a", THING), circle), ""), ["circular-schema"]);
    let itself = "    Thing: { $ref: '#/components/schemas/Thing' }";
    assert_eq!(codes(&spec(&returns("/a", THING), itself), ""), ["circular-schema"]);
}

/// A naive implementation takes exponential time.
#[test]
fn an_all_of_that_contains_itself_twice_is_reported_quickly() {
    let thing = "    Thing: { allOf: [{ $ref: '#/components/schemas/Thing' }, { $ref: '#/components/schemas/Thing' }] }";
    let spec = spec(&returns("/a", THING), thing);
    let (send, receive) = std::sync::mpsc::channel();
    // If the thread never ends, it ends with the test program.
    std::thread::spawn(move || send.send(codes(&spec, "")));
    let codes = receive.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(codes, ["circular-schema"]);
}

#[test]
fn a_list_of_itself_is_untyped_json_with_a_warning() {
    let list = "    Thing: { type: array, items: { $ref: '#/components/schemas/Thing' } }";
    let output = generate(&spec(&returns("/a", THING), list), "").unwrap();
    assert_eq!(ids(&output.warnings, Severity::Warning), ["circular-schema"]);
}

#[test]
fn strings_of_different_formats_are_different_variants() {
    let thing =
        "    Thing: { oneOf: [{ type: string, format: ipv4 }, { type: string, format: ipv6 }] }";
    assert_eq!(errors(&spec(&returns("/a", THING), thing), ""), [""; 0]);
}

#[test]
fn configured_names_that_are_not_rust_identifiers_are_rejected() {
    let paths = "  /a: { get: { operationId: getA, parameters: [{ name: p, in: query, schema: { type: string } }], \
                 security: [{ key: [] }], responses: { '200': { description: It., content: \
                 { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } } } }\n";
    let schemas = "    Thing: { type: object, properties: { a: { type: string }, e: { type: string, enum: [x] }, \
                   u: { $ref: '#/components/schemas/Union' } } }\n    \
                   Union: { oneOf: [{ type: string }, { type: boolean }] }\n  \
                   securitySchemes: { key: { type: http, scheme: bearer } }";
    let spec = spec(paths, schemas);
    let mut accepted = Vec::new();
    for table in [
        "schemas = { Thing = 'NAME' }",
        "operations = { getA = 'NAME' }",
        "parameters = { p = 'NAME' }",
        "properties = { 'Thing.a' = 'NAME' }",
        "values = { 'ThingE.x' = 'NAME' }",
        "variants = { 'Union.String' = 'NAME' }",
        "security = { key = 'NAME' }",
    ] {
        for name in ["", "two words", "2nd", "a-b", "self", "Self", "r#x y"] {
            let config = format!("[names]\n{}", table.replace("NAME", name));
            match catch_unwind(|| errors(&spec, &config)) {
                Ok(codes) if codes == ["invalid-config"] => {}
                Ok(codes) => accepted.push(format!("{table} with `{name}` gives {codes:?}")),
                Err(_) => accepted.push(format!("{table} with `{name}` panics")),
            }
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn configured_names_in_one_scope_must_differ() {
    let schemas =
        "    Thing: { type: object, properties: { a: { type: string }, b: { type: string } } }";
    let config = "[names.properties]\n'Thing.a' = 'same'\n'Thing.b' = 'same'";
    assert_eq!(errors(&spec(&returns("/a", THING), schemas), config), ["name-collision"]);
}

#[test]
fn three_state_properties_must_be_optional_and_nullable() {
    let schemas = "    Thing: { type: object, required: [b], properties: { a: { type: string }, b: { type: string, nullable: true } } }";
    for property in ["Thing.a", "Thing.b"] {
        let config = format!("three-state = ['{property}']");
        let found = errors(&spec(&returns("/a", THING), schemas), &config);
        assert_eq!(found, ["unmatched-option"], "{property}");
    }
}

#[test]
fn whatever_is_not_generated_is_reported() {
    let thing = |schema: &str| spec(&returns("/a", THING), &format!("    Thing: {schema}"));
    let lost = [
        (
            "an invalid status",
            spec("  /a: { get: { responses: { ok: { description: It. } } } }", ""),
        ),
        (
            "a recursive negation",
            thing(
                "{ type: object, not: { properties: { a: { $ref: '#/components/schemas/Thing' } } } }",
            ),
        ),
        ("a negated format", thing("{ type: string, not: { format: email } }")),
        ("a negated look-ahead", thing("{ type: string, not: { pattern: '(?=a)b' } }")),
        ("an undeclared property", thing("{ required: [b], properties: { a: { type: string } } }")),
    ];
    let silent: Vec<_> = lost
        .iter()
        .filter(|(_, spec)| generate(spec, "").is_ok_and(|output| output.warnings.is_empty()))
        .map(|(what, _)| *what)
        .collect();
    assert!(silent.is_empty(), "lost silently: {silent:#?}");
}

/// A client can call both, but a server only sees the path.
#[test]
fn paths_that_match_the_same_requests_are_reported_for_servers() {
    let operation = |path: &str, id: &str| {
        format!("  '{path}': {{ get: {{ operationId: {id}, responses: {{}} }} }}\n")
    };
    let paths = [
        operation("/{a}#x", "one"),
        operation("/{b}", "two"),
        operation("/{a+}", "three"),
        operation("/{a}?x=1", "four"),
        operation("/{b}{?x}", "five"),
    ];
    let spec =
        format!("openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths:\n{}", paths.concat());
    let messages = |target: Target| {
        let config = Config { layout: Layout { target, ..Layout::default() }, ..Config::default() };
        let spec = Source::new("spec.yaml", spec.as_str());
        let output = specwright::generate(&Input::new(spec, config)).unwrap();
        let entries =
            output.warnings.entries().iter().filter(|entry| entry.code.id == "conflicting-paths");
        entries.map(|entry| entry.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(messages(Target::Client), [""; 0]);
    let expected = ["two", "five"]
        .map(|id| format!("`one` and `{id}` match the same requests; `one` always handles them"));
    assert_eq!(messages(Target::Server { models: "crate::models".to_owned() }), expected);
}
