//! Types with constraints.

use crate::ir::{Additional, Api, Shape, Struct, Type, TypeKind};
use crate::lower::context::state::Context;

/// Finds the types that have constraints, or contain types that have.
pub(crate) fn find_constrained(api: &mut Api, _: &mut Context<'_>) {
    // The types that contain each type.
    let mut containers: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    let mut open = Vec::new();
    for (i, def) in api.types.iter().enumerate() {
        if matches!(&def.kind, TypeKind::Struct(structure) if has_own(structure)) {
            open.push(i);
        }
        let mut parts = parts(&def.kind);
        while let Some(ty) = parts.pop() {
            match &ty.shape {
                _ if !ty.constraints.is_empty() => open.push(i),
                Shape::Named(part) => containers[part.0].push(i),
                Shape::List(inner) | Shape::Map(inner) => parts.push(inner),
                Shape::Tuple(tuple) => parts.extend(tuple.types()),
                _ => {}
            }
        }
    }
    while let Some(i) = open.pop() {
        if !std::mem::replace(&mut api.types[i].constrained, true) {
            open.append(&mut containers[i]);
        }
    }
}

/// Returns whether a struct has constraints other than those of its fields.
fn has_own(structure: &Struct) -> bool {
    structure.rules.is_some() || matches!(structure.additional, Additional::Forbid)
}

/// Returns the types that a definition is made of.
fn parts(kind: &TypeKind) -> Vec<&Type> {
    match kind {
        TypeKind::Enum(_) => Vec::new(),
        TypeKind::Alias(ty) => vec![ty],
        TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        TypeKind::Struct(Struct { fields, additional, .. }) => {
            let additional = match additional {
                Additional::Typed(ty) => Some(ty),
                _ => None,
            };
            fields.iter().map(|field| &field.ty).chain(additional).collect()
        }
    }
}
