//! The document that values are drawn from and that their crate is generated from: the original, in
//! which each component has an operation, and each schema of interest an example with its location.
//! By these examples, the Rust types of schemas are found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use specwright::{Input, Source};

use super::unions::{self, members};
use crate::corpus::pointer::escape;
use crate::files;

/// The beginning of the examples.
const LOCATED: &str = "schema at ";

/// A document whose schemas have their locations as examples.
pub(super) struct Located {
    input: Input,
    /// The Rust types by the JSON pointers of their schemas in the document.
    pub(super) types: BTreeMap<String, String>,
    /// The pointers of the components that no operation of the original needs.
    pub(super) unused: BTreeSet<String>,
    /// The pointers of the unions of the document, apart from those that are components.
    pub(super) inline_unions: Vec<String>,
}

impl Located {
    /// Finds the types of the components and unions of a document.
    pub(super) fn new(input: &Input, root: &Value) -> Result<Self, String> {
        let mut changed = root.clone();
        let unions = unions::find(root);
        for pointer in &unions {
            locate_union(&mut changed, pointer);
        }
        let components = components(root);
        for pointer in &components {
            locate(&mut changed, pointer);
        }
        let mut input = with_document(input, &changed);
        let mut types = types(&input)?;
        let is_unused = |pointer: &&String| !types.contains_key(*pointer);
        let unused: BTreeSet<String> = components.iter().filter(is_unused).cloned().collect();
        if !unused.is_empty() {
            unused
                .iter()
                .enumerate()
                .for_each(|(i, pointer)| use_component(&mut changed, i, pointer));
            // Whatever is wrong with an unused component, the others are generated.
            input = with_document(&input, &changed);
            input.config.skip_unsupported = true;
            types = self::types(&input)?;
        }
        let is_inline = |pointer: &String| !components.contains(pointer);
        let inline_unions = unions.into_iter().filter(is_inline).collect();
        Ok(Self { input, types, unused, inline_unions })
    }

    /// Generates the crate.
    pub(super) fn generate(&self, directory: &Path) -> Result<(), String> {
        let output = specwright::generate(&self.input).map_err(|found| found.render(false))?;
        files::apply(directory, &files::compare(directory, &output.files)?)
    }
}

/// Returns the pointers of all component schemas.
pub(super) fn components(root: &Value) -> BTreeSet<String> {
    let section = if is_swagger(root) { "/definitions" } else { "/components/schemas" };
    let schemas = root.pointer(section).and_then(Value::as_object);
    let names = schemas.into_iter().flat_map(|schemas| schemas.keys());
    names.map(|name| format!("{section}/{}", escape(name))).collect()
}

/// Returns whether a document is Swagger 2.0.
fn is_swagger(root: &Value) -> bool {
    root.get("swagger").is_some()
}

fn with_document(input: &Input, root: &Value) -> Input {
    Input::new(Source::new("document.json", root.to_string()), input.config.clone())
}

/// Returns the types of all schemas that have a location.
fn types(input: &Input) -> Result<BTreeMap<String, String>, String> {
    let examples = specwright::examples(input).map_err(|found| found.render(false))?;
    let located = examples.found.into_iter().filter_map(|example| {
        let pointer = example.value.as_str()?.strip_prefix(LOCATED)?;
        Some((pointer.to_owned(), example.ty))
    });
    Ok(located.collect())
}

/// Adds a location to a union and its members.
fn locate_union(root: &mut Value, pointer: &str) {
    let Some(union) = root.pointer(pointer) else { return };
    let members: Vec<String> =
        members(union).map(|(keyword, i, _)| format!("{pointer}/{keyword}/{i}")).collect();
    for pointer in members.iter().map(String::as_str).chain([pointer]) {
        locate(root, pointer);
    }
}

fn locate(root: &mut Value, pointer: &str) {
    if let Some(Value::Object(schema)) = root.pointer_mut(pointer) {
        schema.remove("examples");
        schema.insert("example".to_owned(), format!("{LOCATED}{pointer}").into());
    }
}

/// Adds an operation whose body is a component.
fn use_component(root: &mut Value, index: usize, pointer: &str) {
    let mut operation = json!({
        "operationId": format!("useComponent{index}"),
        "responses": {"204": {"description": "None."}},
    });
    let schema = json!({"$ref": format!("#{pointer}")});
    if is_swagger(root) {
        operation["consumes"] = json!(["application/json"]);
        operation["parameters"] = json!([{"name": "body", "in": "body", "schema": schema}]);
    } else {
        operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
    }
    let Some(root) = root.as_object_mut() else { return };
    if let Value::Object(paths) = root.entry("paths").or_insert_with(|| json!({})) {
        paths.insert(format!("/use-component/{index}"), json!({"post": operation}));
    }
}
