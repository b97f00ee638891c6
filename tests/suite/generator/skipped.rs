//! `skip-unsupported`: operations that cannot be generated are left out, each with what only it
//! needs, and what was an error is a warning.

use specwright::{Config, Diagnostics, Input, Output, Severity, Source};

/// One good operation, then others of which each has a flaw.
fn generate(flawed: &str, components: &str) -> Result<Output, Diagnostics> {
    let spec = format!(
        "openapi: 3.0.3
info: {{ title: T, version: '1' }}
paths:
  /good: {{ get: {{ operationId: good, responses: {{ '200': {{ description: It., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Good' }} }} }} }} }} }} }}
{flawed}
components:
  schemas:
    Good: {{ type: object, properties: {{ a: {{ type: string }} }} }}
{components}
"
    );
    let config = Config::parse(Source::new("config.toml", "skip-unsupported = true"))?;
    specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
}

/// Checks that the good operation alone is there, and what the warnings say of the others.
fn assert_only_good(output: &Output, codes: &[&str]) {
    assert_eq!(output.counts.operations, 1);
    let entries = output.warnings.entries();
    assert!(entries.iter().all(|entry| entry.severity == Severity::Warning), "{entries:?}");
    assert_eq!(entries.iter().map(|entry| entry.code.id).collect::<Vec<_>>(), codes);
    let files: Vec<_> = output.files.iter().map(|(path, _)| path).collect();
    let expected = [
        "client.rs",
        "double.rs",
        "error.rs",
        "mod.rs",
        "models/good.rs",
        "models/mod.rs",
        "operations/good.rs",
        "operations/mod.rs",
    ];
    assert_eq!(files, expected);
}

#[test]
fn each_operation_with_a_flaw_is_left_out_with_its_types_and_keys() {
    let output = generate(
        "  /body: { post: { operationId: upload, requestBody: { $ref: 'other.yaml#/Body' }, responses: { '200': { description: It., content: { application/json: { schema: { $ref: '#/components/schemas/Bad' } } } } } } }
  /answer: { get: { operationId: sheet, security: [{ token: [] }], responses: { '200': { $ref: '#/components/responses/Round' }, '400': { description: Not., content: { application/json: { schema: { $ref: '#/components/schemas/Bad' } } } } } } }
  /filter: { get: { operationId: session, parameters: [{ name: s, schema: {} }], responses: {} } }
  /ref: { get: { operationId: referred, responses: { '200': { $ref: '#/nowhere' } } } }",
        "    Bad: { oneOf: [{ type: string }, { type: object, properties: { b: { type: string } } }] }
  responses: { Round: { $ref: '#/components/responses/Round' } }
  securitySchemes: { token: { type: http, scheme: bearer } }",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(&output, &["bad-shape", "external-ref", "circular-ref", "unknown-ref"]);
    assert_eq!(output.counts.operations_selected, 5);
    assert_eq!((output.counts.schemas, output.counts.unions), (1, 0));
    let all: String = output.files.iter().map(|(_, text)| text).collect();
    for left_out in ["Bad", "upload", "sheet", "token", "session"] {
        assert!(!all.contains(left_out), "`{left_out}` is still there");
    }
}

#[test]
fn a_type_that_a_good_operation_shares_with_a_flawed_one_stays() {
    let output = generate(
        "  /answer: { get: { operationId: table, parameters: [{ name: q, in: query, schema: { $ref: '#/components/schemas/Good' } }], responses: { '200': { $ref: '#/nowhere' } } } }",
        "",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(&output, &["unknown-ref"]);
}

#[test]
fn every_operation_that_reaches_a_flaw_is_left_out_not_only_the_first() {
    let reaches = |path: &str| {
        format!(
            "  {path}: {{ get: {{ responses: {{ '200': {{ description: It., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Bad' }} }} }} }} }} }} }}\n"
        )
    };
    let output = generate(
        &(reaches("/one") + &reaches("/two")),
        "    Bad: { type: object, properties: { a: { $ref: 'other.yaml#/Thing' } } }",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(&output, &["external-ref"]);
}

#[test]
fn a_flaw_in_a_parameter_or_in_the_operation_itself_leaves_only_that_one_out() {
    for flawed in [
        "  /a: { get: { parameters: [{ $ref: '#/nowhere' }], responses: {} } }",
        "  /a: { get: { parameters: { page: 1 }, responses: {} } }",
        "  /a: { parameters: [{ in: nowhere }], get: { responses: {} } }",
        "  /a: { $ref: '#/nowhere' }",
    ] {
        let output = generate(flawed, "")
            .unwrap_or_else(|found| panic!("{flawed}: {}", found.render(false)));
        assert_eq!(output.counts.operations, 1, "{flawed}");
        assert!(!output.warnings.is_empty(), "{flawed}");
    }
}

#[test]
fn what_is_warned_of_is_an_error_where_that_is_asked_for() {
    let spec = "openapi: 3.0.3
info: { title: T, version: '1' }
paths: { /a: { get: { operationId: a, responses: { '200': { description: It., content: { json: {} } } } } } }
";
    let generate = |config: &str| {
        let config = Config::parse(Source::new("config.toml", config))?;
        specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
    };
    assert_eq!(generate("").map(|output| output.warnings.entries().len()).ok(), Some(1));
    let refused = generate("deny-warnings = true").err();
    let refused = refused.iter().flat_map(Diagnostics::entries).map(|entry| entry.severity);
    assert_eq!(refused.collect::<Vec<_>>(), [Severity::Error]);
}

#[test]
fn a_selection_that_leaves_nothing_is_an_error() {
    let spec = "openapi: 3.0.3
info: { title: T, version: '1' }
paths: { /a: { get: { operationId: a, tags: [t], responses: {} } } }
";
    let config = "[select]\ntags = ['t']\nexcept-tags = ['t']\n";
    let config = Config::parse(Source::new("config.toml", config)).ok();
    let input = Input::new(Source::new("spec.yaml", spec), config.unwrap_or_default());
    let refused = specwright::generate(&input).err();
    let lines: Vec<String> = refused.iter().flat_map(Diagnostics::lines).collect();
    assert_eq!(lines, ["the options: none of 1 operations is selected [matches-nothing]"]);
}
