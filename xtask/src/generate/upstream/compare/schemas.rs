//! Schemas. Those of OpenAPI 3.1 are compared in the words of 3.0.

use serde_json::Value;

use super::fields::{compare_sets, compare_values};
use super::walker::{Pair, Walker, is_same, required, shown, strings, token};
use crate::generate::upstream::difference::{Action, Change, Content, Difference, Side};
use crate::generate::upstream::document::Node;
use crate::generate::upstream::objects::{Kind, Rule};

/// The keywords that can follow from others.
pub(in crate::generate::upstream) const DERIVED: [&str; 6] =
    ["nullable", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Returns the value of a keyword as OpenAPI 3.0 would have it.
pub(in crate::generate::upstream) fn keyword(node: &Node<'_>, key: &str) -> Option<Value> {
    let value = node.value.get(key);
    let types = node.value.get("type").and_then(Value::as_array);
    let number = |key: &str| node.value.get(key).filter(|value| value.is_number());
    match (key, types) {
        ("type", Some(types)) => {
            let mut others = types.iter().filter(|name| *name != "null").cloned();
            match (others.next(), others.next()) {
                (Some(only), None) => Some(only),
                _ => value.cloned(),
            }
        }
        ("nullable", Some(types)) if types.iter().any(|name| name == "null") => {
            Some(Value::Bool(true))
        }
        ("enum", _) if value.is_none() => {
            node.value.get("const").map(|value| Value::Array(vec![value.clone()]))
        }
        ("minimum", _) => number("exclusiveMinimum").or(value).cloned(),
        ("maximum", _) => number("exclusiveMaximum").or(value).cloned(),
        ("exclusiveMinimum" | "exclusiveMaximum", _) if value.is_some_and(Value::is_number) => {
            Some(Value::Bool(true))
        }
        _ => value.cloned(),
    }
}

/// Compares what cannot be compared field by field.
pub(super) fn compare_schemas<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    pair: Pair<'_, 'd>,
) -> Result<(), String> {
    compare_required(walker, label, pair);
    compare_enums(walker, label, pair);
    compare_additional(walker, label, pair)
}

/// Compares which properties are required. Those that only one document has are reported as such.
fn compare_required<'d>(walker: &mut Walker<'d>, label: &str, (a, b): Pair<'_, 'd>) {
    let has = |node: &Node<'_>, name: &str| {
        node.value.get("properties").is_some_and(|all| all.get(name).is_some())
    };
    let (spec, upstream) = (required(a), required(b));
    for name in spec.symmetric_difference(&upstream) {
        if has(a, name) != has(b, name) {
            continue;
        }
        let property = format!("property `{name}` of {label}");
        let value = Value::from(name.as_str());
        let (side, sentence, action) = match upstream.contains(name) {
            true => (
                Side::UpstreamOnly,
                format!("{property} is required upstream, and optional in the spec"),
                Action::Add(Content::Value(value)),
            ),
            false => (
                Side::SpecOnly,
                format!("{property} is optional upstream, and required in the spec"),
                Action::Drop(value),
            ),
        };
        walker.report(side, (a, b), ("required", Some(name)), action, sentence);
    }
}

fn compare_enums<'d>(walker: &mut Walker<'d>, label: &str, (a, b): Pair<'_, 'd>) {
    let values = |node: &Node<'_>| keyword(node, "enum");
    let list = |value: &Option<Value>| {
        value.as_ref().and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let (spec, upstream) = (values(a), values(b));
    if spec.is_none() || upstream.is_none() {
        return compare_values(walker, label, (a, b), "enum", [spec, upstream]);
    }
    let (spec, upstream) = (list(&spec), list(&upstream));
    let before = walker.found.differences.len();
    compare_sets(walker, label, (a, b), "enum", "value", [&spec, &upstream]);
    const NAMES: &str = "x-enum-varnames";
    let (own, theirs) = (strings(a, NAMES), strings(b, NAMES));
    let name = |value: &Value, values: &[Value], names: &[Value]| {
        let at = values.iter().position(|other| is_same(other, value))?;
        Some(names.get(at).cloned().unwrap_or_else(|| usual_name(value)))
    };
    let found = walker.found.differences.get_mut(before..).unwrap_or_default();
    if own.len() == spec.len() {
        found.iter_mut().for_each(|difference| {
            name_value(difference, |value| {
                let known = name(value, &upstream, &theirs).or_else(|| name(value, &spec, &own));
                known.unwrap_or_else(|| usual_name(value))
            })
        });
    }
    for value in spec.iter().filter(|value| upstream.iter().any(|other| is_same(other, value))) {
        let names = (name(value, &spec, &own), name(value, &upstream, &theirs));
        let (Some(one), Some(other)) = names else { continue };
        if one != other {
            let wanted = spec.iter().filter_map(|of| {
                if is_same(of, value) { Some(other.clone()) } else { name(of, &spec, &own) }
            });
            let sentence = format!(
                "the name of value {} of {label} is {} upstream, and {} in the spec",
                shown(value),
                shown(&other),
                shown(&one)
            );
            let action = Action::Set(Content::Value(wanted.collect()));
            let part = (NAMES, Some(&*token(value)));
            walker.report(Side::Different, (a, b), part, action, sentence);
        }
    }
}

fn compare_additional<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    const KEY: &str = "additionalProperties";
    // A schema with words only allows everything.
    let is_word = |key: &str| matches!(Kind::Schema.rule(key), Rule::Prose | Rule::Ignored);
    let is_limit =
        |part: &Node<'_>| *part.value == false || part.keys().into_iter().any(|key| !is_word(key));
    let (one, other) = (a.get(KEY).filter(is_limit), b.get(KEY).filter(is_limit));
    let is_schema =
        |part: &Option<Node<'_>>| part.as_ref().is_some_and(|part| part.value.is_object());
    if let (Some(one), Some(other)) = (&one, &other)
        && one.value.is_object()
        && other.value.is_object()
    {
        walker.compare(Kind::Schema, &format!("each value of {label}"), (one, other));
        return Ok(());
    }
    match (&one, &other) {
        (_, Some(new)) if is_schema(&other) => {
            let sentence = format!("`{KEY}` of {label} have a schema upstream");
            walker.add_part((a, b), KEY, new, Kind::Schema, sentence);
        }
        (Some(_), _) if is_schema(&one) => {
            let sentence = format!("`{KEY}` of {label} have no schema upstream");
            match &other {
                Some(part) => {
                    let content = Content::Value(part.value.clone());
                    walker.differ((a, b), KEY, content, None, sentence);
                }
                None => walker.remove((a, b), KEY, sentence),
            }
        }
        _ => {
            let value = |part: Option<Node<'_>>| part.map(|part| part.value.clone());
            compare_values(walker, label, (a, b), KEY, [value(one), value(other)]);
        }
    }
    Ok(())
}

/// Returns the name that a value has without `x-enum-varnames`.
fn usual_name(value: &Value) -> Value {
    let upper = token(value).to_uppercase();
    upper.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>().into()
}

/// Adds the same change of `x-enum-varnames` to a change of a value.
fn name_value(difference: &mut Difference, name: impl Fn(&Value) -> Value) {
    let Some(change) = difference.changes.first() else { return };
    let action = match &change.action {
        Action::Add(Content::Value(value)) => Action::Add(Content::Value(name(value))),
        Action::Drop(value) => Action::Drop(name(value)),
        _ => return,
    };
    let parent = change.parent.clone();
    difference.changes.push(Change { parent, key: "x-enum-varnames".to_owned(), action });
}
