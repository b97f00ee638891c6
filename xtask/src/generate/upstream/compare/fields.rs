//! Fields of objects: maps, values and sets.

use std::collections::BTreeSet;

use serde_json::Value;

use super::walker::{Pair, Walker, is_same, required, shown, token};
use crate::generate::upstream::difference::{Action, Change, Content, Side};
use crate::generate::upstream::document::Node;
use crate::generate::upstream::objects::Kind;

/// Compares objects by their names.
pub(super) fn compare_maps<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
    noun: &str,
) -> Result<(), String> {
    let [one, other] = [a, b].map(|node| node.get(key));
    let at = [a, b].map(|node| node.at.child(key));
    let names = |node: &Option<Node<'_>>| {
        node.as_ref()
            .map(|node| node.keys().into_iter().map(str::to_owned).collect::<BTreeSet<_>>())
            .unwrap_or_default()
    };
    for name in names(&one).union(&names(&other)) {
        let label = format!("{noun} `{name}` of {label}");
        let parts = [&one, &other].map(|node| node.as_ref().and_then(|node| node.get(name)));
        let [one, other] = parts;
        match (one, other) {
            (Some(a), Some(b)) => walker.compare(kind, &label, (&a, &b)),
            (None, Some(part)) => {
                let content = Content::Copy(part.at.clone(), kind);
                let sentence = format!("{label} is new upstream");
                walker.add(at.clone(), name, content, None, sentence);
                if key == "properties" {
                    also_require(
                        walker,
                        b,
                        name,
                        Action::Add(Content::Value(name.as_str().into())),
                    );
                }
            }
            (Some(_), None) => {
                let sentence = format!("{label} is absent upstream");
                walker.remove_at(at.clone(), name, sentence);
                if key == "properties" {
                    also_require(walker, a, name, Action::Drop(name.as_str().into()));
                }
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// Adds a change of the required properties to the last difference, which is one of a property.
fn also_require<'d>(walker: &mut Walker<'d>, node: &Node<'_>, name: &str, action: Action) {
    let is_required = required(node).contains(name);
    if let Some(last) = walker.found.differences.last_mut().filter(|_| is_required)
        && let Some(mut parent) = last.changes.first().map(|change| change.parent.clone())
        && last.changes.len() == 1
    {
        parent.pointer.truncate(parent.pointer.rfind('/').unwrap_or_default());
        last.changes.push(Change { parent, key: "required".to_owned(), action });
    }
}

/// Compares the values of a keyword.
pub(super) fn compare_values<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
    [spec, upstream]: [Option<Value>; 2],
) {
    match (spec, upstream) {
        (None, Some(upstream)) => {
            let sentence = format!(
                "`{key}` of {label} is {} upstream, and absent in the spec",
                shown(&upstream)
            );
            let content = Content::Value(upstream.clone());
            walker.add([a, b].map(|node| node.at.clone()), key, content, Some(upstream), sentence);
        }
        (Some(spec), None) => {
            let sentence =
                format!("`{key}` of {label} is absent upstream, and {} in the spec", shown(&spec));
            walker.remove((a, b), key, sentence);
        }
        (Some(spec), Some(upstream)) if !is_same(&spec, &upstream) => {
            let (one, other) = (shown(&upstream), shown(&spec));
            let sentence = format!("`{key}` of {label} is {one} upstream, and {other} in the spec");
            let content = Content::Value(upstream.clone());
            walker.differ((a, b), key, content, Some(upstream), sentence);
        }
        _ => {}
    }
}

/// Compares sets of values that are written as arrays.
pub(super) fn compare_sets<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
    noun: &str,
    [spec, upstream]: [&[Value]; 2],
) {
    for value in upstream.iter().filter(|value| !spec.iter().any(|own| is_same(own, value))) {
        let sentence = format!("{noun} {} of {label} is new upstream", shown(value));
        let action = Action::Add(Content::Value(value.clone()));
        walker.report(Side::UpstreamOnly, (a, b), (key, Some(&token(value))), action, sentence);
    }
    for value in spec.iter().filter(|value| !upstream.iter().any(|own| is_same(own, value))) {
        let sentence = format!("{noun} {} of {label} is absent upstream", shown(value));
        let action = Action::Drop(value.clone());
        walker.report(Side::SpecOnly, (a, b), (key, Some(&token(value))), action, sentence);
    }
}

/// Returns what a field is called in sentences.
pub(super) fn noun(key: &str) -> String {
    match key {
        "items" => "each item".to_owned(),
        "requestBody" => "the body".to_owned(),
        "schema" => "the schema".to_owned(),
        key => format!("`{key}`"),
    }
}

/// Returns whether a value is the one that a field has by default.
pub(super) fn is_usual(kind: Kind, node: &Node<'_>, key: &str, value: &Value) -> bool {
    if !matches!(kind, Kind::Parameter | Kind::Header) {
        return false;
    }
    let usual = match node.string("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = node.string("style").unwrap_or(usual);
    match key {
        "style" => *value == usual,
        "explode" => *value == Value::Bool(style == "form"),
        _ => false,
    }
}
