//! Inputs that need care: each gets its diagnostic, once and at once, none is refused that need
//! not be, and nothing is lost without a word.

use std::panic::catch_unwind;
use std::time::Duration;

use specwright::{Config, Diagnostics, Input, Output, Severity, Source};

/// A description with these operations (an indented block below `paths:`) and schemas (one
/// below `schemas:`).
fn spec(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths:\n{paths}\n\
         components:\n  schemas:\n    Any: {{}}\n{schemas}\n"
    )
}

/// An operation that answers with a schema.
fn returns(path: &str, schema: &str) -> String {
    format!(
        "  {path}: {{ get: {{ responses: {{ '200': {{ description: It., content: \
         {{ application/json: {{ schema: {schema} }} }} }} }} }} }}\n"
    )
}

fn generate(spec: &str, config: &str) -> Result<Output, Diagnostics> {
    specwright::generate(&Input {
        spec: Source::new("spec.yaml", spec),
        config: Config::parse(Source::new("config.toml", config))?,
    })
}

/// The codes of the errors, in their order.
fn errors(found: &Diagnostics) -> Vec<&'static str> {
    let errors = found.entries().iter().filter(|entry| entry.severity == Severity::Error);
    errors.map(|entry| entry.code.id).collect()
}

fn refused(spec: &str, config: &str) -> Vec<&'static str> {
    match generate(spec, config) {
        Ok(_) => Vec::new(),
        Err(found) => errors(&found),
    }
}

/// The codes of all that is said of a description.
fn told(spec: &str, config: &str) -> Vec<&'static str> {
    let found = generate(spec, config).map_or_else(|found| found, |output| output.warnings);
    found.entries().iter().map(|entry| entry.code.id).collect()
}

const THING: &str = "{ $ref: '#/components/schemas/Thing' }";

#[test]
fn a_flaw_that_many_operations_share_is_told_once() {
    let paths = returns("/a", THING) + &returns("/b", THING);
    let thing = "    Thing: { type: object, properties: { a: { $ref: '#/nowhere' } } }";
    assert_eq!(told(&spec(&paths, thing), ""), ["unknown-ref"]);
}

#[test]
fn what_is_not_selected_is_not_judged() {
    let paths = returns("/a", "{ type: string }") + &returns("/b", THING);
    let thing = "    Thing: { type: object, properties: { a: { $ref: '#/nowhere' } } }";
    assert_eq!(told(&spec(&paths, thing), "select.paths = ['/a']"), [""; 0]);
    assert_eq!(told(&spec(&paths, thing), "select.paths = ['/b']"), ["unknown-ref"]);
    let mended = "    Thing: { type: Object, properties: { a: { type: int } } }";
    assert_eq!(told(&spec(&paths, mended), "select.paths = ['/a']"), [""; 0]);
    assert_eq!(told(&spec(&paths, mended), "select.paths = ['/b']"), ["mended", "mended"]);
}

#[test]
fn references_of_schemas_that_lead_back_to_themselves_are_told() {
    let circle = "    Thing: { $ref: '#/components/schemas/Other' }\n    Other: { $ref: '#/components/schemas/Thing' }";
    assert_eq!(told(&spec(&returns("/a", THING), circle), ""), ["circular-ref"]);
    let itself = "    Thing: { $ref: '#/components/schemas/Thing' }";
    assert_eq!(told(&spec(&returns("/a", THING), itself), ""), ["circular-ref"]);
}

/// Without care, each level would double the work.
#[test]
fn an_all_of_that_holds_itself_twice_is_told_at_once() {
    let thing = "    Thing: { allOf: [{ $ref: '#/components/schemas/Thing' }, { $ref: '#/components/schemas/Thing' }] }";
    let spec = spec(&returns("/a", THING), thing);
    let (send, receive) = std::sync::mpsc::channel();
    // A thread that does not come to an end ends with the tests.
    std::thread::spawn(move || send.send(told(&spec, "")));
    let codes = receive.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(codes, ["circular-ref"]);
}

#[test]
fn a_list_of_itself_is_kept_as_json_and_a_warning_says_so() {
    let list = "    Thing: { type: array, items: { $ref: '#/components/schemas/Thing' } }";
    let output = generate(&spec(&returns("/a", THING), list), "").unwrap();
    let codes: Vec<_> = output.warnings.entries().iter().map(|entry| entry.code.id).collect();
    assert_eq!(codes, ["loose-schema"]);
}

#[test]
fn texts_of_different_formats_are_different_variants() {
    let thing =
        "    Thing: { oneOf: [{ type: string, format: ipv4 }, { type: string, format: ipv6 }] }";
    assert_eq!(refused(&spec(&returns("/a", THING), thing), ""), [""; 0]);
}

#[test]
fn a_chosen_name_that_rust_does_not_have_is_refused() {
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
        "schemas = { Thing = 'CHOSEN' }",
        "operations = { getA = 'CHOSEN' }",
        "parameters = { p = 'CHOSEN' }",
        "properties = { 'Thing.a' = 'CHOSEN' }",
        "values = { 'ThingE.x' = 'CHOSEN' }",
        "variants = { 'Union.String' = 'CHOSEN' }",
        "security = { key = 'CHOSEN' }",
    ] {
        for chosen in ["", "two words", "2nd", "a-b", "self", "Self", "r#x y"] {
            let config = format!("[names]\n{}", table.replace("CHOSEN", chosen));
            match catch_unwind(|| refused(&spec, &config)) {
                Ok(codes) if codes == ["bad-config"] => {}
                Ok(codes) => accepted.push(format!("{table} with `{chosen}` gives {codes:?}")),
                Err(_) => accepted.push(format!("{table} with `{chosen}` panics")),
            }
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn two_chosen_names_of_one_place_must_differ() {
    let schemas =
        "    Thing: { type: object, properties: { a: { type: string }, b: { type: string } } }";
    let config = "[names.properties]\n'Thing.a' = 'same'\n'Thing.b' = 'same'";
    assert_eq!(refused(&spec(&returns("/a", THING), schemas), config), ["name-collision"]);
}

#[test]
fn three_states_are_for_properties_that_may_be_null() {
    let schemas = "    Thing: { type: object, required: [b], properties: { a: { type: string }, b: { type: string, nullable: true } } }";
    for property in ["Thing.a", "Thing.b"] {
        let config = format!("three-state = ['{property}']");
        let found = refused(&spec(&returns("/a", THING), schemas), &config);
        assert_eq!(found, ["matches-nothing"], "{property}");
    }
}

/// Everything that a description declares is generated or reported.
#[test]
fn nothing_is_lost_without_a_word() {
    let thing = |text: &str| spec(&returns("/a", THING), &format!("    Thing: {text}"));
    let lost = [
        (
            "a status that is none",
            spec("  /a: { get: { responses: { ok: { description: It. } } } }", ""),
        ),
        ("numbers of which some are known", thing("{ type: number, enum: [1, 2.5] }")),
        (
            "properties beside a union",
            thing(
                "{ properties: { a: { type: string } }, anyOf: [{ required: [a] }, { required: [b] }] }",
            ),
        ),
        (
            "how many properties a struct has",
            thing("{ type: object, minProperties: 1, properties: { a: { type: string } } }"),
        ),
    ];
    let silent: Vec<_> = lost
        .iter()
        .filter(|(_, spec)| generate(spec, "").is_ok_and(|output| output.warnings.is_empty()))
        .map(|(what, _)| *what)
        .collect();
    assert!(silent.is_empty(), "lost without a word: {silent:#?}");
}
