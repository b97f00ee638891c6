//! Operations, and what they have in lists.

use serde_json::Value;

use super::security::{compare_servers, need_scopes};
use super::walker::{Pair, Walker, strings};
use crate::generate::upstream::difference::{Action, Change, Content, Difference, Side};
use crate::generate::upstream::document::{At, Node};
use crate::generate::upstream::objects::{Kind, METHODS};

/// An operation, with its path and method.
type Found<'d> = (&'d str, &'d str, Node<'d>);

/// Compares the operations of the spec, and finds those that are new upstream with one of its tags.
pub(super) fn compare<'d>(
    walker: &mut Walker<'d>,
    spec: &Node<'d>,
    upstream: &Node<'d>,
) -> Result<(), String> {
    let (own, theirs) = (operations(spec)?, operations(upstream)?);
    let mut matched = Vec::new();
    for (path, method, operation) in &own {
        let is_same = |found: &&Found<'_>| normal(found.0) == normal(path) && found.1 == *method;
        let exact = theirs.iter().find(|found| found.0 == *path && found.1 == *method);
        match exact.or_else(|| theirs.iter().find(is_same)) {
            Some(found) => matched.push((operation, found)),
            None => {
                let label = label(path, method);
                let at = At { file: 0, pointer: String::new() }.child("paths").child(path);
                walker.remove_at([at.clone(), at], method, format!("{label} is absent upstream"));
            }
        }
    }
    for (_, (.., operation)) in &matched {
        need_scopes(walker, operation);
    }
    walker.found.operations = matched.len();
    compare_servers(walker, "the API", (spec, upstream))?;
    for (operation, (path, method, other)) in &matched {
        walker.compare(Kind::Operation, &label(path, method), (operation, other));
    }
    let tags = |node: &Node<'_>| strings(node, "tags");
    let known: Vec<Value> = own.iter().flat_map(|(.., operation)| tags(operation)).collect();
    for (path, method, operation) in &theirs {
        let is_known = matched.iter().any(|(_, (.., other))| other.at == operation.at);
        if !is_known && tags(operation).iter().any(|tag| known.contains(tag)) {
            let label = label(path, method);
            let parent = At { file: 0, pointer: String::new() }.child("paths").child(path);
            let content = Content::Copy(operation.at.clone(), Kind::Operation);
            let upstream = [parent.clone(), operation.at.clone()];
            walker.push(Difference {
                side: Side::UpstreamOnly,
                at: parent.child(method),
                upstream_at: upstream[1].clone(),
                sentence: format!("{label} is new upstream"),
                upstream: None,
                changes: vec![Change {
                    parent,
                    key: (*method).to_owned(),
                    action: Action::Set(content),
                }],
            });
        }
    }
    Ok(())
}

fn operations<'d>(root: &Node<'d>) -> Result<Vec<Found<'d>>, String> {
    let paths = root.get("paths").map(|paths| paths.entries()).unwrap_or_default();
    let mut found = Vec::new();
    for (path, item) in paths {
        let item = item.resolved()?;
        let own = METHODS.iter().filter_map(|method| Some((path, *method, item.get(method)?)));
        found.extend(own);
    }
    Ok(found)
}

fn label(path: &str, method: &str) -> String {
    format!("`{} {path}`", method.to_uppercase())
}

/// Returns a path without the names of its parameters.
fn normal(path: &str) -> String {
    let parts = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("{}")
}

/// Returns the parameters of an operation, and those of its path that it does not override.
pub(in crate::generate::upstream) fn parameters<'d>(
    operation: &Node<'d>,
) -> Result<Vec<Node<'d>>, String> {
    let own = |node: &Node<'d>| node.get("parameters").map(|list| list.items()).unwrap_or_default();
    let (item, _) = operation.at.pointer.rsplit_once('/').unwrap_or_default();
    let item = At { file: operation.at.file, pointer: item.to_owned() };
    let mut all = own(operation);
    let mut names = Vec::new();
    for parameter in &all {
        names.push(identity(&parameter.resolved()?));
    }
    for parameter in operation.document.node(&item).iter().flat_map(own) {
        if !names.contains(&identity(&parameter.resolved()?)) {
            all.push(parameter);
        }
    }
    Ok(all)
}

/// Returns the location and the name of a parameter.
fn identity(parameter: &Node<'_>) -> (String, String) {
    let string = |key: &str| parameter.string(key).unwrap_or_default().to_owned();
    let (location, name) = (string("in"), string("name"));
    // Names of headers have no case.
    let name = if location == "header" { name.to_lowercase() } else { name };
    (location, name)
}

/// Compares the parameters of an operation, also those of its path.
pub(super) fn compare_parameters<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    const KEY: &str = "parameters";
    let (spec, upstream) = (parameters(a)?, parameters(b)?);
    let mut pairs = vec![None; upstream.len()];
    for (new, parameter) in upstream.iter().enumerate() {
        let resolved = parameter.resolved()?;
        let id = identity(&resolved);
        let noun = format!("{} parameter `{}` of {label}", id.0, id.1);
        let mut own = None;
        for (old, parameter) in spec.iter().enumerate() {
            if identity(&parameter.resolved()?) == id {
                own = Some(old);
            }
        }
        pairs[new] = own;
        if let Some(own) = own.and_then(|old| spec.get(old)) {
            walker.compare(Kind::Parameter, &noun, (own, parameter));
            continue;
        }
        let content = match parameter.reference() {
            Some(_) => Content::Reference(resolved.at.clone(), Kind::Parameter),
            None => Content::Copy(parameter.at.clone(), Kind::Parameter),
        };
        let sentence = format!("{noun} is new upstream");
        let element = format!("{}:{}", id.0, id.1);
        let action = Action::Add(content);
        walker.report(Side::UpstreamOnly, (a, b), (KEY, Some(&element)), action, sentence);
    }
    for (old, parameter) in spec.iter().enumerate() {
        if !pairs.contains(&Some(old)) {
            let (location, name) = identity(&parameter.resolved()?);
            let sentence = format!("{location} parameter `{name}` of {label} is absent upstream");
            let element = format!("{location}:{name}");
            let action = Action::Drop(parameter.value.clone());
            walker.report(Side::SpecOnly, (a, b), (KEY, Some(&element)), action, sentence);
        }
    }
    Ok(())
}
