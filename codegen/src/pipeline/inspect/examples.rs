//! The examples of a document, each with its type in the generated code. They show whether the
//! generated types match the intentions of the author.

use serde_json::Value;

use super::super::stack::with_large_stack;
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::Counts;
use crate::lower::{TypeUses, is_json_or_any, lower_with_uses};
use crate::select::{local_pointer, select};
use crate::spec::{Document, Input, Kind, load, visit_all};
use crate::text::child;
use crate::text::pointer::last;

/// An example or a default value with a generated type.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The JSON pointer of the value, as written in its file.
    pub pointer: String,
    /// The JSON pointer of its schema, as written in its file.
    pub schema: String,
    /// Its type in Rust, where `rt` is `specwright_runtime` and the models are in scope.
    /// It is an `Option` if the schema allows `null`.
    pub ty: String,
    /// The value.
    pub value: Value,
}

/// The examples of a document.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// The examples that have a generated type, in document order, nested ones first.
    pub found: Vec<Example>,
    /// The JSON pointers of all other examples: of schemas that no selected operation needs, and of
    /// members of an `allOf`, which describe only a part of a value.
    pub without_type: Vec<String>,
    /// How much of the document is generated.
    pub counts: Counts,
}

/// Finds the examples (`example`, `examples`, `default`) of schemas, parameters and bodies.
///
/// # Errors
/// Returns an error with all diagnostics, as [`generate`](crate::generate) does.
///
/// ```
/// let spec = r#"
/// openapi: 3.0.3
/// info: { title: Clock, version: "1" }
/// paths:
///   /alarms:
///     get:
///       operationId: listAlarms
///       responses:
///         "200":
///           description: All.
///           content:
///             application/json:
///               schema: { type: array, items: { type: string, format: date-time } }
///               example: ["2024-08-22T11:36:29Z"]
/// "#;
/// let source = specwright::Source::new("clock.yaml", spec);
/// let input = specwright::Input::new(source, specwright::Config::default());
/// let examples = specwright::examples(&input).expect("a valid document");
/// assert_eq!(examples.found[0].ty, "Vec<rt::Timestamp>");
/// ```
pub fn examples(input: &Input) -> Result<Examples, Diagnostics> {
    with_large_stack(input, || examples_here(input))
}

fn examples_here(input: &Input) -> Result<Examples, Diagnostics> {
    let mut diagnostics = input.diagnostics();
    let document = load(input, &mut diagnostics);
    let mut document = diagnostics.checkpoint(document)?;
    let selection = select(&document, &input.config, &mut diagnostics);
    let (api, uses) = lower_with_uses(
        &document,
        selection,
        &input.config,
        &mut diagnostics,
        TypeUses::recorded(),
    );
    let api = diagnostics.checkpoint(Some(api))?;
    let uses = uses.with_named(&api);
    let mut all = Examples { counts: api.counts, ..Examples::default() };
    for ExampleValue { pointer, schema, value } in example_values(&mut document) {
        match uses.get(&schema) {
            Some(ty) => {
                let ty = emit::rust_type(&api, &input.config, ty);
                let [pointer, schema] =
                    [pointer, schema].map(|pointer| diagnostics.as_written(&pointer));
                all.found.push(Example { pointer, schema, ty, value });
            }
            None => all.without_type.push(diagnostics.as_written(&pointer)),
        }
    }
    Ok(all)
}

/// An example in the document.
struct ExampleValue {
    pointer: String,
    schema: String,
    value: Value,
}

/// Returns all examples of a document, whether their schemas are needed or not.
fn example_values(document: &mut Document) -> Vec<ExampleValue> {
    let mut all = Vec::new();
    let mut references = Vec::new();
    visit_all(document.root_mut(), Kind::Document, &mut String::new(), &mut |value, kind, at| {
        let Some(entries) = value.as_object() else { return };
        let (schema, has_map) = match kind {
            Kind::Schema => (at.to_owned(), false),
            Kind::Parameter | Kind::Header => (child(at, "schema"), true),
            // Examples of other media types are not JSON.
            Kind::MediaType if is_json_or_any(&last(at)) => (child(at, "schema"), true),
            _ => return,
        };
        let mut add = |pointer: String, value: &Value| {
            all.push(ExampleValue { pointer, schema: schema.clone(), value: value.clone() });
        };
        for key in ["example", "default"] {
            match entries.get(key) {
                Some(value) if key == "example" || matches!(kind, Kind::Schema) => {
                    add(child(at, key), value);
                }
                _ => {}
            }
        }
        let pointer = child(at, "examples");
        match entries.get("examples") {
            Some(Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    add(child(&pointer, i), item);
                }
            }
            Some(Value::Object(named)) if has_map => {
                for (name, item) in named {
                    let pointer = child(&pointer, name);
                    if let Some(value) = item.get("value") {
                        add(child(&pointer, "value"), value);
                    } else if let Some(reference) = item.get("$ref").and_then(Value::as_str) {
                        references.push((schema.clone(), reference.to_owned()));
                    }
                }
            }
            _ => {}
        }
    });
    for (schema, reference) in references {
        let pointer = local_pointer(&reference).map(|target| child(&target, "value"));
        if let Some(pointer) = pointer
            && let Some(value) = document.get(&pointer)
        {
            all.push(ExampleValue { value: value.clone(), pointer, schema });
        }
    }
    all
}
