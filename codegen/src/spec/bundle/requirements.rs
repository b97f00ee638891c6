//! Security requirements that name a scheme by its URI, as OpenAPI 3.2 allows. The scheme becomes a
//! component, so that requirements have only names.

use serde_json::{Map, Value, json};

use crate::spec::structure::{Kind, visit_all};
use crate::spec::tree::Tree;
use crate::text::pointer::unescape;
use crate::text::{split, value_at};

const SCHEMES: &str = "/components/securitySchemes";

/// Replaces URIs in the requirements of the first tree.
pub(in super::super) fn resolve(tree: &mut Tree) {
    let names = |value: &Value| -> Vec<String> {
        let schemes = value_at(value, SCHEMES).and_then(Value::as_object);
        schemes.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let mut known = names(&tree.value);
    let mut added: Vec<(String, String)> = Vec::new();
    visit_all(&mut tree.value, Kind::Document, &mut String::new(), &mut |value, kind, _| {
        if !matches!(kind, Kind::Document | Kind::Operation) {
            return;
        }
        let requirements = value.get_mut("security").and_then(Value::as_array_mut);
        for requirement in requirements.into_iter().flatten() {
            let Value::Object(schemes) = requirement else { continue };
            if schemes.keys().all(|key| known.contains(key) || !is_uri(key)) {
                continue;
            }
            let renamed = schemes.iter().map(|(key, scopes)| {
                let name = match known.contains(key) || !is_uri(key) {
                    true => key.clone(),
                    false => name_of(key, &mut known, &mut added),
                };
                (name, scopes.clone())
            });
            *schemes = renamed.collect();
        }
    });
    for (name, uri) in added {
        let fragment = split(&uri).1;
        let is_own = uri.starts_with('#') && fragment == format!("{SCHEMES}/{name}");
        if !is_own && let Some(schemes) = section(&mut tree.value) {
            schemes.insert(name, json!({ "$ref": uri }));
        }
    }
}

/// Returns whether the key of a requirement may be a URI: a reference to a file, or to a pointer.
fn is_uri(key: &str) -> bool {
    let (file, fragment) = split(key);
    fragment.starts_with('/') || [".yaml", ".yml", ".json"].iter().any(|end| file.ends_with(end))
}

/// Returns the name of the component for a URI.
fn name_of(uri: &str, known: &mut Vec<String>, added: &mut Vec<(String, String)>) -> String {
    if let Some((name, _)) = added.iter().find(|(_, other)| other == uri) {
        return name.clone();
    }
    let (file, fragment) = split(uri);
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let own = match fragment.is_empty() {
        true => last(file),
        false => unescape(&last(fragment)),
    };
    let is_own = uri == format!("#{SCHEMES}/{own}");
    let numbered = (2_usize..).map(|n| format!("{own}_{n}"));
    let mut candidates = [own.clone()].into_iter().chain(numbered);
    let name = candidates.find(|name| is_own || !known.contains(name)).unwrap_or_default();
    known.push(name.clone());
    added.push((name.clone(), uri.to_owned()));
    name
}

/// Returns the security schemes of a document, which are created if they are absent.
fn section(root: &mut Value) -> Option<&mut Map<String, Value>> {
    let empty = || Value::Object(Map::new());
    let components = root.as_object_mut()?.entry("components").or_insert_with(empty);
    let schemes = components.as_object_mut()?.entry("securitySchemes").or_insert_with(empty);
    schemes.as_object_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::text::Origins;

    #[test]
    fn uris_become_names_of_components() {
        let value = json!({
            "security": [{ "#/components/securitySchemes/a": ["x"], "b": [] }],
            "paths": { "/p": { "get": { "security": [{ "c.yaml#/schemes/a": [] }, { "odd/name": [] }] } } },
            "components": { "securitySchemes": { "a": {}, "b": {} } },
        });
        let mut tree = Tree { value, origins: Origins::new(0) };
        resolve(&mut tree);
        assert_eq!(tree.value["security"], json!([{ "a": ["x"], "b": [] }]));
        let own = &tree.value["paths"]["/p"]["get"]["security"];
        assert_eq!(*own, json!([{ "a_2": [] }, { "odd/name": [] }]));
        let schemes = json!({ "a": {}, "b": {}, "a_2": { "$ref": "c.yaml#/schemes/a" } });
        assert_eq!(tree.value["components"]["securitySchemes"], schemes);
    }
}
