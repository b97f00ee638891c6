//! Each edit of a document is reported as what it is, and as nothing else.

use specwright::Source;

use super::compare;
use crate::generate::upstream::document::Document;

const SPEC: &str = "openapi: 3.0.3
info: { title: Garden, version: '1' }
servers:
  - url: https://{site}.example
    variables:
      site: { default: a, enum: [a, b] }
security:
  - key: []
paths:
  /plants:
    parameters:
      - { name: trace, in: header, schema: { type: string } }
    get:
      tags: [Plants]
      operationId: listPlants
      parameters:
        - { name: limit, in: query, schema: { type: integer, format: int32, maximum: 100 } }
      responses:
        '200':
          description: All.
          headers:
            next: { schema: { type: string } }
          content:
            application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Plant' } } }
        '404': { $ref: '#/components/responses/Missing' }
    put:
      tags: [Plants]
      security: [{ key: [] }, { oauth: [write] }]
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Plant' } } }
      responses: { '204': { description: Done. } }
components:
  responses:
    Missing: { description: Missing. }
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    oauth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: /token, scopes: { write: Writes. } } }
  schemas:
    Plant:
      type: object
      required: [name]
      properties:
        name: { type: string, maxLength: 50 }
        height: { type: number, nullable: true }
        kind: { $ref: '#/components/schemas/Kind' }
        parent: { $ref: '#/components/schemas/Plant' }
        spot: { oneOf: [{ $ref: '#/components/schemas/Bed' }, { $ref: '#/components/schemas/Pot' }] }
    Kind:
      type: string
      enum: [tree, bush]
    Bed: { type: object, properties: { row: { type: integer } } }
    Pot: { type: object, properties: { size: { type: integer } } }
    Other: { type: object, properties: { kind: { $ref: '#/components/schemas/Kind' } } }
";

fn document(content: &str) -> Document {
    let missing = |name: &str| Err(format!("{name} is absent"));
    Document::read(Source::new("a.yaml", content), &missing).unwrap()
}

/// Returns the kinds and pointers of all differences.
fn differences(spec: &str, upstream: &str) -> Vec<String> {
    let found = compare(&document(spec), &document(upstream)).unwrap().differences;
    found.iter().map(|one| format!("{} {}", one.side, one.at.pointer)).collect()
}

