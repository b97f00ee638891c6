//! Descriptions that are refused, and what is said of them. Each fixture stands in a folder
//! that is called after the code of its diagnostic.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use specwright::{Config, Counts, Diagnostics, Input, Output, Severity, Source, code};

use super::fixture;

/// Each rejected description with the code that it is refused for.
fn fixtures() -> Result<Vec<(String, PathBuf)>, String> {
    let mut fixtures = Vec::new();
    for folder in fixture::entries(&fixture::folder("rejected"))? {
        let reason = fixture::name(&folder);
        for path in fixture::descriptions(&folder)? {
            fixtures.push((reason.clone(), path));
        }
    }
    Ok(fixtures)
}

/// The ids of the diagnostics of one severity.
fn ids(diagnostics: &Diagnostics, severity: Severity) -> Vec<&'static str> {
    let entries = diagnostics.entries().iter();
    entries.filter(|entry| entry.severity == severity).map(|entry| entry.code.id).collect()
}

/// Generates from a text, with a configuration as text.
fn generate(spec: &str, config: &str) -> Result<Output, Diagnostics> {
    let config = Config::parse(Source::new("config.toml", config))?;
    specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
}

#[test]
fn each_rejected_description_is_told_as_it_was_approved() {
    let mut differ = Vec::new();
    for (reason, path) in fixtures().unwrap() {
        let name = format!("rejected__{reason}__{}", fixture::name(&path));
        let Err(diagnostics) = fixture::generate(&path) else {
            differ.push(format!("{name} is not rejected"));
            continue;
        };
        let text = diagnostics.render(false);
        // Every difference is shown, not only the first.
        if catch_unwind(AssertUnwindSafe(|| fixture::assert_approved(&name, &text))).is_err() {
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "read and approve, or mend: {differ:#?}");
}

#[test]
fn each_rejected_description_is_rejected_for_the_reason_of_its_folder() {
    for (reason, path) in fixtures().unwrap() {
        let diagnostics = fixture::generate(&path).expect_err("it is among the rejected");
        let errors = ids(&diagnostics, Severity::Error);
        assert!(errors.contains(&reason.as_str()), "{}: {errors:?}", path.display());
    }
}

#[test]
fn each_folder_is_called_after_a_code() {
    let codes: BTreeSet<&str> = code::ALL.iter().map(|code| code.id).collect();
    for folder in fixture::entries(&fixture::folder("rejected")).unwrap() {
        let reason = fixture::name(&folder);
        assert!(codes.contains(reason.as_str()), "there is no code `{reason}`");
        // An empty folder would say that a reason is tested which is not.
        assert!(!fixture::descriptions(&folder).unwrap().is_empty(), "`{reason}` has no fixture");
    }
}

/// A new code comes with a fixture, or is one of those that refuse nothing.
#[test]
fn each_code_that_refuses_has_its_folder() {
    // These only warn, except the last: a bug of the generator, which no fixture should show.
    let excused = [
        "ambiguous-union",
        "bad-discriminator",
        "duplicate-operation-id",
        "mended",
        "name-changed",
        "tried-union",
        "unknown-scheme",
        "unsupported-scheme",
        "loose-parameter",
        "loose-schema",
        "untyped-answer",
        "loose-webhook",
        "odd-path",
        "odd-server",
        "path-parameter",
        "unchecked-pattern",
        "unusable-paging",
        "untyped-body",
        "unused-encoding",
        "internal",
    ];
    let wanted: BTreeSet<&str> =
        code::ALL.iter().map(|code| code.id).filter(|id| !excused.contains(id)).collect();
    let folders = fixture::entries(&fixture::folder("rejected")).unwrap();
    let there: BTreeSet<String> = folders.iter().map(|path| fixture::name(path)).collect();
    assert_eq!(there.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted);
}

#[test]
fn each_configuration_has_its_rejected_description() {
    for folder in fixture::entries(&fixture::folder("rejected")).unwrap() {
        for path in fixture::entries(&folder).unwrap() {
            if path.extension().is_some_and(|end| end == "toml") {
                assert!(path.with_extension("yaml").exists(), "{}", path.display());
            }
        }
    }
}

/// Snapshots outlive the fixtures that they were made from, and nobody would notice.
#[test]
fn each_approved_diagnostic_has_its_rejected_description() {
    let names: BTreeSet<String> = fixtures()
        .unwrap()
        .iter()
        .map(|(reason, path)| format!("rejected__{reason}__{}.snap", fixture::name(path)))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/generator/snapshots");
    for path in fixture::entries(&folder).unwrap() {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        if file.starts_with("rejected__") && file.ends_with(".snap") {
            assert!(names.contains(&file), "{file} is of no fixture");
        }
    }
}

/// A person mends a description in one go, not in as many as it has flaws.
#[test]
fn several_independent_errors_are_all_shown() {
    let found = generate(SEVERAL, "[names.schemas]\nThink = \"Thought\"\n").unwrap_err();
    let wanted = ["external-ref", "circular-ref", "unknown-ref", "matches-nothing"];
    let errors = ids(&found, Severity::Error);
    assert_eq!(BTreeSet::from_iter(errors.iter().copied()), BTreeSet::from(wanted));
    assert_eq!(errors.len(), wanted.len(), "each is told once: {errors:?}");
    let shown = found.render(false);
    for id in wanted {
        assert_eq!(shown.matches(&format!("error[{id}]")).count(), 1, "{shown}");
    }
    // Each in the file that it is a flaw of.
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

/// Of these four operations, one is fine, one has a body and one an answer that cannot be
/// found, and one is not selected.
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
fn what_is_not_supported_stops_everything_unless_the_configuration_says_otherwise() {
    let found = generate(PARTLY_UNSUPPORTED, SELECT).unwrap_err();
    assert_eq!(ids(&found, Severity::Error), ["external-ref", "unknown-ref"]);
}

#[test]
fn operations_that_cannot_be_generated_are_left_out_where_the_configuration_says_so() {
    let config = format!("skip-unsupported = true\n{SELECT}");
    let output = generate(PARTLY_UNSUPPORTED, &config).unwrap();
    let wanted = Counts {
        operations_defined: 4,
        operations_selected: 3,
        operations: 1,
        webhooks: 0,
        // The types of an operation that is left out are left out with it.
        schemas: 1,
        unions: 0,
    };
    assert_eq!(output.counts, wanted);
    let paths: Vec<&str> = output.files.iter().map(|(path, _)| path).collect();
    let is_of = |folder: &'static str| {
        let files = paths.iter().filter(move |path| path.starts_with(folder));
        files.filter(|path| !path.ends_with("mod.rs")).copied().collect::<Vec<_>>()
    };
    assert_eq!(is_of("operations/"), ["operations/get_things.rs"]);
    assert_eq!(is_of("models/"), ["models/thing.rs"]);
    let client = output.files.get("client.rs").unwrap();
    assert!(client.contains("fn get_things("), "{client}");
    assert!(!client.contains("upload_things") && !client.contains("get_table"), "{client}");

    // What was left out, and why, is told as it is where it stops everything.
    let left_out = ["external-ref", "unknown-ref"];
    assert_eq!(ids(&output.warnings, Severity::Warning), left_out);
    assert_eq!(ids(&output.warnings, Severity::Error), [""; 0]);
    let shown = output.warnings.render(false);
    for wanted in ["warning[external-ref]", "`other.yaml#/Body`", "`#/nowhere`", "spec.yaml:"] {
        assert!(shown.contains(wanted), "{shown}");
    }
}

/// A flaw is told once, however many operations it concerns: each of them is left out.
#[test]
fn every_operation_with_a_shared_flaw_is_left_out() {
    let output = generate(SHARED_FLAWS, "skip-unsupported = true\n").unwrap();
    assert_eq!((output.counts.operations_selected, output.counts.operations), (5, 1));
    let told = ids(&output.warnings, Severity::Warning);
    assert_eq!(told, ["unknown-ref", "external-ref"]);
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
