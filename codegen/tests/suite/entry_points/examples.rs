//! The examples of a document, and the types that their schemas give them.

use specwright::{Config, Input, Source, examples};

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: Pets, version: "1" }
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - { name: born, in: query, schema: { type: string, format: date, default: 2024-01-01 }, example: 2024-02-02 }
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: { type: object, additionalProperties: { $ref: "#/components/schemas/Pet" } }
              examples:
                one: { value: { a: { name: Rex } } }
                two: { $ref: "#/components/examples/Two" }
            text/csv:
              schema: { type: string }
              example: "name"
components:
  examples:
    Two: { value: {} }
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: { type: string, examples: [Rex, Tom] }
        legs: { type: [integer, "null"], default: null }
        tags: { type: array, items: { type: string, enum: [small] }, default: [small] }
      example: { name: Rex }
    Unused: { type: string, example: "?" }
"##;

#[test]
fn examples_have_the_type_of_their_schema() {
    let input = Input::new(Source::new("pets.yaml", SPEC), Config::default());
    let found = examples(&input).unwrap_or_default();
    let shown: Vec<String> = found
        .found
        .iter()
        .map(|example| format!("{} {} {}", example.pointer, example.ty, example.value))
        .collect();
    assert_eq!(
        shown,
        [
            "/paths/~1pets/get/parameters/0/schema/default rt::Date \"2024-01-01\"",
            "/paths/~1pets/get/parameters/0/example rt::Date \"2024-02-02\"",
            "/paths/~1pets/get/responses/200/content/application~1json/examples/one/value rt::BTreeMap<String,Pet> {\"a\":{\"name\":\"Rex\"}}",
            "/components/schemas/Pet/properties/name/examples/0 String \"Rex\"",
            "/components/schemas/Pet/properties/name/examples/1 String \"Tom\"",
            "/components/schemas/Pet/properties/legs/default Option<i64> null",
            "/components/schemas/Pet/properties/tags/default Vec<PetTagsItem> [\"small\"]",
            "/components/schemas/Pet/example Pet {\"name\":\"Rex\"}",
            "/components/examples/Two/value rt::BTreeMap<String,Pet> {}",
        ]
    );
    // The CSV example is not JSON and is ignored.
    assert_eq!(found.without_type, ["/components/schemas/Unused/example"]);
}

#[test]
fn a_rejected_document_gives_an_error() {
    let input = Input::new(Source::new("pets.yaml", "openapi: 4.0.0"), Config::default());
    assert!(examples(&input).is_err());
}