#[test]
fn each_edit_is_reported_exactly() {
    let schemas = "/components/schemas";
    let get = "/paths/~1plants/get";
    for (from, to, expected) in [
        // Properties.
        (
            "name: { type: string, maxLength: 50 }",
            "name: { type: string, maxLength: 50 }\n        age: { type: integer }",
            vec![format!("upstream-only {schemas}/Plant/properties/age")],
        ),
        (
            "        height: { type: number, nullable: true }\n",
            "",
            vec![format!("spec-only {schemas}/Plant/properties/height")],
        ),
        (
            "required: [name]",
            "required: [name, height]",
            vec![format!("upstream-only {schemas}/Plant/required/height")],
        ),
        ("      required: [name]\n", "", vec![format!("spec-only {schemas}/Plant/required/name")]),
        // Keywords.
        (
            "maxLength: 50",
            "maxLength: 60",
            vec![format!("different {schemas}/Plant/properties/name/maxLength")],
        ),
        (
            ", maxLength: 50",
            "",
            vec![format!("spec-only {schemas}/Plant/properties/name/maxLength")],
        ),
        (
            "format: int32",
            "format: int64",
            vec![format!("different {get}/parameters/0/schema/format")],
        ),
        (
            ", nullable: true",
            "",
            vec![format!("spec-only {schemas}/Plant/properties/height/nullable")],
        ),
        ("type: number, nullable: true", "type: [number, 'null']", vec![]),
        (
            "maximum: 100",
            "exclusiveMaximum: 100",
            vec![format!("upstream-only {get}/parameters/0/schema/exclusiveMaximum")],
        ),
        ("maximum: 100", "maximum: 100.0", vec![]),
        (
            "type: object\n      required",
            "type: object\n      additionalProperties: false\n      required",
            vec![format!("upstream-only {schemas}/Plant/additionalProperties")],
        ),
        (
            "type: object\n      required",
            "type: object\n      additionalProperties: { description: Any. }\n      required",
            vec![],
        ),
        (
            "type: object\n      required",
            "type: object\n      description: Words.\n      x-own: 1\n      required",
            vec![],
        ),
        // Schemas that are booleans.
        (
            "name: { type: string, maxLength: 50 }",
            "name: false",
            vec![format!("different {schemas}/Plant/properties/name")],
        ),
        // Enums and unions.
        (
            "enum: [tree, bush]",
            "enum: [bush, tree, herb]",
            vec![format!("upstream-only {schemas}/Kind/enum/herb")],
        ),
        ("enum: [tree, bush]", "enum: [tree]", vec![format!("spec-only {schemas}/Kind/enum/bush")]),
        ("enum: [tree, bush]", "enum: [tree, bush]\n      x-enum-varnames: [TREE, BUSH]", vec![]),
        (
            "enum: [tree, bush]",
            "enum: [tree, bush]\n      x-enum-varnames: [TREE, SHRUB]",
            vec![format!("different {schemas}/Kind/x-enum-varnames/bush")],
        ),
        ("      enum: [tree, bush]\n", "", vec![format!("spec-only {schemas}/Kind/enum")]),
        (
            "oneOf: [{ $ref: '#/components/schemas/Bed' }, { $ref: '#/components/schemas/Pot' }]",
            "oneOf: [{ $ref: '#/components/schemas/Pot' }, { $ref: '#/components/schemas/Bed' }]",
            vec![],
        ),
        (
            "oneOf: [{ $ref: '#/components/schemas/Bed' }, ",
            "oneOf: [",
            vec![format!("spec-only {schemas}/Plant/properties/spot/oneOf/Bed")],
        ),
        (
            "oneOf: [",
            "oneOf: [{ type: string }, ",
            vec![format!("upstream-only {schemas}/Plant/properties/spot/oneOf/0")],
        ),
        (
            "spot: { oneOf: [{ $ref: '#/components/schemas/Bed' }, { $ref: '#/components/schemas/Pot' }] }",
            "spot: { $ref: '#/components/schemas/Pot' }",
            vec![format!("spec-only {schemas}/Plant/properties/spot/oneOf")],
        ),
        // References.
        (
            "kind: { $ref: '#/components/schemas/Kind' }",
            "kind: { $ref: '#/components/schemas/Pot' }",
            vec![format!("different {schemas}/Plant/properties/kind")],
        ),
        (
            "kind: { $ref: '#/components/schemas/Kind' }",
            "kind: { type: string, enum: [tree, bush] }",
            vec![],
        ),
        // Parameters, bodies and responses.
        (
            "parameters:\n        -",
            "parameters:\n        - { name: limit, in: header, schema: { type: string } }\n        -",
            vec![format!("upstream-only {get}/parameters/header:limit")],
        ),
        (
            "name: limit, in: query",
            "name: limit, in: query, required: true",
            vec![format!("upstream-only {get}/parameters/0/required")],
        ),
        (
            "name: limit, in: query",
            "name: limit, in: query, style: form, explode: true, required: false",
            vec![],
        ),
        ("name: trace, in: header", "name: Trace, in: header, style: simple", vec![]),
        (
            "content: { application/json: { schema: { $ref: '#/components/schemas/Plant' } } }",
            "required: true\n        content: { application/json: { schema: { $ref: '#/components/schemas/Plant' } } }",
            vec!["upstream-only /paths/~1plants/put/requestBody/required".to_owned()],
        ),
        (
            "'404': { $ref: '#/components/responses/Missing' }",
            "'404': { description: Gone. }\n        '429': { description: Later. }",
            vec![format!("upstream-only {get}/responses/429")],
        ),
        (
            "            next: { schema: { type: string } }",
            "            last: { schema: { type: string } }",
            vec![
                format!("upstream-only {get}/responses/200/headers/last"),
                format!("spec-only {get}/responses/200/headers/next"),
            ],
        ),
        (
            "Missing: { description: Missing. }",
            "Missing: { description: Missing., content: { image/png: {} } }",
            vec!["upstream-only /components/responses/Missing/content/image~1png".to_owned()],
        ),
        // Operations, credentials and servers.
        (
            "    put:\n",
            "    post:\n",
            vec![
                "spec-only /paths/~1plants/put".to_owned(),
                "upstream-only /paths/~1plants/post".to_owned(),
            ],
        ),
        (
            "    put:\n      tags: [Plants]",
            "    put:\n      tags: [Other]",
            vec![
                "upstream-only /paths/~1plants/put/tags/Other".to_owned(),
                "spec-only /paths/~1plants/put/tags/Plants".to_owned(),
            ],
        ),
        (
            "components:\n",
            "  /other: { get: { tags: [Other], responses: {} } }\ncomponents:\n",
            vec![],
        ),
        (
            "security: [{ key: [] }, { oauth: [write] }]",
            "security: [{ key: [] }]",
            vec!["spec-only /paths/~1plants/put/security/oauth(write)".to_owned()],
        ),
        ("security:\n  - key: []", "security: []", vec![format!("spec-only {get}/security/key")]),
        (
            "name: X-Key",
            "name: X-Api-Key",
            vec!["different /components/securitySchemes/key/name".to_owned()],
        ),
        ("scopes: { write: Writes. }", "scopes: { write: Words., read: Unused. }", vec![]),
        (
            "scopes: { write: Writes. }",
            "scopes: {}",
            vec![
                "spec-only /components/securitySchemes/oauth/flows/clientCredentials/scopes/write"
                    .to_owned(),
            ],
        ),
        (
            "enum: [a, b]",
            "enum: [a, c]",
            vec![
                "upstream-only /servers/0/variables/site/enum/c".to_owned(),
                "spec-only /servers/0/variables/site/enum/b".to_owned(),
            ],
        ),
        (
            "servers:\n",
            "servers:\n  - url: https://b.example\n",
            vec!["upstream-only /servers/https:~1~1b.example".to_owned()],
        ),
        (
            "url: https://{site}.example",
            "url: https://{site}.test",
            vec![
                "upstream-only /servers/https:~1~1{site}.test".to_owned(),
                "spec-only /servers/0".to_owned(),
            ],
        ),
    ] {
        assert!(SPEC.contains(from), "{from}");
        assert_eq!(differences(SPEC, &SPEC.replacen(from, to, 1)), expected, "{from} → {to}");
    }
}

