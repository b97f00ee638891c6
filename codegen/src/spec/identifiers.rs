//! Schemas that are referred to by their `$id`, and documents by their `$self`. Such references become
//! pointers before files are looked for, since an identifier need not be the name of a file.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::tree::Tree;
use crate::text::{child, join, normal, percent_decode, relative, split, value_at};

/// The schemas with identifiers: the URI of each, with its document and pointer.
type Identified = BTreeMap<String, (usize, String)>;

/// Changes all references that mean a schema by its identifier to references by a pointer.
pub(super) fn resolve(trees: &mut [Tree], names: &[String]) {
    let mut found = Identified::new();
    let bases: Vec<String> =
        trees.iter().enumerate().map(|(document, tree)| base(tree, names, document)).collect();
    for (document, tree) in trees.iter().enumerate() {
        if tree.value.get(SELF).is_some() {
            found.entry(bases[document].clone()).or_insert((document, String::new()));
        }
        visit(&tree.value, &Position::root(&bases, document), false, &mut |entries, position| {
            if position.resource == position.pointer && entries.contains_key("$id") {
                let target = (document, position.pointer.clone());
                found.entry(position.base.clone()).or_insert(target);
            }
        });
    }
    if found.is_empty() {
        return;
    }
    for document in 0..trees.len() {
        let mut changed: Vec<(String, String)> = Vec::new();
        let Some(tree) = trees.get(document) else { continue };
        let finder = Finder { trees, names, found: &found, document };
        visit(&tree.value, &Position::root(&bases, document), false, &mut |entries, position| {
            finder.references(entries, position, &mut changed);
        });
        for (pointer, reference) in changed {
            let value = trees.get_mut(document).and_then(|tree| tree.value.pointer_mut(&pointer));
            value.into_iter().for_each(|value| *value = reference.as_str().into());
        }
    }
}

/// The field with the URI of a document.
pub(super) const SELF: &str = "$self";

/// Returns the URI that references of a document are relative to: its `$self`, or its name.
fn base(tree: &Tree, names: &[String], document: usize) -> String {
    let name = names.get(document).map_or("", String::as_str);
    match tree.value.get(SELF).and_then(Value::as_str).map(|own| split(own.trim()).0) {
        None | Some("") => name.to_owned(),
        Some(own) => resolved(name, own),
    }
}

/// A part of a document.
#[derive(Clone)]
struct Position {
    pointer: String,
    /// The URI that references are relative to: the name of the document, or an identifier.
    base: String,
    /// The pointer of the schema with that identifier.
    resource: String,
}

impl Position {
    fn root(bases: &[String], document: usize) -> Self {
        let base = bases.get(document).cloned().unwrap_or_default();
        Self { pointer: String::new(), base, resource: String::new() }
    }
}

/// Visits all objects that may be OpenAPI objects. `are_names` if the keys of this one are names.
fn visit(
    value: &Value,
    position: &Position,
    are_names: bool,
    see: &mut impl FnMut(&Map<String, Value>, &Position),
) {
    let below = |position: &Position, key: &str| {
        let pointer = child(&position.pointer, key);
        Position { pointer, ..position.clone() }
    };
    match value {
        Value::Object(entries) => {
            let mut position = position.clone();
            if let (Some(Value::String(id)), false) = (entries.get("$id"), are_names) {
                let (id, _) = split(id.trim());
                if !id.is_empty() {
                    position.base = resolved(&position.base, id);
                    position.resource.clone_from(&position.pointer);
                }
            }
            if !are_names {
                see(entries, &position);
            }
            for (key, value) in entries.iter().filter(|(key, _)| are_names || !is_data(key)) {
                visit(value, &below(&position, key), !are_names && has_names(key), see);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                visit(item, &below(position, &i.to_string()), false, see);
            }
        }
        _ => {}
    }
}

/// Returns whether any JSON is below a key.
fn is_data(key: &str) -> bool {
    matches!(key, "const" | "default" | "enum" | "example" | "examples") || key.starts_with("x-")
}

/// Returns whether the keys of an object are names.
fn has_names(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "patternProperties"
            | "dependentSchemas"
            | "$defs"
            | "definitions"
            | "schemas"
            | "responses"
            | "headers"
            | "callbacks"
            | "content"
    )
}

