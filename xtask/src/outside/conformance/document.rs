//! The document that has the schemas of all groups, and the crate that is generated from it.

use std::path::Path;

use serde_json::{Value, json};
use specwright::{Config, Input, Layout, Output, Package, Severity, Source};

use super::expressible::relocate;
use super::suite::{Group, Version};
use crate::files;
use crate::workspace::root;

/// The name of the type that holds the instances of a group, whose schema is its only property.
///
/// A schema alone may become a Rust type without constraints, such as `String`.
pub(super) fn holder(index: usize) -> String {
    format!("Holder{index}")
}

/// Returns the instance of a holder.
pub(super) fn held(instance: &str) -> String {
    format!("{{\"value\":{instance}}}")
}

/// What the generator reports for one group.
pub(super) struct Verdict {
    /// Why it rejects the schema.
    pub(super) refused: Option<String>,
    /// The codes of its warnings.
    pub(super) warnings: Vec<&'static str>,
}

/// Generates from a document with one group.
pub(super) fn verdict(version: Version, group: &Group) -> Result<Verdict, String> {
    let found = match generate(version, "one", &[(0, group)])? {
        Ok(output) => output.warnings,
        Err(found) => found,
    };
    let mut verdict = Verdict { refused: None, warnings: Vec::new() };
    for entry in found.entries() {
        match entry.severity {
            Severity::Error => verdict.refused = Some(entry.message.clone()),
            _ => verdict.warnings.push(entry.code.id),
        }
    }
    Ok(verdict)
}

/// Writes the crate for all groups.
///
/// # Errors
/// Returns an error if together they cannot be generated.
pub(super) fn write(
    version: Version,
    groups: &[(usize, &Group)],
    directory: &Path,
) -> Result<(), String> {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let output = generate(version, &name, groups)?.map_err(|found| found.render(false))?;
    files::apply(directory, &files::compare(directory, &output.files)?)
}

fn generate(
    version: Version,
    name: &str,
    groups: &[(usize, &Group)],
) -> Result<Result<Output, specwright::Diagnostics>, String> {
    let package = Package {
        name: specwright_cli::generate::crate_name(name),
        runtime: root()?.join("client-runtime").display().to_string(),
        standalone: true,
    };
    let layout = Layout {
        command: "cargo xtask conformance".to_owned(),
        package: Some(package),
        ..Layout::default()
    };
    let config = Config { layout, exact_types: true, ..Config::default() };
    let spec = Source::new("conformance.json", document(version, groups).to_string());
    Ok(specwright::generate(&Input::new(spec, config)))
}

/// Returns a document in which one operation returns an instance of any group.
fn document(version: Version, groups: &[(usize, &Group)]) -> Value {
    let mut schemas = serde_json::Map::new();
    let mut all = serde_json::Map::new();
    for (index, group) in groups {
        let name = format!("Schema{index}");
        let pointer = format!("/components/schemas/{name}");
        let mut schema = group.schema.clone();
        relocate(&mut schema, &pointer);
        schemas.insert(name, schema);
        let property = json!({"$ref": format!("#{pointer}")});
        let value =
            json!({"type": "object", "required": ["value"], "properties": {"value": property}});
        schemas.insert(holder(*index), value);
        all.insert(
            format!("holder{index}"),
            json!({"$ref": format!("#/components/schemas/{}", holder(*index))}),
        );
    }
    schemas.insert("All".to_owned(), json!({"type": "object", "properties": all}));
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/All"}}});
    json!({
        "openapi": version.openapi(),
        "info": {"title": "Conformance", "version": "1"},
        "paths": {"/all": {"get": {
            "operationId": "all",
            "responses": {"200": {"description": "All.", "content": content}},
        }}},
        "components": {"schemas": schemas},
    })
}
