//! `skip-unsupported`: operations that cannot be generated are left out, together with the types
//! that only they use. Their errors become warnings.

use specwright::{Config, Counts, Diagnostics, Input, Output, Severity, Source};

use crate::case::ids;

fn generate(spec: &str, config: &str) -> Result<Output, Diagnostics> {
    let config = Config::parse(Source::new("config.toml", config))?;
    specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
}

/// Generates from a document with one valid operation, then operations with flaws.
fn generate_flawed(flawed: &str, components: &str) -> Result<Output, Diagnostics> {
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
    generate(&spec, "skip-unsupported = true")
}

/// Checks that only the valid operation is generated, and which warnings the others cause.
fn assert_only_good(output: &Output, codes: &[&str]) {
    assert_eq!(output.counts.operations, 1);
    assert_eq!(ids(&output.warnings, Severity::Warning), codes);
    assert_eq!(ids(&output.warnings, Severity::Error), [""; 0]);
    let files: Vec<_> = output.files.iter().map(|(path, _)| path).collect();
    let expected = [
        "client.rs",
        "error.rs",
        "mod.rs",
        "models/good.rs",
        "models/mod.rs",
        "operations/good.rs",
        "operations/mod.rs",
        "test_double.rs",
    ];
    assert_eq!(files, expected);
}

#[test]
fn flawed_operations_are_left_out_with_their_types_and_credentials() {
    let output = generate_flawed(
        "  /body: { post: { operationId: upload, requestBody: { $ref: 'other.yaml#/Body' }, responses: { '200': { description: It., content: { application/json: { schema: { $ref: '#/components/schemas/Bad' } } } } } } }
  /response: { get: { operationId: sheet, security: [{ token: [] }], responses: { '200': { $ref: '#/components/responses/Round' }, '400': { description: Not., content: { application/json: { schema: { $ref: '#/components/schemas/Bad' } } } } } } }
  /filter: { get: { operationId: session, parameters: [{ name: s, schema: {} }], responses: {} } }
  /ref: { get: { operationId: referred, responses: { '200': { $ref: '#/nowhere' } } } }",
        "    Bad: { oneOf: [{ type: string }, { type: object, properties: { b: { type: string } } }] }
  responses: { Round: { $ref: '#/components/responses/Round' } }
  securitySchemes: { token: { type: http, scheme: bearer } }",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(
        &output,
        &[
            "invalid-structure",
            "unresolved-external-reference",
            "circular-reference",
            "unresolved-reference",
        ],
    );
    assert_eq!(output.counts.operations_selected, 5);
    assert_eq!((output.counts.schemas, output.counts.unions), (1, 0));
    let all: String = output.files.iter().map(|(_, source)| source).collect();
    for left_out in ["Bad", "upload", "sheet", "token", "session"] {
        assert!(!all.contains(left_out), "`{left_out}` is still generated");
    }
}

#[test]
fn types_that_a_valid_operation_uses_are_kept() {
    let output = generate_flawed(
        "  /response: { get: { operationId: table, parameters: [{ name: q, in: query, schema: { $ref: '#/components/schemas/Good' } }], responses: { '200': { $ref: '#/nowhere' } } } }",
        "",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(&output, &["unresolved-reference"]);
}

#[test]
fn every_operation_that_uses_a_flawed_schema_is_left_out() {
    let operation = |path: &str| {
        format!(
            "  {path}: {{ get: {{ responses: {{ '200': {{ description: It., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Bad' }} }} }} }} }} }} }}\n"
        )
    };
    let output = generate_flawed(
        &(operation("/one") + &operation("/two")),
        "    Bad: { type: object, properties: { a: { $ref: 'other.yaml#/Thing' } } }",
    )
    .unwrap_or_else(|found| panic!("{}", found.render(false)));
    assert_only_good(&output, &["unresolved-external-reference"]);
}

#[test]
fn flaws_in_parameters_or_the_operation_leave_only_that_operation_out() {
    for flawed in [
        "  /a: { get: { parameters: [{ $ref: '#/nowhere' }], responses: {} } }",
        "  /a: { get: { parameters: { page: 1 }, responses: {} } }",
        "  /a: { parameters: [{ in: nowhere }], get: { responses: {} } }",
        "  /a: { $ref: '#/nowhere' }",
    ] {
        let output = generate_flawed(flawed, "")
            .unwrap_or_else(|found| panic!("{flawed}: {}", found.render(false)));
        assert_eq!(output.counts.operations, 1, "{flawed}");
        assert!(!output.warnings.is_empty(), "{flawed}");
    }
}

#[test]
fn deny_warnings_turns_warnings_into_errors() {
    let spec = "openapi: 3.0.3
info: { title: T, version: '1' }
paths: { /a: { get: { operationId: a, responses: { '200': { description: It., content: { json: {} } } } } } }
";
    assert_eq!(generate(spec, "").map(|output| output.warnings.entries().len()).ok(), Some(1));
    let rejected = generate(spec, "deny-warnings = true").err();
    let severities = rejected.iter().flat_map(Diagnostics::entries).map(|entry| entry.severity);
    assert_eq!(severities.collect::<Vec<_>>(), [Severity::Error]);
}

#[test]
fn an_empty_selection_is_an_error() {
    let spec = "openapi: 3.0.3
info: { title: T, version: '1' }
paths: { /a: { get: { operationId: a, tags: [t], responses: {} } } }
";
    let rejected = generate(spec, "[select]\ntags = ['t']\nexcept-tags = ['t']\n").err();
    let lines: Vec<String> = rejected.iter().flat_map(Diagnostics::lines).collect();
    let expected =
        "the options: selection is empty; it matches none of 1 operations [unmatched-option]";
    assert_eq!(lines, [expected]);
}

/// One of four operations is valid, one has an unresolved body, one an unresolved response, and
/// one is not selected.
const PARTLY_UNSUPPORTED: &str = r##"
openapi: 3.0.3
info: { title: Partly, version: "1" }
paths:
  /things:
    get:
      operationId: getThings
      tags: [Things]
      responses:
        "200":
          description: Found.
          content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }
    post:
      operationId: uploadThings
      tags: [Things]
      requestBody: { $ref: "other.yaml#/Body" }
      responses:
        "200":
          description: Found.
          content: { application/json: { schema: { $ref: "#/components/schemas/Receipt" } } }
  /table:
    get:
      operationId: getTable
      tags: [Things]
      responses:
        "200": { $ref: "#/nowhere" }
  /others:
    get:
      operationId: getOthers
      responses:
        "204": { description: None. }
