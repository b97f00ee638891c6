//! Aliases that have no type in Rust: those of themselves, directly or through lists and maps, and
//! lists and maps that are nested too deeply.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// The number of lists and maps in each other by reference. The compiler allows 128 types, of which
/// `Option` is one.
const MAX_DEPTH: usize = 32;

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
        let message = messages::deep_collection(MAX_DEPTH);
        context.diagnostics.report(Location::pointer(&api.def(id).pointer), message);
    }
}

/// Replaces aliases of lists and maps that are nested too deeply. Returns them.
fn flatten(api: &mut Api) -> Vec<TypeId> {
    let mut flattened = Vec::new();
    let mut depths: Vec<Option<usize>> = vec![None; api.types.len()];
    for start in 0..api.types.len() {
        let mut chain = Vec::new();
        let mut at = Some(start);
        while let Some(i) = at.filter(|i| depths[*i].is_none()) {
            chain.push(i);
            at = target(api, i);
        }
        let mut inner = at.and_then(|i| depths[i]).unwrap_or_default();
        for i in chain.into_iter().rev() {
            inner += layers(&api.types[i].kind);
            if inner > MAX_DEPTH {
                api.types[i].kind = TypeKind::Alias(Type::plain(Shape::Json));
                flattened.push(TypeId(i));
                inner = 0;
            }
            depths[i] = Some(inner);
        }
    }
    flattened.sort_unstable();
    flattened
}

/// Returns the number of lists and maps around the innermost type of an alias.
fn layers(kind: &TypeKind) -> usize {
    let TypeKind::Alias(ty) = kind else { return 0 };
    let (mut ty, mut layers) = (ty, 0);
    while let Shape::List(inner) | Shape::Map(inner) = &ty.shape {
        ty = inner;
        layers += 1;
    }
    layers
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
