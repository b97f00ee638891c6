//! `$dynamicRef` in its dynamic scope. A schema that names its own target for the dynamic references
//! of another one, as a page of pets does for a page of anything, gets a copy of that schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::enclosing;
use super::scope::{Binding, Frame, Names, Scope, describes_same_value, frame};
use super::siblings::is_structural;
use crate::diagnostics::{Message, messages};
use crate::spec::structure::{Kind, Order, visit, visit_parts};
use crate::spec::yaml::{self, depth};
use crate::text::{Budget, Origins, child, percent_decode, value_at};

/// The maximum number of copies, and of copies within each other. More of them indicate a schema
/// that contains ever larger copies of itself.
const MAX_COPIES: usize = 2_000;
const MAX_DEPTH: usize = 16;

/// Replaces every `$dynamicRef` by a `$ref`. Returns messages about those that cannot be followed.
pub(in super::super) fn resolve(
    root: &mut Value,
    origins: &mut Origins,
    budget: &Budget,
) -> Vec<(String, Message)> {
    let original = root.clone();
    let mut resolver = Resolver {
        names: Names::of(&original),
        anchors: anchors(&original),
        original: &original,
        original_origins: origins.clone_below(""),
        origins,
        copies: BTreeMap::new(),
        depth: 0,
        budget: budget.clone(),
        found: Vec::new(),
    };
    // Named schemas come first, so that copies belong to them.
    for is_named in [true, false] {
        let mut done = String::new();
        let see = &mut |value: &mut Value, kind: Kind, pointer: &str| {
            let is_done = pointer.strip_prefix(&done).is_some_and(|rest| rest.starts_with('/'));
            let is_in_turn = pointer.starts_with("/components/schemas/") == is_named;
            if kind == Kind::Schema && is_in_turn && (done.is_empty() || !is_done) {
                *value = resolver.schema(value.take(), pointer, &Scope::new(), true);
                pointer.clone_into(&mut done);
            }
        };
        visit_parts(root, Kind::Document, Order::OuterFirst, &mut String::new(), see);
    }
    resolver.found
}

/// Returns the pointers of all schemas with an anchor, by its name.
fn anchors(root: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut anchors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    visit(root, Kind::Document, &mut String::new(), &mut |schema, _, pointer| {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = schema.get(key).and_then(Value::as_str) {
                anchors.entry(name.to_owned()).or_default().insert(pointer.to_owned());
            }
        }
    });
    anchors
}

struct Resolver<'a> {
    original: &'a Value,
    /// The origins before any copy. Those of a schema with copies in it grow with each copy of it.
    original_origins: Origins,
    origins: &'a mut Origins,
    names: Names,
    anchors: BTreeMap<String, BTreeSet<String>>,
    /// The pointers of copies, by the pointer of the original and its scope.
    copies: BTreeMap<(String, Scope), String>,
    /// Number of copies that contain the current schema.
    depth: usize,
    budget: Budget,
    found: Vec<(String, Message)>,
}

