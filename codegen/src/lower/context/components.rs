//! Names of inline schemas in components other than schemas: responses, request bodies,
//! parameters and headers. They derive from the name of the component, so they do not depend on
//! which operation uses it first.

use crate::config::Config;
use crate::ir::TypeName;
use crate::lower::media::{essence, is_json, variant};
use crate::names::{Scope, snake_name, type_name};
use crate::spec::Document;
use crate::text::child;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of components, each with a suffix for names that a schema already has.
const KINDS: [(&str, &str); 4] = [
    ("responses", "Response"),
    ("requestBodies", "Body"),
    ("parameters", "Parameter"),
    ("headers", "Header"),
];

/// The names of components, and of the types in them.
#[derive(Debug, Default)]
pub(crate) struct ComponentNames {
    /// The prefix for names of types in a component, by its pointer.
    bases: BTreeMap<String, TypeName>,
    /// The names of schemas in components, by their pointers.
    schemas: BTreeMap<String, TypeName>,
}

impl ComponentNames {
    /// Names all components of a document, selected or not, so that a selection never changes a
    /// name. Names of schemas are already taken; names of operations are reserved for their
    /// requests.
    pub(crate) fn new(document: &Document, config: &Config, scope: &mut Scope) -> Self {
        let requests = requests(document, config);
        let mut names = Self::default();
        for (kind, suffix) in KINDS {
            let section = format!("/components/{kind}");
            for key in document.keys(&section) {
                let pointer = child(&section, key);
                let wanted = type_name(key);
                let schemas = schemas(document, &pointer);
                if schemas.is_empty() {
                    names.bases.insert(pointer, wanted);
                    continue;
                }
                let is_free = |name: &str, scope: &mut Scope| {
                    !requests.contains(name) && scope.take_with_builder(name)
                };
                let base = match is_free(&wanted.0, scope) {
                    true => wanted,
                    false => {
                        let longer = match wanted.0.ends_with(suffix) {
                            true => wanted,
                            false => TypeName(format!("{}{suffix}", wanted.0)),
                        };
                        scope.free_with_builder(&longer)
                    }
                };
                for (i, (at, media)) in schemas.into_iter().enumerate() {
                    let name = match i {
                        0 => base.clone(),
                        _ => scope.free_with_builder(&type_name(&format!("{} {media}", base.0))),
                    };
                    names.schemas.insert(at, name);
                }
                names.bases.insert(pointer, base);
            }
        }
        names
    }

    /// Returns the prefix for names of types at a pointer, if it is a component.
    pub(crate) fn base(&self, pointer: &str) -> Option<&TypeName> {
        self.bases.get(pointer)
    }

    /// Returns the name of a schema in a component.
    pub(crate) fn schema(&self, pointer: &str) -> Option<&TypeName> {
        self.schemas.get(pointer)
    }
}

/// Returns the schemas in a component that become named types, each with the name of its media
/// type. JSON comes first.
fn schemas(document: &Document, component: &str) -> Vec<(String, String)> {
    let content = child(component, "content");
    let mut media: Vec<&str> = document.keys(&content).collect();
    media.sort_by_key(|media| !is_json(&essence(media)));
    let media_schemas =
        media.into_iter().map(|media| (child(&child(&content, media), "schema"), variant(media)));
    let direct = (child(component, "schema"), String::new());
    let all = std::iter::once(direct).chain(media_schemas);
    all.filter(|(at, _)| document.get(at).is_some_and(is_named)).collect()
}

/// Returns whether a schema becomes a named type.
fn is_named(schema: &Value) -> bool {
    let names = ["properties", "enum", "oneOf", "anyOf", "allOf"];
    schema.get("$ref").is_none() && names.iter().any(|key| schema.get(key).is_some())
}

/// Returns the names that requests of all operations need.
fn requests(document: &Document, config: &Config) -> BTreeSet<String> {
    let items = document.get("/paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object()).flatten();
    let ids = operations.filter_map(|(_, operation)| operation.get("operationId")?.as_str());
    let chosen = config.names.operations.values().map(String::as_str);
    ids.chain(chosen).map(|id| type_name(&snake_name(id).0).0).collect()
}
