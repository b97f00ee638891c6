//! Aliases of themselves, directly or through lists and maps. They have no type in Rust.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
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
}

/// Breaks cycles of aliases. Returns the first alias of each cycle, and whether the cycle has only
/// aliases, without lists and maps.
pub(crate) fn break_cycles(api: &mut Api) -> Vec<(TypeId, bool)> {
    let mut broken = Vec::new();
    for i in 0..api.types.len() {
        let TypeKind::Alias(ty) = &api.types[i].kind else {
            continue;
        };
        if expands_to(api, ty, TypeId(i)) {
            broken.push((TypeId(i), matches!(ty.shape, Shape::Named(_))));
            api.types[i].kind = TypeKind::Alias(Type::plain(Shape::Json));
        }
    }
    broken
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
