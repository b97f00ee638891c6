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
