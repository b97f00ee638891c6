//! Dynamic scopes: which schemas the names of dynamic references mean.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::siblings::is_structural;
use crate::spec::structure::{Kind, is_annotation, visit};
use crate::text::{child, percent_decode, value_at};

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    /// Any value: the definition is only there to be replaced.
    Any,
    /// The schema at a pointer.
    Pointer(String),
}

/// Names of dynamic references, each with its target.
pub(super) type Scope = BTreeMap<String, Binding>;

/// What one schema adds to the scope.
pub(super) type Frame = Vec<(String, Binding)>;

/// The names of dynamic references that each target of a reference depends on.
pub(super) struct Names {
    targets: BTreeMap<String, Target>,
}

#[derive(Default)]
struct Target {
    /// Names of the dynamic references in it.
    own: BTreeSet<String>,
    /// Names of its definitions.
    bound: BTreeSet<String>,
    /// The references in it: their target, and whether they are for the same value.
    references: BTreeSet<(String, bool)>,
    /// All names that it depends on.
    free: BTreeSet<String>,
}

impl Names {
    pub(super) fn of(root: &Value) -> Self {
        let mut targets: BTreeMap<String, Target> = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        visit(root, Kind::Document, &mut String::new(), &mut |value, kind, _| {
            if kind == Kind::Schema {
                open.extend(pointer_of(value));
            }
        });
        while let Some(at) = open.pop() {
            if let (false, Some(schema)) = (targets.contains_key(&at), value_at(root, &at)) {
                let mut target = Target::default();
                target.read(schema, true);
                target.bound = anchors(schema).map(|(name, _, _)| name.to_owned()).collect();
                target.free.clone_from(&target.own);
                open.extend(target.references.iter().map(|(to, _)| to.clone()));
                targets.insert(at, target);
            }
        }
        let mut names = Self { targets };
        while names.spread() {}
        names
    }

    /// Adds the names that referenced schemas depend on. Returns whether there were any.
    fn spread(&mut self) -> bool {
        let mut added: Vec<(String, String)> = Vec::new();
        for (at, target) in &self.targets {
            for (to, same_value) in &target.references {
                let names = self.targets.get(to).into_iter().flat_map(|other| &other.free);
                let names = names.filter(|name| {
                    (*same_value || !self.binds_for_others(to, name))
                        && !target.free.contains(*name)
                });
                added.extend(names.map(|name| (at.clone(), name.clone())));
            }
        }
        for (at, name) in &added {
            if let Some(target) = self.targets.get_mut(at) {
                target.free.insert(name.clone());
            }
        }
        !added.is_empty()
    }

    /// Returns the names that the schema at a pointer depends on.
    pub(super) fn free(&self, at: &str) -> BTreeSet<String> {
        self.targets.get(at).map(|target| target.free.clone()).unwrap_or_default()
    }

    /// Returns whether a schema has a definition for a name that it does not use itself.
    pub(super) fn binds_for_others(&self, at: &str, name: &str) -> bool {
        self.targets
            .get(at)
            .is_some_and(|target| target.bound.contains(name) && !target.own.contains(name))
    }
}

impl Target {
    fn read(&mut self, schema: &Value, same_value: bool) {
        let Some(entries) = schema.as_object() else { return };
        if let Some(name) = entries.get("$dynamicRef").and_then(Value::as_str)
            && let Some(name) = name.strip_prefix('#')
        {
            self.own.insert(name.to_owned());
        }
        self.references.extend(pointer_of(schema).map(|to| (to, same_value)));
        for (key, value) in entries {
            let same_value = same_value && describes_same_value(key);
            match (Kind::Schema.holds(key), value) {
                (true, Value::Object(_)) if is_map(key) => {
                    value.as_object().into_iter().flatten().for_each(|(_, schema)| {
                        self.read(schema, same_value);
                    });
                }
                (true, Value::Array(list)) => {
                    list.iter().for_each(|schema| self.read(schema, same_value));
                }
                (true, schema) => self.read(schema, same_value),
                _ => {}
            }
        }
    }
}

fn is_map(key: &str) -> bool {
    ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"].contains(&key)
}

/// Returns whether the schemas of a keyword describe the same value.
pub(super) fn describes_same_value(key: &str) -> bool {
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"].contains(&key)
}

/// Returns the pointer that a schema refers to.
fn pointer_of(schema: &Value) -> Option<String> {
    let fragment = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    fragment.starts_with('/').then(|| percent_decode(fragment))
}

/// Returns the dynamic anchors of a schema and of its definitions, each with the key of the
/// definition and its schema.
fn anchors(schema: &Value) -> impl Iterator<Item = (&str, Option<(&str, &str)>, &Value)> {
    let name = |schema: &'_ Value| schema.get("$dynamicAnchor").is_some_and(Value::is_string);
    let defined = ["$defs", "definitions"].into_iter().flat_map(move |list| {
        let schemas = schema.get(list).and_then(Value::as_object).into_iter().flatten();
        schemas.map(move |(key, schema)| (Some((list, key.as_str())), schema))
    });
    defined
        .chain([(None, schema)])
        .filter(move |(_, schema)| name(schema))
        .filter_map(|(at, schema)| Some((schema.get("$dynamicAnchor")?.as_str()?, at, schema)))
}

/// Returns what a schema at a pointer adds to the scope: its definitions with dynamic anchors, and
/// itself.
pub(super) fn frame(entries: &Map<String, Value>, at: &str, names: &Names) -> Frame {
    // Most schemas add nothing.
    if !["$defs", "definitions", "$dynamicAnchor"].iter().any(|key| entries.contains_key(*key)) {
        return Frame::new();
    }
    let schema = Value::Object(entries.clone());
    let binding = |(name, key, defined): (&str, Option<(&str, &str)>, &Value)| {
        let binding = match key {
            Some((list, key)) => definition(defined, &child(&child(at, list), key), names),
            None => Binding::Pointer(at.to_owned()),
        };
        (name.to_owned(), binding)
    };
    anchors(&schema).map(binding).collect()
}

/// Returns what a definition means. One that is only a reference means its target.
fn definition(schema: &Value, at: &str, names: &Names) -> Binding {
    let entries = schema.as_object().into_iter().flatten();
    let content: Vec<(&str, &Value)> = entries
        .map(|(key, value)| (key.as_str(), value))
        .filter(|(key, _)| !is_annotation(key) && !is_structural(key))
        .collect();
    let target = match content.as_slice() {
        [] => return Binding::Any,
        [("not", Value::Bool(true))] => return Binding::Any,
        [("not", Value::Object(not))] if not.is_empty() => return Binding::Any,
        [("$ref", _)] => pointer_of(schema),
        [("allOf", Value::Array(members))] => match members.as_slice() {
            [only] if only.as_object().is_some_and(|entries| entries.len() == 1) => {
                pointer_of(only)
            }
            _ => None,
        },
        _ => None,
    };
    let target = target.filter(|target| names.free(target).is_empty());
    Binding::Pointer(target.unwrap_or_else(|| at.to_owned()))
}
