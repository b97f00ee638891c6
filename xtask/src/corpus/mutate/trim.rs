//! Selects a few operations of a document, with what they reference, so that generating is fast.

use serde_json::{Map, Value};

use super::random::Random;
use crate::corpus::pointer::unescape;

/// The maximum number of operations that are kept.
const OPERATIONS: usize = 6;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Selects random operations of a document.
pub(super) fn trim(root: &Value, random: &mut Random) -> Value {
    let Some(entries) = root.as_object() else { return root.clone() };
    let mut rest = entries.clone_without(&["paths", "webhooks", "components"]);
    let mut paths = Map::new();
    let all = operations(root);
    for _ in 0..=random.below(OPERATIONS) {
        let Some((path, method)) = all.get(random.below(all.len())) else { break };
        let Some(item) = root["paths"][path].as_object() else { continue };
        let kept = paths.entry(*path).or_insert_with(|| item.clone_without(&METHODS).into());
        kept[method] = item[*method].clone();
    }
    rest.insert("paths".to_owned(), paths.into());
    let mut trimmed = Value::Object(rest);
    if let Some(schemes) = root.pointer("/components/securitySchemes") {
        trimmed["components"]["securitySchemes"] = schemes.clone();
    }
    complete(root, &mut trimmed);
    trimmed
}

trait Part {
    /// Copies all entries except these.
    fn clone_without(&self, keys: &[&str]) -> Map<String, Value>;
}

impl Part for Map<String, Value> {
    fn clone_without(&self, keys: &[&str]) -> Map<String, Value> {
        let kept = self.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
        kept.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// Returns the path and method of each operation.
fn operations(root: &Value) -> Vec<(&str, &str)> {
    let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
            methods.map(|method| (path.as_str(), *method))
        })
        .collect()
}

/// Adds the components that are referenced, directly or by other components.
fn complete(root: &Value, trimmed: &mut Value) {
    let mut open = Vec::new();
    targets(trimmed, &mut open);
    while let Some(target) = open.pop() {
        let mut parts = target.splitn(3, '/');
        let (Some("components"), Some(kind), Some(rest)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let name = unescape(rest.split('/').next().unwrap_or(rest));
        let Some(component) = root["components"][kind].get(&name) else { continue };
        if trimmed["components"][kind].get(&name).is_none() {
            targets(component, &mut open);
            trimmed["components"][kind][name] = component.clone();
        }
    }
}

/// Collects the pointers of all strings that look like references into this document.
fn targets(node: &Value, all: &mut Vec<String>) {
    match node {
        Value::String(value) => all.extend(value.strip_prefix("#/").map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| targets(item, all)),
        Value::Object(entries) => entries.values().for_each(|value| targets(value, all)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn referenced_components_are_kept() {
        let root = json!({
            "openapi": "3.0.3",
            "paths": {"/a": {"parameters": [1], "get": {"x": {"$ref": "#/components/schemas/A"}}}},
            "components": {
                "schemas": {"A": {"$ref": "#/components/schemas/B~1C"}, "B/C": {"$ref": "#/components/schemas/A"}, "D": {}},
                "securitySchemes": {"key": {}},
            },
        });
        let mut wanted = root.clone();
        wanted["components"]["schemas"] = root["components"]["schemas"].clone();
        wanted["components"]["schemas"].as_object_mut().map(|all| all.shift_remove("D"));
        assert_eq!(trim(&root, &mut Random::new(1, 1)), wanted);
        for odd in [json!(null), json!({}), json!({"paths": []})] {
            trim(&odd, &mut Random::new(1, 1));
        }
    }
}
