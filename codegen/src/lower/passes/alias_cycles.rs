//! Aliases that have no type in Rust: those of themselves, directly or through lists, maps and
//! tuples, and those whose types are nested too deeply or too many.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::{Context, MAX_DEPTH, MAX_TYPES};
use std::collections::BTreeSet;

/// Breaks cycles of aliases: the first alias of each becomes untyped JSON.
pub(crate) fn break_alias_cycles(api: &mut Api, context: &mut Context<'_>) {
    for (id, straight) in break_cycles(api) {
        let message = match straight {
            true => messages::circular_alias(),
            false => messages::circular_collection(),
        };
        context.diagnostics.report(Location::pointer(&api.def(id).pointer), message);
    }
    for id in flatten(api) {
        let message = messages::deep_collection(MAX_DEPTH, MAX_TYPES);
        context.diagnostics.report(Location::pointer(&api.def(id).pointer), message);
    }
}

/// What an alias is expanded to.
#[derive(Clone, Copy)]
struct Extent {
    /// The number of lists, maps and tuples in each other.
    depth: usize,
    /// The number of types.
    types: usize,
}

/// Replaces aliases that are expanded to types that are nested too deeply, or to too many. Returns
/// them. No alias is part of a cycle.
fn flatten(api: &mut Api) -> Vec<TypeId> {
    let mut flattened = Vec::new();
    let mut extents = vec![Extent { depth: 0, types: 1 }; api.types.len()];
    let mut started = vec![false; api.types.len()];
    for start in 0..api.types.len() {
        // Chains of aliases can be long, so this does not recurse.
        let mut open = vec![start];
        while let Some(&i) = open.last() {
            let TypeKind::Alias(ty) = &api.types[i].kind else {
                open.pop();
                continue;
            };
            let length = open.len();
            if !std::mem::replace(&mut started[i], true) {
                missing(ty, &started, &mut open);
            }
            if open.len() > length {
                continue;
            }
            let mut extent = extent(ty, &extents);
            if extent.depth > MAX_DEPTH || extent.types > MAX_TYPES {
                api.types[i].kind = TypeKind::Alias(Type::plain(Shape::Json));
                flattened.push(TypeId(i));
                extent = Extent { depth: 0, types: 1 };
            }
            extents[i] = extent;
            open.pop();
        }
    }
    flattened.sort_unstable();
    flattened.dedup();
    flattened
}

/// Adds the named types in a type whose extent is not known yet.
fn missing(ty: &Type, started: &[bool], open: &mut Vec<usize>) {
    match &ty.shape {
        Shape::List(inner) | Shape::Map(inner) => missing(inner, started, open),
        Shape::Tuple(tuple) => tuple.types().for_each(|ty| missing(ty, started, open)),
        Shape::Named(id) if !started[id.0] => open.push(id.0),
        _ => {}
    }
}

/// Returns the extent of a type whose named types are known.
fn extent(ty: &Type, extents: &[Extent]) -> Extent {
    match &ty.shape {
        Shape::List(inner) | Shape::Map(inner) => {
            let inner = extent(inner, extents);
            Extent { depth: inner.depth + 1, types: inner.types + 1 }
        }
        Shape::Tuple(tuple) => {
            let add = |all: Extent, inner: Extent| Extent {
                depth: all.depth.max(inner.depth + 1),
                types: all.types.saturating_add(inner.types),
            };
            let own = Extent { depth: 1, types: 1 };
            tuple.types().map(|ty| extent(ty, extents)).fold(own, add)
        }
        Shape::Named(id) => extents[id.0],
        _ => Extent { depth: 0, types: 1 },
    }
}

/// Breaks cycles of aliases. Returns the first alias of each cycle, and whether the cycle has only
/// aliases, without lists and maps.
pub(crate) fn break_cycles(api: &mut Api) -> Vec<(TypeId, bool)> {
    let mut broken: Vec<(TypeId, bool)> = Vec::new();
    // The alias from which each type was reached first.
    let mut seen_from: Vec<Option<usize>> = vec![None; api.types.len()];
    for start in 0..api.types.len() {
        let mut at = Some(start);
        while let Some(i) = at.filter(|i| seen_from[*i].is_none()) {
            seen_from[i] = Some(start);
            at = target(api, i);
        }
        if let Some(entry) = at.filter(|i| seen_from[*i] == Some(start)) {
            let next = |i: &usize| target(api, *i).filter(|next| *next != entry);
            let first = std::iter::successors(Some(entry), next).min().unwrap_or(entry);
            if let TypeKind::Alias(ty) = &api.types[first].kind {
                broken.push((TypeId(first), matches!(ty.shape, Shape::Named(_))));
            }
        }
    }
    for (id, _) in &broken {
        api.types[id.0].kind = TypeKind::Alias(Type::plain(Shape::Json));
    }
    // Tuples are rare. They have several elements, so that their cycles are searched one by one.
    for i in 0..api.types.len() {
        if let TypeKind::Alias(ty) = &api.types[i].kind
            && has_tuple(ty)
            && expands_to(api, ty, TypeId(i))
        {
            broken.push((TypeId(i), false));
            api.types[i].kind = TypeKind::Alias(Type::plain(Shape::Json));
        }
    }
    broken.sort_unstable();
    broken
}

fn has_tuple(ty: &Type) -> bool {
    match &ty.shape {
        Shape::List(inner) | Shape::Map(inner) => has_tuple(inner),
        Shape::Tuple(_) => true,
        _ => false,
    }
}

/// Returns the type that an alias is made of, directly or through lists and maps.
fn target(api: &Api, alias: usize) -> Option<usize> {
    let TypeKind::Alias(ty) = &api.types[alias].kind else { return None };
    let mut ty = ty;
    loop {
        match &ty.shape {
            Shape::List(inner) | Shape::Map(inner) => ty = inner,
            Shape::Named(next) => return Some(next.0),
            _ => return None,
        }
    }
}

/// Returns whether expanding the aliases of a type leads to the type `id`.
fn expands_to(api: &Api, ty: &Type, id: TypeId) -> bool {
    let (mut open, mut visited) = (vec![ty], BTreeSet::new());
    while let Some(ty) = open.pop() {
        match &ty.shape {
            Shape::List(inner) | Shape::Map(inner) => open.push(inner),
            Shape::Tuple(tuple) => open.extend(tuple.types()),
            Shape::Named(next) if *next == id => return true,
            Shape::Named(next) => {
                if let TypeKind::Alias(target) = &api.def(*next).kind
                    && visited.insert(*next)
                {
                    open.push(target);
                }
            }
            _ => {}
        }
    }
    false
}
