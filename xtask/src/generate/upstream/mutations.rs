//! The check that each change of a property of the upstream document is reported, and nothing else.

use serde_json::{Value, json};

use super::accept::accept;
use super::compare::{compare, required};
use super::difference::{Difference, Side};
use super::document::{At, Document};
use super::intended::Intended;
use super::objects::Kind;

/// Removes each property that is compared, adds another to each schema, and changes which properties
/// are required.
///
/// # Errors
/// Returns an error that lists the mutations that are not reported exactly.
pub(super) fn check(
    spec: &Document,
    upstream: &Document,
    intended: &Intended,
) -> Result<(), String> {
    let before = compare(spec, upstream)?;
    let mut failed = Vec::new();
    let mut count = 0;
    let schemas =
        before.compared.iter().filter(|(_, at, kind)| *kind == Kind::Schema && at.file == 0);
    // Without the rest, which is large, a mutation takes little time.
    let pruned = upstream.with_root(pruned(upstream, before.compared.iter().map(|(_, at, _)| at)));
    let known = compare(spec, &pruned)?.differences;
    for (own, at, _) in schemas {
        let Some(schema) = pruned.node(at) else { continue };
        let names: Vec<String> = schema
            .get("properties")
            .map(|node| node.entries().into_iter().map(|(name, _)| name.to_owned()).collect())
            .unwrap_or_default();
        let mut mutations = Vec::new();
        for name in &names {
            mutations.push((
                Mutation::Remove(name),
                Side::SpecOnly,
                own.child("properties").child(name),
            ));
            let expected = own.child("required").child(name);
            let is_required = required(&schema).contains(name);
            let side = if is_required { Side::SpecOnly } else { Side::UpstreamOnly };
            mutations.push((Mutation::Require(name, !is_required), side, expected));
        }
        if !names.is_empty() {
            let new = own.child("properties").child("added-property");
            mutations.push((Mutation::Add("added-property"), Side::UpstreamOnly, new));
        }
        for (mutation, side, expected) in mutations {
            count += 1;
            let mut root = pruned.root().value.clone();
            mutation.apply(&mut root, &at.pointer);
            let mutated = pruned.with_root(root);
            let found = compare(spec, &mutated)?.differences;
            let new: Vec<&Difference> =
                found.iter().filter(|one| !known.iter().any(|other| is_same(one, other))).collect();
            let is_exact = matches!(&new[..], [one] if one.side == side && one.at == expected);
            if !is_exact && !is_known(&known, side, &expected) {
                let sentences: Vec<&str> = new.iter().map(|one| one.sentence.as_str()).collect();
                failed.push(format!("error: {mutation:?} at {}: {sentences:?}", at.pointer));
            }
            // What is reported can be written. The other properties of a schema are written alike.
            if mutation.is_of(names.first()) {
                let written = accept(spec.clone(), &mutated, intended);
                failed.extend(written.err());
            }
        }
    }
    println!("{count} mutations of properties: {} are not reported exactly", failed.len());
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

/// A mutation of a schema.
#[derive(Clone, Copy, Debug)]
enum Mutation<'n> {
    Remove(&'n str),
    Add(&'n str),
    Require(&'n str, bool),
}

impl Mutation<'_> {
    /// Returns whether this adds a property, or changes a certain one.
    fn is_of(self, property: Option<&String>) -> bool {
        match self {
            Self::Add(_) => true,
            Self::Remove(name) | Self::Require(name, _) => property.is_some_and(|own| own == name),
        }
    }

    fn apply(self, root: &mut Value, pointer: &str) {
        let Some(schema) = root.pointer_mut(pointer).and_then(Value::as_object_mut) else { return };
        let mut entry =
            |key: &str, empty: Value| schema.entry(key.to_owned()).or_insert(empty).take();
        let mut properties = entry("properties", json!({}));
        let mut required = entry("required", json!([]));
        match self {
            Self::Remove(name) => {
                if let Some(all) = properties.as_object_mut() {
                    all.shift_remove(name);
                }
                if let Some(all) = required.as_array_mut() {
                    all.retain(|other| other != name);
                }
            }
            Self::Add(name) => properties[name] = json!({"type": "string"}),
            Self::Require(name, is_required) => {
                if let Some(all) = required.as_array_mut() {
                    all.retain(|other| other != name);
                    all.extend(is_required.then(|| name.into()));
                }
            }
        }
        schema.insert("properties".to_owned(), properties);
        schema.insert("required".to_owned(), required);
    }
}

fn is_same(a: &Difference, b: &Difference) -> bool {
    (a.side, &a.at, &a.sentence) == (b.side, &b.at, &b.sentence)
}

/// Returns whether the documents differ there already.
fn is_known(known: &[Difference], side: Side, at: &At) -> bool {
    known.iter().any(|one| one.side != side && one.at == *at)
}

/// Returns the upstream document with the parts that are compared, and what is not in components.
fn pruned<'a>(upstream: &Document, used: impl Iterator<Item = &'a At>) -> Value {
    let used: Vec<&str> = used.filter(|at| at.file == 0).map(|at| at.pointer.as_str()).collect();
    let mut root = upstream.root().value.clone();
    for section in ["/components/schemas", "/paths"] {
        if let Some(Value::Object(all)) = root.pointer_mut(section) {
            all.retain(|name, _| {
                let pointer = format!("{section}/{}", crate::corpus::pointer::escape(name));
                let is_within = |at: &&str| {
                    at.strip_prefix(&pointer)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                used.iter().any(is_within)
            });
        }
    }
    root
}
