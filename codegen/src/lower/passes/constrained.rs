//! Types with constraints.

use crate::ir::{Additional, Api, Struct, TypeDef, TypeKind};
use crate::lower::context::state::Context;

/// Finds the types that have constraints, or contain types that have.
pub(crate) fn find_constrained(api: &mut Api, _: &mut Context<'_>) {
    loop {
        let found: Vec<usize> = (0..api.types.len())
            .filter(|&i| !api.types[i].constrained && is_constrained_def(api, &api.types[i]))
            .collect();
        if found.is_empty() {
            return;
        }
        for i in found {
            api.types[i].constrained = true;
        }
    }
}

fn is_constrained_def(api: &Api, def: &TypeDef) -> bool {
    match &def.kind {
        TypeKind::Enum(_) => false,
        TypeKind::Alias(ty) => api.is_constrained(ty),
        TypeKind::Union(union) => {
            union.variants.iter().any(|variant| api.is_constrained(&variant.ty))
        }
        TypeKind::Struct(Struct { fields, additional, rules }) => {
            rules.is_some()
                || fields.iter().any(|field| api.is_constrained(&field.ty))
                || matches!(additional, Additional::Typed(ty) if api.is_constrained(ty))
        }
    }
}
