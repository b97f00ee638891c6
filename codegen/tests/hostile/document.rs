//! A document with a string in each location that can have one, and what is generated from it.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright::{Config, Input, Layout, Output, Package, Source, Target};

/// A document with a string in each location that can have one: `@…@`.
pub(crate) const DOCUMENT: &str = r##"
openapi: 3.1.0
jsonSchemaDialect: "@dialect@"
info:
  title: "@title@"
  version: "@version@"
  summary: "@info summary@"
  description: "@info docs@"
  termsOfService: "@terms@"
  contact: { name: "@contact@", url: "@contact url@", email: "@email@" }
  license: { name: "@license@", identifier: "@license id@" }
externalDocs: { url: "@docs url@", description: "@docs docs@" }
servers:
  - url: "https://example.com/@server path@/{region}"
    description: "@server docs@"
    variables: { region: { default: "@variable default@", enum: ["@variable default@", b], description: "@variable docs@" } }
    x-env-name: "@server env@"
  - { url: "https://other.example.com/@other server@", description: "@other server docs@" }
tags: [{ name: "@tag@", description: "@tag docs@", externalDocs: { url: "@tag url@" } }, { name: plain }]
paths:
  "/@path@/{id}":
    post:
      tags: ["@tag@"]
      operationId: "@operation@"
      summary: "@summary@"
      description: "@operation docs@"
      x-unstable: "@unstable@"
      x-other: "@extension@"
      "x-@extension name@": { a: 1 }
      externalDocs: { url: "@operation url@" }
      deprecated: true
      security: [{ "@scheme@": [] }, { query: [] }, { header: [] }, { login: ["@scope@"] }]
      parameters:
        - { name: id, in: path, required: true, description: "@path docs@", schema: { type: string, pattern: "@path pattern@" } }
        - { name: "@query@", in: query, description: "@query docs@", schema: { type: string, default: "@query default@", enum: ["@query default@", x] } }
        - { name: "@list@", in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: string } } }
        - { name: "@cookie@", in: cookie, example: "@cookie example@", schema: { type: string, example: "@schema example@" } }
        - { name: "X-@header parameter@", in: header, schema: { type: string, const: "@const@" } }
      requestBody:
        description: "@body docs@"
        content:
          application/json: { schema: { $ref: "#/components/schemas/@schema@" }, examples: { "@example name@": { value: "@example@" } } }
          "@media type@": { schema: { type: string } }
          multipart/form-data:
            schema: { type: object, properties: { "@part@": { type: string, format: binary }, other: { type: string } } }
            encoding: { "@part@": { contentType: "@part type@", headers: { "@part header@": { schema: { type: string } } } } }
      responses:
        "200":
          description: "@response docs@"
          headers: { "@response header@": { schema: { type: string } }, X-Total: { description: "@header docs@", schema: { type: string, pattern: "@header pattern@" } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/@schema@" } } }
          links: { "@link@": { operationId: "@operation@", parameters: { "@link parameter@": "@expression@" }, description: "@link docs@" } }
        "404": { description: "@error docs@", content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
      callbacks:
        "@callback@":
          "https://example.com/@callback url@":
            post:
              description: "@callback docs@"
              requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
              responses: { "204": { description: None. } }
  /plain: { get: { tags: [plain], operationId: plain, responses: { "204": { description: None. } } } }
webhooks:
  "@webhook@":
    post:
      summary: "@webhook docs@"
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
      responses: { "204": { description: None. } }
components:
  securitySchemes:
    "@scheme@": { type: http, scheme: bearer, description: "@scheme docs@", x-env-name: "@variable name@" }
    query: { type: apiKey, in: query, name: "@key@" }
    header: { type: apiKey, in: header, name: "X-@key header@" }
    login: { type: oauth2, flows: { clientCredentials: { tokenUrl: "@token url@", scopes: { "@scope@": "@scope docs@" } } } }
    open: { type: openIdConnect, openIdConnectUrl: "@connect url@" }
  schemas:
    "@schema@":
      description: "@schema docs@"
      type: object
      required: ["@required@"]
      properties:
        "@property@": { type: string, description: "@property docs@", default: "@default@", pattern: "@pattern@" }
        "@required@": { type: string, format: "@format@", title: "@property title@", contentEncoding: "@encoding@", contentMediaType: "@content type@" }
        value: { $ref: "#/components/schemas/Value" }
        one: { $ref: "#/components/schemas/Variants" }
        list: { type: array, title: "@list title@", items: { type: object, title: "@item title@", properties: { "@item@": { type: integer } } } }
        constant: { const: "@constant@" }
        mixed: { enum: [1, "@mixed@", true] }
        reference: { $ref: "#/components/schemas/Value", description: "@reference docs@" }
        "@pattern properties@": { type: object, patternProperties: { "@name pattern@": { type: string } }, propertyNames: { pattern: "@names@" } }
        map: { type: object, additionalProperties: { type: string, enum: ["@map value@"] } }
    Error: { type: object, properties: { code: { type: integer, enum: [1, 2], x-enum-varnames: ["@value name@", B] } } }
    Value: { description: "@enum docs@", type: string, enum: ["@value@", other, "x@value@"] }
    Variants:
      oneOf: [{ $ref: "#/components/schemas/One" }, { $ref: "#/components/schemas/Two" }]
      discriminator: { propertyName: "@tag property@", mapping: { "@tag value@": "#/components/schemas/One", two: "#/components/schemas/Two" } }
    One: { type: object, required: ["@tag property@"], properties: { "@tag property@": { type: string }, "@one@": { type: string } } }
    Two: { type: object, required: ["@tag property@"], properties: { "@tag property@": { type: string }, two: { type: string } } }
"##;

/// Returns the names of all locations of a document.
pub(crate) fn locations(document: &str) -> Vec<&str> {
    let names = document.split('@').skip(1).step_by(2);
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().collect()
}

/// Replaces the locations in all strings and names of a value.
fn fill(value: &mut Value, with: &[(String, &str)]) {
    let filled = |name: &str| {
        let fill =
            |name: String, (location, string): &(String, &str)| name.replace(location, string);
        with.iter().fold(name.to_owned(), fill)
    };
    match value {
        Value::String(string) => *string = filled(string),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, with)),
        Value::Object(entries) => {
            let old = std::mem::take(entries);
            for (key, mut value) in old {
                match value.as_str().filter(|_| key == "$ref" || key.contains("@tag value@")) {
                    Some(reference) => {
                        // A reference is a URI, and a pointer in it.
                        let escape = |string: &str| -> String {
                            let pointer = string.replace('~', "~0").replace('/', "~1");
                            let encode = |c: char| match c {
                                '%' | '#' | '\0'..=' ' => format!("%{:02X}", u32::from(c)),
                                c => c.to_string(),
                            };
                            pointer.chars().map(encode).collect()
                        };
                        let escaped: Vec<_> = with
                            .iter()
                            .map(|(location, string)| (location, escape(string)))
                            .collect();
                        let fill = |name: String, (location, string): &(&String, String)| {
                            name.replace(*location, string)
                        };
                        value = escaped.iter().fold(reference.to_owned(), fill).into();
                    }
                    None => fill(&mut value, with),
                }
                entries.insert(filled(&key), value);
            }
        }
        _ => {}
    }
}

/// Returns a document with a string in each location, as JSON.
pub(crate) fn filled(document: &str, with: &[(String, &str)]) -> Result<String, String> {
    let mut document: Value =
        serde_yaml::from_str(document).map_err(|error| format!("invalid document: {error}"))?;
    fill(&mut document, with);
    Ok(document.to_string())
}

/// Generates a document with a string in each location, as a crate or as a server.
pub(crate) fn generated(
    document: &str,
    with: &[(String, &str)],
    is_server: bool,
) -> Result<Output, String> {
    let document = filled(document, with)?;
    let mut config = Config::default();
    config.client.blocking = true;
    config.layout = match is_server {
        true => Layout {
            target: Target::Server { models: "crate::api::models".to_owned() },
            ..Layout::default()
        },
        false => Layout { package: Some(Package::default()), ..Layout::default() },
    };
    if let Some(package) = &mut config.layout.package {
        package.name = "strings".to_owned();
    }
    let source = Source::new("strings.json", document);
    specwright::generate(&Input::new(source, config)).map_err(|errors| errors.render(false))
}
