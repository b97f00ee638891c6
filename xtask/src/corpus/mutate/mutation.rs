//! Mutations of a document as a tree, at random locations: mistakes of people, tools and merges.

use serde_json::{Map, Value, json};

use super::random::Random;
use crate::corpus::pointer::escape;

/// One mutation. The numbers select nodes and are reduced to what exists.
#[derive(Clone, Copy, Debug)]
pub enum Mutation {
    /// Removes an entry or element of a node.
    Drop(usize, usize),
    /// Inserts a copy of a node into itself.
    Repeat(usize),
    /// Replaces a node by a copy of another one.
    Swap(usize, usize),
    /// Replaces a node by a value of another type.
    Retype(usize, usize),
    /// Gives one of its entries a name that is a keyword.
    Rename(usize, usize),
    /// Replaces a node by a reference to another one, which can create cycles.
    Refer(usize, usize),
    /// Changes the target of a reference to another or an unresolved one.
    Break(usize, usize),
}

/// Values that replace a node, or the rest of a line.
pub const JUNK: [&str; 12] = [
    "null",
    "true",
    "-1",
    "1e400",
    "''",
    "'\u{0}\u{e9}\u{1f600}'",
    "[]",
    "{}",
    "[[{}]]",
    "{$ref: '#/paths'}",
    "{$ref: '#'}",
    "99999999999999999999",
];

/// Keywords that the generator knows.
pub const KEYWORDS: [&str; 30] = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "enum",
    "discriminator",
    "required",
    "type",
    "x-pagination",
    "",
    "const",
    "content",
    "default",
    "example",
    "examples",
    "format",
    "headers",
    "in",
    "name",
    "nullable",
    "parameters",
    "pattern",
    "requestBody",
    "responses",
    "schema",
    "style",
];

/// Targets of references that cannot be resolved.
const UNRESOLVED: [&str; 6] =
    ["#", "#/components/schemas/", "#/%", "other.yaml#/a", "", "#/paths/0"];

impl Mutation {
    /// Creates a random mutation.
    #[must_use]
    pub fn any(random: &mut Random) -> Self {
        let (a, b) = (random.below(usize::MAX), random.below(usize::MAX));
        match random.below(7) {
            0 => Self::Drop(a, b),
            1 => Self::Repeat(a),
            2 => Self::Swap(a, b),
            3 => Self::Retype(a, b),
            4 => Self::Rename(a, b),
            5 => Self::Refer(a, b),
            _ => Self::Break(a, b),
        }
    }

    /// Applies the mutation.
    pub fn apply(self, root: &mut Value) {
        let total = count(root);
        let at = match self {
            Self::Drop(at, _)
            | Self::Repeat(at)
            | Self::Swap(at, _)
            | Self::Retype(at, _)
            | Self::Rename(at, _)
            | Self::Refer(at, _) => at % total,
            Self::Break(at, how) => return break_reference(root, at, how),
        };
        let replacement = match self {
            Self::Swap(_, other) => node_at(root, other % total).cloned(),
            Self::Refer(_, other) => {
                Some(json!({ "$ref": format!("#{}", pointer_to(root, other % total)) }))
            }
            _ => None,
        };
        let Some(node) = node_at(root, at) else { return };
        match self {
            Self::Drop(_, which) => drop_from(node, which),
            Self::Repeat(_) => {
                let copy = node.clone();
                match node {
                    Value::Object(entries) => drop(entries.insert("copy".to_owned(), copy)),
                    Value::Array(items) => items.extend(items.first().cloned()),
                    other => *other = Value::Array(vec![copy]),
                }
            }
            Self::Swap(..) | Self::Refer(..) => *node = replacement.unwrap_or_default(),
            Self::Retype(_, junk) => *node = self::junk(junk),
            Self::Rename(_, key) => rename(node, key),
            Self::Break(..) => {}
        }
    }
}

fn junk(which: usize) -> Value {
    let source = specwright::Source::new("", JUNK[which % JUNK.len()]);
    source.tree().unwrap_or_default()
}