components:
  schemas:
    Thing: { type: object, properties: { name: { type: string } } }
    Receipt: { type: object, properties: { number: { type: integer } } }
"##;

const SELECT: &str = "[select]\ntags = [\"Things\"]\n";

#[test]
fn unsupported_operations_are_errors_by_default() {
    let found = generate(PARTLY_UNSUPPORTED, SELECT).unwrap_err();
    assert_eq!(
        ids(&found, Severity::Error),
        ["unresolved-external-reference", "unresolved-reference"]
    );
}

#[test]
fn unsupported_operations_are_left_out_if_configured() {
    let config = format!("skip-unsupported = true\n{SELECT}");
    let output = generate(PARTLY_UNSUPPORTED, &config).unwrap();
    let wanted = Counts {
        operations_defined: 4,
        operations_selected: 3,
        operations: 1,
        webhooks: 0,
        // Types that only a left-out operation uses are left out.
        schemas: 1,
        unions: 0,
    };
    assert_eq!(output.counts, wanted);
    let paths: Vec<&str> = output.files.iter().map(|(path, _)| path).collect();
    let files_in = |folder: &'static str| {
        let files = paths.iter().filter(move |path| path.starts_with(folder));
        files.filter(|path| !path.ends_with("mod.rs")).copied().collect::<Vec<_>>()
    };
    assert_eq!(files_in("operations/"), ["operations/get_things.rs"]);
    assert_eq!(files_in("models/"), ["models/thing.rs"]);
    let client = output.files.get("client.rs").unwrap();
    assert!(client.contains("fn get_things("), "{client}");
    assert!(!client.contains("upload_things") && !client.contains("get_table"), "{client}");

    // The reasons are reported as warnings instead of errors.
    let left_out = ["unresolved-external-reference", "unresolved-reference"];
    assert_eq!(ids(&output.warnings, Severity::Warning), left_out);
    assert_eq!(ids(&output.warnings, Severity::Error), [""; 0]);
    let shown = output.warnings.render(false);
    for wanted in [
        "warning[unresolved-external-reference]",
        "`other.yaml#/Body`",
        "`#/nowhere`",
        "spec.yaml:",
    ] {
        assert!(shown.contains(wanted), "{shown}");
    }
}

/// The flaw is reported once.
#[test]
fn every_operation_with_a_shared_flaw_is_left_out() {
    let output = generate(SHARED_FLAWS, "skip-unsupported = true\n").unwrap();
    assert_eq!((output.counts.operations_selected, output.counts.operations), (5, 1));
    let codes = ids(&output.warnings, Severity::Warning);
    assert_eq!(codes, ["unresolved-reference", "unresolved-external-reference"]);
}

const SHARED_FLAWS: &str = r##"
openapi: 3.0.3
info: { title: Shared flaws, version: "1" }
paths:
  /things:
    parameters: [{ $ref: "#/components/parameters/Filter" }]
    get: { operationId: getThings, responses: { "204": { description: None. } } }
    delete: { operationId: deleteThings, responses: { "204": { description: None. } } }
  /owners:
    get: { operationId: getOwners, responses: { "200": { $ref: "#/components/responses/Owner" } } }
    put: { operationId: putOwners, responses: { "200": { $ref: "#/components/responses/Owner" } } }
  /fine:
    get: { operationId: getFine, responses: { "204": { description: None. } } }
components:
  responses:
    Owner:
      description: Found.
      content: { application/json: { schema: { $ref: "#/components/schemas/Owner" } } }
  schemas:
    Owner: { type: object, properties: { pet: { $ref: "other.yaml#/Pet" } } }
"##;
