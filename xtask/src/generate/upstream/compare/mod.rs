//! The comparison of two documents, from their operations to all that these use.
//!
//! Parts are matched by their position: the schema of a response with the schema of the same response,
//! whatever their names are. A pair of parts is compared once, however many operations use it.
//!
//! | module | responsibility |
//! |---|---|
//! | `walker` | the comparison in progress |
//! | `report` | adding differences |
//! | `fields` | maps, values and sets |
//! | `members` | references, and the members of lists |
//! | `schemas` | schemas |
//! | `security` | credentials and servers |
//! | `operations` | operations and parameters |

mod fields;
mod members;
mod operations;
mod report;
mod schemas;
mod security;
#[cfg(test)]
mod tests;
mod walker;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::corpus::pointer::unescape;

use super::difference::Content;
use super::document::{At, Document, Node};
use super::objects::{Kind, Rule};

use fields::{compare_maps, compare_sets, compare_values, is_usual, noun};
use members::{compare_mappings, compare_members, is_other_composition, is_other_reference};
use operations::compare_parameters;
use schemas::compare_schemas;
use security::{compare_scopes, compare_security, compare_servers};
use walker::{Pair, Walker, is_same, shown, strings};

pub(super) use operations::parameters;
pub(super) use schemas::{DERIVED, keyword};
pub(super) use walker::{Comparison, required};

/// Compares the spec with the upstream document.
///
/// # Errors
/// Returns an error if a reference is not resolved.
pub(super) fn compare(spec: &Document, upstream: &Document) -> Result<Comparison, String> {
    let mut walker = Walker::new(run);
    operations::compare(&mut walker, &spec.root(), &upstream.root())?;
    run(&mut walker)?;
    Ok(walker.found)
}

/// Compares all parts that are queued, and the parts of these.
fn run(walker: &mut Walker<'_>) -> Result<(), String> {
    while let Some(item) = walker.queue.pop_front() {
        compare_object(walker, item.kind, &item.label, (&item.spec, &item.upstream))?;
    }
    Ok(())
}

/// Compares two objects, or references to them.
fn compare_object<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    if is_other_reference(walker, kind, label, (a, b))? {
        return Ok(());
    }
    let is_shared = a.reference().is_some();
    let own = a.at.clone();
    let (a, b) = (a.resolved()?, b.resolved()?);
    let name = a.name().filter(|_| is_shared);
    let label = name.map_or_else(|| label.to_owned(), |name| format!("`{name}`"));
    if b.component().is_some() && is_shared {
        walker.found.counterparts.entry(b.at.clone()).or_insert_with(|| a.at.clone());
    }
    if !walker.seen.insert((a.at.clone(), b.at.clone())) {
        return Ok(());
    }
    if !a.value.is_object() || !b.value.is_object() {
        compare_plain(walker, kind, &label, (&a, &b), &own);
        return Ok(());
    }
    if kind == Kind::Schema && is_other_composition(walker, &label, (&a, &b))? {
        return Ok(());
    }
    walker.found.compared.push((a.at.clone(), b.at.clone(), kind));
    let mut all = a.keys();
    let derived = if kind == Kind::Schema { &schemas::DERIVED[..] } else { &[] };
    for key in b.keys().into_iter().chain(derived.iter().copied()) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    for key in all {
        compare_field(walker, kind, &label, (&a, &b), key)?;
    }
    match kind {
        Kind::Schema => compare_schemas(walker, &label, (&a, &b)),
        Kind::Operation => {
            compare_parameters(walker, &label, (&a, &b))?;
            compare_security(walker, &label, (&a, &b))?;
            compare_servers(walker, &label, (&a, &b))
        }
        Kind::PathItem => compare_servers(walker, &label, (&a, &b)),
        _ => Ok(()),
    }
}

