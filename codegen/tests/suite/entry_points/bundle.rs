//! A bundle gives the same code as the files and overlays that it was made of.

use specwright::{Diagnostics, Input, Source, bundle, generate};

use crate::case::{Case, cases};

/// Generates from the bundle of a case, written in a format.
fn from_bundle(case: &Case, as_json: bool) -> Result<specwright::Output, Diagnostics> {
    let mut input = case.input()?;
    let merged = bundle(&input)?;
    let content = if as_json { merged.to_json() } else { merged.to_yaml().unwrap() };
    input.config.overlays.clear();
    let spec = Source::new(&input.spec.name, content);
    generate(&Input { spec, files: Vec::new(), overlays: Vec::new(), ..input })
}

#[test]
fn bundles_give_the_same_code() {
    let mut different = Vec::new();
    let mut compared = 0;
    for group in ["generate", "recovered"] {
        for case in cases(group).unwrap() {
            let Ok(expected) = case.client() else { continue };
            for as_json in [false, true] {
                compared += 1;
                match from_bundle(&case, as_json) {
                    Ok(output) if output.files == expected.files => {}
                    Ok(output) => {
                        let changed = output
                            .files
                            .iter()
                            .find(|(path, content)| expected.files.get(path) != Some(*content));
                        different.push(format!("{}: {changed:?}", case.name()));
                    }
                    Err(found) => {
                        different.push(format!("{}: {}", case.name(), found.render(false)));
                    }
                }
            }
        }
    }
    assert!(compared > 300, "only {compared} bundles");
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}

#[test]
fn bundles_of_bundles_are_the_same() {
    for group in ["generate", "recovered"] {
        for case in cases(group).unwrap() {
            let Ok(mut input) = case.input() else { continue };
            let Ok(first) = bundle(&input) else { continue };
            input.config.overlays.clear();
            let spec = Source::new(&input.spec.name, first.to_json());
            let second =
                bundle(&Input { spec, files: Vec::new(), overlays: Vec::new(), ..input }).unwrap();
            assert_eq!(second.document, first.document, "{}", case.name());
        }
    }
}

#[test]
fn bundles_of_swagger_2_are_openapi_3() {
    let spec = "swagger: '2.0'
info: { title: One, version: '1' }
host: a.example.com
securityDefinitions:
  login: { type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://b, scopes: { read: Read. } }
paths:
  /pets:
    post:
      parameters: [{ name: pet, in: body, schema: { type: file } }]
      responses: { 200: { description: Done., schema: { $ref: '#/definitions/Pet' } } }
definitions: { Pet: { type: object, discriminator: kind, x-nullable: true } }";
    let input = Input::new(Source::new("api.yaml", spec), specwright::Config::default());
    let document = bundle(&input).unwrap().document;
    assert_eq!(document["openapi"], "3.0.3");
    let at = |pointer: &str| document.pointer(pointer).map(ToString::to_string).unwrap_or_default();
    for (pointer, expected) in [
        ("/swagger", ""),
        ("/definitions", ""),
        ("/servers", r#"[{"url":"//a.example.com"}]"#),
        (
            "/components/securitySchemes/login/flows",
            r#"{"authorizationCode":{"authorizationUrl":"https://a","tokenUrl":"https://b","scopes":{"read":"Read."}}}"#,
        ),
        (
            "/paths/~1pets/post/responses/200/content",
            r##"{"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}"##,
        ),
        ("/components/schemas/Pet/discriminator", r#"{"propertyName":"kind"}"#),
        ("/components/schemas/Pet/nullable", "true"),
    ] {
        assert_eq!(at(pointer), expected, "{pointer}");
    }
}

#[test]
fn bundles_of_openapi_3_2_keep_its_words() {
    let document =
        bundle(&Case::at("generate/openapi-3-2-fields").input().unwrap()).unwrap().document;
    assert_eq!(document["openapi"], "3.2.0");
    assert!(
        !document.to_string().contains("The file.\\n"),
        "the summary stays apart: {document:#}"
    );
    assert_eq!(document["$self"], "https://example.com/fields.yaml");
    assert!(!document.to_string().contains("x-specwright"), "{document:#}");
    for (pointer, expected) in [
        ("/paths/~1files~1{path}/query/parameters/0/in", "querystring"),
        ("/paths/~1files~1{path}/get/parameters/3/style", "cookie"),
        ("/paths/~1files~1{path}/get/responses/200/summary", "The file."),
        ("/paths/~1files~1{path}/get/responses/200/links/self/operationId", "getFile"),
        ("/components/mediaTypes/file/schema/$ref", "#/components/schemas/File"),
        ("/components/examples/one/dataValue/name", "a"),
        ("/components/schemas/Any/discriminator/defaultMapping", "Cat"),
        ("/components/securitySchemes/device/flows/implicit/refreshUrl", "https://example.com/r"),
    ] {
        assert_eq!(document.pointer(pointer).unwrap(), expected, "{pointer}");
    }
}

#[test]
fn bundles_are_self_contained_and_keep_the_order() {
    let spec = "openapi: 3.1.0
info: { title: One, version: '1' }
paths: { /pets: { $ref: 'pets.yaml#/all' } }
components: { schemas: { Z: { const: 1 }, A: { $ref: 'pets.yaml#/x-Pet' } } }";
    let pets = "all: { get: { responses: { '200': { description: All., content: { application/json: { schema: { $ref: '#/x-Pet' } } } } } } }
x-Pet: { type: [object, 'null'] }";
    let mut input = Input::new(Source::new("api.yaml", spec), specwright::Config::default());
    input.files.push(Source::new("pets.yaml", pets));
    let overlay = "overlay: 1.0.0
info: { title: Two, version: '1' }
actions: [{ target: $.info, update: { title: Two } }]";
    input.overlays.push(Source::new("overlay.yaml", overlay));
    let expected = "openapi: 3.1.0
info:
  title: Two
  version: '1'
paths:
  /pets:
    get:
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/A'
components:
  schemas:
    Z:
      const: 1
    A:
      type:
      - object
      - 'null'
";
    assert_eq!(bundle(&input).unwrap().to_yaml().unwrap(), expected);
}