#[test]
fn the_reverse_has_the_other_side() {
    let upstream = SPEC.replacen("enum: [tree, bush]", "enum: [tree]", 1);
    assert_eq!(differences(&upstream, SPEC), ["upstream-only /components/schemas/Kind/enum/bush"]);
    let upstream = SPEC.replacen(
        "oneOf: [{ $ref: '#/components/schemas/Bed' }, { $ref: '#/components/schemas/Pot' }]",
        "type: object, properties: { size: { type: string } }",
        1,
    );
    assert_eq!(
        differences(&upstream, SPEC),
        [
            "upstream-only /components/schemas/Plant/properties/spot/oneOf",
            "different /components/schemas/Plant/properties/spot/properties/size/type",
        ]
    );
}

#[test]
fn names_of_components_do_not_matter() {
    let renamed = SPEC.replace("Plant", "Growth").replace("[Growths]", "[Plants]");
    let renamed = renamed.replace("listGrowths", "listPlants").replace("Missing", "Absent");
    assert_ne!(renamed, SPEC);
    assert_eq!(differences(SPEC, &renamed), Vec::<String>::new());
    let edited = renamed.replacen("maxLength: 50", "maxLength: 60", 1);
    let expected = ["different /components/schemas/Plant/properties/name/maxLength"];
    assert_eq!(differences(SPEC, &edited), expected);
}

#[test]
fn unresolved_references_are_errors() {
    let upstream = document(&SPEC.replacen("schemas/Bed' }, ", "schemas/Nothing' }, ", 1));
    let error = compare(&document(SPEC), &upstream).unwrap_err();
    assert!(error.contains("unresolved reference `#/components/schemas/Nothing`"), "{error}");
}