/// Compares two parts of which one is not an object, such as the schemas `true` and `false`.
fn compare_plain<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
    own: &At,
) {
    let is_open = |node: &Node<'_>| {
        let is_empty = node.value.as_object().is_some_and(serde_json::Map::is_empty);
        kind == Kind::Schema && (*node.value == true || is_empty)
    };
    if is_same(a.value, b.value) || is_open(a) && is_open(b) {
        return;
    }
    let content = match b.value.is_object() {
        true => Content::Copy(b.at.clone(), kind),
        false => Content::Value(b.value.clone()),
    };
    let named = |node: &Node<'_>| match node.value.is_object() {
        true => "an object".to_owned(),
        false => shown(node.value),
    };
    let (one, other) = (named(b), named(a));
    let sentence = format!("{label} is {one} upstream, and {other} in the spec");
    let (parent, key) = own.pointer.rsplit_once('/').unwrap_or_default();
    let parent = At { file: own.file, pointer: parent.to_owned() };
    walker.replace((a, b), (parent, unescape(key)), content, sentence);
}

fn compare_field<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
) -> Result<(), String> {
    let parts = (a.get(key), b.get(key));
    match kind.rule(key) {
        Rule::Prose | Rule::Ignored => Ok(()),
        Rule::Special => compare_special(walker, kind, label, (a, b), key),
        rule @ (Rule::Value | Rule::Flag) => {
            let value = |node: &Node<'_>| match (kind, key) {
                (Kind::Schema, _) => schemas::keyword(node, key),
                // Names of headers have no case.
                (Kind::Parameter, "name") if node.string("in") == Some("header") => {
                    node.string(key).map(|name| name.to_lowercase().into())
                }
                _ => node.value.get(key).cloned(),
            };
            let is_default = |value: &Value| rule == Rule::Flag && *value == Value::Bool(false);
            let value = |node: &Node<'_>| {
                value(node).filter(|value| !is_default(value) && !is_usual(kind, node, key, value))
            };
            compare_values(walker, label, (a, b), key, [value(a), value(b)]);
            Ok(())
        }
        Rule::Child(child) => match parts {
            (Some(a), Some(b)) => {
                let inner = match key {
                    "schema" => label.to_owned(),
                    key => format!("{} of {label}", noun(key)),
                };
                walker.compare(child, &inner, (&a, &b));
                Ok(())
            }
            (None, Some(part)) => {
                let sentence = format!("{} of {label} is new upstream", noun(key));
                walker.add_part((a, b), key, &part, child, sentence);
                Ok(())
            }
            (Some(_), None) => {
                let sentence = format!("{} of {label} is absent upstream", noun(key));
                walker.remove((a, b), key, sentence);
                Ok(())
            }
            (None, None) => Ok(()),
        },
        Rule::Map(child, noun) => compare_maps(walker, child, label, (a, b), key, noun),
        Rule::Entries => {
            let empty = Value::Null;
            let [one, other] =
                [&parts.0, &parts.1].map(|part| part.as_ref().map_or(&empty, |part| part.value));
            let keys = |value: &Value| -> BTreeSet<String> {
                value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
            };
            match (&parts.0, &parts.1) {
                (Some(a), Some(b)) => {
                    for key in keys(one).union(&keys(other)) {
                        let values = [one, other].map(|value| value.get(key).cloned());
                        compare_values(walker, label, (a, b), key, values);
                    }
                }
                _ => {
                    let values = [a, b].map(|node| node.value.get(key).cloned());
                    compare_values(walker, label, (a, b), key, values);
                }
            }
            Ok(())
        }
        Rule::List(child) => compare_members(walker, child, label, (a, b), key),
        Rule::Names(noun) => {
            let [one, other] = [a, b].map(|node| strings(node, key));
            compare_sets(walker, label, (a, b), key, noun, [&one, &other]);
            Ok(())
        }
    }
}

fn compare_special<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
) -> Result<(), String> {
    match (kind, key) {
        (Kind::Flow, "scopes") => compare_scopes(walker, label, (a, b)),
        (Kind::Discriminator, "mapping") => return compare_mappings(walker, label, (a, b)),
        // Compared with the whole object.
        _ => {}
    }
    Ok(())
}