impl Resolver<'_> {
    /// Resolves the dynamic references of a schema at a pointer. `same_value` is whether it
    /// describes the same value as the schema from which the scope comes.
    fn schema(&mut self, schema: Value, at: &str, outer: &Scope, same_value: bool) -> Value {
        let Value::Object(mut entries) = schema else { return schema };
        let mut scope = outer.clone();
        for (name, binding) in frame(&entries, at, &self.names) {
            scope.entry(name).or_insert(binding);
        }
        self.dynamic_reference(&mut entries, at, &scope);
        self.children(&mut entries, at, &scope, same_value);
        self.reference(entries, at, &scope, same_value)
    }

    fn children(
        &mut self,
        entries: &mut Map<String, Value>,
        at: &str,
        scope: &Scope,
        same_value: bool,
    ) {
        for (key, value) in entries.iter_mut() {
            let pointer = child(at, key);
            let same_value = same_value && describes_same_value(key);
            match (key.as_str(), &mut *value) {
                ("$defs" | "definitions", Value::Object(schemas)) => {
                    for (name, schema) in schemas {
                        let pointer = child(&pointer, name);
                        // What a definition binds itself is meant for its own reference.
                        let mut scope = scope.clone();
                        if let Some(entries) = schema.as_object() {
                            let inner = frame(entries, &pointer, &self.names);
                            let own = entries.get("$dynamicAnchor").and_then(Value::as_str);
                            inner.iter().filter(|(name, _)| own != Some(name)).for_each(|bound| {
                                scope.remove(&bound.0);
                            });
                            if is_nested(entries) {
                                inner.iter().for_each(|bound| drop(scope.remove(&bound.0)));
                            }
                        }
                        *schema = self.schema(schema.take(), &pointer, &scope, true);
                    }
                }
                ("properties" | "patternProperties" | "dependentSchemas", Value::Object(map)) => {
                    for (name, schema) in map {
                        let pointer = child(&pointer, name);
                        *schema = self.schema(schema.take(), &pointer, scope, same_value);
                    }
                }
                ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(list)) => {
                    for (i, schema) in list.iter_mut().enumerate() {
                        let pointer = child(&pointer, i);
                        *schema = self.schema(schema.take(), &pointer, scope, same_value);
                    }
                }
                (
                    "items"
                    | "additionalProperties"
                    | "unevaluatedProperties"
                    | "unevaluatedItems"
                    | "contains"
                    | "propertyNames"
                    | "not"
                    | "if"
                    | "then"
                    | "else",
                    value,
                ) => *value = self.schema(value.take(), &pointer, scope, same_value),
                _ => {}
            }
        }
    }

    /// Replaces a `$dynamicRef` by a reference to its target.
    fn dynamic_reference(&mut self, entries: &mut Map<String, Value>, at: &str, scope: &Scope) {
        let Some(Value::String(written)) = entries.shift_remove("$dynamicRef") else { return };
        let name = written.strip_prefix('#');
        let target = match name {
            Some("") => enclosing(at).map(str::to_owned),
            Some(pointer) if pointer.starts_with('/') => Some(percent_decode(pointer)),
            Some(name) => match scope.get(name) {
                Some(Binding::Any) => return,
                Some(Binding::Pointer(pointer)) => Some(pointer.clone()),
                // Without a scope, it is an ordinary reference.
                None => match self.anchors.get(name) {
                    Some(pointers) if pointers.len() == 1 => pointers.first().cloned(),
                    _ => None,
                },
            },
            None => None,
        };
        let Some(target) = target else {
            let message = messages::unresolved_dynamic_reference(written);
            self.found.push((child(at, "$dynamicRef"), message));
            return;
        };
        let target = reference_to(&target);
        if entries.contains_key("$ref") {
            add_member(entries, json!({ "$ref": target }));
        } else {
            entries.insert("$ref".to_owned(), target.into());
        }
    }

    /// Replaces a reference to a schema with dynamic references by a copy, if they have other
    /// targets in this scope.
    fn reference(
        &mut self,
        mut entries: Map<String, Value>,
        at: &str,
        scope: &Scope,
        same_value: bool,
    ) -> Value {
        let target = entries.get("$ref").and_then(Value::as_str).and_then(|reference| {
            Some(percent_decode(reference.strip_prefix('#')?)).filter(|at| at.starts_with('/'))
        });
        let Some(target) = target else { return entries.into() };
        let free = self.names.free(&target);
        let Some(Value::Object(schema)) = value_at(self.original, &target) else {
            return entries.into();
        };
        let own: Frame = frame(schema, &target, &self.names);
        let is_free = |name: &String| free.contains(name);
        let alone: Scope = own.iter().filter(|(name, _)| is_free(name)).cloned().collect();
        let mut inner: Scope = scope
            .iter()
            .filter(|(name, _)| is_free(name))
            .map(|(n, b)| (n.clone(), b.clone()))
            .collect();
        if !same_value {
            // What a schema binds for another one is meant for that one.
            inner.retain(|name, _| !self.names.binds_for_others(&target, name));
        }
        let mut whole = alone.clone();
        whole.extend(inner.clone());
        if whole == alone {
            return entries.into();
        }
        let is_only_reference = entries.len() == 1;
        let key = (target.clone(), whole);
        if let Some(known) = self.copies.get(&key) {
            entries.insert("$ref".to_owned(), reference_to(known).into());
            return entries.into();
        }
        let copy = value_at(self.original, &target).unwrap_or(&Value::Null);
        let is_deep = at.matches('/').count() + depth(copy) > yaml::MAX_DEPTH;
        let is_endless = self.depth >= MAX_DEPTH || self.copies.len() >= MAX_COPIES;
        if is_endless || is_deep || !self.budget.take(copy, 1) {
            let message = messages::endless_dynamic_reference(target);
            self.found.push((child(at, "$ref"), message));
            return entries.into();
        }
        let members = entries.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let home = match is_only_reference {
            true => at.to_owned(),
            false => child(&child(at, "allOf"), members),
        };
        // A schema that is only this copy means it.
        let is_copy = entries.keys().all(|key| key == "$ref" || is_structural(key));
        self.copies.insert(key, if is_copy { at.to_owned() } else { home.clone() });
        self.origins.graft(&home, &self.original_origins, &target);
        self.depth += 1;
        let copy = self.schema(Value::Object(schema.clone()), &home, &inner, same_value);
        self.depth -= 1;
        if is_only_reference {
            return copy;
        }
        entries.shift_remove("$ref");
        add_member(&mut entries, copy);
        entries.into()
    }
}

/// Returns whether a definition refers to another schema, for which it has definitions itself.
fn is_nested(entries: &Map<String, Value>) -> bool {
    let has = |key: &str| entries.get(key).is_some_and(Value::is_object);
    has("$defs") || has("definitions")
}

fn add_member(entries: &mut Map<String, Value>, member: Value) {
    match entries.get_mut("allOf") {
        Some(Value::Array(members)) => members.push(member),
        _ => drop(entries.insert("allOf".to_owned(), json!([member]))),
    }
}

/// Returns a reference to a pointer. A percent sign would start an encoded character.
fn reference_to(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}
