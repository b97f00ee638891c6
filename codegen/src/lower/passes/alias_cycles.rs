//! Aliases of themselves, directly or through lists and maps. They have no type in Rust.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;

/// Breaks cycles of aliases: the first alias of each becomes untyped JSON.
pub(crate) fn break_alias_cycles(api: &mut Api, context: &mut Context<'_>) {
    for (id, straight) in break_cycles(api) {
        let message = match straight {
            true => messages::circular_alias(),
            false => messages::circular_collection(),
        };
        context.diagnostics.report(Location::pointer(&api.def(id).pointer), message);
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
    broken.sort_unstable();
    for (id, _) in &broken {
        api.types[id.0].kind = TypeKind::Alias(Type::plain(Shape::Json));
    }
    broken
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
