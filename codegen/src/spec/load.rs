//! Loading of the OpenAPI document with its files and overlays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Document;
use super::input::Input;
use super::recover::Version;
use super::tree::Tree;
use super::yaml::{self, Duplicate, Parsed};
use super::{bundle, identifiers, overlay, recover, versions};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::text::pointer::last;
use crate::text::{Budget, Origins, Source, join, normal};

impl Source {
    /// Parses the source as the generator does: merge keys are applied, all keys are strings, and
    /// the last of duplicate keys is used.
    ///
    /// # Errors
    /// Returns the syntax error if the source is neither YAML nor JSON.
    pub fn tree(&self) -> Result<Value, String> {
        yaml::parse(&self.content).map(|parsed| parsed.value).map_err(|error| error.message)
    }
}

/// Loads the document with its files and overlays. Reports sources that are not YAML, and documents
/// that are not OpenAPI 3.
pub(crate) fn load(input: &Input, diagnostics: &mut Diagnostics) -> Option<Document> {
    let Recovered { mut root, notes, unresolved, format, budget } = recovered(input, diagnostics)?;
    // Many documents that are declared as 3.0 use keywords of 3.1.
    versions::rewrite(&mut root, diagnostics);
    let document = Document::new(root, notes, unresolved, format);
    Some(document.with_forbidden(&input.forbidden).with_budget(budget))
}

/// Returns the document as one tree, after its files and overlays were merged into it and problems
/// were recovered. It keeps its version of OpenAPI, except that Swagger 2.0 is upgraded. Reports all
/// recovered problems.
pub(crate) fn load_merged(input: &Input, diagnostics: &mut Diagnostics) -> Option<Value> {
    let Recovered { root, mut notes, .. } = recovered(input, diagnostics)?;
    for (pointer, message) in notes.take_within("") {
        diagnostics.report(Location::Pointer(pointer), message);
    }
    Some(root)
}

/// A document as one tree.
struct Recovered {
    root: Value,
    notes: recover::Notes,
    /// References whose file exists, but not their target in it, each with a suggestion.
    unresolved: BTreeMap<String, String>,
    /// The version of the format as written.
    format: String,
    /// How much may be copied because of references.
    budget: Budget,
}

fn recovered(input: &Input, diagnostics: &mut Diagnostics) -> Option<Recovered> {
    for overlay in input.config.overlays.iter().skip(input.overlays.len()) {
        let message = messages::missing_overlay(overlay.get_ref());
        diagnostics.report(Location::Config(overlay.span()), message);
    }
    let mut trees: Vec<Option<Tree>> =
        input.documents().enumerate().map(|(i, source)| parse(source, i, diagnostics)).collect();
    let overlays = trees.split_off(trees.len().saturating_sub(input.overlays.len()));
    let mut trees: Vec<Tree> = trees.into_iter().collect::<Option<_>>()?;
    let names: Vec<String> = input.documents().map(|source| normal(&source.name)).collect();
    let size = input.documents().map(|source| source.content.len()).sum();
    let mut budget = Budget::new(size);
    for (i, overlay) in overlays.into_iter().enumerate() {
        let (i, overlay) = (i + trees.len(), overlay?);
        let target = overlay_target(&overlay, i, &names, trees.len(), diagnostics);
        if let Some(tree) = trees.get_mut(target) {
            overlay::apply(&overlay, i, tree, &mut budget, diagnostics);
        }
    }
    let format = written_version(trees.first());
    let upgraded = match trees.first().is_some_and(|tree| versions::is_swagger_2(&tree.value)) {
        true => Some(versions::upgrade(&mut trees, &names, &mut budget)),
        false => None,
    };
    if let Some(root) = trees.first_mut() {
        bundle::resolve_requirements(root);
    }
    let has_identifiers =
        |source: &Source| ["$id", identifiers::SELF].iter().any(|key| source.content.contains(key));
    if input.documents().any(has_identifiers) {
        identifiers::resolve(&mut trees, &names);
    }
    let bundled = bundle::bundle(&mut trees, &names, &budget);
    let Tree { value: mut root, mut origins } = trees.into_iter().next()?;
    let is_dynamic = input.documents().any(|source| source.content.contains("$dynamicRef"));
    let dynamic = match is_dynamic {
        true => versions::resolve_dynamic(&mut root, &mut origins, &budget),
        false => Vec::new(),
    };
    let unused = recover::check_fields(&root, &origins);
    diagnostics.set_origins(origins);
    bundled.found.into_iter().for_each(|(location, message)| diagnostics.report(location, message));
    for (pointer, message) in dynamic {
        diagnostics.report(Location::Pointer(pointer), message);
    }
    let version = check_version(&root, diagnostics)?;
    if version == Version::V3_2 {
        for (pointer, message) in unused {
            diagnostics.report(Location::Pointer(pointer), message);
        }
    }
    if upgraded.is_some() && budget.is_exhausted() {
        diagnostics.report(Location::pointer(""), messages::too_large("media types are copied"));
    }
    let mut notes = recover::recover(&mut root, version);
    if let Some(upgraded) = &upgraded {
        for (document, pointer, message) in &upgraded.in_files {
            let location = Location::InDocument { document: *document, pointer: pointer.clone() };
            diagnostics.report(location, message.clone());
        }
        for (pointer, message) in &upgraded.in_root {
            match pointer.starts_with("/servers") {
                true => diagnostics.report(Location::pointer(pointer.as_str()), message.clone()),
                false => notes.add(pointer.clone(), message.clone()),
            }
        }
    }
    Some(Recovered { root, notes, unresolved: bundled.unresolved, format, budget })
}