/// Finds what references of one document mean.
struct Finder<'a> {
    trees: &'a [Tree],
    names: &'a [String],
    found: &'a Identified,
    document: usize,
}

impl Finder<'_> {
    fn references(
        &self,
        entries: &Map<String, Value>,
        position: &Position,
        changed: &mut Vec<(String, String)>,
    ) {
        let reference = entries.get("$ref").map(|value| (value, child(&position.pointer, "$ref")));
        let at = format!("{}/discriminator/mapping", position.pointer);
        let mapping = entries.get("discriminator").and_then(|of| of.get("mapping")?.as_object());
        let default = entries.get("discriminator").and_then(|of| of.get("defaultMapping"));
        let default = default.filter(|value| value.as_str().is_some_and(is_reference));
        let default = default
            .map(|value| (value, format!("{}/discriminator/defaultMapping", position.pointer)));
        let mapping = mapping.into_iter().flatten();
        // Others are names of schemas.
        let mapping = mapping.filter(|(_, value)| value.as_str().is_some_and(is_reference));
        let mapping = mapping.map(|(key, value)| (value, child(&at, key)));
        for (value, pointer) in reference.into_iter().chain(mapping).chain(default) {
            let target = value.as_str().and_then(|reference| self.target(reference, position));
            changed.extend(target.map(|target| (pointer, target)));
        }
    }

    /// Returns the reference by a pointer that means the same as one by an identifier.
    fn target(&self, reference: &str, position: &Position) -> Option<String> {
        let (name, fragment) = split(reference.trim());
        let fragment = percent_decode(fragment);
        let (document, resource) = match name {
            // Most documents have pointers from their root everywhere.
            "" if position.resource.is_empty() => return None,
            "" => (self.document, &position.resource),
            name => {
                let (document, resource) = self.found.get(&resolved(&position.base, name))?;
                (*document, resource)
            }
        };
        let fragment = match fragment.is_empty() || fragment.starts_with('/') {
            true => format!("{resource}{fragment}"),
            false if name.is_empty() => return None,
            // Anchors are looked for in the whole document.
            false => return Some(self.reference(document, &fragment)),
        };
        value_at(&self.trees.get(document)?.value, &fragment)?;
        Some(self.reference(document, &fragment))
    }

    fn reference(&self, document: usize, fragment: &str) -> String {
        let name = |document: usize| self.names.get(document).map_or("", String::as_str);
        let file = match document == self.document {
            true => String::new(),
            false => relative(name(self.document), name(document)),
        };
        // A percent sign would start an encoded character.
        format!("{file}#{}", fragment.replace('%', "%25"))
    }
}

fn is_reference(value: &str) -> bool {
    value.contains(['/', '#', ':'])
}

/// Returns the URI that a reference without fragment means.
fn resolved(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let Some((scheme, rest)) = base.split_once("://") else {
        return if has_scheme(base) { reference.to_owned() } else { join(base, reference) };
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match reference.strip_prefix('/') {
        Some(path) => normal(path),
        None => normal(&format!("{folder}/{reference}")),
    };
    format!("{scheme}://{host}/{}", path.trim_start_matches('/'))
}

/// Returns whether a reference starts with a scheme. A drive of Windows has one letter.
fn has_scheme(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else { return false };
    let is_in_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(is_in_scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_the_identifier_around_them() {
        for (base, reference, uri) in [
            ("spec/openapi.yaml", "pet", "spec/pet"),
            ("spec/openapi.yaml", "https://a.b/pet", "https://a.b/pet"),
            ("https://a.b", "pet", "https://a.b/pet"),
            ("https://a.b/c/d", "pet", "https://a.b/c/pet"),
            ("https://a.b/c/", "pet", "https://a.b/c/pet"),
            ("https://a.b/c/d", "../pet", "https://a.b/pet"),
            ("https://a.b/c/d", "/pet", "https://a.b/pet"),
            ("https://a.b/c/d", "//e.f/pet", "https://e.f/pet"),
            ("urn:a:b", "urn:a:c", "urn:a:c"),
        ] {
            assert_eq!(resolved(base, reference), uri, "{base} {reference}");
        }
    }
}
