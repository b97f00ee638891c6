//! Copies of parts of the upstream document, without its words.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::generate::upstream::compare::{DERIVED, keyword, parameters};
use crate::generate::upstream::document::{At, Document, Node};
use crate::generate::upstream::objects::{Kind, Rule};
use crate::generate::upstream::placeholder::PLACEHOLDER;

/// Makes copies, and collects the components that these need.
pub(super) struct Copier<'d> {
    spec: &'d Document,
    /// The file of the spec that the copies are for.
    file: usize,
    counterparts: &'d BTreeMap<At, At>,
    /// The components that the spec does not have yet: section, name, and the original.
    pub(super) missing: Vec<(String, String, At, Kind)>,
}

impl<'d> Copier<'d> {
    pub(super) fn new(spec: &'d Document, file: usize, counterparts: &'d BTreeMap<At, At>) -> Self {
        Self { spec, file, counterparts, missing: Vec::new() }
    }

    /// Returns a copy of an object.
    ///
    /// # Errors
    /// Returns an error if a reference is not resolved.
    pub(super) fn copy(&mut self, node: &Node<'_>, kind: Kind) -> Result<Value, String> {
        let target = node.resolved()?;
        if node.reference().is_some() && target.component().is_some() {
            return Ok(reference(self.target(&target, kind)));
        }
        let node = &target;
        let Value::Object(entries) = node.value else { return Ok(node.value.clone()) };
        let mut copied = Map::new();
        for key in kind.prose() {
            copied.insert((*key).to_owned(), PLACEHOLDER.into());
        }
        let mut keys: Vec<&str> = entries.keys().map(String::as_str).collect();
        if kind == Kind::Schema {
            keys.extend(DERIVED.iter().filter(|key| !entries.contains_key(**key)));
            // The words of OpenAPI 3.0 come from the others.
            keys.sort_by_key(|key| {
                ["type", "format"].iter().position(|first| first == key).map_or(2, |at| at)
            });
        }
        for key in keys {
            let value = match kind {
                Kind::Schema => keyword(node, key),
                _ => node.value.get(key).cloned(),
            };
            let Some(value) = value else { continue };
            if let Some(value) = self.copied_field(node, kind, key, value)? {
                copied.insert(key.to_owned(), value);
            }
        }
        if kind == Kind::Operation {
            // Those of the path are parameters of the operation, too.
            let mut all = Vec::new();
            for parameter in parameters(node)? {
                all.push(self.copy(&parameter, Kind::Parameter)?);
            }
            if !all.is_empty() {
                copied.insert("parameters".to_owned(), Value::Array(all));
            }
        }
        Ok(Value::Object(copied))
    }

    fn copied_field(
        &mut self,
        node: &Node<'_>,
        kind: Kind,
        key: &str,
        value: Value,
    ) -> Result<Option<Value>, String> {
        let Some(part) = node.get(key) else { return Ok(Some(value)) };
        Ok(Some(match kind.rule(key) {
            Rule::Prose | Rule::Ignored => return Ok(None),
            Rule::Value | Rule::Flag | Rule::Names(_) | Rule::Entries => value,
            Rule::Child(child) => self.copy(&part, child)?,
            Rule::Map(child, _) => {
                let mut copied = Map::new();
                for (name, part) in part.entries() {
                    copied.insert(name.to_owned(), self.copy(&part, child)?);
                }
                Value::Object(copied)
            }
            Rule::List(child) => self.copied_items(&part, child)?,
            Rule::Special => match (kind, key) {
                (Kind::Operation, "parameters") => return Ok(None),
                (_, "servers") => self.copied_items(&part, Kind::Server)?,
                (Kind::Schema, "additionalProperties") => self.copy(&part, Kind::Schema)?,
                (Kind::Discriminator, "mapping") => {
                    let mut copied = Map::new();
                    for (value, part) in part.entries() {
                        let target = part.mapped()?;
                        copied.insert(value.to_owned(), self.target(&target, Kind::Schema).into());
                    }
                    Value::Object(copied)
                }
                (Kind::Flow, "scopes") => {
                    let scopes = part.entries().into_iter();
                    scopes.map(|(scope, _)| (scope.to_owned(), Value::from(PLACEHOLDER))).collect()
                }
                _ => value,
            },
        }))
    }

    fn copied_items(&mut self, list: &Node<'_>, kind: Kind) -> Result<Value, String> {
        let items = list.items();
        let copies = items.iter().map(|item| self.copy(item, kind));
        Ok(Value::Array(copies.collect::<Result<_, _>>()?))
    }

    /// Returns a reference to the counterpart of a component. A component without one is copied later.
    pub(super) fn target(&mut self, component: &Node<'_>, kind: Kind) -> String {
        let own = self.counterparts.get(&component.at).cloned();
        let Some((section, name)) = component.component() else { return String::new() };
        let at = own.unwrap_or_else(|| {
            let root = self.spec.root();
            let at = root.at.child("components").child(&section).child(&name);
            let is_listed = self.missing.iter().any(|(.., known, _)| *known == component.at);
            if self.spec.node(&at).is_none() && !is_listed {
                self.missing.push((section, name, component.at.clone(), kind));
            }
            at
        });
        match at.file == self.file {
            true => format!("#{}", at.pointer),
            false => format!("{}#{}", self.relative(at.file), at.pointer),
        }
    }

    /// Returns the name of another file as a reference has it.
    fn relative(&self, file: usize) -> String {
        let name = |file| {
            let at = At { file, pointer: String::new() };
            self.spec.source(&at).map(|source| source.name.clone()).unwrap_or_default()
        };
        let (from, to) = (name(self.file), name(file));
        let common = from
            .char_indices()
            .rfind(|(at, c)| *c == '/' && to.get(..=*at) == from.get(..=*at))
            .map_or(0, |(at, _)| at + 1);
        let up = from.get(common..).unwrap_or_default().matches('/').count();
        "../".repeat(up) + to.get(common..).unwrap_or_default()
    }
}

/// Returns a reference.
pub(super) fn reference(target: String) -> Value {
    Value::Object(Map::from_iter([("$ref".to_owned(), target.into())]))
}
