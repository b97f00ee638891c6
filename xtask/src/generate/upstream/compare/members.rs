//! References, and the members of unions and `allOf`.

use super::walker::{Pair, Walker};
use crate::corpus::pointer::unescape;
use crate::generate::upstream::difference::{Action, Change, Content, Difference, Side};
use crate::generate::upstream::document::{At, Node};
use crate::generate::upstream::objects::Kind;

/// The keywords of unions.
const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// Reports two references whose targets are different schemas in both documents, instead of all
/// differences between these. Returns whether it did.
pub(super) fn is_other_reference<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<bool, String> {
    if a.reference().is_none() || b.reference().is_none() {
        return Ok(false);
    }
    let (old, new) = (a.resolved()?, b.resolved()?);
    let (Some((section, own)), Some((_, other))) = (old.component(), new.component()) else {
        return Ok(false);
    };
    let has_both = b.document.component(&section, &own).is_some();
    if own == other || !has_both || walker.is_equal(kind, (&old, &new))? {
        return Ok(false);
    }
    let content = Content::Reference(new.at.clone(), kind);
    let sentence = format!("{label} is `{other}` upstream, and `{own}` in the spec");
    // The whole reference is replaced.
    let (parent, key) = a.at.pointer.rsplit_once('/').unwrap_or_default();
    let parent = At { file: a.at.file, pointer: parent.to_owned() };
    let key = unescape(key);
    walker.replace((a, b), (parent, key), content, sentence);
    Ok(true)
}

/// Compares a union with a schema that is not one: the schema with the member that is most like it.
/// Returns whether it did.
pub(super) fn is_other_composition<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<bool, String> {
    let union = |node: &Node<'_>| UNIONS.into_iter().find(|key| !node.list(key).is_empty());
    let (key, side, sentence) = match (union(a), union(b)) {
        (Some(key), None) => {
            (key, Side::SpecOnly, "is a union in the spec, and one schema upstream")
        }
        (None, Some(key)) => {
            (key, Side::UpstreamOnly, "is a union upstream, and one schema in the spec")
        }
        _ => return Ok(false),
    };
    let (parent, own) = a.at.pointer.rsplit_once('/').unwrap_or_default();
    let parent = At { file: a.at.file, pointer: parent.to_owned() };
    let action = Action::Set(Content::Copy(b.at.clone(), Kind::Schema));
    walker.push(Difference {
        side,
        at: a.at.child(key),
        upstream_at: b.at.child(key),
        sentence: format!("{label} {sentence}"),
        upstream: None,
        changes: vec![Change { parent, key: unescape(own), action }],
    });
    let mut best: Option<(usize, Node<'_>)> = None;
    let of = if side == Side::SpecOnly { a } else { b };
    for member in of.list(key) {
        let member = member.resolved()?;
        let pair = if side == Side::SpecOnly { (&member, b) } else { (a, &member) };
        let count = walker.differences(Kind::Schema, pair)?;
        if best.as_ref().is_none_or(|(fewest, _)| count < *fewest) {
            best = Some((count, member));
        }
    }
    if let Some((_, member)) = best {
        let pair = if side == Side::SpecOnly { (&member, b) } else { (a, &member) };
        walker.compare(Kind::Schema, label, pair);
    }
    Ok(true)
}

/// Compares the members of a list, in any order.
pub(super) fn compare_members<'d>(
    walker: &mut Walker<'d>,
    kind: Kind,
    label: &str,
    (a, b): Pair<'_, 'd>,
    key: &str,
) -> Result<(), String> {
    let (spec, upstream) = (a.list(key), b.list(key));
    let mut pairs: Vec<Option<usize>> = vec![None; upstream.len()];
    for round in 0..3 {
        for (new, item) in upstream.iter().enumerate() {
            let mut free = (0..spec.len()).filter(|old| !pairs.contains(&Some(*old)));
            if pairs[new].is_some() {
                continue;
            }
            pairs[new] = match round {
                0 => free.find(|old| is_same_target(&spec[*old], item)),
                1 => {
                    let mut found = None;
                    for old in free {
                        let (old_item, item) = (spec[old].resolved()?, item.resolved()?);
                        if walker.is_equal(kind, (&old_item, &item))? {
                            found = Some(old);
                            break;
                        }
                    }
                    found
                }
                _ if key == "prefixItems" => free.find(|old| *old == new),
                _ => free.find(|old| is_similar(&spec[*old], item)),
            };
        }
    }
    for (new, item) in upstream.iter().enumerate() {
        if let Some(old) = pairs[new].and_then(|old| spec.get(old)) {
            let label = format!("member {} of `{key}` of {label}", new + 1);
            walker.compare(kind, &label, (old, item));
            continue;
        }
        let name = target(item).unwrap_or_else(|| new.to_string());
        let sentence = format!("`{name}` in `{key}` of {label} is new upstream");
        let content = match item.reference() {
            Some(_) => Content::Reference(item.resolved()?.at, kind),
            None => Content::Copy(item.at.clone(), kind),
        };
        let action = Action::Add(content);
        walker.report(Side::UpstreamOnly, (a, b), (key, Some(&name)), action, sentence);
    }
    for (old, item) in spec.iter().enumerate() {
        if !pairs.contains(&Some(old)) {
            let name = target(item).unwrap_or_else(|| old.to_string());
            let sentence = format!("`{name}` in `{key}` of {label} is absent upstream");
            let action = Action::Drop(item.value.clone());
            walker.report(Side::SpecOnly, (a, b), (key, Some(&name)), action, sentence);
        }
    }
    Ok(())
}

/// Compares the mapping of a discriminator.
pub(super) fn compare_mappings<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    const KEY: &str = "mapping";
    let at = [a, b].map(|node| node.at.child(KEY));
    let (spec, upstream) = (a.map(KEY), b.map(KEY));
    for (value, part) in &upstream {
        let target = part.mapped()?;
        match spec.iter().find(|(other, _)| other == value) {
            Some((_, own)) => {
                let label = format!("the schema for `{value}` of {label}");
                walker.compare(Kind::Schema, &label, (&own.mapped()?, &target));
            }
            None => {
                let sentence = format!("value `{value}` of {label} is new upstream");
                let content = Content::Target(target.at, Kind::Schema);
                walker.add(at.clone(), value, content, None, sentence);
            }
        }
    }
    for (value, _) in spec.iter().filter(|(value, _)| upstream.iter().all(|(b, _)| b != value)) {
        let sentence = format!("value `{value}` of {label} is absent upstream");
        walker.remove_at(at.clone(), value, sentence);
    }
    Ok(())
}

/// Returns the name of the component that a reference leads to.
fn target(node: &Node<'_>) -> Option<String> {
    node.reference()?;
    node.resolved().ok()?.name()
}

fn is_same_target(a: &Node<'_>, b: &Node<'_>) -> bool {
    target(a).is_some_and(|name| target(b) == Some(name))
}

/// Returns whether two members are likely to be the same one: they have a property in common, or are
/// of the same type without properties.
fn is_similar(a: &Node<'_>, b: &Node<'_>) -> bool {
    let (Ok(a), Ok(b)) = (a.resolved(), b.resolved()) else { return false };
    let names = |node: &Node<'_>| -> Vec<String> {
        node.map("properties").into_iter().map(|(name, _)| name.to_owned()).collect()
    };
    let (own, other) = (names(&a), names(&b));
    let is_same_type = a.value.get("type") == b.value.get("type");
    own.iter().any(|name| other.contains(name))
        || own.is_empty() && other.is_empty() && is_same_type
}
