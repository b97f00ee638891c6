//! From documents of Swagger 2.0 to their upgraded trees. The OpenAPI document is upgraded whole; of
//! its files, the parts that references lead to. Those stay where they are in their file.

use serde_json::Value;

use super::moves::{At, Location};
use super::schemas::unusual;
use super::state::{Upgrade, Upgraded, object_at};
use super::{operations, parameters, responses, root, schemas};
use crate::spec::structure::{Kind, Order, visit_parts};
use crate::spec::tree::Tree;
use crate::text::Budget;
use crate::text::pointer::last;

/// Returns whether a document is Swagger 2.0. YAML may have the version as a number.
pub(in crate::spec) fn is_swagger_2(root: &Value) -> bool {
    match root.get("swagger") {
        _ if root.get("openapi").is_some() => false,
        Some(Value::String(version)) => version == "2" || version.starts_with("2."),
        Some(Value::Number(version)) => version.as_f64().is_some_and(|version| version == 2.0),
        _ => false,
    }
}

/// Upgrades the first tree, and the parts of others that it refers to, from Swagger 2.0.
pub(in crate::spec) fn upgrade(
    trees: &mut [Tree],
    names: &[String],
    budget: &mut Budget,
) -> Upgraded {
    let originals: Vec<Value> = trees.iter_mut().map(|tree| tree.value.take()).collect();
    let mut upgrade = Upgrade::new(&originals, names, budget.clone());
    upgrade.subtypes = schemas::subtypes(&upgrade, &originals);
    let mut values = vec![root::root(&mut upgrade)];
    values.extend(originals.iter().skip(1).cloned());
    let mut parts = vec![((0, String::new()), Kind::Document)];
    while let Some((location, kind)) = upgrade.open.pop() {
        let at = At::unmoved(location.0, location.1.clone());
        let Some(original) = upgrade.at(&location) else { continue };
        let upgraded = part(&mut upgrade, original, &at, kind);
        let target = values.get_mut(location.0).and_then(|value| value.pointer_mut(&location.1));
        if let Some(target) = target {
            *target = upgraded;
            parts.push((location, kind));
        }
    }
    for (pointer, body) in std::mem::take(&mut upgrade.new_bodies) {
        let name = last(&pointer);
        let root = values.first_mut().and_then(Value::as_object_mut);
        let components = root.and_then(|root| object_at(root, "components"));
        if let Some(bodies) = components.and_then(|entries| object_at(entries, "requestBodies")) {
            bodies.insert(name, body);
        }
    }
    for (location, kind) in &parts {
        let is_within = |outer: &Location| {
            let rest = location.1.strip_prefix(&outer.1);
            outer.0 == location.0 && rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if parts.iter().any(|(outer, _)| is_within(outer)) {
            continue;
        }
        let value = values.get_mut(location.0).and_then(|value| value.pointer_mut(&location.1));
        let Some(value) = value else { continue };
        follow_moves(&upgrade, value, location.0, *kind);
    }
    for (tree, value) in trees.iter_mut().zip(values) {
        tree.value = value;
    }
    upgrade.moves.apply(trees);
    *budget = upgrade.budget;
    upgrade.messages
}

/// Upgrades a part of a file.
fn part(upgrade: &mut Upgrade<'_>, value: &Value, at: &At, kind: Kind) -> Value {
    match kind {
        Kind::Parameter => parameters::parameter(upgrade, value, at),
        Kind::Response => responses::response(upgrade, value, at, &upgrade.produces.clone()),
        Kind::PathItem => operations::path_item(upgrade, value, at),
        Kind::Operation => operations::operation(upgrade, value, at, &[]),
        Kind::Header => parameters::header(upgrade, value, at),
        _ => schemas::schema(upgrade, value, at),
    }
}

/// Changes the references to parts that moved.
fn follow_moves(upgrade: &Upgrade<'_>, value: &mut Value, document: usize, kind: Kind) {
    let see = &mut |value: &mut Value, kind: Kind, _: &str| {
        if let Value::Object(entries) = value
            && kind == Kind::Schema
        {
            for (key, mut items) in unusual(entries) {
                items.iter_mut().for_each(|item| follow_moves(upgrade, item, document, kind));
                entries.insert(key.to_owned(), Value::Array(items));
            }
        }
        let Some(Value::String(reference)) = value.get_mut("$ref") else { return };
        let Some(old) = upgrade.resolve(document, reference) else { return };
        let new = upgrade.moves.target(&old);
        if new != old {
            *reference = upgrade.reference(document, &new);
        }
    };
    visit_parts(value, kind, Order::OuterFirst, &mut String::new(), see);
}
