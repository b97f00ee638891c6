//! Schemas that contradict each other, so that no value matches all of them.

use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::state::Context;
use crate::lower::schema::all_of::leaves_of;
use crate::lower::schema::combine::Leaf;
use crate::text::child;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// The depth of properties up to which schemas are compared.
const MAX_DEPTH: usize = 6;

/// The number of sets of schemas that are compared for a variant: their number grows exponentially
/// with the depth.
const MAX_COMPARED: usize = 200;

/// Returns whether no value matches all schemas: their types or their `enum` values have nothing in
/// common, or this is so for a property that they require.
pub(crate) fn is_impossible(context: &mut Context<'_>, parts: &[SchemaPart]) -> bool {
    is_impossible_within(context, parts, MAX_DEPTH, &mut BTreeSet::new())
}

/// As [`is_impossible`], except for schemas that were compared before.
fn is_impossible_within(
    context: &mut Context<'_>,
    parts: &[SchemaPart],
    depth: usize,
    compared: &mut BTreeSet<Vec<String>>,
) -> bool {
    let leaves = leaves_of(context, parts);
    let pointers = leaves.iter().map(|leaf| leaf.pointer.clone()).collect();
    if leaves.len() < 2 || compared.len() >= MAX_COMPARED || !compared.insert(pointers) {
        return false;
    }
    if have_no_type(&leaves) || have_no_value(&leaves) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let required: BTreeSet<&String> =
        leaves.iter().flat_map(|leaf| &leaf.schema.required).collect();
    required.into_iter().any(|name| {
        let declared = leaves.iter().filter_map(|leaf| {
            let schema = leaf.schema.properties.get(name)?.clone().unbox();
            Some(SchemaPart::new(schema, child(&child(&leaf.pointer, "properties"), name)))
        });
        let declared: Vec<SchemaPart> = declared.collect();
        declared.len() > 1 && is_impossible_within(context, &declared, depth, compared)
    })
}

/// Returns whether two schemas have different types. `null` is a value of both if both allow it,
/// which this does not see: then the other values are what matters.
fn have_no_type(leaves: &[Leaf]) -> bool {
    let mut types = leaves.iter().filter_map(|leaf| leaf.schema.typ.as_deref());
    let Some(first) = types.next() else { return false };
    let is_number = |typ: &str| typ == "number" || typ == "integer";
    types.any(|typ| typ != first && !(is_number(typ) && is_number(first)))
}

/// Returns whether the `enum` values of the schemas have nothing in common.
fn have_no_value(leaves: &[Leaf]) -> bool {
    let enums = leaves.iter().map(|leaf| &leaf.schema.enumeration).filter(|e| !e.is_empty());
    let mut enums = enums.map(|values| values.iter().collect::<HashSet<&Value>>());
    let Some(mut common) = enums.next() else { return false };
    let mut has_others = false;
    for values in enums {
        has_others = true;
        common.retain(|value| values.contains(value));
    }
    has_others && common.is_empty()
}
