//! Which tags of a document change, and how much: by the operations of a tag and the components that
//! these reach.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// The parts that belong to each tag, with a hash of each part.
pub(super) type Tags = BTreeMap<String, BTreeMap<String, u64>>;

/// Reads the tags of a document.
pub(super) fn read(root: &Value) -> Tags {
    let mut tags = Tags::new();
    let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let names = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
            for tag in names.filter_map(Value::as_str) {
                let parts = tags.entry(tag.to_owned()).or_default();
                parts.insert(format!("{method} {path}"), hash(operation));
                add_components(root, operation, parts);
            }
        }
    }
    tags
}

/// Adds the components that a part reaches.
fn add_components(root: &Value, part: &Value, parts: &mut BTreeMap<String, u64>) {
    let mut open = vec![part];
    while let Some(part) = open.pop() {
        match part {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                open.extend(entries.values());
                let target = entries.get("$ref").and_then(Value::as_str);
                let pointer = target.and_then(|target| target.strip_prefix('#'));
                if let Some((pointer, target)) =
                    pointer.and_then(|pointer| Some((pointer, root.pointer(pointer)?)))
                    && !parts.contains_key(pointer)
                {
                    parts.insert(pointer.to_owned(), hash(target));
                    open.push(target);
                }
            }
            _ => {}
        }
    }
}

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}

/// Returns the tags that change most, with the number of parts that differ between neighbours. Tags that
/// only one of them has are not compared.
pub(super) fn most_changed(states: &[Tags], count: usize) -> Vec<(String, usize)> {
    let mut changes: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in states.windows(2) {
        for (tag, old) in &pair[0] {
            let Some(new) = pair[1].get(tag) else { continue };
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let differ = names.into_iter().filter(|name| old.get(*name) != new.get(*name)).count();
            *changes.entry(tag).or_default() += differ;
        }
    }
    let mut changes: Vec<(String, usize)> =
        changes.into_iter().map(|(tag, count)| (tag.to_owned(), count)).collect();
    changes.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
    changes.truncate(count);
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_change_with_what_they_reach() {
        let document = |size: &str, other: &str| {
            json!({
                "paths": {
                    "/a": {"get": {"tags": ["A"], "x": {"$ref": "#/components/schemas/One"}}},
                    "/b": {"get": {"tags": ["B"], "x": other}},
                },
                "components": {"schemas": {
                    "One": {"items": {"$ref": "#/components/schemas/Two"}},
                    "Two": {"type": size, "not": {"$ref": "#/components/schemas/One"}},
                    "Unused": {"type": other},
                }},
            })
        };
        let states = [("1", "x"), ("2", "x"), ("3", "y")].map(|(a, b)| read(&document(a, b)));
        assert_eq!(states[0]["A"].len(), 3);
        let expected = [("A".to_owned(), 2), ("B".to_owned(), 1)];
        assert_eq!(most_changed(&states, 9), expected);
        assert_eq!(most_changed(&states, 1), expected[..1]);
    }
}
