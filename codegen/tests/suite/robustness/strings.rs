//! Any string of a document can be in generated code: in docs, literals and attributes.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use specwright::Output;

use crate::hostile::document::{generated, locations};

/// A document with a string in each location that can have one: `@…@`.
const DOCUMENT: &str = r##"
openapi: 3.0.3
info: { title: "@title@", version: "@version@", description: "@info docs@" }
servers:
  - url: "https://example.com/@server path@/{region}"
    description: "@server docs@"
    variables: { region: { default: "@variable default@", enum: ["@variable default@", b], description: "@variable docs@" } }
  - { url: "https://other.example.com/@other server@", description: "@other server docs@" }
tags: [{ name: "@tag@", description: "@tag docs@" }, { name: plain }]
paths:
  "/@path@/{id}":
    post:
      tags: ["@tag@"]
      operationId: "@operation@"
      summary: "@summary@"
      description: "@operation docs@"
      x-unstable: "@unstable@"
      deprecated: true
      security: [{ "@scheme@": [] }, { query: [] }]
      parameters:
        - { name: id, in: path, required: true, description: "@path docs@", schema: { type: string, pattern: "@path pattern@" } }
        - { name: "@query@", in: query, description: "@query docs@", schema: { type: string, default: "@query default@", enum: ["@query default@", x] } }
        - { name: "@list@", in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: string } } }
        - { name: "@cookie@", in: cookie, example: "@cookie example@", schema: { type: string, example: "@schema example@" } }
      requestBody:
        description: "@body docs@"
        content:
          application/json: { schema: { $ref: "#/components/schemas/@schema@" }, examples: { "@example name@": { value: "@example@" } } }
          multipart/form-data:
            schema: { type: object, properties: { "@part@": { type: string, format: binary }, other: { type: string } } }
            encoding: { "@part@": { contentType: image/png } }
      responses:
        "200":
          description: "@response docs@"
          headers: { X-Total: { description: "@header docs@", schema: { type: string, pattern: "@header pattern@" } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/@schema@" } } }
        "404": { description: "@error docs@", content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
      callbacks:
        "@callback@":
          "https://example.com/@callback url@":
            post:
              description: "@callback docs@"
              requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
              responses: { "204": { description: None. } }
  /plain: { get: { tags: [plain], operationId: plain, responses: { "204": { description: None. } } } }
components:
  securitySchemes:
    "@scheme@": { type: http, scheme: bearer, description: "@scheme docs@", x-env-name: "@variable name@" }
    query: { type: apiKey, in: query, name: "@key@" }
  schemas:
    "@schema@":
      description: "@schema docs@"
      type: object
      required: ["@required@"]
      properties:
        "@property@": { type: string, description: "@property docs@", default: "@default@", pattern: "@pattern@" }
        "@required@": { type: string }
        value: { $ref: "#/components/schemas/Value" }
        one: { $ref: "#/components/schemas/Variants" }
        list: { type: array, title: "@list title@", items: { type: object, title: "@item title@", properties: { "@item@": { type: integer } } } }
        map: { type: object, additionalProperties: { type: string, enum: ["@map value@"] } }
    Error: { type: object, properties: { code: { type: integer, enum: [1, 2], x-enum-varnames: ["@value name@", B] } } }
    Value: { description: "@enum docs@", type: string, enum: ["@value@", other, "x@value@"] }
    Variants:
      oneOf: [{ $ref: "#/components/schemas/One" }, { $ref: "#/components/schemas/Two" }]
      discriminator: { propertyName: "@tag property@", mapping: { "@tag value@": "#/components/schemas/One", two: "#/components/schemas/Two" } }
    One: { type: object, required: ["@tag property@"], properties: { "@tag property@": { type: string }, "@one@": { type: string } } }
    Two: { type: object, required: ["@tag property@"], properties: { "@tag property@": { type: string }, two: { type: string } } }
"##;

/// Locations whose string is sent or compared, so it is a literal of the generated code.
const LITERALS: [&str; 20] = [
    "@cookie@",
    "@item@",
    "@key@",
    "@list@",
    "@map value@",
    "@one@",
    "@operation@",
    "@part@",
    "@pattern@",
    "@property@",
    "@query@",
    "@query default@",
    "@required@",
    "@scheme@",
    "@tag property@",
    "@tag value@",
    "@value@",
    "@variable default@",
    "@variable name@",
    "@path pattern@",
];

/// Strings that mean something in Rust, Markdown, TOML, file names or URLs, or that are not shown.
fn strings() -> Vec<String> {
    let fixed = [
        "",
        " ",
        "a\u{202e}b\u{2066}c",
        "\u{200f}\u{feff}",
        "a\0b\u{7f}\u{85}\u{2028}c",
        "a\nb\n\n    let c = 1;",
        "a\r\nb\rc",
        "*/ /* // /// //! /** a",
        "\"#\"##\\",
        "'a' \"b\" `c` ``d``",
        "```rust\nfn a( {\n",
        "~~~\n{} {a} {{b}}",
        "<b><Vec<T>> [a] [b](c) [d][e] [f]: g",
        "https://a.example/<b>?c=[d]",
        "#![deny(all)] r#\"x\"# #[a]",
        "${a} {b} %s %41 \\n \\u{41} \\",
        "type",
        "con",
        "../../a",
        "\u{1f600}\u{1f468}\u{200d}\u{1f469}",
        "\u{65e5}\u{672c}",
        "x@y.example",
    ];
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    all.push("long ".repeat(2000));
    all.push("q".repeat(5000));
    all
}

/// Adds the string literals of some tokens.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(literal) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found.insert(literal.value());
                }
            }
            _ => {}
        }
    }
}

/// Returns whether a character is not shown, or changes the direction of what follows.
fn is_invisible(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_direction || c == '\u{feff}' || (c.is_control() && c != '\n')
}

#[test]
fn any_string_can_be_anywhere() {
    let (locations, strings) = (locations(DOCUMENT), strings());
    for round in 0..strings.len() {
        let with: Vec<(String, &str)> = locations
            .iter()
            .enumerate()
            .map(|(i, location)| {
                (format!("@{location}@"), strings[(i + round) % strings.len()].as_str())
            })
            .collect();
        for is_server in [false, true].into_iter().take(1 + usize::from(round % 4 == 0)) {
            let output = generated(DOCUMENT, &with, is_server);
            assert!(output.is_ok(), "round {round}: {:?}", output.err());
            let Ok(Output { files, warnings, .. }) = output else { continue };
            let mut found = BTreeSet::new();
            for (path, content) in files.iter() {
                assert!(!content.contains(is_invisible), "{path}: {content}");
                if path == "Cargo.toml" {
                    assert!(content.parse::<toml::Table>().is_ok(), "{content}");
                    continue;
                }
                assert!(syn::parse_file(content).is_ok(), "{path}: {content}");
                literals(content.parse().unwrap_or_default(), &mut found);
                // Comments between tokens were read as attributes.
                assert!(!content.contains("#[doc = "), "{path}: {content}");
            }
            for (location, string) in &with {
                let is_expected = !is_server && LITERALS.contains(&location.as_str());
                let shown: String = string.chars().take(80).collect();
                assert!(
                    !is_expected || found.contains(*string),
                    "round {round}: {location} is not {shown:?}: {}",
                    warnings.render(false)
                );
            }
        }
    }
}