/// Returns the names of the files that a source refers to, relative to its own name. Returns none
/// for a source that cannot be parsed.
///
/// ```
/// let content = "paths: { /pets: { $ref: './paths/pets.yaml' } }";
/// let source = specwright::Source::new("spec/openapi.yaml", content);
/// assert_eq!(specwright::references(&source), ["spec/paths/pets.yaml"]);
/// ```
#[must_use]
pub fn references(source: &Source) -> Vec<String> {
    let mut found = BTreeSet::new();
    // Most documents refer to no file, and are not parsed for that.
    if may_refer_to_files(&source.content)
        && let Ok(parsed) = yaml::parse(&source.content)
    {
        bundle::references(&source.name, &parsed.value, &mut found);
    }
    found.into_iter().collect()
}

/// Returns whether a source has a `$ref` that does not start with `#`.
fn may_refer_to_files(source: &str) -> bool {
    let is_to_file = |(at, key): (usize, &str)| {
        let rest = source.get(at + key.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        // In prose, no colon follows.
        rest.strip_prefix(':').is_some_and(|value| {
            let value = value.trim_start_matches(['"', '\'', ' ', '\t', '\r', '\n']);
            !value.starts_with('#')
        })
    };
    source.match_indices("$ref").any(is_to_file)
}

/// Parses one of the documents.
fn parse(source: &Source, document: usize, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let location = |offset| Location::Offset { document, offset };
    let Parsed { value, duplicates, replaced, unquoted } = match yaml::parse(&source.content) {
        Ok(parsed) => parsed,
        Err(error) => {
            let message = messages::invalid_syntax(error.message);
            diagnostics.report(location(error.offset), message);
            return None;
        }
    };
    if value.is_null() {
        let message = match document {
            0 => messages::empty_document(),
            _ => messages::empty_file(),
        };
        diagnostics.report(location(None), message);
        return None;
    }
    if replaced.is_some() {
        diagnostics.report(location(replaced), messages::replaced_character());
    }
    for Duplicate { pointer, is_merged } in duplicates {
        let message = match is_merged {
            true => messages::merged_duplicate_key(last(&pointer)),
            false => messages::duplicate_key(last(&pointer)),
        };
        diagnostics.report(Location::InDocument { document, pointer }, message);
    }
    for (pointer, written) in unquoted {
        let message = messages::unquoted_string(written);
        diagnostics.report(Location::InDocument { document, pointer }, message);
    }
    Some(Tree { value, origins: Origins::new(document) })
}

/// Returns the number of the document that an overlay applies to: the OpenAPI document, or a file
/// that it refers to.
fn overlay_target(
    overlay: &Tree,
    document: usize,
    names: &[String],
    files: usize,
    diagnostics: &mut Diagnostics,
) -> usize {
    let Some(extends) = overlay.value.get("extends").and_then(Value::as_str) else { return 0 };
    let own = names.get(document).map_or("", String::as_str);
    let wanted = join(own, extends);
    if let Some(i) = names.iter().take(files).position(|name| *name == wanted) {
        return i;
    }
    // The document may be in another folder than when the overlay was written.
    let file_name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    if names.first().is_some_and(|name| file_name(name) != file_name(&wanted)) {
        let location = Location::InDocument { document, pointer: "/extends".to_owned() };
        diagnostics.report(location, messages::overlay_mismatch(extends));
    }
    0
}

/// Returns the version of a document as written, such as `OpenAPI 3.1.0` or `Swagger 2.0`.
fn written_version(tree: Option<&Tree>) -> String {
    let string = |key: &str| {
        let version = tree?.value.get(key)?;
        Some(version.as_str().map_or_else(|| version.to_string(), str::to_owned))
    };
    match (string("openapi"), string("swagger")) {
        (Some(version), _) => format!("OpenAPI {version}"),
        (None, Some(version)) => format!("Swagger {version}"),
        (None, None) => String::new(),
    }
}

/// Returns the version of a document. Reports one that is not supported.
fn check_version(root: &Value, diagnostics: &mut Diagnostics) -> Option<Version> {
    let version =
        |key: &str| root.get(key).map(|v| v.as_str().map_or(v.to_string(), str::to_owned));
    let (pointer, message) = match (version("openapi"), version("swagger")) {
        (Some(version), _) if version.starts_with("3.0") => return Some(Version::V3_0),
        (Some(version), _) if version.starts_with("3.1") => return Some(Version::V3_1),
        (Some(version), _) if version.starts_with("3.2") => return Some(Version::V3_2),
        (Some(version), _) => ("/openapi", messages::unsupported_openapi_version(version)),
        (None, Some(version)) => ("/swagger", messages::unsupported_swagger_version(version)),
        (None, None) => ("", messages::missing_openapi_version()),
    };
    diagnostics.report(Location::pointer(pointer), message);
    None
}
