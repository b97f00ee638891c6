//! Whether two types have values in common.

use crate::ir::{JsonType, Shape, Type, TypeKind, Union, VariantIndex};
use crate::lower::passes::unions::facts::{Facts, ObjectFacts};
use std::collections::{BTreeSet, HashSet};

/// The depth of lists and objects up to which types are compared.
const MAX_DEPTH: usize = 6;

/// The number of pairs of types that are compared for a union: their number grows exponentially with
/// the depth.
const MAX_COMPARED: usize = 10_000;

/// The number of variants up to which each pair is compared.
const MAX_VARIANTS: usize = 20;

/// Returns whether the properties that two objects share have the same types.
pub(crate) fn are_alike<'a>(
    a: &ObjectFacts<'a>,
    b: &ObjectFacts<'a>,
    absent: &[String],
    facts: &Facts<'a>,
) -> bool {
    let has_same = |a: &[&'a Type], b: &[&'a Type]| {
        a.iter().all(|ty| b.iter().any(|other| facts.are_same(ty, other)))
    };
    a.properties.iter().all(|(name, known)| match b.property(name) {
        _ if absent.iter().any(|absent| absent == name) => true,
        Some(other) => has_same(&known.types, &other.types) && has_same(&other.types, &known.types),
        None => true,
    })
}

/// Returns whether a trial of these variants cannot choose a wrong one: no value decodes as
/// two of them, or the values of earlier ones are a part of those of later ones.
pub(crate) fn is_certain<'a>(
    union: &'a Union,
    variants: &[VariantIndex],
    facts: &mut Facts<'a>,
) -> bool {
    facts.compared = 0;
    if variants.len() > MAX_VARIANTS {
        return false;
    }
    let types: Vec<&'a Type> = variants.iter().map(|&i| &union.variants[i].ty).collect();
    let pairs = types.iter().enumerate().flat_map(|(i, a)| types[i + 1..].iter().map(|b| (*a, *b)));
    let mut pairs = pairs.collect::<Vec<_>>().into_iter();
    pairs.all(|(a, b)| {
        is_part(a, b, facts) || has_constant(a, b, facts) || differ(a, b, facts, MAX_DEPTH)
    })
}

/// Returns whether `a` has a stricter format than `b`, which includes it.
fn is_part<'a>(a: &'a Type, b: &'a Type, facts: &mut Facts<'a>) -> bool {
    let is_scalar = |ty: &'a Type, facts: &Facts<'a>| {
        let (ty, kind) = facts.api.resolve(ty);
        match &ty.shape {
            Shape::List(_) | Shape::Map(_) | Shape::JsonObject | Shape::Json => false,
            _ => matches!(kind, None | Some(TypeKind::Enum(_))),
        }
    };
    is_scalar(a, facts) && is_scalar(b, facts) && facts.of(a).breadth < facts.of(b).breadth
}

/// Returns whether `a` has known values of a property that is any string in `b`, so that it is what
/// an object with one of these values is meant to be.
fn has_constant<'a>(a: &'a Type, b: &'a Type, facts: &mut Facts<'a>) -> bool {
    let (a, b) = (facts.of(a), facts.of(b));
    let (Some(a), Some(b)) = (&a.object, &b.object) else { return false };
    let is_any = |ty: &&'a Type| {
        facts.values(ty).is_none() && facts.api.resolve(ty).0.shape == Shape::String
    };
    a.properties.iter().any(|(name, known)| {
        known.required
            && facts.property_values(known).is_some()
            && b.property(name).is_some_and(|other| other.types.iter().all(is_any))
    })
}

/// Returns whether no value is one of both types, apart from an empty list, or an object without
/// the property that distinguishes it: it is as much of one as of the other.
fn differ<'a>(a: &'a Type, b: &'a Type, facts: &mut Facts<'a>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    facts.compared += 1;
    if facts.compared > MAX_COMPARED {
        return false;
    }
    let (a_facts, b_facts) = (facts.of(a), facts.of(b));
    let shared: BTreeSet<JsonType> = a_facts.types.intersection(&b_facts.types).copied().collect();
    shared.iter().all(|json| match json {
        JsonType::Array => match (item(a, facts), item(b, facts)) {
            (Some(a), Some(b)) => differ(a, b, facts, depth),
            _ => false,
        },
        JsonType::String => match (&a_facts.strings, &b_facts.strings) {
            (Some(a), Some(b)) => {
                let b: HashSet<&String> = b.iter().collect();
                !a.iter().any(|value| b.contains(value))
            }
            _ => {
                let (a, b) = (&facts.api.resolve(a).0.shape, &facts.api.resolve(b).0.shape);
                matches!((a, b), (Shape::Date, Shape::Timestamp) | (Shape::Timestamp, Shape::Date))
            }
        },
        JsonType::Object => match (&a_facts.object, &b_facts.object) {
            (Some(a), Some(b)) => objects_differ(a, b, facts, depth),
            _ => false,
        },
        JsonType::Number | JsonType::Boolean => false,
    })
}

/// Returns whether a property of both has no value in common.
fn objects_differ<'a>(
    a: &ObjectFacts<'a>,
    b: &ObjectFacts<'a>,
    facts: &mut Facts<'a>,
    depth: usize,
) -> bool {
    a.properties.iter().any(|(name, known)| {
        let Some(other) = b.property(name) else { return false };
        known.types.iter().all(|a| other.types.iter().all(|b| differ(a, b, facts, depth)))
    })
}

/// Returns the type of the elements of a list.
fn item<'a>(ty: &'a Type, facts: &Facts<'a>) -> Option<&'a Type> {
    match &facts.api.resolve(ty).0.shape {
        Shape::List(item) => Some(item),
        _ => None,
    }
}