fn drop_from(node: &mut Value, which: usize) {
    match node {
        Value::Object(entries) if !entries.is_empty() => {
            let which = which % entries.len();
            let rest = std::mem::take(entries).into_iter().enumerate();
            *entries = rest.filter(|(i, _)| *i != which).map(|(_, entry)| entry).collect();
        }
        Value::Array(items) if !items.is_empty() => drop(items.remove(which % items.len())),
        other => *other = Value::Null,
    }
}

fn rename(node: &mut Value, key: usize) {
    if let Value::Object(entries) = node
        && !entries.is_empty()
    {
        let which = key / KEYWORDS.len() % entries.len();
        let mut renamed = Map::new();
        for (i, (name, value)) in std::mem::take(entries).into_iter().enumerate() {
            let name = if i == which { KEYWORDS[key % KEYWORDS.len()].to_owned() } else { name };
            renamed.insert(name, value);
        }
        *entries = renamed;
    }
}

fn break_reference(root: &mut Value, at: usize, how: usize) {
    let mut all = Vec::new();
    references(root, &mut all);
    let targets: Vec<String> = all.iter().map(|reference| (*reference).clone()).collect();
    if let Some(count) = (!all.is_empty()).then_some(all.len()) {
        // Half of them get another existing target.
        *all[at % count] = match how % (2 * UNRESOLVED.len()) {
            index if index < UNRESOLVED.len() => UNRESOLVED[index].to_owned(),
            _ => targets[how / 7 % count].clone(),
        };
    }
}

/// Collects the references of a tree.
fn references<'a>(node: &'a mut Value, all: &mut Vec<&'a mut String>) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, all)),
        Value::Object(entries) => {
            for (key, value) in entries {
                if key != "$ref" || !value.is_string() {
                    references(value, all);
                } else if let Value::String(target) = value {
                    all.push(target);
                }
            }
        }
        _ => {}
    }
}

/// Returns the number of nodes of a tree, including its root.
fn count(node: &Value) -> usize {
    1 + match node {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

/// Returns the node with a number, counted from the root.
fn node_at(node: &mut Value, mut at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(node);
    }
    at -= 1;
    let children: Vec<&mut Value> = match node {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(entries) => entries.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = count(child);
        if at < size {
            return node_at(child, at);
        }
        at -= size;
    }
    None
}

/// Returns the JSON pointer of the node with a number.
fn pointer_to(node: &Value, mut at: usize) -> String {
    if at == 0 {
        return String::new();
    }
    at -= 1;
    let children: Vec<(String, &Value)> = match node {
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect()
        }
        Value::Object(entries) => entries.iter().map(|(key, value)| (escape(key), value)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let size = count(child);
        if at < size {
            return format!("/{key}{}", pointer_to(child, at));
        }
        at -= size;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_number_and_a_pointer() {
        let mut root = json!({"a": [1, {"b/c": null}], "d": "x"});
        assert_eq!(count(&root), 6);
        for at in 0..6 {
            let pointer = pointer_to(&root, at);
            let pointed = root.pointer(&pointer).cloned();
            assert_eq!(node_at(&mut root, at).cloned(), pointed, "{pointer}");
        }
        assert_eq!(node_at(&mut root, 6), None);
    }

    #[test]
    fn references_get_other_targets() {
        let mut root = json!({"$ref": "#/a", "b": [{"$ref": "#/c"}]});
        Mutation::Break(1, 0).apply(&mut root);
        assert_eq!(root, json!({"$ref": "#/a", "b": [{"$ref": "#"}]}));
    }

    #[test]
    fn an_empty_tree_can_be_mutated() {
        for mutation in [
            Mutation::Drop(3, 4),
            Mutation::Repeat(1),
            Mutation::Rename(7, 8),
            Mutation::Break(1, 2),
        ] {
            for mut root in [json!(null), json!({}), json!([])] {
                mutation.apply(&mut root);
            }
        }
    }
}
