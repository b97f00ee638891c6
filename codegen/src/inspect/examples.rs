//! The examples of a description, each with the type that a value of it has in the generated
//! code: what shows whether the types fit what the author had in mind.

use serde_json::Value;

use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::ir::Counts;
use crate::lower::{TypeUses, is_json_or_any, lower_with_uses};
use crate::select::{local_pointer, select};
use crate::spec::{Document, Input, Kind, load, visit_all};
use crate::text::child;
use crate::text::pointer::last;

/// An example, or a default, that belongs to a generated type.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Where the value stands: a JSON pointer.
    pub pointer: String,
    /// The JSON pointer of the schema that the value is an example of.
    pub schema: String,
    /// Its type as Rust writes it, where `rt` is `specwright_runtime::__private` and the models
    /// are in scope. An option if `null` is a value of it.
    pub ty: String,
    /// The value.
    pub value: Value,
}

/// The examples of a description.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// Those that belong to a generated type, in the order of the description, inner ones first.
    pub found: Vec<Example>,
    /// The JSON pointers of all others: of schemas that no selected operation needs, and of
    /// members of an `allOf`, whose values are only part of one.
    pub without_type: Vec<String>,
    /// What of the description is generated.
    pub counts: Counts,
}

/// Finds the examples (`example`, `examples`, `default`) of schemas, parameters and bodies.
///
/// # Errors
/// Fails with every diagnostic as [`generate`](crate::generate) does.
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
/// let examples = specwright::examples(&input).expect("a valid description");
/// assert_eq!(examples.found[0].ty, "Vec<rt::Timestamp>");
/// ```
pub fn examples(input: &Input) -> Result<Examples, Diagnostics> {
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
    for Written { pointer, schema, value } in written(&mut document) {
        match uses.get(&schema) {
            Some(ty) => {
                let ty = emit::rust_type(&api, &input.config, ty);
                all.found.push(Example { pointer, schema, ty, value });
            }
            None => all.without_type.push(pointer),
        }
    }
    Ok(all)
}

/// A value where the description has it.
struct Written {
    pointer: String,
    schema: String,
    value: Value,
}

/// Every example of a description, whether its schema is needed or not.
fn written(document: &mut Document) -> Vec<Written> {
    let mut all = Vec::new();
    let mut references = Vec::new();
    visit_all(
        document.root_mut(),
        Kind::Document,
        &mut String::new(),
        &mut |value, kind, at| {
            let Some(entries) = value.as_object() else { return };
            let (schema, has_map) = match kind {
                Kind::Schema => (at.to_owned(), false),
                Kind::Parameter | Kind::Header => (child(at, "schema"), true),
                // Examples of other media types are not JSON.
                Kind::MediaType if is_json_or_any(&last(at)) => (child(at, "schema"), true),
                _ => return,
            };
            let mut add = |pointer: String, value: &Value| {
                all.push(Written { pointer, schema: schema.clone(), value: value.clone() });
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
        },
    );
    for (schema, reference) in references {
        let pointer = local_pointer(&reference).map(|target| child(&target, "value"));
        if let Some(pointer) = pointer
            && let Some(value) = document.get(&pointer)
        {
            all.push(Written { value: value.clone(), pointer, schema });
        }
    }
    all
}
